//! Clock times and days as a person reads them, in the clinic's zone, and back.

use super::{Band, DayAxis, HourMark};
use deskbell_clinic::{Calendar, Span};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

/// `14:30`, as forms and files have it.
pub(crate) fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// What the clock says at an instant, as this place writes it: `14:30`, or `2:30 PM`.
pub(crate) fn time_label(calendar: &Calendar, at: Timestamp) -> String {
    calendar.customs().time(calendar.time_of(at))
}

/// `Mon 23 Nov`.
pub(crate) fn day_title(day: Date) -> String {
    day.strftime("%a %-d %b").to_string()
}

/// `23–29 Nov 2026`, `30 Nov – 6 Dec 2026`.
pub(crate) fn week_title(first: Date, last: Date) -> String {
    if first.month() == last.month() {
        format!("{}–{}", first.day(), last.strftime("%-d %b %Y"))
    } else {
        format!("{} – {}", first.strftime("%-d %b"), last.strftime("%-d %b %Y"))
    }
}

/// `14:30–15:30`; `22:00–06:00 +1` where it ends on the next day.
pub(crate) fn span_label(calendar: &Calendar, span: Span) -> String {
    let last_instant = span.end() - SignedDuration::from_nanos(1);
    let next_day = if calendar.day_of(last_instant) > calendar.day_of(span.start()) {
        " +1"
    } else {
        ""
    };
    let (start, end) = (calendar.time_of(span.start()), calendar.time_of(span.end()));
    format!("{}{next_day}", calendar.customs().span(start, end))
}

/// A span as drawn on one day.
pub(crate) fn band(calendar: &Calendar, day: Date, span: Span) -> Band {
    Band {
        from: calendar.minute_of_day(day, span.start()),
        to: calendar.minute_of_day(day, span.end()),
        label: span_label(calendar, span),
    }
}

/// A server's own word for where a booking stands, as a person reads it: `driver assigned pickup`.
pub(crate) fn step_words(step: &str) -> String {
    step.replace('_', " ")
}

/// `JS` for `Jo Santos`.
pub(crate) fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .take(3)
        .collect()
}

/// Seconds since 1970, for the windows' ages.
pub(crate) fn seconds(at: Timestamp) -> u32 {
    u32::try_from(at.as_second().max(0)).unwrap_or(u32::MAX)
}

/// One day as an axis.
pub fn axis(calendar: &Calendar, day: Date, today: Date) -> DayAxis {
    let span = calendar.day(day);
    let open = calendar.open_spans(day);
    let minute = |at| calendar.minute_of_day(day, at);
    let minutes = u32::try_from(span.minutes()).unwrap_or(24 * 60);
    DayAxis {
        date: day.to_string(),
        title: day_title(day),
        previous: day.yesterday().unwrap_or(day).to_string(),
        next: day.tomorrow().unwrap_or(day).to_string(),
        today: day == today,
        minutes,
        hours: hour_marks(calendar, span, day),
        opens: open.iter().map(|span| minute(span.start())).min().unwrap_or(8 * 60),
        closes: open.iter().map(|span| minute(span.end())).max().unwrap_or(20 * 60),
    }
}

/// Every hour that passes, labelled by the clock: on the day the clocks go back one label comes twice.
fn hour_marks(calendar: &Calendar, day_span: Span, day: Date) -> Vec<HourMark> {
    let mut marks = Vec::with_capacity(25);
    let mut at = day_span.start();
    while at < day_span.end() {
        marks.push(HourMark {
            minute: calendar.minute_of_day(day, at),
            label: calendar.customs().hour(calendar.time_of(at)),
        });
        at += SignedDuration::from_hours(1);
    }
    marks
}

/// Reads an ISO date from a window.
///
/// # Errors
/// A sentence, when it is not one.
pub fn parse_day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| format!("“{text}” is not a date (expected one such as 2026-11-23)"))
}

/// Reads `HH:MM` from a window; `24:00` is midnight.
///
/// # Errors
/// A sentence, when it is not one.
pub fn parse_clock(text: &str) -> Result<Time, String> {
    if text == "24:00" {
        return Ok(Time::midnight());
    }
    let wrong = || format!("“{text}” is not a time of day (expected one such as 14:30)");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let hour: i8 = hour.parse().map_err(|_| wrong())?;
    let minute: i8 = minute.parse().map_err(|_| wrong())?;
    Time::new(hour, minute, 0, 0).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::Customs;
    use jiff::civil::{date, time};

    fn manila() -> Calendar {
        Calendar::new("Asia/Manila", vec![]).unwrap()
    }

    #[test]
    fn a_span_to_midnight_stays_on_its_day_and_one_past_it_says_so() {
        let to_midnight = manila()
            .span(date(2026, 11, 23), time(20, 0, 0, 0), Time::midnight())
            .unwrap();
        assert_eq!(span_label(&manila(), to_midnight), "20:00–00:00");
        let past = manila()
            .span(date(2026, 11, 23), time(22, 0, 0, 0), time(6, 0, 0, 0))
            .unwrap();
        assert_eq!(span_label(&manila(), past), "22:00–06:00 +1");
    }

    #[test]
    fn the_axis_of_the_day_the_clocks_go_back_shows_the_doubled_hour_twice() {
        let berlin = Calendar::new("Europe/Berlin", vec![]).unwrap();
        let day = axis(&berlin, date(2026, 10, 25), date(2026, 10, 25));
        assert_eq!(day.minutes, 25 * 60);
        let labels: Vec<_> = day.hours.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(&labels[..5], ["00:00", "01:00", "02:00", "02:00", "03:00"]);
    }

    #[test]
    fn a_place_of_twelve_hours_reads_them_on_spans_axes_and_times() {
        let calendar = manila().shown(Customs {
            twelve_hours: true,
            ..Customs::default()
        });
        let late = calendar
            .span(date(2026, 11, 23), time(22, 0, 0, 0), time(6, 0, 0, 0))
            .unwrap();
        assert_eq!(span_label(&calendar, late), "10:00 PM–6:00 AM +1");
        assert_eq!(time_label(&calendar, late.start()), "10:00 PM");
        let day = axis(&calendar, date(2026, 11, 23), date(2026, 11, 23));
        assert_eq!(
            (day.hours[0].label.as_str(), day.hours[13].label.as_str()),
            ("12 AM", "1 PM")
        );
    }

    #[test]
    fn a_time_that_is_none_is_named_in_the_error() {
        assert!(parse_clock("25:00").unwrap_err().contains("25:00"));
        assert!(parse_clock("nine").unwrap_err().contains("nine"));
        assert_eq!(parse_clock("9:05"), Ok(time(9, 5, 0, 0)));
    }

    #[test]
    fn a_week_over_the_end_of_a_month_names_both_months() {
        assert_eq!(week_title(date(2026, 11, 23), date(2026, 11, 29)), "23–29 Nov 2026");
        assert_eq!(week_title(date(2026, 11, 30), date(2026, 12, 6)), "30 Nov – 6 Dec 2026");
    }
}
