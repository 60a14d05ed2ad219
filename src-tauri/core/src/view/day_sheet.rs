//! A day on paper: what the desk works by when nothing else works.

use deskbell_clinic::{AppointmentId, StaffId, Status};
use serde::Serialize;

/// A day, of the whole clinic or of one person.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct DaySheet {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// The day, as an ISO date.
    pub date: String,
    /// `Monday 23 November 2026`.
    pub title: String,
    /// The clinic's name.
    pub clinic: String,
    /// `22 Nov 18:04`: paper grows old, so it says of when it is.
    pub made: String,
    /// Who made it.
    pub by: String,
    /// Everyone who works or is booked that day, for a choice.
    pub staff: Vec<DaySheetChoice>,
    /// Whoever is on this sheet, each with their bookings.
    pub people: Vec<DaySheetPerson>,
    /// How many bookings are on it.
    pub bookings: u32,
}

/// Somebody whose day can be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct DaySheetChoice {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
}

/// One person's part of the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct DaySheetPerson {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// `09:00–12:00, 13:00–17:00`, or empty.
    pub hours: String,
    /// Their bookings, by start.
    pub lines: Vec<DaySheetLine>,
}

/// One booking on the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct DaySheetLine {
    /// Which.
    pub appointment: AppointmentId,
    /// `14:30–15:30`.
    pub span: String,
    /// Who comes, all of them.
    pub client: String,
    /// Their numbers, as typed, and the one to call back.
    pub phone: String,
    /// What everyone must know.
    pub alert: String,
    /// `Shiatsu 60`.
    pub services: String,
    /// `Room 2`, an address, or empty.
    pub place: String,
    /// Who else works on it, or empty.
    pub with: String,
    /// How far it has come.
    pub status: Status,
    /// For the staff.
    pub notes: String,
    /// Whether the clinic has not confirmed it yet.
    pub pending: bool,
}

/// What came of saving a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Taken {
    /// The file, where one was written.
    pub file: Option<String>,
    /// Whether the clinic's server has recorded it.
    pub recorded: bool,
}
