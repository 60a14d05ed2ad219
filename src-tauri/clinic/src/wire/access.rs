//! Who is signed in where, and taking that back: for administrators.

use crate::ids::DeviceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A session that could go on, as `GET /v1/sessions` lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenSession {
    /// The sign-in name of whose it is.
    pub login: String,
    /// Their name.
    pub name: String,
    /// At which desk it began.
    pub device_id: DeviceId,
    /// What the desk calls itself; none where it never said.
    pub desk_name: Option<String>,
    /// When they signed in.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Timestamp,
}

/// `POST /v1/revocations`: take a person's access back, at one desk or wherever they are signed in. Each desk that it concerns
/// erases what it holds of theirs when it next asks for anything. A password signs in again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Whose, by sign-in name.
    pub login: String,
    /// At which desk; at all of them where none is named.
    pub device_id: Option<DeviceId>,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revoked {
    /// How many sessions were taken back; none where they were signed in nowhere.
    pub sessions: u32,
}
