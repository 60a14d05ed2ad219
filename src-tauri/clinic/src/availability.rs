//! When staff can be booked, and when nothing can.

use crate::ids::{AvailabilityId, BlockId, ResourceId, ServiceId, StaffId};
use crate::span::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Time that a staff member offers.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Availability {
    /// The row's id.
    pub id: AvailabilityId,
    /// Whose time it is.
    pub staff: StaffId,
    /// The first (or only) occurrence.
    pub span: Span,
    /// What can be booked in it; empty means all that the staff member offers.
    pub services: Vec<ServiceId>,
    /// For colleagues.
    pub note: String,
    /// Whether and how it comes again.
    pub repeat: Repeat,
}

impl std::fmt::Debug for Availability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Availability")
            .field("id", &self.id)
            .field("staff", &self.staff)
            .field("span", &self.span)
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}

/// Whether a span comes again. Repeats keep the clinic's clock time, also over a DST change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "every", rename_all = "snake_case")]
pub enum Repeat {
    /// Once.
    #[default]
    None,
    /// The same weekday and clock time again.
    Weekly(Weekly),
}

/// Every `weeks` weeks on the first occurrence's weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Weekly {
    /// 1 to 8.
    pub weeks: u8,
    /// The last day on which an occurrence may start; none means for ever.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub until: Option<Date>,
    /// Days on which it does not happen.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub except: Vec<Date>,
}

/// Time that is not available whatever the hours say.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Block {
    /// The row's id.
    pub id: BlockId,
    /// Whose or what's time it takes.
    pub of: BlockOf,
    /// The first (or only) occurrence.
    pub span: Span,
    /// Why.
    pub reason: BlockReason,
    /// For colleagues.
    pub note: String,
    /// Whether and how it comes again.
    pub repeat: Repeat,
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block")
            .field("id", &self.id)
            .field("of", &self.of)
            .field("span", &self.span)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// What a block takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "of", content = "id", rename_all = "snake_case")]
pub enum BlockOf {
    /// The whole clinic, as on a holiday.
    Clinic,
    /// One staff member.
    Staff(StaffId),
    /// One room or piece of equipment.
    Resource(ResourceId),
}

/// Why a block is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum BlockReason {
    Leave,
    Lunch,
    Cleaning,
    Holiday,
    Other,
}
