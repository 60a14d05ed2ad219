//! What a late client strands.

use crate::floor::{Floor, booking, room, service, span};
use deskbell_clinic::rules::delay::{Stranded, stranded_by};
use deskbell_clinic::{Appointment, AppointmentId, Place, Status};
use proptest::prelude::*;

fn stranded(floor: &Floor, row: &Appointment) -> Vec<(AppointmentId, i64)> {
    let told = stranded_by(row, &floor.facts()).into_iter();
    told.map(|Stranded { appointment, slack }| (appointment, slack))
        .collect()
}

/// Of therapist 0: at ten, at eleven, and at a quarter past twelve.
fn morning() -> (Floor, Vec<Appointment>) {
    let mut floor = Floor::empty();
    let rows = vec![
        booking(1, 0, 0, span(600, 660)),
        booking(2, 0, 1, span(660, 720)),
        booking(3, 0, 2, span(735, 795)),
    ];
    floor.appointments.clone_from(&rows);
    (floor, rows)
}

#[test]
fn the_next_waits_at_once_and_the_one_after_a_pause_only_for_what_is_longer() {
    let (floor, rows) = morning();
    assert_eq!(stranded(&floor, &rows[0]), [(rows[1].id, 0), (rows[2].id, 15)]);
    assert_eq!(stranded(&floor, &rows[2]), []);
}

#[test]
fn buffers_are_kept_so_there_is_less_room() {
    let (mut floor, mut rows) = morning();
    rows[2].services = vec![service(1)];
    floor.appointments[2].services = vec![service(1)];
    assert_eq!(
        stranded(&floor, &rows[1]),
        [(rows[2].id, 5)],
        "ten minutes before it are its own"
    );
}

#[test]
fn who_shares_only_the_room_or_the_client_waits_too_and_nobody_for_a_room_with_room() {
    let mut floor = Floor::empty();
    let mut row = booking(1, 0, 0, span(600, 660));
    let mut same_room = booking(2, 1, 1, span(670, 730));
    let same_client = booking(3, 2, 0, span(680, 740));
    for (one, at) in [(&mut row, 0), (&mut same_room, 0)] {
        one.place = Place::Resource(room(at));
    }
    floor.appointments = vec![row.clone(), same_room.clone(), same_client.clone()];
    assert_eq!(stranded(&floor, &row), [(same_room.id, 10), (same_client.id, 20)]);
    for one in &mut floor.appointments {
        one.place = Place::Resource(room(1));
    }
    let row = floor.appointments[0].clone();
    assert_eq!(stranded(&floor, &row), [(same_client.id, 20)]);
}

#[test]
fn what_has_begun_or_takes_no_time_is_not_pushed_back() {
    let (mut floor, rows) = morning();
    floor.appointments[1].status = Status::InSession;
    floor.appointments[2].status = Status::Cancelled;
    assert_eq!(stranded(&floor, &rows[0]), []);
}

proptest! {
    #[test]
    fn each_pause_of_a_day_makes_as_much_of_the_delay_good_as_it_is_long(
        pauses in prop::collection::vec(0_i64..6, 1..6), delay in 1_i64..90,
    ) {
        let mut floor = Floor::empty();
        let first = booking(0, 0, 0, span(480, 510));
        floor.appointments.push(first.clone());
        let mut end = 510;
        let mut behind = delay;
        let mut expected = vec![];
        for (n, pause) in (1_u128..).zip(&pauses) {
            let start = end + pause * 5;
            end = start + 30;
            let row = booking(n, 0, 1, span(start, end));
            behind -= pause * 5;
            if behind > 0 {
                expected.push((row.id, behind));
            }
            floor.appointments.push(row);
        }
        let pushed: Vec<_> = stranded(&floor, &first)
            .into_iter()
            .filter(|(_, slack)| *slack < delay)
            .map(|(id, slack)| (id, delay - slack))
            .collect();
        prop_assert_eq!(pushed, expected);
    }
}
