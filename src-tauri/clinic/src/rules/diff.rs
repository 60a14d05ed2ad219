//! What an edit adds. Only added time is new availability: a new note, another repeat of the same hours, or shorter hours
//! are nothing to tell anybody about.

use crate::availability::Availability;
use crate::calendar::Calendar;
use crate::rules::occurrences::of_availability;
use crate::rules::spans::{intersect, subtract};
use crate::span::Span;

/// The time that is in `after` and was not in `before`.
pub fn added_free_time(before: &[Span], after: &[Span]) -> Vec<Span> {
    subtract(after, before)
}

/// The hours inside `window` that an edit of one availability adds; all of them when it is new or now another staff
/// member's, none when it is taken away.
pub fn availability_added(
    before: Option<&Availability>,
    after: Option<&Availability>,
    calendar: &Calendar,
    window: Span,
) -> Vec<Span> {
    let Some(after) = after else { return vec![] };
    let hours = |row: &Availability| intersect(&of_availability(row, calendar, window), &[window]);
    let before = before.filter(|row| row.staff == after.staff).map(hours);
    added_free_time(&before.unwrap_or_default(), &hours(after))
}
