//! The older path: accept and start, and the rejections, of which each booking can have one in its life.

use super::row::{Appointment, row};
use super::scope::named;
use super::steps::{forbidden, refused, save};
use crate::answer::Answer;
use crate::clinic::Rejection;
use crate::tell;
use crate::visit::Visit;
use serde_json::json;

fn client_of(visit: &Visit<'_>, at: &Appointment) -> String {
    visit
        .clinic
        .clients
        .get(&at.client)
        .map(crate::clinic::Client::name)
        .unwrap_or_default()
}

fn bare(visit: &Visit<'_>, at: &Appointment) -> Answer {
    Answer::ok(row(visit.clinic, at, visit.now))
}

/// The caller's part in the booking; a group's therapists have none here.
fn part(visit: &Visit<'_>, at: &Appointment) -> Option<&'static str> {
    if at.therapist == Some(visit.me) {
        Some("Therapist")
    } else if at.driver == Some(visit.me) {
        Some("Driver")
    } else {
        None
    }
}

pub(super) fn accept(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let Some(part) = part(visit, &at) else {
        return forbidden("You can only accept your own appointments");
    };
    if at.status != "pending" {
        return refused("Only pending appointments can be accepted");
    }
    if part == "Therapist" {
        at.therapist_accepted = true;
        at.taken.therapist_accepted = Some(visit.now);
    } else {
        at.driver_accepted = true;
        at.taken.driver_accepted = Some(visit.now);
    }
    save(visit, &mut at);
    let both = (at.therapist_accepted || at.therapist.is_none()) && (at.driver_accepted || at.driver.is_none());
    let (client, me) = (client_of(visit, &at), visit.myself().name());
    let waiting = if part == "Therapist" {
        ("Driver", at.driver)
    } else {
        ("Therapist", at.therapist)
    };
    let waiting = format!("{} ({})", waiting.0, visit.clinic.user(waiting.1.unwrap_or(0)).name());
    let (kind, text) = if both {
        at.status = "confirmed";
        save(visit, &mut at);
        let notice = format!(
            "Appointment for {client} on {} is now confirmed. Both therapist and driver have accepted.",
            at.date
        );
        tell::everyone(visit.clinic, &at, "appointment_confirmed", &notice, visit.now);
        (
            "appointment_confirmed",
            "Appointment fully confirmed - both parties accepted".to_owned(),
        )
    } else {
        let notice = format!(
            "{part} {me} has accepted the appointment for {client} on {}. Still waiting for: {waiting}",
            at.date
        );
        tell::everyone(visit.clinic, &at, "appointment_partial_acceptance", &notice, visit.now);
        (
            "appointment_partial_acceptance",
            format!("{part} accepted - waiting for {waiting}"),
        )
    };
    save(visit, &mut at);
    let message = json!({
        "type": kind, "appointment_id": at.id, "accepted_by_id": visit.me, "accepted_by_role": part,
        "therapist_id": at.therapist, "driver_id": at.driver, "operator_id": at.operator, "message": text,
        "both_accepted": both,
    });
    tell::concerned(visit.clinic, &message);
    bare(visit, &at)
}

pub(super) fn start(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if at.therapist != Some(visit.me) {
        return forbidden("You can only start your own appointments");
    }
    if at.status != "confirmed" {
        return refused("Only confirmed appointments can be started");
    }
    at.status = "in_progress";
    save(visit, &mut at);
    let notice = format!(
        "Appointment for {} has been started by {}.",
        client_of(visit, &at),
        visit.myself().name()
    );
    tell::everyone(visit.clinic, &at, "appointment_started", &notice, visit.now);
    bare(visit, &at)
}

/// A second rejection of one booking breaks the service down.
pub(super) fn reject(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let reason = visit
        .call
        .text("rejection_reason")
        .unwrap_or_default()
        .trim()
        .to_owned();
    if reason.is_empty() {
        return refused("Rejection reason is required");
    }
    let Some(part) = part(visit, &at) else {
        return forbidden("You can only reject your own appointments");
    };
    if at.status != "pending" {
        return refused("Only pending appointments can be rejected");
    }
    let id = visit.clinic.next("rejection");
    if visit.clinic.rejections.contains_key(&at.id) {
        return Answer::server_error();
    }
    let rejection = Rejection {
        id,
        appointment: at.id,
        reason: reason.clone(),
        by: visit.me,
        at: visit.now,
        response: "pending",
        response_reason: None,
        reviewed_by: None,
        reviewed_at: None,
    };
    visit.clinic.rejections.insert(at.id, rejection);
    at.status = "rejected";
    at.rejected_by = Some(visit.me);
    at.rejection_reason = Some(reason.clone());
    at.taken.rejected = Some(visit.now);
    save(visit, &mut at);
    let (client, me) = (client_of(visit, &at), visit.myself().name());
    let notice = format!(
        "{part} {me} has rejected the appointment for {client} on {}. Reason: {reason}",
        at.date
    );
    if let Some(operator) = at.operator {
        tell::notify(visit.clinic, operator, "appointment_rejected", &notice, &at, visit.now);
    }
    let message = json!({
        "type": "appointment_rejected", "appointment_id": at.id, "rejection_id": id, "rejected_by_id": visit.me,
        "rejected_by_role": part, "therapist_id": at.therapist, "driver_id": at.driver, "operator_id": at.operator,
        "message": format!("Appointment rejected by {part} {me}"),
    });
    tell::concerned(visit.clinic, &message);
    bare(visit, &at)
}

/// Denied, the booking is open again; accepted, its row is deleted.
pub(super) fn review_rejection(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if !visit.operator() {
        return forbidden("Only operators can review rejections");
    }
    let denied = match visit.call.text("action") {
        Some("deny") => true,
        Some("accept") => false,
        _ => return refused("Action must be 'accept' or 'deny'"),
    };
    if at.status != "rejected" {
        return refused("Only rejected appointments can be reviewed");
    }
    let reason = visit.call.text("reason").map(str::to_owned);
    let (me, now) = (visit.me, visit.now);
    if let Some(rejection) = visit.clinic.rejections.get_mut(&at.id) {
        rejection.response = if denied { "denied" } else { "accepted" };
        rejection.response_reason = reason;
        rejection.reviewed_by = Some(me);
        rejection.reviewed_at = Some(now);
    }
    let client = client_of(visit, &at);
    let rejector = at.rejected_by.unwrap_or(0);
    if denied {
        at.status = "pending";
        save(visit, &mut at);
        let notice = format!(
            "Operator has denied your rejection reason. The appointment for {client} on {} is now pending and must be \
             addressed.",
            at.date
        );
        tell::notify(visit.clinic, rejector, "rejection_reviewed", &notice, &at, now);
        let message = json!({
            "type": "rejection_denied", "appointment_id": at.id, "therapist_id": at.therapist,
            "message": "Appointment rejection denied - appointment set to pending",
        });
        tell::concerned(visit.clinic, &message);
        return Answer::ok(json!({
            "message": "Rejection denied. Appointment has been set to pending.", "action": "pending",
            "appointment": row(visit.clinic, &at, now),
        }));
    }
    let notice = format!(
        "Operator has accepted your rejection reason. The appointment for {client} on {} has been cancelled.",
        at.date
    );
    tell::notify(visit.clinic, rejector, "rejection_reviewed", &notice, &at, now);
    super::delete::remove(visit, &at);
    Answer::ok(json!({ "message": "Rejection accepted. Appointment has been deleted.", "action": "deleted" }))
}
