//! The time that a staff member can still be booked in.

use crate::availability::{Availability, BlockOf};
use crate::ids::{AppointmentId, ResourceId, ServiceId, StaffId};
use crate::rules::facts::Facts;
use crate::rules::occurrences::of_availability;
use crate::rules::spans::{at_least, intersect, subtract, union};
use crate::span::Span;

/// Availability − blocks − appointments with their buffers, in order, merged, and clipped to `window`.
pub fn free_time(staff: StaffId, facts: &Facts<'_>, window: Span) -> Vec<Span> {
    free_for(staff, &[], None, facts, window)
}

/// [`free_time`] in which all of `services` can be booked, as if the appointment `ignoring` were not there.
pub fn free_for(
    staff: StaffId,
    services: &[ServiceId],
    ignoring: Option<AppointmentId>,
    facts: &Facts<'_>,
    window: Span,
) -> Vec<Span> {
    let hours = offered(staff, services, facts, window);
    if hours.is_empty() {
        return vec![];
    }
    let mut taken: Vec<Span> = facts.blocked(BlockOf::Clinic, window).collect();
    taken.extend(facts.blocked(BlockOf::Staff(staff), window));
    let booked = facts
        .taking_time(ignoring)
        .filter(|row| row.staff().any(|id| id == staff));
    taken.extend(booked.map(|row| facts.occupied(row)));
    intersect(&subtract(&hours, &taken), &[window])
}

/// The hours in which a staff member offers all of `services` (none: anything), whether they are taken or not; in order
/// and merged, not clipped to `window`.
pub fn offered(staff: StaffId, services: &[ServiceId], facts: &Facts<'_>, window: Span) -> Vec<Span> {
    let rows = facts.availabilities.iter().filter(|row| row.staff == staff);
    let spans: Vec<Span> = rows
        .filter(|row| offers(row, services))
        .flat_map(|row| of_availability(row, facts.calendar, window))
        .collect();
    union(&spans)
}

/// Whether all of `services` can be booked in an availability.
pub(crate) fn offers(row: &Availability, services: &[ServiceId]) -> bool {
    row.services.is_empty() || services.iter().all(|id| row.services.contains(id))
}

/// When a room holds nothing more: blocked, or as many appointments (with their buffers) as it has capacity for, as if
/// the appointment `ignoring` were not there.
pub fn full(resource: ResourceId, ignoring: Option<AppointmentId>, facts: &Facts<'_>, window: Span) -> Vec<Span> {
    let capacity = facts.capacity(resource);
    if capacity == 0 {
        return vec![window];
    }
    let inside = facts
        .taking_time(ignoring)
        .filter(|row| row.place.resource() == Some(resource));
    let occupied: Vec<Span> = inside.map(|row| facts.occupied(row)).collect();
    let mut full = at_least(&occupied, capacity);
    full.extend(facts.blocked(BlockOf::Clinic, window));
    full.extend(facts.blocked(BlockOf::Resource(resource), window));
    intersect(&full, &[window])
}
