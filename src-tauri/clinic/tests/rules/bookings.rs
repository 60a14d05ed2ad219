//! Proposals one after another, each added when the rules do not refuse it: what is then in the book.

use crate::floor::{any_booking, any_floor, everything, ticks};
use deskbell_clinic::rules::clash::{clashes, refused};
use deskbell_clinic::{Appointment, BlockOf, Place};
use proptest::prelude::*;

fn share_a_person(a: &Appointment, b: &Appointment) -> bool {
    a.staff().any(|id| b.staff().any(|other| other == id))
        || a.clients
            .iter()
            .any(|one| b.clients.iter().any(|other| other.client == one.client))
}

proptest! {
    #[test]
    fn accepted_bookings_never_double_book_anybody_or_a_room_unless_somebody_overrode_it(
        mut floor in any_floor(),
        proposals in proptest::collection::vec(any_booking(), 1..30),
    ) {
        floor.appointments.clear();
        for proposal in proposals {
            if refused(&clashes(&proposal, &floor.facts()), proposal.overlap_accepted.as_ref()) {
                continue;
            }
            floor.appointments.retain(|row| row.id != proposal.id);
            floor.appointments.push(proposal);
        }
        let book: Vec<&Appointment> = floor.appointments.iter().filter(|row| row.status.takes_time()).collect();
        for (n, later) in book.iter().enumerate().filter(|(_, row)| row.overlap_accepted.is_none()) {
            for earlier in &book[..n] {
                prop_assert!(!(earlier.span.overlaps(later.span) && share_a_person(earlier, later)));
            }
            for block in &floor.blocks {
                let concerned = match block.of {
                    BlockOf::Clinic => true,
                    BlockOf::Staff(id) => later.staff().any(|staff| staff == id),
                    BlockOf::Resource(id) => later.place == Place::Resource(id),
                };
                prop_assert!(!(concerned && block.span.overlaps(later.span)));
            }
        }
        for room in &floor.resources {
            for tick in ticks(everything()) {
                let inside = book.iter().filter(|row| row.place == Place::Resource(room.id) && row.span.overlaps(tick));
                let above = inside.skip(room.capacity as usize);
                prop_assert!(above.into_iter().all(|row| row.overlap_accepted.is_some()), "{} at {tick:?}", room.name);
            }
        }
    }

    #[test]
    fn a_booking_is_refused_only_where_somebody_or_something_is_taken(floor in any_floor(), proposal in any_booking()) {
        let others = || floor.appointments.iter().filter(|row| row.status.takes_time());
        let person = others().any(|row| row.span.overlaps(proposal.span) && share_a_person(row, &proposal));
        let room = floor.resources.iter().any(|room| {
            let here = |row: &Appointment| row.place == Place::Resource(room.id);
            here(&proposal) && ticks(proposal.span).any(|tick| {
                others().filter(|row| here(row) && row.span.overlaps(tick)).count() >= room.capacity as usize
            })
        });
        let blocked = floor.blocks.iter().any(|block| {
            block.span.overlaps(proposal.span) && match block.of {
                BlockOf::Clinic => true,
                BlockOf::Staff(id) => proposal.staff().any(|staff| staff == id),
                BlockOf::Resource(id) => proposal.place == Place::Resource(id),
            }
        });
        let expected = proposal.status.takes_time() && (person || room || blocked);
        prop_assert_eq!(refused(&clashes(&proposal, &floor.facts()), None), expected);
    }
}
