//! What a person must do because of a change that no program can settle.

use crate::ids::{AccountId, AppointmentId, ClientId, StaffId, TaskId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A task on the desk's list until somebody did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The row's id.
    pub id: TaskId,
    /// What is to be done.
    pub kind: TaskKind,
    /// The appointment it is about.
    pub appointment: Option<AppointmentId>,
    /// The client it is about.
    pub client: Option<ClientId>,
    /// The staff member it is about.
    pub staff: Option<StaffId>,
    /// When it should be done by.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub due: Option<Timestamp>,
    /// Who is at it.
    pub claimed_by: Option<AccountId>,
    /// How it ended; none while open.
    pub outcome: Option<TaskOutcome>,
}

/// Kinds of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Tell the client what happened to their booking.
    CallBack,
    /// Find somebody else for a booking.
    ReplaceStaff,
    /// The slot was lost to another booking.
    LostSlot,
    /// Availability was taken away under a booking.
    Stranded,
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum TaskOutcome {
    Done,
    NotReached,
    NotNeeded,
}
