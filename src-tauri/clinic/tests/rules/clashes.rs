//! Each kind of clash by an example.

use crate::floor::{Floor, accepted, assignment, block, booking, client, hours, room, service, span, staff};
use deskbell_clinic::rules::clash::{Clash, ClashAbout, Severity, clashes, refused};
use deskbell_clinic::{Appointment, BlockOf, Calendar, Gender, OpeningHours, Part, Place, Status};
use jiff::civil::{date, time};

/// Everybody works all day.
fn working() -> Floor {
    let mut floor = Floor::empty();
    floor.availabilities = (0..4).map(|n| hours(n, span(0, 1440))).collect();
    floor
}

fn found(floor: &Floor, proposed: &Appointment) -> Vec<(Severity, ClashAbout)> {
    let clash = |clash: &Clash| (clash.severity, clash.about);
    clashes(proposed, &floor.facts()).iter().map(clash).collect()
}

fn in_room(n: u128, appointment: Appointment) -> Appointment {
    Appointment {
        place: Place::Resource(room(n)),
        ..appointment
    }
}

#[test]
fn a_therapist_and_a_client_cannot_be_in_two_bookings_and_the_clash_says_which_and_when() {
    let mut floor = working();
    floor.appointments = vec![booking(1, 0, 0, span(60, 120))];
    let all = clashes(&booking(2, 0, 0, span(90, 150)), &floor.facts());
    let hard = |about| Clash {
        severity: Severity::Hard,
        about,
        span: span(90, 120),
        with: Some(crate::floor::booking_id(1)),
    };
    assert_eq!(
        all,
        [hard(ClashAbout::Staff(staff(0))), hard(ClashAbout::Client(client(0)))]
    );
}

#[test]
fn a_booking_that_follows_at_once_its_own_earlier_state_and_a_cancelled_one_are_not_in_the_way() {
    let mut floor = working();
    let mut cancelled = booking(3, 0, 0, span(60, 120));
    cancelled.status = Status::Cancelled;
    floor.appointments = vec![
        booking(1, 0, 0, span(0, 60)),
        booking(2, 0, 0, span(90, 150)),
        cancelled,
    ];
    assert_eq!(found(&floor, &booking(2, 0, 0, span(60, 120))), []);
    let mut declined = booking(4, 0, 0, span(60, 120));
    declined.status = Status::Declined;
    assert_eq!(
        found(&floor, &declined),
        [],
        "what takes no time has nothing in its way"
    );
}

#[test]
fn a_driver_cannot_be_in_two_places_either() {
    let mut floor = working();
    let mut driven = booking(1, 0, 0, span(60, 120));
    driven.assignments.push(assignment(3, Part::Driver));
    floor.appointments = vec![driven.clone()];
    let mut other = booking(2, 1, 1, span(60, 120));
    other.assignments.push(assignment(3, Part::Driver));
    assert_eq!(found(&floor, &other), [(Severity::Hard, ClashAbout::Staff(staff(3)))]);
}

#[test]
fn a_room_for_two_holds_two_at_once_and_two_that_follow_each_other_count_as_one() {
    let mut floor = working();
    floor.appointments = vec![
        in_room(1, booking(1, 0, 0, span(0, 60))),
        in_room(1, booking(2, 0, 0, span(60, 120))),
    ];
    let third = in_room(1, booking(3, 1, 1, span(30, 90)));
    assert_eq!(found(&floor, &third), []);
    floor.appointments.push(third);
    let fourth = in_room(1, booking(4, 2, 2, span(80, 140)));
    let full = clashes(&fourth, &floor.facts());
    assert!(full.iter().all(|clash| clash.about == ClashAbout::Resource(room(1))));
    assert!(refused(&full, None));
    assert_eq!(found(&floor, &in_room(1, booking(4, 2, 2, span(90, 150)))), []);
}

#[test]
fn a_hard_clash_is_accepted_only_with_a_reason() {
    let mut floor = working();
    floor.appointments = vec![booking(1, 0, 0, span(60, 120))];
    let all = clashes(&booking(2, 0, 1, span(60, 120)), &floor.facts());
    assert!(refused(&all, None));
    assert!(refused(&all, Some(&accepted("  "))), "an empty reason is none");
    assert!(!refused(&all, Some(&accepted("Twins, side by side"))));
    assert!(!refused(&[], None));
}

