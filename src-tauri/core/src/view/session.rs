//! Who is signed in, and where.

use super::PersonView;
use crate::backend::{Holds, Speaks};
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
    /// What the server speaks.
    pub speaks: Speaks,
    /// What the server has room for; what it has not is not offered.
    pub holds: HoldsView,
    /// Whether letters, digits and signs do something by themselves at this desk.
    pub single_keys: bool,
    /// Whether this is the sample clinic with its invented people.
    pub sample: bool,
    /// Accounts of the sample clinic to sign in with at one click; empty elsewhere.
    pub sample_accounts: Vec<SampleAccount>,
    /// Who works at this desk and may come in.
    pub people: Vec<PersonView>,
    /// Whether a passphrase is asked for before anybody's data here can be opened.
    pub passphrase: Option<PassphraseAsk>,
    /// What kept the clinic from opening at the start, as a sentence a person can act on.
    pub problem: Option<String>,
}

/// Which passphrase is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum PassphraseAsk {
    /// A new one: nothing is kept here yet that one protects.
    Choose,
    /// The one that protects what is kept here.
    Unlock,
}

/// What a clinic's server has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HoldsView {
    /// Hours that come again by themselves.
    pub repeats: bool,
    /// A note with hours.
    pub hours_notes: bool,
    /// A clash that an operator accepts with a reason.
    pub overrides: bool,
    /// The waiting list and tasks.
    pub desk_lists: bool,
    /// Staff visits clients: bookings have an address, and may have a driver.
    pub visits: bool,
    /// Bookings that come again and know that they belong together.
    pub series: bool,
    /// Services, staff, rooms, opening hours and holidays can be changed.
    pub setup: bool,
}

impl From<Holds> for HoldsView {
    fn from(holds: Holds) -> Self {
        Self {
            repeats: holds.repeats,
            hours_notes: holds.hours_notes,
            overrides: holds.overrides,
            desk_lists: holds.desk_lists,
            visits: holds.visits,
            series: holds.series,
            setup: holds.setup,
        }
    }
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
