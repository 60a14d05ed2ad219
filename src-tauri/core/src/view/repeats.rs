//! Bookings that come again, as a form says and shows it.

use super::ClashLine;
use serde::{Deserialize, Serialize};

/// When a booking comes again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Repeats {
    /// Weeks from one to the next, 1 to 8.
    pub weeks: u8,
    /// How often it comes, the first one counted: 2 to 52. A form says it as the last day too.
    pub times: u16,
    /// Days that it does not come on, as ISO dates.
    pub leave_out: Vec<String>,
}

/// One day that a booking would come on.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct RepeatDay {
    /// ISO date.
    pub day: String,
    /// `Mon 23 Nov`.
    pub day_title: String,
    /// `14:30–15:30`.
    pub span: String,
    /// What is in the way, the hard first.
    pub clashes: Vec<ClashLine>,
    /// Whether any of it refuses the booking.
    pub hard: bool,
}
