//! Openings and alternatives, against trying every therapist at every quarter of an hour.

use crate::floor::{Floor, TICK, any_booking, any_floor, at, booking, everything, hours, service, span, staff, ticks};
use deskbell_clinic::rules::clash::{ClashAbout, Severity, clashes};
use deskbell_clinic::rules::free::free_time;
use deskbell_clinic::rules::openings::{Wanted, alternatives, openings};
use deskbell_clinic::rules::spans::cover;
use deskbell_clinic::wire::Alternative;
use deskbell_clinic::{Appointment, Place, Role, Span, StaffId};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

fn on_quarter(floor: &Floor, at: Timestamp) -> bool {
    floor.calendar.time_of(at).minute() % 15 == 0
}

/// Every start at which a therapist's free time has room for the services with their buffers.
fn by_trying(floor: &Floor, wanted: &Wanted, from: Timestamp) -> Vec<Alternative> {
    let facts = floor.facts();
    let (before, after) = facts.buffers(&wanted.services);
    let mut found = vec![];
    for person in floor.staff.iter().filter(|row| row.role != Role::Driver) {
        // Hours kept for other services do not count: this floor has none of those.
        let free = free_time(person.id, &facts, everything());
        for start in ticks(everything()).map(Span::start).filter(|at| on_quarter(floor, *at)) {
            let Some(span) = Span::of_minutes(start, wanted.minutes) else {
                continue;
            };
            let needs = span.widened(before, after);
            if needs.start() >= from && cover(&free, needs) {
                found.push(Alternative { staff: person.id, span });
            }
        }
    }
    found.sort_by_key(|open| open.span.start());
    found
}

fn with_open_hours(mut floor: Floor) -> Floor {
    for row in &mut floor.availabilities {
        row.services.clear();
    }
    floor
}

fn moved(proposed: &Appointment, lead: StaffId, to: Alternative) -> Appointment {
    let mut moved = proposed.clone();
    moved.span = to.span;
    for assignment in moved.assignments.iter_mut().filter(|row| row.staff == lead) {
        assignment.staff = to.staff;
    }
    moved
}

proptest! {
    #[test]
    fn openings_are_free_on_the_grid_in_order_and_the_first_is_the_first_that_there_is(
        floor in any_floor().prop_map(with_open_hours),
        services in proptest::sample::subsequence(vec![service(0), service(1)], 0..=2),
        quarters in 1..8_u32,
        from in 0..800_i64,
        most in 1..6_usize,
    ) {
        let wanted = Wanted { services, minutes: quarters * 15, ..Wanted::default() };
        let (facts, from) = (floor.facts(), at(from * TICK));
        let found = openings(&wanted, &facts, from, everything(), most);
        let (before, after) = facts.buffers(&wanted.services);
        for open in &found {
            let free = free_time(open.staff, &facts, everything());
            prop_assert!(cover(&free, open.span.widened(before, after)));
            prop_assert!(on_quarter(&floor, open.span.start()));
            let mut booked = booking(999, 0, 0, open.span);
            booked.clients.clear();
            booked.assignments[0].staff = open.staff;
            booked.services.clone_from(&wanted.services);
            prop_assert!(clashes(&booked, &facts).iter().all(|clash| clash.severity == Severity::Soft));
        }
        prop_assert!(found.len() <= most);
        prop_assert!(found.windows(2).all(|pair| pair[0].span.start() <= pair[1].span.start()));
        let tried = by_trying(&floor, &wanted, from);
        prop_assert_eq!(found.first(), tried.first());
    }

    #[test]
    fn an_opening_in_a_room_finds_room_in_it(floor in any_floor(), n in 0..2_u128) {
        let room = crate::floor::room(n);
        let wanted = Wanted { minutes: 30, services: vec![service(1)], resource: Some(room), ..Wanted::default() };
        for open in openings(&wanted, &floor.facts(), at(0), everything(), 5) {
            let mut booked = booking(999, 0, 0, open.span);
            booked.clients.clear();
            booked.assignments[0].staff = open.staff;
            booked.services.clone_from(&wanted.services);
            booked.place = Place::Resource(room);
            prop_assert_eq!(clashes(&booked, &floor.facts()), vec![]);
        }
    }

    #[test]
    fn alternatives_are_free_ahead_as_long_and_the_nearest_first(
        floor in any_floor(),
        proposed in any_booking(),
        now in 0..800_i64,
    ) {
        let (facts, now) = (floor.facts(), at(now * TICK));
        let found = alternatives(&proposed, &facts, now);
        let lead = proposed.therapists().next().unwrap();
        prop_assert!(found.len() <= 3);
        for open in &found {
            prop_assert!(open.span.start() >= now);
            prop_assert_eq!(open.span.minutes(), proposed.span.minutes());
            let there = clashes(&moved(&proposed, lead, *open), &facts);
            prop_assert!(there.iter().all(|clash| clash.severity == Severity::Soft), "{there:?}");
        }
        let away = |open: &Alternative| open.span.start().duration_since(proposed.span.start()).abs();
        prop_assert!(found.windows(2).all(|pair| away(&pair[0]) <= away(&pair[1])));
    }

    #[test]
    fn no_alternative_is_nearer_than_the_first(
        floor in any_floor().prop_map(with_open_hours),
        mut proposed in any_booking(),
        now in 0..400_i64,
    ) {
        proposed.place = Place::Anywhere;
        proposed.status = deskbell_clinic::Status::Confirmed;
        let (facts, now) = (floor.facts(), at(now * TICK));
        let lead = proposed.therapists().next().unwrap();
        let wanted = Wanted {
            services: proposed.services.clone(),
            minutes: u32::try_from(proposed.span.minutes()).unwrap(),
            ..Wanted::default()
        };
        let away = |open: &Alternative| open.span.start().duration_since(proposed.span.start()).abs();
        let others: Vec<StaffId> = proposed.staff().filter(|id| *id != lead).collect();
        let nearest = by_trying(&floor, &wanted, now)
            .into_iter()
            .filter(|open| !others.contains(&open.staff))
            .filter(|open| {
                let there = clashes(&moved(&proposed, lead, *open), &facts);
                there.iter().all(|clash| clash.severity == Severity::Soft)
            })
            .map(|open| away(&open))
            .min();
        if let Some(nearest) = nearest {
            let first = alternatives(&proposed, &facts, now).first().map(away);
            prop_assert!(first.is_some_and(|first| first <= nearest), "{first:?} instead of {nearest:?}");
        }
    }
}

