//! The clinic itself: name, zone, opening hours.

use crate::ids::ClinicId;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// The clinic whose desk this is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clinic {
    /// Never changes, also when the server moves.
    pub id: ClinicId,
    /// As the staff say it.
    pub name: String,
    /// IANA name, such as `Asia/Manila`.
    pub zone: String,
    /// When it is open, one entry a stretch; none at all means always open.
    pub opening_hours: Vec<OpeningHours>,
    /// ISO 4217 code, such as `PHP`.
    pub currency: String,
}

/// One stretch of one weekday, in the clinic's clock time. `closes` not after `opens` means: past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpeningHours {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// First minute open.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub opens: Time,
    /// First minute closed.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub closes: Time,
}
