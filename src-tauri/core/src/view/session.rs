//! Who is signed in, and where.

use deskbell_clinic::{Role, StaffId};
use serde::Serialize;

/// The session, as every window needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct SessionView {
    /// Who is signed in; none asks for a sign-in.
    pub account: Option<AccountView>,
    /// The clinic's name, where it is known.
    pub clinic: String,
    /// The server's address, as a person types it.
    pub server: String,
    /// Whether this is the sample clinic with its invented people.
    pub sample: bool,
    /// Accounts of the sample clinic to sign in with at one click; empty elsewhere.
    pub sample_accounts: Vec<SampleAccount>,
    /// What kept the clinic from opening at the start, as a sentence a person can act on.
    pub problem: Option<String>,
}

/// The person at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AccountView {
    /// Sign-in name.
    pub login: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The staff member they are.
    pub staff: Option<StaffId>,
}

/// An account of the sample clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct SampleAccount {
    /// Sign-in name.
    pub login: String,
    /// `Olivia · operator`.
    pub label: String,
    /// What they may do.
    pub role: Role,
}
