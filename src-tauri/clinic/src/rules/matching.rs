//! Which waiting clients new free time fits.

use super::facts::Facts;
use super::openings::{Wanted, openings};
use crate::ids::StaffId;
use crate::span::Span;
use crate::waiting::WaitingClient;

/// The waiting clients whom the free time fits: long enough for their services with buffers, by whom and when they
/// wish. Urgent ones first, then the longest waiting.
pub fn fits<'a>(free: &[(StaffId, Span)], waiting: &'a [WaitingClient], facts: &Facts<'_>) -> Vec<&'a WaitingClient> {
    let mut fitting: Vec<_> = waiting
        .iter()
        .filter(|row| free.iter().any(|(staff, span)| fit(row, *staff, *span, facts)))
        .collect();
    fitting.sort_by_key(|row| (!row.urgent, row.since, row.id));
    fitting
}

fn fit(row: &WaitingClient, staff: StaffId, span: Span, facts: &Facts<'_>) -> bool {
    let anyone = row.staff.is_empty() || row.staff.contains(&staff);
    let minutes = row
        .services
        .iter()
        .filter_map(|id| facts.service(*id))
        .map(|service| service.minutes)
        .sum();
    let wanted = Wanted {
        services: row.services.clone(),
        minutes,
        staff: vec![staff],
        gender: row.gender,
        time: row.time.clone(),
    };
    anyone && minutes > 0 && !openings(&wanted, facts, span.start(), span, 1).is_empty()
}
