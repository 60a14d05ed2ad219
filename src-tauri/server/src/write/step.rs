//! A step of an appointment: the only way its status changes.

use super::{slot, stranded, valid};
use crate::api::problem::Fault;
use crate::store::Writing;
use crate::store::audit::Entry;
use crate::store::row::{self, Stored};
use clinic::wire::StepRequest;
use clinic::{Actor, Answer, Appointment, AppointmentId, Kind, Part, Row, Stage, Status, Step, status};
use deskbell_clinic as clinic;
use jiff::Timestamp;

/// Takes a step, or the last one back.
pub(crate) fn step(
    writing: &Writing<'_>,
    actor: &Actor,
    id: AppointmentId,
    request: &StepRequest,
) -> Result<Stored, Fault> {
    let current = row::stored(writing.reading(), Kind::Appointment, id.uuid())?
        .filter(|row| row.body.is_some() && row.scope.includes(actor))
        .ok_or_else(Fault::not_found)?;
    let Some(Row::Appointment(before)) = current.row()? else {
        return Err(Fault::not_found());
    };
    let reason = request
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    let mut after = before.clone();
    let at = time_of(request, &before, writing.now);
    if request.step == Step::Correct {
        correct(writing, actor, &before, &mut after)?;
    } else if request.step == Step::Arrive && arrives_later(actor, &before, request) {
        arrive(&mut after, request, at)?;
    } else {
        advance(writing, actor, &before, &mut after, request, at)?;
    }
    if matches!(request.step, Step::Cancel | Step::Decline) {
        let Some(reason) = reason else {
            return Err(valid::field("reason", "must say why"));
        };
        after.reason = Some(reason.to_owned());
    }
    if after.status.takes_time() && !before.status.takes_time() {
        slot::check(writing, actor, &after)?;
    }
    let after = Row::Appointment(after);
    let stored = writing.put(&after)?;
    writing.audit(Entry {
        act: "step",
        row: Some((Kind::Appointment, id.uuid())),
        before: current.body.as_ref(),
        after: stored.body.as_ref(),
        reason,
    })?;
    if let Row::Appointment(after) = &after {
        stranded::settle(writing, after)?;
    }
    Ok(stored)
}

/// When the person did it, between the step before and now: a desk's clock cannot rewrite the order of things.
fn time_of(request: &StepRequest, before: &Appointment, now: Timestamp) -> Timestamp {
    let earliest = before.history.last().map_or(Timestamp::MIN, |stage| stage.at);
    request.acted_at.max(earliest).min(now)
}

fn advance(
    writing: &Writing<'_>,
    actor: &Actor,
    before: &Appointment,
    after: &mut Appointment,
    request: &StepRequest,
    at: Timestamp,
) -> Result<(), Fault> {
    let step = request.step;
    let Some(target) = status::target(before.status, step) else {
        return Err(Fault::step_not_allowed("It stands elsewhere by now."));
    };
    if !status::actions(before, actor, writing.now).steps.contains(&step) {
        return Err(Fault::forbidden("This step is for others to take."));
    }
    match step {
        Step::Accept => answer(actor, after, Answer::Accepted),
        Step::Decline => answer(actor, after, Answer::Declined),
        Step::Arrive => arrive(after, request, at)?,
        _ => {}
    }
    // Where several therapists were asked, it is booked when the last has agreed.
    let waits = step == Step::Accept
        && after
            .assignments
            .iter()
            .any(|assignment| assignment.part == Part::Therapist && assignment.answer == Answer::Pending);
    if !waits {
        after.status = target;
        after.history.push(Stage {
            status: target,
            at,
            by: actor.account,
        });
    }
    Ok(())
}

/// The desk answers for everyone asked, staff for themselves.
fn answer(actor: &Actor, appointment: &mut Appointment, answer: Answer) {
    let desk = actor.role.is_desk();
    for assignment in &mut appointment.assignments {
        let mine = actor.staff == Some(assignment.staff);
        if mine || (desk && assignment.answer == Answer::Pending) {
            assignment.answer = answer;
        }
    }
}

/// Whether this is another client of an appointment that has begun to arrive.
fn arrives_later(actor: &Actor, before: &Appointment, request: &StepRequest) -> bool {
    let may = actor.role.is_desk() || actor.staff.is_some_and(|me| before.staff().any(|staff| staff == me));
    may && matches!(before.status, Status::Arrived | Status::InSession)
        && before
            .clients
            .iter()
            .any(|attendee| Some(attendee.client) == request.client && attendee.arrived_at.is_none())
}

fn arrive(after: &mut Appointment, request: &StepRequest, at: Timestamp) -> Result<(), Fault> {
    if let Some(client) = request.client
        && !after.clients.iter().any(|attendee| attendee.client == client)
    {
        return Err(valid::field("client", "is not a client of this appointment"));
    }
    for attendee in &mut after.clients {
        if request.client.is_none_or(|client| client == attendee.client) {
            attendee.arrived_at = attendee.arrived_at.or(Some(at));
        }
    }
    Ok(())
}

/// Back to where it stood before; the history forgets the mistake, the audit does not.
fn correct(writing: &Writing<'_>, actor: &Actor, before: &Appointment, after: &mut Appointment) -> Result<(), Fault> {
    let Some(target) = status::actions(before, actor, writing.now).correction else {
        return Err(Fault::step_not_allowed("The last step can no longer be taken back."));
    };
    after.history.pop();
    after.status = target;
    match before.status {
        Status::Arrived => {
            for attendee in &mut after.clients {
                attendee.arrived_at = None;
            }
        }
        Status::Cancelled | Status::Declined => after.reason = None,
        _ => {}
    }
    if target == Status::Requested {
        for assignment in &mut after.assignments {
            assignment.answer = Answer::Pending;
        }
    }
    Ok(())
}
