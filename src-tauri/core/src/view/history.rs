//! The history of one booking: who did what, when, from which desk.

use super::{Author, SheetStage};
use deskbell_clinic::Status;
use deskbell_clinic::wire::HistoryField;
use serde::Serialize;

/// What is known of a booking's acts.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct BookingHistory {
    /// Whether the clinic's server keeps a record of who did what; `lines` is empty where it does not.
    pub recorded: bool,
    /// Newest first.
    pub lines: Vec<HistoryLine>,
    /// Whether there are older ones that are not told.
    pub more: bool,
    /// What the booking itself keeps of the time before the record begins, newest first.
    pub earlier: Vec<SheetStage>,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct HistoryLine {
    /// What was done.
    pub what: HistoryWhat,
    /// `23 Nov 14:02`, when the person did it.
    pub at: String,
    /// `23 Nov 15:10`, when the clinic heard of it, where that was later: it was done without a connection.
    pub sent: Option<String>,
    /// Who, where the server says.
    pub by: Option<Author>,
    /// Whether it was done at this very desk.
    pub here: bool,
    /// What the desk calls itself, where it says.
    pub desk: Option<String>,
    /// With a move: when and with whom it was, `14:30–15:30 · Ana`.
    pub from: String,
    /// When and with whom it has been since; with a new booking, when and with whom it began.
    pub to: String,
    /// The status it came to, with a step or a new booking.
    pub status: Option<Status>,
    /// What else was written differently.
    pub changed: Vec<HistoryField>,
    /// With a payment: `PHP 950.00`.
    pub amount: String,
    /// Why, as the person said.
    pub reason: Option<String>,
}

/// What an act did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum HistoryWhat {
    Booked,
    Moved,
    Changed,
    Stepped,
    TakenBack,
    Paid,
    Deleted,
    Other,
}
