//! Where there is room: the next openings for a wish, and what else is free when a slot is taken.
//!
//! An opening is treatment time; the buffers of its services lie in free time on either side of it.

use crate::appointment::Appointment;
use crate::availability::BlockOf;
use crate::calendar::Calendar;
use crate::client::Gender;
use crate::ids::{ResourceId, ServiceId, StaffId};
use crate::rules::clash::{Severity, clashes};
use crate::rules::facts::Facts;
use crate::rules::free::{free_for, full};
use crate::rules::spans::subtract;
use crate::rules::wish::{suits, suits_gender};
use crate::span::Span;
use crate::staff::{Role, Staff};
use crate::waiting::TimeWish;
use crate::wire::Alternative;
use jiff::{SignedDuration, Timestamp};

/// Openings begin on whole quarters of an hour of the clinic's clock.
pub const GRID_MINUTES: u32 = 15;

/// How far before and after the wished start alternatives are looked for. The facts must reach as far.
pub const ALTERNATIVES_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How many alternatives are offered.
const ALTERNATIVES: usize = 3;

/// What an opening is wanted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What is to be done.
    pub services: Vec<ServiceId>,
    /// Treatment time, without buffers; nothing is found for 0.
    pub minutes: u32,
    /// With whom; empty means anyone.
    pub staff: Vec<StaffId>,
    /// With whom, by gender.
    pub gender: Option<Gender>,
    /// When the client could come.
    pub time: TimeWish,
    /// In which room; none means wherever there is room.
    pub resource: Option<ResourceId>,
}

/// The next openings from `from` on that end (with their buffers) within `horizon`: by start, then in the order of the
/// staff in the facts; at most `most`. Openings of one staff member do not overlap each other.
pub fn openings(wanted: &Wanted, facts: &Facts<'_>, from: Timestamp, horizon: Span, most: usize) -> Vec<Alternative> {
    let Ok(window) = Span::new(from.max(horizon.start()), horizon.end()) else {
        return vec![];
    };
    let room = wanted
        .resource
        .map(|id| full(id, None, facts, window))
        .unwrap_or_default();
    let buffers = facts.buffers(&wanted.services);
    let mut found = Vec::new();
    for staff in candidates(&wanted.staff, wanted.gender, &wanted.services, facts) {
        let free = subtract(&free_for(staff.id, &wanted.services, None, facts, window), &room);
        let mut free_again = window.start();
        let starts = treatable(&free, buffers)
            .into_iter()
            .flat_map(|stretch| grid(stretch, wanted.minutes, facts.calendar).collect::<Vec<_>>());
        let own = starts.filter(|span| {
            let fits = span.start() >= free_again && suits(&wanted.time, *span, facts.calendar);
            if fits {
                // The next client needs both buffers in between, as two bookings of the same kind would.
                free_again = span.widened(0, buffers.0.max(buffers.1)).end();
            }
            fits
        });
        found.extend(own.take(most).map(|span| Alternative { staff: staff.id, span }));
    }
    // Stable: of one start, the order of the staff stays.
    found.sort_by_key(|open| open.span.start());
    found.truncate(most);
    found
}

/// Up to three free spans of the same length, the nearest in time first; of two that are as near, the one with the same
/// staff member first. Never in the past, never one that clashes hard. Others of the booking stay in it: an alternative
/// says who takes the part of its first therapist.
pub fn alternatives(proposed: &Appointment, facts: &Facts<'_>, now: Timestamp) -> Vec<Alternative> {
    let wished = proposed.span.start();
    let Some(lead) = proposed.therapists().next().or_else(|| proposed.staff().next()) else {
        return vec![];
    };
    let from = wished.saturating_sub(ALTERNATIVES_WITHIN).unwrap_or(now).max(now);
    let to = wished.saturating_add(ALTERNATIVES_WITHIN).unwrap_or(wished);
    let Ok(window) = Span::new(from, to) else { return vec![] };
    let minutes = u32::try_from(proposed.span.minutes()).unwrap_or(0);
    let closed = closed(proposed, lead, facts, window);
    let room = proposed.place.resource();
    let room = room
        .map(|id| full(id, Some(proposed.id), facts, window))
        .unwrap_or_default();
    let buffers = facts.buffers(&proposed.services);

    let mut near = Vec::new();
    for staff in candidates(&[], gender_wish(proposed, facts), &proposed.services, facts) {
        if staff.id != lead && proposed.staff().any(|id| id == staff.id) {
            continue;
        }
        let free = free_for(staff.id, &proposed.services, Some(proposed.id), facts, window);
        for stretch in subtract(&treatable(&subtract(&free, &room), buffers), &closed) {
            // The wished start itself counts too, also off the grid.
            let as_wished = Some(proposed.span).filter(|span| stretch.covers(*span));
            let spans = grid(stretch, minutes, facts.calendar).chain(as_wished);
            near.extend(spans.map(|span| Alternative { staff: staff.id, span }));
        }
    }
    near.sort_by_key(|open| (distance(open.span.start(), wished), open.staff != lead));

    let mut found: Vec<Alternative> = Vec::new();
    for open in near {
        let doubled = |other: &Alternative| other.staff == open.staff && other.span.overlaps(open.span);
        if !found.iter().any(doubled) && is_free(&moved(proposed, lead, open), facts) {
            found.push(open);
        }
        if found.len() == ALTERNATIVES {
            break;
        }
    }
    found
}

