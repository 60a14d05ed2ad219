//! The days of a booking that comes again, in zones whose clocks change by an hour, by half of one, in either half of the
//! year, or never.

use deskbell_clinic::Calendar;
use deskbell_clinic::rules::series::{MOST, NoDays, WEEKS_APART, days};
use jiff::civil::{Date, Time, date, time};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

const ZONES: [&str; 6] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Manila",
];

fn any_calendar() -> impl Strategy<Value = Calendar> {
    prop::sample::select(&ZONES[..]).prop_map(|zone| Calendar::new(zone, vec![]).unwrap())
}

fn any_day() -> impl Strategy<Value = Date> {
    (0..4000_i64).prop_map(|days| date(2020, 1, 1).checked_add(days.days()).unwrap())
}

/// Mostly at night, when clocks are changed.
fn any_time() -> impl Strategy<Value = Time> {
    let clock = |minute: i16| Time::constant((minute / 60) as i8, (minute % 60) as i8, 0, 0);
    prop_oneof![2 => (0..240_i16).prop_map(clock), 1 => (0..1440_i16).prop_map(clock)]
}

proptest! {
    #[test]
    fn days_come_in_order_no_two_on_one_so_many_weeks_apart_and_never_past_the_last(
        first in any_day(),
        weeks in 1..=WEEKS_APART,
        times in 2..=MOST,
        left_out in prop::collection::vec(0..60_i32, 0..10),
    ) {
        let after = |n: i32| first.checked_add((n * i32::from(weeks)).weeks()).unwrap();
        let leave_out: Vec<Date> = left_out.iter().map(|n| after(*n)).collect();
        let found = match days(first, weeks, times, &leave_out) {
            Ok(found) => found,
            Err(refused) => {
                prop_assert_eq!(refused, NoDays::AllLeftOut);
                prop_assert!((0..i32::from(times)).all(|n| left_out.contains(&n)));
                return Ok(());
            }
        };
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(found.iter().all(|day| (first..=after(i32::from(times) - 1)).contains(day)));
        for day in &found {
            let apart = (*day - first).get_days();
            prop_assert_eq!(apart % (7 * i32::from(weeks)), 0);
            prop_assert!(!leave_out.contains(day));
        }
        // Nothing else is missing.
        let missing = (0..i32::from(times)).filter(|n| left_out.contains(n)).count();
        prop_assert_eq!(found.len() + missing, usize::from(times));
    }

    #[test]
    fn every_day_has_the_same_clock_time_but_for_one_that_the_clocks_skip(
        calendar in any_calendar(),
        first in any_day(),
        at in any_time(),
        weeks in 1..=WEEKS_APART,
        times in 2..=MOST,
    ) {
        let found = days(first, weeks, times, &[]).unwrap();
        let starts: Vec<Timestamp> = found.iter().map(|day| calendar.at(*day, at)).collect();
        prop_assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
        for (day, start) in found.iter().zip(starts) {
            prop_assert_eq!(calendar.day_of(start), *day);
            let shown = calendar.time_of(start);
            if shown != at {
                // No instant of that day shows the time that was asked for; the one taken is later by what was skipped.
                let minutes = calendar.day(*day).minutes();
                let skipped = 24 * 60 - minutes;
                prop_assert!(skipped > 0, "{day} {at} was shown as {shown}");
                let later = at.checked_add(skipped.minutes()).unwrap();
                prop_assert_eq!(shown, later);
            }
        }
    }
}

/// The zone, the day its clocks change, the time that is asked for there, and what a clock shows then.
#[test]
fn a_time_that_a_day_does_not_have_is_the_one_after_the_gap_and_of_one_it_has_twice_the_first() {
    let cases = [
        (
            "Europe/Berlin",
            date(2026, 3, 29),
            time(2, 30, 0, 0),
            time(3, 30, 0, 0),
            "+02",
        ),
        (
            "Europe/Berlin",
            date(2026, 10, 25),
            time(2, 30, 0, 0),
            time(2, 30, 0, 0),
            "+02",
        ),
        (
            "Australia/Sydney",
            date(2026, 10, 4),
            time(2, 30, 0, 0),
            time(3, 30, 0, 0),
            "+11",
        ),
        (
            "Australia/Sydney",
            date(2026, 4, 5),
            time(2, 30, 0, 0),
            time(2, 30, 0, 0),
            "+11",
        ),
        (
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            time(2, 15, 0, 0),
            time(2, 45, 0, 0),
            "+11",
        ),
        (
            "Australia/Lord_Howe",
            date(2026, 4, 5),
            time(1, 45, 0, 0),
            time(1, 45, 0, 0),
            "+11",
        ),
    ];
    for (zone, changes, asked, shown, offset) in cases {
        let calendar = Calendar::new(zone, vec![]).unwrap();
        let first = changes.checked_sub(2.weeks()).unwrap();
        let found = days(first, 1, 4, &[]).unwrap();
        assert_eq!(found[2], changes, "{zone}");
        let times: Vec<Time> = found
            .iter()
            .map(|day| calendar.time_of(calendar.at(*day, asked)))
            .collect();
        assert_eq!(times, [asked, asked, shown, asked], "{zone} {changes}");
        let expected: Timestamp = format!("{changes}T{shown}{offset}").parse().unwrap();
        assert_eq!(calendar.at(changes, asked), expected, "{zone} {changes}");
    }
}

#[test]
fn a_booking_comes_so_many_times_and_not_on_days_that_are_left_out() {
    let first = date(2026, 11, 23);
    let fortnights = days(first, 2, 3, &[]).unwrap();
    assert_eq!(fortnights, [first, date(2026, 12, 7), date(2026, 12, 21)]);
    assert_eq!(
        days(first, 1, 3, &[date(2026, 11, 30)]).unwrap(),
        [first, date(2026, 12, 7)]
    );
    let longest = days(first, WEEKS_APART, MOST, &[]).unwrap();
    assert_eq!((longest.len(), longest.last()), (52, Some(&date(2034, 9, 18))));
}

#[test]
fn what_has_no_end_no_sense_or_no_day_left_is_refused() {
    let first = date(2026, 11, 23);
    assert_eq!(days(first, 0, 2, &[]), Err(NoDays::WeeksApart));
    assert_eq!(days(first, 9, 2, &[]), Err(NoDays::WeeksApart));
    for times in [0, 1, 53] {
        assert_eq!(days(first, 1, times, &[]), Err(NoDays::Times));
    }
    assert_eq!(days(first, 1, 2, &[first, date(2026, 11, 30)]), Err(NoDays::AllLeftOut));
    assert_eq!(days(Date::MAX, 1, 2, &[]), Err(NoDays::TooFar));
}
