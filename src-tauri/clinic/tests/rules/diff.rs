//! What is new, tick by tick.

use crate::floor::{any_availability, any_spans, everything, hours, span, staff, ticks};
use deskbell_clinic::rules::diff::{added_free_time, availability_added};
use deskbell_clinic::rules::occurrences::of_availability;
use deskbell_clinic::rules::spans::subtract;
use deskbell_clinic::{Calendar, Repeat, Weekly};
use proptest::prelude::*;

fn manila() -> Calendar {
    Calendar::new("Asia/Manila", vec![]).unwrap()
}

proptest! {
    #[test]
    fn added_free_time_is_what_is_there_after_and_was_not_before(before in any_spans(), after in any_spans()) {
        let added = added_free_time(&before, &after);
        for tick in ticks(everything()) {
            let new = after.iter().any(|span| span.covers(tick)) && !before.iter().any(|span| span.covers(tick));
            prop_assert_eq!(added.iter().any(|span| span.covers(tick)), new);
        }
        prop_assert_eq!(added_free_time(&after, &after), vec![]);
    }

    #[test]
    fn an_edit_adds_only_time_that_was_not_there(before in any_availability(), after in any_availability()) {
        let calendar = manila();
        let added = availability_added(Some(&before), Some(&after), &calendar, everything());
        let was = of_availability(&before, &calendar, everything());
        let is = of_availability(&after, &calendar, everything());
        let expected = if before.staff == after.staff { subtract(&is, &was) } else { is };
        prop_assert_eq!(added, expected);
    }
}

#[test]
fn a_new_note_or_shorter_hours_are_no_new_availability() {
    let before = hours(0, span(60, 300));
    let added = |after| availability_added(Some(&before), Some(&after), &manila(), everything());
    let mut noted = before.clone();
    noted.note = "Only upstairs".to_owned();
    assert_eq!(added(noted), []);
    assert_eq!(added(hours(0, span(90, 200))), []);
    assert_eq!(added(hours(0, span(30, 330))), [span(30, 60), span(300, 330)]);
    assert_eq!(
        added(hours(1, span(60, 120))),
        [span(60, 120)],
        "another's hours are new, whoever had them before"
    );
}

#[test]
fn new_hours_are_new_and_hours_taken_away_are_not() {
    let row = hours(0, span(-60, 300));
    assert_eq!(
        availability_added(None, Some(&row), &manila(), everything()),
        [span(0, 300)],
        "only inside the window"
    );
    assert_eq!(availability_added(Some(&row), None, &manila(), everything()), []);
    assert_eq!(row.staff, staff(0));
}

#[test]
fn hours_that_begin_to_repeat_add_their_repeats_only() {
    let once = hours(0, span(60, 300));
    let mut weekly = once.clone();
    weekly.repeat = Repeat::Weekly(Weekly {
        weeks: 1,
        until: None,
        except: vec![],
    });
    let week = 7 * 24 * 60;
    let window = span(0, 2 * week);
    let again = span(week + 60, week + 300);
    assert_eq!(
        availability_added(Some(&once), Some(&weekly), &manila(), window),
        [again]
    );
    assert_eq!(availability_added(Some(&weekly), Some(&once), &manila(), window), []);
}
