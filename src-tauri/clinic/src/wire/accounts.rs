//! The clinic's accounts as its administrators keep them. A password's hash is in none of these, and a one-time code only in
//! the one answer that made it.

use crate::ids::{AccountId, StaffId};
use crate::staff::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The shortest password that a person may choose, in characters.
pub const SHORTEST_PASSWORD: usize = 10;

/// One account, as `GET /v1/accounts` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountEntry {
    /// The account.
    pub id: AccountId,
    /// Its sign-in name.
    pub login: String,
    /// Its person's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The staff member they are, when they are one.
    pub staff: Option<StaffId>,
    /// Whether nobody may sign in to it.
    pub disabled: bool,
    /// Its password is a one-time code, which holds until then or has lapsed; none once a person has chosen their own.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub code_until: Option<Timestamp>,
    /// When somebody last signed in to it; none where nobody did since the server began to note it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub last_sign_in: Option<Timestamp>,
    /// At how many desks somebody is signed in to it now.
    pub desks: u32,
}

/// `POST /v1/accounts`: an account for somebody who has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Its sign-in name: no account has it yet, and no space is in it.
    pub login: String,
    /// Its person's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The staff member they are; a therapist and a driver are one.
    pub staff: Option<StaffId>,
}

/// `POST /v1/accounts/{id}/role`: what a person may do from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountRole {
    /// What they may do.
    pub role: Role,
    /// The staff member they are; a therapist and a driver are one.
    pub staff: Option<StaffId>,
}

/// The answer to every change of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountChanged {
    /// The account as it is now.
    pub account: AccountEntry,
    /// With an invitation or a reset: what its person signs in with once. Only its hash is kept, so it is told only here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<OneTimeCode>,
}

/// A password that a person must replace by their own when they first use it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OneTimeCode {
    /// Three groups of four letters and digits, such as `7KQX-M2DP-9HRT`; case and hyphens do not matter when it is typed.
    pub code: String,
    /// When it lapses.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub until: Timestamp,
}

impl std::fmt::Debug for OneTimeCode {
    /// Without the code: it signs somebody in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneTimeCode")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}
