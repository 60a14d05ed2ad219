//! What a late client strands: the bookings that are pushed back when one begins later than it should.

use super::facts::Facts;
use crate::appointment::Appointment;
use crate::ids::{AppointmentId, ClientId, ResourceId, StaffId};
use crate::status::Status;
use jiff::{SignedDuration, Timestamp};

/// Nobody waits longer than this for a late client: what only more delay would touch is not told of.
pub const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(90);
/// How far behind a late booking others are looked for.
const LOOKED_AHEAD: SignedDuration = SignedDuration::from_hours(12);

/// A booking that is pushed back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stranded {
    /// Which.
    pub appointment: AppointmentId,
    /// How much delay there is room for, in minutes. A delay of `d` pushes this one back by `d - slack`, when that is more
    /// than nothing.
    pub slack: i64,
}

/// What can do one thing at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Staff(StaffId),
    Room(ResourceId),
    Client(ClientId),
}

/// The bookings that a delay of `row` pushes back, by start: those that need its staff, its room (one that holds a single
/// booking) or its client next, and then those that need theirs. Buffers are kept; a booking that has begun, or that is
/// double-booked with `row` as it is, is not pushed.
pub fn stranded_by(row: &Appointment, facts: &Facts<'_>) -> Vec<Stranded> {
    let until = row.span.end() + LOOKED_AHEAD;
    let mut later: Vec<&Appointment> = facts
        .taking_time(Some(row.id))
        .filter(|other| (row.span.end()..until).contains(&other.span.start()) && is_to_come(other.status))
        .collect();
    later.sort_by_key(|other| (other.span.start(), other.id));
    // When each is free again as planned, and how much of the delay has been made good before then.
    let mut held: Vec<(Held, Timestamp, i64)> = Vec::new();
    hold(&mut held, row, facts, 0);
    let mut stranded = Vec::new();
    for other in later {
        let start = facts.occupied(other).start();
        let needs = needs(other, facts);
        let slack = held
            .iter()
            .filter(|(what, ..)| needs.contains(what))
            .map(|(_, free, slack)| slack + start.duration_since(*free).as_mins().max(0))
            .min();
        let Some(slack) = slack.filter(|slack| *slack < LONGEST_DELAY.as_mins()) else {
            continue;
        };
        stranded.push(Stranded {
            appointment: other.id,
            slack,
        });
        hold(&mut held, other, facts, slack);
    }
    stranded
}

const fn is_to_come(status: Status) -> bool {
    matches!(
        status,
        Status::Requested | Status::Confirmed | Status::EnRoute | Status::Arrived
    )
}

fn needs(row: &Appointment, facts: &Facts<'_>) -> Vec<Held> {
    let room = row.place.resource().filter(|room| facts.capacity(*room) == 1);
    row.staff()
        .map(Held::Staff)
        .chain(room.map(Held::Room))
        .chain(row.clients.iter().map(|attendee| Held::Client(attendee.client)))
        .collect()
}

fn hold(held: &mut Vec<(Held, Timestamp, i64)>, row: &Appointment, facts: &Facts<'_>, slack: i64) {
    let free = facts.occupied(row).end();
    for need in needs(row, facts) {
        held.retain(|(what, ..)| *what != need);
        held.push((need, free, slack));
    }
}
