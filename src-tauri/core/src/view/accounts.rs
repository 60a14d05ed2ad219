//! The clinic's accounts, as its administrator sees and changes them.

use deskbell_clinic::{AccountId, Role, StaffId};
use serde::{Deserialize, Serialize};

/// All of them, as the clinic's server told just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AccountsView {
    /// Those in use first, by name.
    pub accounts: Vec<AccountLine>,
    /// Who works here, by name, with whether some account is theirs already.
    pub staff: Vec<AccountStaff>,
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AccountLine {
    /// Which.
    pub id: AccountId,
    /// Its sign-in name.
    pub login: String,
    /// Its person's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The staff member they are.
    pub staff: Option<StaffId>,
    /// Whether they can come in.
    pub state: AccountState,
    /// What else there is to know, such as `signed in at 2 desks`.
    pub says: String,
    /// At how many desks they are signed in.
    pub desks: u32,
    /// Whether it is that of whoever looks.
    pub you: bool,
}

/// Whether an account's person can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// With their password.
    Active,
    /// With a one-time code.
    Invited,
    /// No more: their one-time code has lapsed.
    Lapsed,
    /// No more: the account is disabled.
    Disabled,
}

/// Somebody who works here and may be given an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AccountStaff {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// What they do, and so most likely may.
    pub role: Role,
    /// Whether an account is theirs already.
    pub has_account: bool,
}

/// What is to become of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, specta::Type)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum AccountForm {
    /// Somebody is given one.
    Invite {
        /// Its sign-in name.
        login: String,
        /// Its person's name.
        name: String,
        /// What they may do.
        role: Role,
        /// The staff member they are.
        staff: Option<StaffId>,
    },
    /// Its password is replaced by a one-time code.
    Reset {
        /// Which.
        id: AccountId,
    },
    /// Nobody may sign in to it.
    Disable {
        /// Which.
        id: AccountId,
    },
    /// Its person may sign in again.
    Enable {
        /// Which.
        id: AccountId,
    },
    /// Its person may do something else.
    SetRole {
        /// Which.
        id: AccountId,
        /// What they may do.
        role: Role,
        /// The staff member they are.
        staff: Option<StaffId>,
    },
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct AccountDone {
    /// The account as it is now.
    pub account: AccountLine,
    /// With an invitation or a reset: what its person signs in with once. It is told here and never again.
    pub code: Option<CodeShown>,
}

/// A one-time code, to be handed to its person.
#[derive(Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct CodeShown {
    /// `7KQX-M2DP-9HRT`.
    pub code: String,
    /// When it lapses, by the clinic's clock: `Thu 26 Nov at 09:00`.
    pub until: String,
}

impl std::fmt::Debug for CodeShown {
    /// Without the code: it signs somebody in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeShown")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}
