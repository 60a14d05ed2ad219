//! Substitutes, against trying everybody.

use crate::floor::{Floor, any_booking, any_floor, assignment, block, booking, hours, service, span, staff};
use deskbell_clinic::rules::clash::{ClashAbout, Severity, clashes};
use deskbell_clinic::rules::substitutes::substitutes;
use deskbell_clinic::{Appointment, BlockOf, Gender, Part, Role, StaffId, Status};
use proptest::prelude::*;

fn with(booking: &Appointment, absent: StaffId, by: StaffId) -> Appointment {
    let mut after = booking.clone();
    for row in after.assignments.iter_mut().filter(|row| row.staff == absent) {
        row.staff = by;
    }
    after
}

proptest! {
    #[test]
    fn they_are_all_who_work_then_and_have_nothing_in_their_way(floor in any_floor(), row in any_booking()) {
        let absent = row.assignments[0].staff;
        let row = Appointment { status: Status::Confirmed, ..row };
        let facts = floor.facts();
        let mut by_trying: Vec<_> = floor
            .staff
            .iter()
            .filter(|one| one.role == Role::Therapist && row.staff().all(|id| id != one.id))
            .map(|one| one.id)
            .filter(|id| {
                clashes(&with(&row, absent, *id), &facts).iter().all(|clash| {
                    let elsewhere = [ClashAbout::OutsideHours(*id), ClashAbout::NotOffered(*id)].contains(&clash.about);
                    clash.severity == Severity::Soft && !elsewhere
                })
            })
            .collect();
        let mut found = substitutes(&row, absent, &facts, usize::MAX);
        let first = substitutes(&row, absent, &facts, 1);
        prop_assert_eq!(&found[..found.len().min(1)], &first[..]);
        found.sort_unstable();
        by_trying.sort_unstable();
        prop_assert_eq!(found, by_trying);
    }
}

/// Everybody works from nine to five; booking 1 is with therapist 0 at ten.
fn working() -> (Floor, Appointment) {
    let mut floor = Floor::empty();
    floor.availabilities = (0..4).map(|n| hours(n, span(540, 1020))).collect();
    let row = booking(1, 0, 0, span(600, 660));
    floor.appointments.push(row.clone());
    (floor, row)
}

#[test]
fn whom_the_client_wishes_goes_before_who_has_less_to_do() {
    let (mut floor, row) = working();
    floor.appointments.push(booking(2, 2, 1, span(700, 760)));
    assert_eq!(substitutes(&row, staff(0), &floor.facts(), 3), [staff(1), staff(2)]);
    floor.clients[0].wishes.gender = Some(Gender::Female);
    assert_eq!(substitutes(&row, staff(0), &floor.facts(), 3), [staff(2), staff(1)]);
}

#[test]
fn room_for_the_buffers_goes_before_none() {
    let (mut floor, mut row) = working();
    row.services = vec![service(1)];
    // Ends right where this one begins.
    floor.appointments.push(booking(2, 1, 1, span(540, 600)));
    floor.appointments.push(booking(3, 2, 2, span(800, 860)));
    floor.appointments.push(booking(4, 2, 2, span(900, 960)));
    assert_eq!(substitutes(&row, staff(0), &floor.facts(), 3), [staff(2), staff(1)]);
}

#[test]
fn a_driver_is_replaced_by_a_driver_and_nobody_by_who_is_away_too() {
    let (mut floor, mut row) = working();
    row.assignments.push(assignment(3, Part::Driver));
    assert_eq!(substitutes(&row, staff(3), &floor.facts(), 3), []);
    floor.blocks.push(block(BlockOf::Staff(staff(1)), span(0, 1440)));
    assert_eq!(substitutes(&row, staff(0), &floor.facts(), 3), [staff(2)]);
    assert_eq!(
        substitutes(&row, staff(1), &floor.facts(), 3),
        [],
        "who is not in it has no part to give"
    );
}
