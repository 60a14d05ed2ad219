//! Repeats, against walking from the first occurrence on.

use crate::floor::any_zone;
use deskbell_clinic::rules::occurrences::occurrences;
use deskbell_clinic::{Calendar, Repeat, Span, Weekly};
use jiff::civil::{Date, Time, date, time};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;

fn any_first() -> impl Strategy<Value = (Calendar, Date, Time, Time)> {
    (any_zone(), 0..1500_i64, 0..96_i8, 0..96_i8).prop_map(|(calendar, day, start, end)| {
        let clock = |quarter: i8| Time::constant(quarter / 4, quarter % 4 * 15, 0, 0);
        (
            calendar,
            date(2020, 1, 1).checked_add(day.days()).unwrap(),
            clock(start),
            clock(end),
        )
    })
}

fn any_weekly() -> impl Strategy<Value = Weekly> {
    let until = proptest::option::of((0..3000_i64).prop_map(|days| date(2020, 1, 1).checked_add(days.days()).unwrap()));
    (0..=9_u8, until).prop_map(|(weeks, until)| Weekly {
        weeks,
        until,
        except: vec![],
    })
}

proptest! {
    #[test]
    fn jumping_to_the_window_finds_what_walking_there_finds(
        (calendar, day, start, end) in any_first(),
        mut weekly in any_weekly(),
        from in 0..3000_i64,
        length in 1..60_i64,
        except in 0..50_i32,
    ) {
        let Some(first) = calendar.span(day, start, end) else { return Ok(()) };
        let weeks = i32::from(weekly.weeks.clamp(1, 8));
        let missed = day.checked_add((except * weeks).weeks()).unwrap();
        weekly.except = vec![missed];
        let window = calendar.day(date(2020, 1, 1).checked_add(from.days()).unwrap());
        let window = Span::new(window.start(), window.start() + SignedDuration::from_hours(24 * length)).unwrap();
        let walked: Vec<Span> = std::iter::once(first)
            .chain((1..500).filter_map(|n| calendar.weeks_later(first, n * weeks)))
            .filter(|span| span.overlaps(window))
            .filter(|span| {
                let day = calendar.day_of(span.start());
                weekly.until.is_none_or(|until| day <= until) && day != missed
            })
            .collect();
        prop_assert_eq!(occurrences(first, &Repeat::Weekly(weekly), &calendar, window), walked);
    }

    #[test]
    fn weekly_occurrences_keep_weekday_and_clock_time_over_every_clock_change(
        (calendar, day, start, end) in any_first(),
        weeks in 1..=8_u8,
    ) {
        let Some(first) = calendar.span(day, start, end) else { return Ok(()) };
        let year = Span::new(first.start(), first.start() + SignedDuration::from_hours(24 * 365)).unwrap();
        let repeat = Repeat::Weekly(Weekly { weeks, until: None, except: vec![] });
        let found = occurrences(first, &repeat, &calendar, year);
        prop_assert!(found.len() >= 365 / (7 * usize::from(weeks)) - 1);
        // Of a first occurrence that begins or ends in a skipped hour, the clock time after it is the one that is kept.
        let (starts, ends) = (calendar.time_of(first.start()), calendar.time_of(first.end()));
        let nights = calendar.day_of(first.end()).since(day).unwrap().get_days();
        for span in found {
            let on = calendar.day_of(span.start());
            prop_assert_eq!(on.weekday(), day.weekday());
            prop_assert_eq!(span.start(), calendar.at(on, starts));
            prop_assert_eq!(span.end(), calendar.at(on.checked_add(nights.days()).unwrap(), ends));
            let skipped = calendar.time_of(calendar.at(on, starts)) != starts;
            prop_assert!(skipped || calendar.time_of(span.start()) == starts);
        }
    }
}

