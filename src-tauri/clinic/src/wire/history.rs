//! Who did something: names beside accounts, and the history of one appointment.

use crate::ids::{AccountId, DeviceId, StaffId};
use crate::span::Span;
use crate::status::Status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An account and its person's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// Its person's name, as it is now.
    pub name: String,
}

/// `GET /v1/appointments/{id}/history`: what the audit knows of an appointment, as this viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppointmentHistory {
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
    /// Whether there are older ones that are not in this answer.
    pub more: bool,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// What was done.
    pub act: HistoryAct,
    /// When the person did it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub acted_at: Timestamp,
    /// When the server heard of it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub received_at: Timestamp,
    /// Who; none for the server itself.
    pub by: Option<AccountId>,
    /// Their name, where the account is still there.
    pub by_name: Option<String>,
    /// From which desk.
    pub device: Option<DeviceId>,
    /// What that desk called itself when it last signed in.
    pub desk_name: Option<String>,
    /// How the appointment stood before; none where it began.
    pub before: Option<HistoryState>,
    /// How it stood after; none where it ended.
    pub after: Option<HistoryState>,
    /// What else was written differently.
    #[serde(default)]
    pub changed: Vec<HistoryField>,
    /// With a payment: how much, in hundredths of the clinic's currency; negative for a reversal.
    pub amount_cents: Option<i32>,
    /// Why, as the person said.
    pub reason: Option<String>,
}

/// What an entry of the history did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HistoryAct {
    /// It was made.
    Booked,
    /// It was written anew: moved, or something in it changed.
    Changed,
    /// Its status went on.
    Stepped,
    /// Its last step was taken back.
    TakenBack,
    /// Money was received for it, or given back.
    Paid,
    /// It was removed.
    Deleted,
    /// An act of a newer server.
    #[serde(other)]
    Unknown,
}

/// When, with whom and how far an appointment was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryState {
    /// Treatment time.
    pub span: Span,
    /// Everyone assigned.
    pub staff: Vec<StaffId>,
    /// How far it had come.
    pub status: Status,
}

/// A part of an appointment that has no place in [`HistoryState`]; what was in it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum HistoryField {
    Clients,
    Services,
    Place,
    Notes,
    CallBack,
    #[serde(other)]
    Other,
}
