//! What a repeating row means for one stretch of time.

use crate::availability::{Availability, Block, Repeat, Weekly};
use crate::calendar::Calendar;
use crate::span::Span;
use jiff::{SignedDuration, Timestamp};

/// The largest number of weeks that an occurrence may be away from the first: more than time itself has, less than
/// what jiff takes.
const MOST_WEEKS: i64 = 1_000_000;

/// The occurrences that share time with `window`, in order, whole (not clipped to it).
///
/// Repeats keep the clinic's clock time. An occurrence that begins in the hour that the clocks skip begins later by what
/// they skip; one that then would end before it begins does not happen.
pub fn occurrences(span: Span, repeat: &Repeat, calendar: &Calendar, window: Span) -> Vec<Span> {
    match repeat {
        Repeat::None => Some(span).filter(|span| span.overlaps(window)).into_iter().collect(),
        Repeat::Weekly(weekly) => of_weekly(span, weekly, calendar, window),
    }
}

/// [`occurrences`] of an availability.
pub fn of_availability(row: &Availability, calendar: &Calendar, window: Span) -> Vec<Span> {
    occurrences(row.span, &row.repeat, calendar, window)
}

/// [`occurrences`] of a block.
pub fn of_block(row: &Block, calendar: &Calendar, window: Span) -> Vec<Span> {
    occurrences(row.span, &row.repeat, calendar, window)
}

fn of_weekly(first: Span, weekly: &Weekly, calendar: &Calendar, window: Span) -> Vec<Span> {
    let weeks = i64::from(weekly.weeks.clamp(1, 8));
    // An occurrence may be longer or shorter than the first, and off a whole number of weeks, by what a zone shifts.
    let slack = SignedDuration::from_hours(48);
    let length = first.end().duration_since(first.start());
    let from = periods(first.start(), window.start(), weeks, -(length + slack)).max(0);
    let to = periods(first.start(), window.end(), weeks, slack).min(MOST_WEEKS / weeks);
    (from..=to)
        .filter_map(|n| match n {
            0 => Some(first),
            n => calendar.weeks_later(first, i32::try_from(n * weeks).ok()?),
        })
        .filter(|span| span.overlaps(window))
        .filter(|span| {
            let day = calendar.day_of(span.start());
            weekly.until.is_none_or(|until| day <= until) && !weekly.except.contains(&day)
        })
        .collect()
}

/// How many whole periods of `weeks` lie between `first` and `at` moved by `by`; negative when it is earlier.
fn periods(first: Timestamp, at: Timestamp, weeks: i64, by: SignedDuration) -> i64 {
    let away = at.duration_since(first).as_secs().saturating_add(by.as_secs());
    away.div_euclid(weeks * 7 * 24 * 60 * 60)
}
