//! On which days a booking that comes again comes.
//!
//! The rule is about days: each of them is given the same clock time by [`Calendar::at`](crate::Calendar::at), so that an
//! hour that the clocks skip is the hour after the gap on that one day, and of an hour that comes twice the first is meant.

use jiff::ToSpan;
use jiff::civil::Date;

/// The most bookings of one series.
pub const MOST: u16 = 52;
/// The most weeks from one to the next.
pub const WEEKS_APART: u8 = 8;

/// Why there are no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDays {
    /// Less than every week, or too far apart.
    #[error("A booking comes again every 1 to {WEEKS_APART} weeks.")]
    WeeksApart,
    /// Once is no series, and too many are none either.
    #[error("Say how often it comes: 2 to {MOST} times.")]
    Times,
    /// None stays.
    #[error("Every day is left out: there is nothing to book.")]
    AllLeftOut,
    /// The calendar ends before the last of them.
    #[error("This day is too far away.")]
    TooFar,
}

/// The days that a booking comes on, in order: `times` of them, `weeks` weeks apart from `first` on, without those that are
/// left out. What is left out is not made up for at the end.
///
/// # Errors
/// When it does not come every 1 to [`WEEKS_APART`] weeks and 2 to [`MOST`] times, or no day is left.
pub fn days(first: Date, weeks: u8, times: u16, leave_out: &[Date]) -> Result<Vec<Date>, NoDays> {
    if !(1..=WEEKS_APART).contains(&weeks) {
        return Err(NoDays::WeeksApart);
    }
    if !(2..=MOST).contains(&times) {
        return Err(NoDays::Times);
    }
    let nth = |n: u16| first.checked_add((i32::from(weeks) * i32::from(n)).weeks());
    let all: Result<Vec<Date>, _> = (0..times).map(nth).collect();
    let mut days = all.map_err(|_| NoDays::TooFar)?;
    days.retain(|day| !leave_out.contains(day));
    if days.is_empty() {
        return Err(NoDays::AllLeftOut);
    }
    Ok(days)
}