#[test]
fn a_block_refuses_those_whom_it_concerns() {
    let mut floor = working();
    let proposed = in_room(0, booking(1, 0, 0, span(60, 120)));
    for (of, concerned) in [
        (BlockOf::Clinic, true),
        (BlockOf::Staff(staff(0)), true),
        (BlockOf::Resource(room(0)), true),
        (BlockOf::Staff(staff(1)), false),
        (BlockOf::Resource(room(1)), false),
    ] {
        floor.blocks = vec![block(of, span(100, 200))];
        assert_eq!(refused(&clashes(&proposed, &floor.facts()), None), concerned, "{of:?}");
    }
}

#[test]
fn buffers_only_warn_of_the_therapist_and_of_the_room() {
    let mut floor = working();
    floor.appointments = vec![in_room(0, booking(1, 0, 0, span(0, 60)))];
    let mut close = booking(2, 0, 1, span(65, 110));
    close.services = vec![service(1)];
    assert_eq!(found(&floor, &close), [(Severity::Soft, ClashAbout::Buffer(staff(0)))]);
    let mut same_room = in_room(0, booking(3, 1, 1, span(65, 110)));
    same_room.services = vec![service(1)];
    assert_eq!(
        found(&floor, &same_room),
        [(Severity::Soft, ClashAbout::Resource(room(0)))]
    );
    close.span = span(70, 115);
    assert_eq!(found(&floor, &close), [], "10 minutes are what it needs");
}

#[test]
fn outside_hours_and_services_that_are_not_offered_then_only_warn() {
    let mut floor = Floor::empty();
    let mut morning = hours(0, span(0, 60));
    morning.services = vec![service(0)];
    floor.availabilities = vec![morning, hours(0, span(60, 120))];
    assert_eq!(
        found(&floor, &booking(1, 0, 0, span(30, 90))),
        [],
        "two availabilities that touch are one"
    );
    let mut other = booking(1, 0, 0, span(30, 90));
    other.services = vec![service(1)];
    assert_eq!(
        found(&floor, &other),
        [(Severity::Soft, ClashAbout::NotOffered(staff(0)))]
    );
    let late = booking(1, 0, 0, span(90, 150));
    assert_eq!(
        found(&floor, &late),
        [(Severity::Soft, ClashAbout::OutsideHours(staff(0)))]
    );
    floor.staff[0].services = vec![service(1)];
    let never = booking(1, 0, 0, span(60, 120));
    assert_eq!(
        found(&floor, &never),
        [(Severity::Soft, ClashAbout::NotOffered(staff(0)))]
    );
}

#[test]
fn a_wish_for_somebody_or_for_a_gender_only_warns() {
    let mut floor = working();
    let wish = [(Severity::Soft, ClashAbout::Wish(client(0)))];
    floor.clients[0].wishes.staff = vec![staff(1), staff(2)];
    assert_eq!(found(&floor, &booking(1, 0, 0, span(0, 60))), wish);
    assert_eq!(found(&floor, &booking(1, 2, 0, span(0, 60))), []);
    floor.clients[0].wishes.gender = Some(Gender::Male);
    assert_eq!(found(&floor, &booking(1, 2, 0, span(0, 60))), wish);
    assert_eq!(found(&floor, &booking(1, 1, 0, span(0, 60))), []);
}

#[test]
fn a_clinic_that_closes_past_midnight_warns_only_after_that() {
    let mut floor = Floor::empty();
    let friday = OpeningHours {
        weekday: 5,
        opens: time(10, 0, 0, 0),
        closes: time(2, 0, 0, 0),
    };
    let saturday = OpeningHours {
        weekday: 6,
        opens: time(2, 0, 0, 0),
        closes: time(3, 0, 0, 0),
    };
    floor.calendar = Calendar::new("Asia/Manila", vec![friday, saturday]).unwrap();
    let night = |start, end| {
        let day = date(2026, 11, 28);
        booking(1, 0, 0, floor.calendar.span(day, start, end).unwrap())
    };
    let closed = |row: &Appointment| {
        found(&floor, row)
            .iter()
            .any(|(_, about)| *about == ClashAbout::OutsideOpening)
    };
    assert!(!closed(&night(time(0, 30, 0, 0), time(1, 30, 0, 0))));
    assert!(
        !closed(&night(time(1, 30, 0, 0), time(2, 30, 0, 0))),
        "two stretches that touch are one"
    );
    assert!(closed(&night(time(2, 30, 0, 0), time(3, 30, 0, 0))));
    assert!(closed(&night(time(12, 0, 0, 0), time(13, 0, 0, 0))));
}
