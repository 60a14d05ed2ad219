//! The ends of a booking that was not: cancelled, deleted, or swept away together with its therapist's account.

use super::row::{Appointment, row};
use super::scope::named;
use super::steps::{forbidden, refused, save};
use crate::answer::Answer;
use crate::tell;
use crate::visit::Visit;
use axum::http::StatusCode;
use serde_json::json;

/// The length that the `204` announces and does not send.
const ANNOUNCED: u16 = 50;

/// Whatever its state, and as often as asked.
pub(super) fn cancel(visit: &mut Visit<'_>) -> Answer {
    let Some(mut at) = visit.clinic.appointments.get(&visit.call.id()).cloned() else {
        return Answer::server_error();
    };
    if !visit.operator() && at.therapist != Some(visit.me) && at.driver != Some(visit.me) {
        return forbidden("You don't have permission to cancel this appointment");
    }
    at.status = "cancelled";
    save(visit, &mut at);
    let client = visit
        .clinic
        .clients
        .get(&at.client)
        .map(crate::clinic::Client::name)
        .unwrap_or_default();
    let start = crate::field::print_time(at.start);
    let notice = format!("Appointment for {client} on {} at {start} has been cancelled.", at.date);
    tell::everyone(visit.clinic, &at, "appointment_cancelled", &notice, visit.now);
    Answer::ok(row(visit.clinic, &at, visit.now))
}

pub(super) fn delete(visit: &mut Visit<'_>) -> Answer {
    if !visit.operator() {
        return Answer::error(StatusCode::FORBIDDEN, "Only operators can delete appointments");
    }
    let Ok(at) = named(visit) else {
        let text = "An error occurred while deleting the appointment";
        return Answer::error(StatusCode::INTERNAL_SERVER_ERROR, text);
    };
    if matches!(at.status, "in_progress" | "completed") {
        return refused("Cannot delete appointments that are in progress or completed");
    }
    remove(visit, &at);
    Answer::no_content_that_lies(ANNOUNCED)
}

/// Takes the row out, with its notifications and its rejection, and tells.
pub(super) fn remove(visit: &mut Visit<'_>, at: &Appointment) {
    visit.clinic.appointments.remove(&at.id);
    visit.clinic.rejections.remove(&at.id);
    visit
        .clinic
        .notifications
        .retain(|_, notice| notice.appointment != at.id);
    tell::deleted(visit.clinic, at, visit.now);
}

/// What must never be called: it also locks out the therapist of every booking that it sweeps.
pub(super) fn auto_cancel_overdue(visit: &mut Visit<'_>) -> Answer {
    if !visit.operator() {
        return forbidden("Only operators can auto-cancel overdue appointments");
    }
    let now = visit.now;
    let overdue: Vec<Appointment> = visit
        .clinic
        .appointments
        .values()
        .filter(|row| row.status == "pending" && row.response_deadline.is_some_and(|deadline| deadline < now))
        .cloned()
        .collect();
    let mut disabled = Vec::new();
    for mut at in overdue.clone() {
        at.status = "auto_cancelled";
        at.taken.auto_cancelled = Some(now);
        save(visit, &mut at);
        if let Some(user) = at
            .therapist
            .and_then(|id| visit.clinic.users.get_mut(&id))
            .filter(|user| user.active)
        {
            user.active = false;
            disabled.push(user.name());
        }
    }
    Answer::ok(json!({
        "message": format!("Auto-cancelled {} overdue appointments", overdue.len()), "cancelled_count": overdue.len(),
        "disabled_therapists": disabled,
    }))
}
