//! Finding a client while the phone is at the ear.

use super::PendingMark;
use deskbell_clinic::{AppointmentId, ClientId, ServiceId, StaffId, Status};
use serde::{Deserialize, Serialize};

/// A client found by name or number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
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

/// All that helps with a client on the phone.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ClientCard {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// Who.
    pub id: ClientId,
    /// Their name.
    pub name: String,
    /// Their numbers as typed, the preferred first.
    pub phones: Vec<String>,
    /// For home visits; may be empty.
    pub address: String,
    /// What everyone must know; may be empty.
    pub alert: String,
    /// What the desk wants to remember; may be empty.
    pub notes: String,
    /// With whom they like to be: `Ana, Ben`, or empty.
    pub wishes: String,
    /// Visits to come, the next first.
    pub next: Vec<ClientVisit>,
    /// The latest visits of the past, newest first.
    pub past: Vec<ClientVisit>,
    /// How many visits ended well, of those kept here.
    pub visits: u32,
    /// How often they did not come.
    pub no_shows: u32,
    /// How often a visit was called off.
    pub cancelled: u32,
    /// The same again, where there was a visit.
    pub rebook: Option<Rebook>,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
}

/// One visit on a card.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ClientVisit {
    /// The appointment.
    pub id: AppointmentId,
    /// Its day, as an ISO date.
    pub day: String,
    /// `Mon 23 Nov`.
    pub day_title: String,
    /// `14:30–15:30`.
    pub span: String,
    /// `Shiatsu 60`.
    pub services: String,
    /// `Ana, Ben`.
    pub staff: String,
    /// How far it has come.
    pub status: Status,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
}

/// The last visit again, at the same time of the same weekday.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Rebook {
    /// With whom.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: String,
    /// For what.
    pub services: Vec<ServiceId>,
    /// The next such day from tomorrow on, as an ISO date.
    pub day: String,
    /// `Mon 30 Nov`.
    pub day_title: String,
    /// `14:30`.
    pub start: String,
}
