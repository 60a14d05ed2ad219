//! Clients who want time that is not free yet.

use crate::client::Gender;
use crate::ids::{ClientId, ServiceId, StaffId, WaitingId};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// A place on the waiting list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WaitingClient {
    /// The row's id.
    pub id: WaitingId,
    /// Who waits.
    pub client: ClientId,
    /// For what.
    pub services: Vec<ServiceId>,
    /// With whom; empty means anyone.
    pub staff: Vec<StaffId>,
    /// With whom, by gender.
    pub gender: Option<Gender>,
    /// When they could come.
    pub time: TimeWish,
    /// Goes before the others.
    pub urgent: bool,
    /// Waiting since.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub since: Timestamp,
}

/// When a client could come, in the clinic's clock time. Every part that is none is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimeWish {
    /// Not before this day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub from_day: Option<Date>,
    /// Not after this day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub to_day: Option<Date>,
    /// Only these weekdays (1 is Monday); empty means any.
    pub weekdays: Vec<u8>,
    /// Not starting before this time of day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub earliest: Option<Time>,
    /// Not ending after this time of day.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub latest: Option<Time>,
}
