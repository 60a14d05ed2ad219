//! When a client could come, against a span.

use crate::calendar::Calendar;
use crate::client::Gender;
use crate::span::Span;
use crate::staff::Staff;
use crate::waiting::TimeWish;
use jiff::civil::{Date, Time};

/// Whether a treatment of this span is one that the client could come to.
///
/// A `latest` that is not after `earliest` is the next day's: “from 22:00 to 02:00”. Day and weekday are then those of the
/// evening.
pub fn suits(wish: &TimeWish, span: Span, calendar: &Calendar) -> bool {
    if *wish == TimeWish::default() {
        return true;
    }
    let today = calendar.day_of(span.start());
    suits_on(wish, today, span, calendar) || today.yesterday().is_ok_and(|day| suits_on(wish, day, span, calendar))
}

fn suits_on(wish: &TimeWish, day: Date, span: Span, calendar: &Calendar) -> bool {
    let weekday = day.weekday().to_monday_one_offset();
    let right_day = wish.from_day.is_none_or(|from| from <= day)
        && wish.to_day.is_none_or(|to| day <= to)
        && (wish.weekdays.is_empty() || wish.weekdays.iter().any(|wished| i8::try_from(*wished) == Ok(weekday)));
    let earliest = wish.earliest.unwrap_or(Time::midnight());
    let frame = match wish.latest {
        Some(latest) => calendar.span(day, earliest, latest),
        None => Span::new(calendar.at(day, earliest), calendar.day(day).end()).ok(),
    };
    right_day
        && frame.is_some_and(|frame| match wish.latest {
            Some(_) => frame.covers(span),
            None => frame.contains(span.start()),
        })
}

/// Whether a staff member is of the wished gender; one who does not say is of none.
pub fn suits_gender(wish: Option<Gender>, staff: &Staff) -> bool {
    wish.is_none() || staff.gender == wish
}
