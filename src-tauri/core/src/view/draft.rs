//! A booking that is being typed, as it is kept against a crash.

use super::{ClientHit, Repeats};
use deskbell_clinic::{ServiceId, StaffId};
use serde::{Deserialize, Serialize};

/// A booking's form, as typed. `Debug` is left out: it holds what a client said.
#[derive(Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct BookingDraft {
    /// The client's name, as typed.
    pub name: String,
    /// The client, where they were found among the known ones.
    pub known: Option<ClientHit>,
    /// Their number, as typed.
    pub phone: String,
    /// Where the visit is, as typed.
    pub address: String,
    /// Who brings the staff there.
    pub driver: Option<StaffId>,
    /// The services chosen so far, in their order.
    pub services: Vec<ServiceId>,
    /// With whom.
    pub staff: Option<StaffId>,
    /// ISO date.
    pub day: String,
    /// As typed.
    pub start: String,
    /// For the staff.
    pub notes: String,
    /// When it comes again.
    pub repeats: Option<Repeats>,
}

/// A draft that an earlier form left.
#[derive(Clone, PartialEq, Serialize, specta::Type)]
pub struct KeptDraft {
    /// When it was typed last: `Mon 23 Nov 14:02`.
    pub at: String,
    /// The day it is for: `Mon 23 Nov`.
    pub day_title: String,
    /// What was typed.
    pub draft: BookingDraft,
}
