//! The history of one appointment, told from the audit: who did what, when, from which desk.
//!
//! Whoever may see the appointment may ask. Of its acts a therapist is told those before or after which it was theirs,
//! and of money only the desk is told. What notes said before is never told, only that they changed.

use crate::api::problem::Fault;
use crate::store::audit::{self, Recorded};
use crate::store::row;
use clinic::scope::scope_of;
use clinic::wire::{AppointmentHistory, HistoryAct, HistoryEntry, HistoryField, HistoryState};
use clinic::{Actor, Appointment, AppointmentId, Kind, Row};
use deskbell_clinic as clinic;
use rusqlite::Connection;

/// The most acts in one answer: nobody reads more, and a booking of years may have had many.
const MOST: usize = 200;

/// # Errors
/// 404 where there is no such appointment, or none that this person may see.
pub(crate) fn of_appointment(
    connection: &Connection,
    viewer: &Actor,
    id: AppointmentId,
) -> Result<AppointmentHistory, Fault> {
    row::stored(connection, Kind::Appointment, id.uuid())?
        .filter(|row| row.body.is_some() && row.scope.includes(viewer))
        .ok_or_else(Fault::not_found)?;
    let mut recorded = audit::of_appointment(connection, id.uuid(), MOST + 1)?;
    let more = recorded.len() > MOST;
    recorded.truncate(MOST);
    let entries = recorded
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| told(viewer, entry, recorded.get(at + 1)))
        .collect();
    Ok(AppointmentHistory { entries, more })
}

/// One entry as the viewer is told of it; none where it is not for them, or says nothing by itself. `earlier` is the
/// entry before it: an accepted overlap is one of its own, made in front of the write that it was accepted for.
fn told(viewer: &Actor, entry: &Recorded, earlier: Option<&Recorded>) -> Option<HistoryEntry> {
    let before = entry.before.as_ref().and_then(|body| Row::read(entry.kind, body).ok());
    let after = entry.after.as_ref().and_then(|body| Row::read(entry.kind, body).ok());
    let mut rows = before.iter().chain(&after);
    if !rows.any(|row| scope_of(row).includes(viewer)) {
        return None;
    }
    let (before, after) = (appointment(before.as_ref()), appointment_or_paid(after.as_ref()));
    let (after, amount_cents) = after;
    let act = match (entry.act.as_str(), before, after) {
        ("put", None, _) => HistoryAct::Booked,
        ("put", Some(_), _) => HistoryAct::Changed,
        ("step", Some(before), Some(after)) if after.history.len() < before.history.len() => HistoryAct::TakenBack,
        ("step", ..) => HistoryAct::Stepped,
        ("payment", ..) => HistoryAct::Paid,
        ("delete", ..) => HistoryAct::Deleted,
        _ => return None,
    };
    let accepted = earlier
        .filter(|earlier| earlier.act == "overlap accepted" && earlier.operation == entry.operation)
        .and_then(|earlier| earlier.reason.clone());
    Some(HistoryEntry {
        act,
        acted_at: entry.acted_at,
        received_at: entry.received_at,
        by: entry.account,
        by_name: entry.account_name.clone(),
        device: entry.device,
        desk_name: entry.desk_name.clone(),
        before: before.map(state),
        after: after.map(state),
        changed: before
            .zip(after)
            .map_or_else(Vec::new, |(before, after)| changed(before, after)),
        amount_cents,
        reason: entry.reason.clone().or(accepted),
    })
}

fn appointment(row: Option<&Row>) -> Option<&Appointment> {
    match row {
        Some(Row::Appointment(row)) => Some(row),
        _ => None,
    }
}

fn appointment_or_paid(row: Option<&Row>) -> (Option<&Appointment>, Option<i32>) {
    match row {
        Some(Row::Payment(payment)) => (None, Some(payment.amount_cents)),
        other => (appointment(other), None),
    }
}

fn state(row: &Appointment) -> HistoryState {
    HistoryState {
        span: row.span,
        staff: row.staff().collect(),
        status: row.status,
    }
}

fn changed(before: &Appointment, after: &Appointment) -> Vec<HistoryField> {
    let who = |row: &Appointment| row.clients.iter().map(|one| one.client).collect::<Vec<_>>();
    let differs = [
        (HistoryField::Clients, who(before) != who(after)),
        (HistoryField::Services, before.services != after.services),
        (HistoryField::Place, before.place != after.place),
        (HistoryField::Notes, before.notes != after.notes),
        (HistoryField::CallBack, before.call_back != after.call_back),
    ];
    let found = differs.into_iter().filter(|(_, differs)| *differs);
    found.map(|(field, _)| field).collect()
}
