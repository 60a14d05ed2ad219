//! A therapist's own day and own hours; and what a person says to open or change hours.

use super::{BookingBar, DayAxis, HoursBand, LeaveBand};
use deskbell_clinic::{StaffId, Step};
use serde::{Deserialize, Serialize};

/// A therapist's day.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct MyDay {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// The axis.
    pub day: DayAxis,
    /// What they have opened.
    pub hours: Vec<HoursBand>,
    /// Their bookings, by start, each with what this person may do now.
    pub bookings: Vec<MyBooking>,
}

/// One booking of a therapist's day.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct MyBooking {
    /// The booking.
    pub bar: BookingBar,
    /// What everyone must know about the client.
    pub alert: String,
    /// For the staff.
    pub notes: String,
    /// The clinic's server's own word for where it stands, where it has one.
    pub step: Option<String>,
    /// What this person may do now, the usual one first.
    pub steps: Vec<Step>,
    /// Whether the last step can be taken back.
    pub may_correct: bool,
}

/// A therapist's week of hours.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct MyHours {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// `23–29 Nov 2026`.
    pub title: String,
    /// The week before, as the ISO date of its Monday.
    pub previous: String,
    /// The week after.
    pub next: String,
    /// Monday to Sunday.
    pub days: Vec<HoursDay>,
}

/// One day of a week of hours.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct HoursDay {
    /// The axis.
    pub day: DayAxis,
    /// What they have opened.
    pub hours: Vec<HoursBand>,
    /// When they are on leave, or the clinic is closed.
    pub leave: Vec<LeaveBand>,
    /// What is booked.
    pub bookings: Vec<BookingBar>,
}

/// Hours that a person opens, or an availability as it should become.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, specta::Type)]
pub struct HoursForm {
    /// Whose.
    pub staff: StaffId,
    /// ISO date they start on.
    pub day: String,
    /// `HH:MM`.
    pub start: String,
    /// `HH:MM`; on the next day where it is not after the start.
    pub end: String,
    /// Every how many weeks they come again (1 to 8); none for once.
    pub repeat_weeks: Option<u8>,
    /// The last day of the repeat, as an ISO date.
    pub repeat_until: Option<String>,
    /// For colleagues.
    pub note: String,
}

/// What came of copying a week of hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HoursCopied {
    /// All of them are kept on this computer and on their way, and are taken back together.
    #[serde(flatten)]
    pub kept: super::Kept,
    /// How many were opened.
    pub count: u32,
}

/// What came of removing or shrinking hours, or of making or changing a leave.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum HoursAnswer {
    /// It is kept on this computer and on its way.
    Kept(super::Kept),
    /// Nothing was kept: bookings lie in what would no longer be theirs to be booked in. Asking again with `strand` keeps it.
    Strands {
        /// `14:00–15:00 Shiatsu 60`; of a leave with the day, and for a desk with the client and numbers to call.
        bookings: Vec<String>,
    },
}
