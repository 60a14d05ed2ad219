//! What can be booked, and what it needs.

use crate::ids::{ResourceId, ServiceId};
use serde::{Deserialize, Serialize};

/// A service: a treatment with its length and price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Service {
    /// The row's id.
    pub id: ServiceId,
    /// As it stands on the price list.
    pub name: String,
    /// Treatment time in minutes, without buffers.
    pub minutes: u32,
    /// In hundredths of the clinic's currency.
    pub price_cents: u32,
    /// Minutes that staff and room need before.
    pub buffer_before: u32,
    /// Minutes that staff and room need after.
    pub buffer_after: u32,
    /// Whether it can still be booked.
    pub active: bool,
}

/// A room or a piece of equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resource {
    /// The row's id.
    pub id: ResourceId,
    /// As on the door.
    pub name: String,
    /// How many appointments it holds at once.
    pub capacity: u32,
    /// Services it serves; empty means any.
    pub services: Vec<ServiceId>,
}
