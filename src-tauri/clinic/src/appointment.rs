//! A booking: who treats whom, with what, when and where, and how far it has come.

use crate::ids::{AccountId, AppointmentId, ClientId, ResourceId, SeriesId, ServiceId, StaffId};
use crate::service::Service;
use crate::span::Span;
use crate::status::Status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An appointment. `Debug` leaves out everything a person wrote.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Appointment {
    /// The row's id.
    pub id: AppointmentId,
    /// The repeating booking it belongs to.
    pub series: Option<SeriesId>,
    /// Who comes, at least one.
    pub clients: Vec<Attendee>,
    /// Who works on it.
    pub assignments: Vec<Assignment>,
    /// What is done, in this order.
    pub services: Vec<ServiceId>,
    /// Treatment time, without buffers.
    pub span: Span,
    /// Where.
    pub place: Place,
    /// How far it has come.
    pub status: Status,
    /// The backend's own name of where it stands, where it has one.
    pub step: Option<String>,
    /// For the staff.
    pub notes: String,
    /// The number to call, as typed, should it come to nothing: asked for when it is booked without a connection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub call_back: String,
    /// Why it was cancelled or declined.
    pub reason: Option<String>,
    /// Until when the staff asked should answer.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub answer_due: Option<Timestamp>,
    /// A clash that an operator accepted, with the reason.
    pub overlap_accepted: Option<OverlapAccepted>,
    /// How it came here, oldest first; the last entry is `status`. The server keeps it.
    #[serde(default)]
    pub history: Vec<Stage>,
}

impl std::fmt::Debug for Appointment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Appointment")
            .field("id", &self.id)
            .field("span", &self.span)
            .field("assignments", &self.assignments)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// One client of an appointment, with their own arrival.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attendee {
    /// Who.
    pub client: ClientId,
    /// When they came.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub arrived_at: Option<Timestamp>,
}

/// One staff member of an appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assignment {
    /// Who.
    pub staff: StaffId,
    /// As what.
    pub part: Part,
    /// What they said to it.
    pub answer: Answer,
}

/// What a staff member does in an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Part {
    Therapist,
    Driver,
}

/// What an assigned staff member said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Answer {
    #[default]
    Pending,
    Accepted,
    Declined,
}

/// Where an appointment takes place.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "at", content = "value", rename_all = "snake_case")]
pub enum Place {
    /// Wherever there is room.
    #[default]
    Anywhere,
    /// A room of the clinic.
    Resource(ResourceId),
    /// The client's, or another address.
    Address(String),
}

impl Place {
    /// The room, where it is one.
    pub const fn resource(&self) -> Option<ResourceId> {
        match self {
            Place::Resource(id) => Some(*id),
            Place::Anywhere | Place::Address(_) => None,
        }
    }
}

/// A hard clash that an operator accepted knowingly.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OverlapAccepted {
    /// Who accepted it.
    pub by: AccountId,
    /// Why; never empty.
    pub reason: String,
}

/// One entry of an appointment's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stage {
    /// The status entered.
    pub status: Status,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
}

impl Appointment {
    /// The staff who treat, without drivers.
    pub fn therapists(&self) -> impl Iterator<Item = StaffId> + '_ {
        self.assignments
            .iter()
            .filter(|a| a.part == Part::Therapist)
            .map(|a| a.staff)
    }

    /// Everyone assigned.
    pub fn staff(&self) -> impl Iterator<Item = StaffId> + '_ {
        self.assignments.iter().map(|a| a.staff)
    }

    /// The span with the largest buffers of its services: what it takes of staff and room.
    pub fn occupied<'a>(&self, service: impl Fn(ServiceId) -> Option<&'a Service>) -> Span {
        let (mut before, mut after) = (0, 0);
        for service in self.services.iter().filter_map(|id| service(*id)) {
            before = before.max(service.buffer_before);
            after = after.max(service.buffer_after);
        }
        self.span.widened(before, after)
    }
}