proptest! {
    #[test]
    fn occurrences_come_in_order_one_a_day_on_no_day_that_is_taken_out_and_none_after_the_last(
        (calendar, day, start, end) in any_first(),
        weeks in 1..=8_u8,
        except in prop::collection::vec(0..40_i32, 0..8),
        last in 0..400_i32,
    ) {
        let Some(first) = calendar.span(day, start, end) else { return Ok(()) };
        let nth = |n: i32| day.checked_add((n * i32::from(weeks)).weeks()).unwrap();
        let until = day.checked_add(last.days()).unwrap();
        let except: Vec<Date> = except.into_iter().map(nth).collect();
        let repeat = Repeat::Weekly(Weekly { weeks, until: Some(until), except: except.clone() });
        let years = Span::new(first.start(), first.start() + SignedDuration::from_hours(24 * 800)).unwrap();
        let found = occurrences(first, &repeat, &calendar, years);
        let on: Vec<Date> = found.iter().map(|span| calendar.day_of(span.start())).collect();
        // A first occurrence in a skipped hour, and one whose end lies in it, may leave a day without any.
        let whole = |day: &Date| calendar.day(*day).minutes() >= 24 * 60;
        let expected: Vec<Date> = (0..60).map(nth).filter(|day| *day <= until && !except.contains(day)).collect();
        prop_assert!(on.windows(2).all(|pair| pair[0] < pair[1]), "two on one day, or out of order: {on:?}");
        prop_assert!(on.iter().all(|day| expected.contains(day)), "{on:?}");
        prop_assert!(expected.iter().filter(|day| whole(day)).all(|day| on.contains(day)), "{on:?} lack {expected:?}");
        // One that ends after midnight is seen from the next day too, even where that day comes after the last.
        for span in &found {
            let next = calendar.day(calendar.day_of(span.start()).tomorrow().unwrap());
            let seen = occurrences(first, &repeat, &calendar, next);
            prop_assert_eq!(seen.contains(span), span.end() > next.start());
        }
    }
}

#[test]
fn a_leave_longer_than_its_period_is_found_from_every_repeat_that_reaches_into_the_window() {
    let calendar = Calendar::new("Asia/Manila", vec![]).unwrap();
    let from = calendar.day(date(2026, 3, 1)).start();
    let leave = Span::new(from, from + SignedDuration::from_hours(24 * 20)).unwrap();
    let repeat = Repeat::Weekly(Weekly {
        weeks: 1,
        until: None,
        except: vec![],
    });
    let found = occurrences(leave, &repeat, &calendar, calendar.day(date(2026, 4, 1)));
    let starts: Vec<Date> = found.iter().map(|span| calendar.day_of(span.start())).collect();
    assert_eq!(starts, [date(2026, 3, 15), date(2026, 3, 22), date(2026, 3, 29)]);
}

#[test]
fn a_night_shift_reaches_into_the_window_from_the_evening_before() {
    let calendar = Calendar::new("Europe/Berlin", vec![]).unwrap();
    let first = calendar
        .span(date(2026, 3, 21), time(22, 0, 0, 0), time(6, 0, 0, 0))
        .unwrap();
    let repeat = Repeat::Weekly(Weekly {
        weeks: 1,
        until: None,
        except: vec![],
    });
    let found = occurrences(first, &repeat, &calendar, calendar.day(date(2026, 3, 29)));
    let night = calendar
        .span(date(2026, 3, 28), time(22, 0, 0, 0), time(6, 0, 0, 0))
        .unwrap();
    assert_eq!(found, [night]);
    assert_eq!(night.minutes(), 7 * 60, "the clocks went forward in it");
}

#[test]
fn a_span_that_does_not_repeat_is_there_once() {
    let calendar = Calendar::new("Asia/Manila", vec![]).unwrap();
    let day = calendar.day(date(2026, 3, 21));
    let hours = calendar
        .span(date(2026, 3, 21), time(9, 0, 0, 0), time(17, 0, 0, 0))
        .unwrap();
    assert_eq!(occurrences(hours, &Repeat::None, &calendar, day), [hours]);
    assert_eq!(
        occurrences(hours, &Repeat::None, &calendar, calendar.day(date(2026, 3, 28))),
        []
    );
}
