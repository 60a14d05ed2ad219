//! Days of zones with and without clock changes, of an hour and of half an hour.

use crate::floor::any_zone;
use deskbell_clinic::{Calendar, Span};
use jiff::civil::{Date, Time, date};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

const ZONES: [(&str, [i64; 2]); 4] = [
    ("Europe/Berlin", [23 * 60, 25 * 60]),
    ("America/New_York", [23 * 60, 25 * 60]),
    ("Australia/Lord_Howe", [23 * 60 + 30, 24 * 60 + 30]),
    ("Asia/Manila", [24 * 60, 24 * 60]),
];

#[test]
fn the_days_of_a_year_tile_time_without_a_gap_or_an_overlap() {
    for (zone, [shortest, longest]) in ZONES {
        let calendar = Calendar::new(zone, vec![]).unwrap();
        let days: Vec<Date> = date(2026, 1, 1).series(1.day()).take(365).collect();
        for pair in days.windows(2) {
            let (today, tomorrow) = (calendar.day(pair[0]), calendar.day(pair[1]));
            assert_eq!(today.end(), tomorrow.start(), "{zone} {}", pair[0]);
            assert_eq!(calendar.day_of(today.start()), pair[0], "{zone}");
            let last = today.end() - SignedDuration::from_nanos(1);
            assert_eq!(calendar.day_of(last), pair[0], "{zone}");
        }
        let lengths = || days.iter().map(|day| calendar.day(*day).minutes());
        assert_eq!(lengths().min(), Some(shortest), "{zone}");
        assert_eq!(lengths().max(), Some(longest), "{zone}");
    }
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..20_000_i64).prop_map(|days| date(1990, 1, 1).checked_add(days.days()).unwrap())
}

fn any_time() -> impl Strategy<Value = Time> {
    (0..24_i8, 0..60_i8).prop_map(|(hour, minute)| Time::constant(hour, minute, 0, 0))
}

proptest! {
    #[test]
    fn a_shift_past_midnight_is_whole_and_its_two_days_share_it(
        calendar in any_zone(),
        day in any_day(),
        one in any_time(),
        other in any_time(),
    ) {
        let (start, end) = (one.max(other), one.min(other));
        let shift = calendar.span(day, start, end).unwrap();
        let next = day.tomorrow().unwrap();
        prop_assert_eq!(calendar.day_of(shift.start()), day);
        prop_assert_eq!(shift.end(), calendar.at(next, end));
        let on = |day| shift.intersection(calendar.day(day)).map_or(0, Span::minutes);
        prop_assert_eq!(on(day) + on(next), shift.minutes());
        let json = serde_json::to_string(&shift).unwrap();
        prop_assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), shift);
    }

    #[test]
    fn a_minute_of_the_day_counts_what_has_passed(calendar in any_zone(), day in any_day(), minute in 0..1380_i32) {
        let at = calendar.day(day).start() + SignedDuration::from_mins(i64::from(minute));
        prop_assert_eq!(calendar.minute_of_day(day, at), minute);
        prop_assert_eq!(calendar.day_of(at), day);
    }
}
