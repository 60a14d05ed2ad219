//! Finding a client while the phone is at the ear.

use deskbell_clinic::ClientId;
use serde::Serialize;

/// A client found by name or number.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ClientHit {
    /// Who.
    pub id: ClientId,
    /// Their name.
    pub name: String,
    /// Their preferred number, as typed.
    pub phone: String,
    /// What everyone must know.
    pub alert: String,
}
