//! Which waiting clients could have new free time.

use crate::ids::StaffId;
use crate::rules::facts::Facts;
use crate::rules::free::offers;
use crate::rules::occurrences::of_availability;
use crate::rules::openings::{GRID_MINUTES, grid, treatable};
use crate::rules::spans::{subtract, union};
use crate::rules::wish::{suits, suits_gender};
use crate::span::Span;
use crate::waiting::WaitingClient;

/// The waiting clients whom the free time fits, the urgent first, then who waits longest.
///
/// It fits when one staff member's stretch of it has room for the client's services in a row, with their buffers, at a time
/// that the client could come, and that staff member is one they wish for who offers those services then. Where no
/// service is named any quarter of an hour fits; a service that is not known fits nowhere.
pub fn fits<'a>(free: &[(StaffId, Span)], waiting: &'a [WaitingClient], facts: &Facts<'_>) -> Vec<&'a WaitingClient> {
    let mut staff: Vec<StaffId> = free.iter().map(|(id, _)| *id).collect();
    staff.sort_unstable();
    staff.dedup();
    let stretches: Vec<(StaffId, Vec<Span>)> = staff
        .into_iter()
        .map(|id| {
            (
                id,
                free.iter()
                    .filter(|(of, _)| *of == id)
                    .map(|(_, span)| *span)
                    .collect::<Vec<_>>(),
            )
        })
        .map(|(id, spans)| (id, union(&spans)))
        .collect();
    let mut fitting: Vec<&WaitingClient> = waiting
        .iter()
        .filter(|client| stretches.iter().any(|(id, spans)| fits_one(*id, spans, client, facts)))
        .collect();
    fitting.sort_by_key(|client| (!client.urgent, client.since, client.id));
    fitting
}

fn fits_one(id: StaffId, free: &[Span], client: &WaitingClient, facts: &Facts<'_>) -> bool {
    let wished = client.staff.is_empty() || client.staff.contains(&id);
    let Some(staff) = facts.staff_member(id).filter(|staff| wished && staff.active) else {
        return false;
    };
    let able = suits_gender(client.gender, staff) && client.services.iter().all(|service| staff.offers(*service));
    let minutes: Option<u32> = client
        .services
        .iter()
        .map(|service| facts.service(*service).map(|service| service.minutes))
        .sum();
    let Some(minutes) = minutes.filter(|_| able) else {
        return false;
    };
    let minutes = minutes.max(GRID_MINUTES);
    let usable = free
        .iter()
        .flat_map(|span| for_services(id, *span, client, facts))
        .collect::<Vec<_>>();
    treatable(&usable, facts.buffers(&client.services))
        .into_iter()
        .any(|stretch| {
            // The very start too: a gap of exactly the right length need not begin on a quarter.
            let at_once = Span::of_minutes(stretch.start(), minutes).filter(|span| stretch.covers(*span));
            grid(stretch, minutes, facts.calendar)
                .chain(at_once)
                .any(|span| suits(&client.time, span, facts.calendar))
        })
}

/// The part of `free` that is not in hours kept for other services.
fn for_services(staff: StaffId, free: Span, client: &WaitingClient, facts: &Facts<'_>) -> Vec<Span> {
    let rows = || facts.availabilities.iter().filter(|row| row.staff == staff);
    let hours = |for_these: bool| -> Vec<Span> {
        rows()
            .filter(|row| offers(row, &client.services) == for_these)
            .flat_map(|row| of_availability(row, facts.calendar, free))
            .collect()
    };
    subtract(&[free], &subtract(&hours(false), &hours(true)))
}