/// The booking as it would be at an alternative.
fn moved(proposed: &Appointment, lead: StaffId, to: Alternative) -> Appointment {
    let mut moved = proposed.clone();
    moved.span = to.span;
    for assignment in moved
        .assignments
        .iter_mut()
        .filter(|assignment| assignment.staff == lead)
    {
        assignment.staff = to.staff;
    }
    moved
}

fn is_free(proposed: &Appointment, facts: &Facts<'_>) -> bool {
    clashes(proposed, facts)
        .iter()
        .all(|clash| clash.severity == Severity::Soft)
}

/// When the booking's clients, or its other staff, are elsewhere: nobody's free time helps then.
fn closed(proposed: &Appointment, lead: StaffId, facts: &Facts<'_>, window: Span) -> Vec<Span> {
    let others: Vec<StaffId> = proposed.staff().filter(|id| *id != lead).collect();
    let busy = facts.taking_time(Some(proposed.id)).filter(|row| {
        let client = |id| proposed.clients.iter().any(|attendee| attendee.client == id);
        row.clients.iter().any(|attendee| client(attendee.client)) || row.staff().any(|id| others.contains(&id))
    });
    let blocked = others.iter().flat_map(|id| facts.blocked(BlockOf::Staff(*id), window));
    busy.map(|row| row.span).chain(blocked).collect()
}

fn gender_wish(proposed: &Appointment, facts: &Facts<'_>) -> Option<Gender> {
    let clients = proposed
        .clients
        .iter()
        .filter_map(|attendee| facts.client(attendee.client));
    clients.filter_map(|client| client.wishes.gender).next()
}

/// Who could do it: drivers only bring others, unless one is asked for by name.
fn candidates<'a>(
    named: &'a [StaffId],
    gender: Option<Gender>,
    services: &'a [ServiceId],
    facts: &Facts<'a>,
) -> impl Iterator<Item = &'a Staff> {
    facts.staff.iter().filter(move |staff| {
        let asked = if named.is_empty() {
            staff.role != Role::Driver
        } else {
            named.contains(&staff.id)
        };
        asked && staff.active && suits_gender(gender, staff) && services.iter().all(|service| staff.offers(*service))
    })
}

/// Free time without the buffers that its first and last treatment need.
pub(crate) fn treatable(free: &[Span], (before, after): (u32, u32)) -> Vec<Span> {
    let minutes = |minutes: u32| SignedDuration::from_mins(i64::from(minutes));
    free.iter()
        .filter_map(|span| {
            let start = span.start().checked_add(minutes(before)).ok()?;
            Span::new(start, span.end().checked_sub(minutes(after)).ok()?).ok()
        })
        .collect()
}

/// Every span of `minutes` inside a stretch that begins on the grid.
pub(crate) fn grid(stretch: Span, minutes: u32, calendar: &Calendar) -> impl Iterator<Item = Span> + '_ {
    let step = SignedDuration::from_mins(i64::from(GRID_MINUTES));
    let first = on_grid(stretch.start(), calendar);
    std::iter::successors(first, move |at| on_grid(at.checked_add(step).ok()?, calendar))
        .map_while(move |start| Span::of_minutes(start, minutes).filter(|span| stretch.covers(*span)))
}

/// The first instant not before `at` whose clock time is a whole quarter of an hour.
fn on_grid(at: Timestamp, calendar: &Calendar) -> Option<Timestamp> {
    let grid = i64::from(GRID_MINUTES) * 60;
    let clock = calendar.time_of(at);
    let past = (i64::from(clock.minute()) * 60 + i64::from(clock.second())) % grid;
    let past = SignedDuration::new(past, clock.subsec_nanosecond());
    if past.is_zero() {
        Some(at)
    } else {
        at.checked_add(SignedDuration::from_secs(grid) - past).ok()
    }
}

fn distance(one: Timestamp, other: Timestamp) -> SignedDuration {
    one.duration_since(other).abs()
}