#[test]
fn a_taken_slot_is_offered_with_somebody_else_at_the_same_time_first() {
    let mut floor = Floor::empty();
    floor.availabilities = vec![hours(0, span(0, 300)), hours(1, span(0, 300))];
    floor.appointments = vec![booking(1, 0, 0, span(65, 125))];
    let found = alternatives(&booking(2, 0, 1, span(65, 125)), &floor.facts(), at(0));
    let open = |n, from, to| Alternative {
        staff: staff(n),
        span: span(from, to),
    };
    assert_eq!(
        found[0],
        open(1, 65, 125),
        "the very time wished for, though off the quarter"
    );
    assert_eq!(
        found[1..],
        [open(0, 0, 60), open(1, 0, 60)],
        "as near, so the same therapist goes before another"
    );
}

#[test]
fn alternatives_know_the_clients_wish_and_never_move_them_into_their_other_booking() {
    let mut floor = Floor::empty();
    floor.availabilities = vec![hours(0, span(0, 300)), hours(1, span(0, 300)), hours(2, span(0, 300))];
    floor.clients[1].wishes.gender = Some(deskbell_clinic::Gender::Female);
    floor.appointments = vec![booking(1, 0, 0, span(60, 120)), booking(2, 2, 1, span(120, 180))];
    let found = alternatives(&booking(3, 0, 1, span(60, 120)), &floor.facts(), at(0));
    let facts = floor.facts();
    assert!(!found.is_empty());
    for open in found {
        let there = clashes(&moved(&booking(3, 0, 1, span(60, 120)), staff(0), open), &facts);
        assert!(
            there
                .iter()
                .all(|clash| !matches!(clash.about, ClashAbout::Wish(_) | ClashAbout::Client(_)))
        );
    }
}

#[test]
fn openings_of_one_therapist_follow_each_other_with_their_buffers_in_between() {
    let mut floor = Floor::empty();
    floor.availabilities = vec![hours(0, span(0, 240))];
    let wanted = Wanted {
        services: vec![service(1)],
        minutes: 45,
        ..Wanted::default()
    };
    let found = openings(&wanted, &floor.facts(), at(0), everything(), 10);
    let starts: Vec<i64> = found
        .iter()
        .map(|open| open.span.start().duration_since(at(0)).as_mins())
        .collect();
    assert_eq!(starts, [15, 75, 135]);
    let soon = openings(
        &wanted,
        &floor.facts(),
        at(0) + SignedDuration::from_mins(100),
        everything(),
        10,
    );
    assert_eq!(
        soon.first().map(|open| open.span),
        Some(span(120, 165)),
        "the buffer before is not in the past either"
    );
}
