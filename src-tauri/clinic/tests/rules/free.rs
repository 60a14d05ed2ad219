//! Free time, checked tick by tick.

use crate::floor::{Floor, any_floor, any_span, block, booking, everything, hours, service, span, staff, ticks};
use deskbell_clinic::rules::free::free_time;
use deskbell_clinic::{BlockOf, Status};
use proptest::prelude::*;

proptest! {
    #[test]
    fn free_time_is_all_of_the_availability_that_no_block_and_no_booking_with_its_buffers_takes(
        floor in any_floor(),
        window in any_span(300),
        who in 0..4_u128,
    ) {
        let (facts, who) = (floor.facts(), staff(who));
        let free = free_time(who, &facts, window);
        for tick in ticks(everything()) {
            let offered = floor.availabilities.iter().any(|row| row.staff == who && row.span.covers(tick));
            let blocked = floor.blocks.iter().any(|row| {
                (row.of == BlockOf::Clinic || row.of == BlockOf::Staff(who)) && row.span.overlaps(tick)
            });
            let booked = floor.appointments.iter().any(|row| {
                let takes = row.status.takes_time() && row.staff().any(|id| id == who);
                takes && row.occupied(|id| facts.service(id)).overlaps(tick)
            });
            let expected = window.covers(tick) && offered && !blocked && !booked;
            prop_assert_eq!(free.iter().any(|span| span.covers(tick)), expected, "at {:?}", tick);
            prop_assert!(expected || !free.iter().any(|span| span.overlaps(tick)), "a part of {tick:?}");
        }
    }
}

#[test]
fn buffers_are_not_free_and_a_cancelled_booking_is() {
    let mut floor = Floor::empty();
    floor.availabilities = vec![hours(0, span(0, 300))];
    let mut with_buffers = booking(1, 0, 0, span(60, 105));
    with_buffers.services = vec![service(1)];
    let mut cancelled = booking(2, 0, 1, span(200, 260));
    cancelled.status = Status::Cancelled;
    floor.appointments = vec![with_buffers, cancelled];
    assert_eq!(
        free_time(staff(0), &floor.facts(), everything()),
        [span(0, 50), span(120, 300)]
    );
}

#[test]
fn a_holiday_of_the_whole_clinic_leaves_nobody_free_and_a_blocked_room_everybody() {
    let mut floor = Floor::empty();
    floor.availabilities = vec![hours(0, span(0, 300))];
    floor.blocks = vec![block(BlockOf::Resource(crate::floor::room(0)), span(0, 300))];
    assert_eq!(free_time(staff(0), &floor.facts(), everything()), [span(0, 300)]);
    floor.blocks = vec![block(BlockOf::Clinic, span(0, 300))];
    assert_eq!(free_time(staff(0), &floor.facts(), everything()), []);
}
