//! What the windows show: plain rows, ready to draw.
//!
//! Clock times, days and minutes of the day are worked out here, in the clinic's zone, so that no window ever does
//! zone arithmetic. Positions are minutes since the day began (negative before it, beyond its length after it), labels
//! are as a person reads them. Every answer names the cache's `revision` it was read at: a window starts its chain of
//! events there.

mod accounts;
mod away;
mod board;
mod booking;
mod calendar;
mod clients;
mod day_sheet;
mod draft;
mod draw;
pub(crate) mod health;
mod history;
mod hours;
mod labels;
mod lanes;
mod late;
mod leave;
mod lock;
mod look;
mod repeats;
mod scene;
mod session;
mod settings;
mod setup;
mod sync;

pub use accounts::*;
pub use away::*;
pub use board::*;
pub use booking::*;
pub(crate) use calendar::month_days;
pub use calendar::{MonthDay, MonthView, StaffWeek, WeekDay};
pub use clients::*;
pub use day_sheet::*;
pub use draft::*;
pub use health::{HealthFailure, HealthMinute, HealthView};
pub use history::*;
pub use hours::*;
pub use labels::{axis, parse_clock, parse_day};
pub(crate) use labels::{clock, day_title, seconds, span_label, step_words, time_label};
pub use leave::*;
pub use lock::*;
pub use look::*;
pub use repeats::*;
pub use scene::Scene;
pub use session::*;
pub use settings::*;
pub use setup::*;
pub use sync::*;

use deskbell_clinic::OperationId;
use serde::{Deserialize, Serialize};

/// One day of the clinic, as an axis to draw on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct DayAxis {
    /// ISO date, such as `2026-11-23`.
    pub date: String,
    /// As in a window's title: `Mon 23 Nov`.
    pub title: String,
    /// The day before, as an ISO date.
    pub previous: String,
    /// The day after, as an ISO date.
    pub next: String,
    /// Whether it is today in the clinic's zone.
    pub today: bool,
    /// How long it is: 1440, or another number when the clocks change.
    pub minutes: u32,
    /// Every full hour, with its label.
    pub hours: Vec<HourMark>,
    /// Where opening hours begin, for the first scroll position.
    pub opens: i32,
    /// Where opening hours end.
    pub closes: i32,
}

/// One full hour on the axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct HourMark {
    /// Where it is.
    pub minute: i32,
    /// `09:00`.
    pub label: String,
}

/// The shell's clock, for now-lines and ages. Windows have no timers of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Now {
    /// Seconds since 1970, set right by the server's clock.
    pub at: u32,
    /// Today in the clinic's zone, as an ISO date.
    pub date: String,
    /// Minute of that day.
    pub minute: i32,
    /// `14:05`, or `2:05 PM`.
    pub label: String,
    /// Times are written as `2:05 PM` on this computer, not as `14:05`.
    pub twelve_hours: bool,
    /// The day that weeks begin on here, 1 for Monday to 7 for Sunday.
    pub week_starts: u8,
    /// The clinic's zone by name, where this computer's clock says something else.
    pub zone: Option<String>,
}

/// A change that a person made and the server has not confirmed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct PendingMark {
    /// The act.
    pub operation: OperationId,
    /// How far it is.
    pub state: PendingState,
}

/// How far a person's act is on its way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum PendingState {
    /// Kept on this computer, not sent yet.
    NotSent,
    /// On its way.
    Sending,
    /// Sent, and no answer: it may have arrived.
    MayHaveArrived,
    /// Refused: somebody else has the slot, or changed the row first.
    Conflict,
    /// Cannot go on without a person.
    NeedsYou,
}

/// The answer to an act: it is kept, whatever happens now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Kept {
    /// The act, for undo.
    pub operation: OperationId,
    /// The cache's revision that shows it.
    pub revision: u32,
    /// Whether undo can be offered.
    pub undoable: bool,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Author {
    /// Their name.
    pub name: String,
    /// Whether it is the person at this desk.
    pub you: bool,
}
