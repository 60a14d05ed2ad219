//! What holds for an appointment that is written: its status moves by steps only, its history is the server's, its
//! slot is its own.

use super::{slot, valid};
use crate::api::problem::Fault;
use crate::store::Writing;
use crate::store::audit::Entry;
use clinic::{Actor, Appointment, Kind, OverlapAccepted, StaffId, Stage, Status, status};
use deskbell_clinic as clinic;

/// Fills in what the server keeps, and makes sure of the slot.
pub(super) fn settle(
    writing: &Writing<'_>,
    actor: &Actor,
    appointment: &mut Appointment,
    before: Option<&Appointment>,
) -> Result<(), Fault> {
    match before {
        None => begin(writing, actor, appointment)?,
        Some(before) => go_on(writing, actor, appointment, before)?,
    }
    for attendee in &mut appointment.clients {
        attendee.arrived_at = before
            .and_then(|before| before.clients.iter().find(|known| known.client == attendee.client))
            .and_then(|known| known.arrived_at);
    }
    if before.is_some_and(|before| same_slot(before, appointment)) {
        return Ok(());
    }
    // An override is for the clash it was given for: one carried along from an earlier slot accepts nothing new.
    let carried = before.and_then(|before| before.overlap_accepted.as_ref());
    let accepted = appointment
        .overlap_accepted
        .take()
        .filter(|accepted| carried != Some(accepted));
    if !appointment.status.takes_time() {
        return Ok(());
    }
    match slot::check(writing, actor, appointment) {
        Ok(()) => Ok(()),
        Err(slot::Refused::Taken(_)) if accepted.is_some() => {
            appointment.overlap_accepted = accepted.map(|accepted| OverlapAccepted {
                by: actor.account,
                reason: accepted.reason,
            });
            writing.audit(Entry {
                act: "overlap accepted",
                row: Some((Kind::Appointment, appointment.id.uuid())),
                reason: appointment.overlap_accepted.as_ref().map(|a| a.reason.as_str()),
                ..Entry::default()
            })?;
            Ok(())
        }
        Err(refused) => Err(refused.into()),
    }
}

fn begin(writing: &Writing<'_>, actor: &Actor, appointment: &mut Appointment) -> Result<(), Fault> {
    if !matches!(appointment.status, Status::Requested | Status::Confirmed) {
        return Err(valid::field("status", "a new appointment is requested or confirmed"));
    }
    appointment.history = vec![Stage {
        status: appointment.status,
        at: writing.now,
        by: actor.account,
    }];
    Ok(())
}

fn go_on(
    writing: &Writing<'_>,
    actor: &Actor,
    appointment: &mut Appointment,
    before: &Appointment,
) -> Result<(), Fault> {
    if appointment.status != before.status {
        return Err(valid::field("status", "changes by a step, not by writing it"));
    }
    if moved(before, appointment) && !status::actions(before, actor, writing.now).may_move {
        return Err(Fault::step_not_allowed(
            "It is too far on to be given another time, place or staff.",
        ));
    }
    appointment.history.clone_from(&before.history);
    Ok(())
}

fn moved(before: &Appointment, after: &Appointment) -> bool {
    before.span != after.span || before.place != after.place || sorted_staff(before) != sorted_staff(after)
}

fn same_slot(before: &Appointment, after: &Appointment) -> bool {
    let clients = |appointment: &Appointment| {
        let mut clients: Vec<_> = appointment.clients.iter().map(|attendee| attendee.client).collect();
        clients.sort_unstable();
        clients
    };
    !moved(before, after) && clients(before) == clients(after)
}

fn sorted_staff(appointment: &Appointment) -> Vec<StaffId> {
    let mut staff: Vec<_> = appointment.staff().collect();
    staff.sort_unstable();
    staff
}
