//! The steps of a booking's life, each with its person, its state before and after, and whom it tells what.

use super::row::{Appointment, row};
use super::scope::named;
use crate::answer::Answer;
use crate::clinic::Role;
use crate::tell;
use crate::visit::Visit;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::json;

/// One step.
struct Step {
    who: Role,
    not_yours: &'static str,
    from: &'static [&'static str],
    too_early: &'static str,
    to: &'static str,
    stamp: fn(&mut Appointment, Timestamp),
    message: &'static str,
    tells: &'static str,
    /// `{me}`, `{client}`, `{date}` and `{location}` are put in.
    notice: &'static str,
    /// A second message, which names the person who took the step.
    again: Option<(&'static str, &'static str)>,
}

pub(super) fn forbidden(text: &str) -> Answer {
    Answer::error(StatusCode::FORBIDDEN, text)
}

pub(super) fn refused(text: &str) -> Answer {
    Answer::error(StatusCode::BAD_REQUEST, text)
}

/// `{"message", "appointment"}`.
pub(super) fn done(visit: &Visit<'_>, at: &Appointment, message: &str) -> Answer {
    Answer::ok(json!({ "message": message, "appointment": row(visit.clinic, at, visit.now) }))
}

/// Stores a booking and tells every socket that it was saved.
pub(super) fn save(visit: &mut Visit<'_>, at: &mut Appointment) {
    at.updated = visit.now;
    visit.clinic.appointments.insert(at.id, at.clone());
    tell::saved(visit.clinic, at, visit.now);
}

/// Whether the caller has the booking in this role.
fn is_theirs(visit: &Visit<'_>, at: &Appointment, who: Role) -> bool {
    match who {
        Role::Operator => visit.operator(),
        Role::Therapist => at.treats(visit.me),
        Role::Driver => at.driver == Some(visit.me),
    }
}

fn filled(visit: &Visit<'_>, at: &Appointment, text: &str) -> String {
    let client = visit
        .clinic
        .clients
        .get(&at.client)
        .map(crate::clinic::Client::name)
        .unwrap_or_default();
    text.replace("{me}", &visit.myself().name())
        .replace("{client}", &client)
        .replace("{date}", &at.date.to_string())
        .replace("{location}", &at.location)
}

fn take(visit: &mut Visit<'_>, step: &Step) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if !is_theirs(visit, &at, step.who) {
        return forbidden(step.not_yours);
    }
    if !step.from.contains(&at.status) {
        return refused(step.too_early);
    }
    at.status = step.to;
    (step.stamp)(&mut at, visit.now);
    save(visit, &mut at);
    let notice = filled(visit, &at, step.notice);
    tell::everyone(visit.clinic, &at, step.tells, &notice, visit.now);
    if let Some((whose, text)) = step.again {
        let message = json!({
            "type": step.tells, "appointment_id": at.id, whose: visit.me, "message": text, "status": at.status,
        });
        tell::concerned(visit.clinic, &message);
    }
    done(visit, &at, step.message)
}

/// One therapist's confirmation moves the booking on; of a group, only the last one's does.
pub(super) fn therapist_confirm(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if !is_theirs(visit, &at, Role::Therapist) {
        return forbidden("You can only confirm your own appointments");
    }
    if at.status != "pending" {
        return refused("Only pending appointments can be confirmed");
    }
    let group = at.group_size > 1;
    if at.confirmed_by.contains(&visit.me) {
        return refused("You have already confirmed this appointment");
    }
    at.confirmed_by.push(visit.me);
    let missing = if group {
        at.group_size - i64::try_from(at.confirmed_by.len()).unwrap_or(i64::MAX)
    } else {
        0
    };
    let me = visit.myself().name();
    if missing > 0 {
        save(visit, &mut at);
        let notice = format!("Therapist {me} has confirmed. {missing} more confirmations needed.");
        tell::everyone(visit.clinic, &at, "therapist_partial_confirmed", &notice, visit.now);
        return done(
            visit,
            &at,
            &format!("Your confirmation recorded. Waiting for {missing} more therapist(s)."),
        );
    }
    at.status = "therapist_confirmed";
    at.taken.therapist_confirmed = Some(visit.now);
    at.group_complete = group;
    save(visit, &mut at);
    let notice = filled(
        visit,
        &at,
        "Therapist {me} has confirmed the appointment for {client} on {date}.",
    );
    tell::everyone(visit.clinic, &at, "therapist_confirmed", &notice, visit.now);
    let text = if group {
        "All therapists have confirmed. Waiting for driver confirmation."
    } else {
        "Therapist confirmed. Appointment is now visible to the driver."
    };
    let message = json!({
        "type": "therapist_confirmed", "appointment_id": at.id, "therapist_id": visit.me, "message": text,
        "status": at.status,
    });
    tell::concerned(visit.clinic, &message);
    done(visit, &at, text)
}

pub(super) fn driver_confirm(visit: &mut Visit<'_>) -> Answer {
    take(
        visit,
        &Step {
            who: Role::Driver,
            not_yours: "You can only confirm your own appointments",
            from: &["therapist_confirmed"],
            too_early: "All therapists must confirm first before driver can confirm",
            to: "driver_confirmed",
            stamp: |at, now| at.taken.driver_confirmed = Some(now),
            message: "Driver confirmed. Appointment is ready to start.",
            tells: "driver_confirmed",
            notice: "Driver {me} has confirmed the appointment for {client} on {date}. Ready to start.",
            again: Some(("driver_id", "Driver confirmed. Ready to start appointment.")),
        },
    )
}

/// An operator's step that asks for the framework's staff flag beside the role.
pub(super) fn start_appointment(visit: &mut Visit<'_>) -> Answer {
    if visit.operator() && !visit.myself().staff {
        return forbidden("Only operators can start appointments");
    }
    take(
        visit,
        &Step {
            who: Role::Operator,
            not_yours: "Only operators can start appointments",
            from: &["driver_confirmed"],
            too_early: "Driver must confirm before appointment can be started",
            to: "in_progress",
            stamp: |at, now| at.taken.started = Some(now),
            message: "Appointment started successfully. Ready for service delivery.",
            tells: "appointment_started",
            notice: "Appointment for {client} on {date} has been started by operator.",
            again: Some(("operator_id", "Appointment started. Ready for service delivery.")),
        },
    )
}

pub(super) fn start_journey(visit: &mut Visit<'_>) -> Answer {
    take(
        visit,
        &Step {
            who: Role::Driver,
            not_yours: "You can only start journey for your own appointments",
            from: &["in_progress", "journey"],
            too_early: "Operator must start the appointment before journey can begin. Please wait for operator approval.",
            to: "journey",
            stamp: |at, now| at.taken.journey_started = Some(now),
            message: "Journey started successfully. Driving to client location.",
            tells: "journey_started",
            notice: "Driver {me} has started the journey to {client} at {location}.",
            again: None,
        },
    )
}

pub(super) fn arrive_at_location(visit: &mut Visit<'_>) -> Answer {
    take(
        visit,
        &Step {
            who: Role::Driver,
            not_yours: "You can only update your own appointments",
            from: &["journey"],
            too_early: "Journey must be started before marking arrival",
            to: "arrived",
            stamp: |at, now| at.taken.arrived = Some(now),
            message: "Arrived at client location.",
            tells: "arrived_at_location",
            notice: "Driver {me} has arrived at {client}'s location.",
            again: None,
        },
    )
}

pub(super) fn drop_off_therapist(visit: &mut Visit<'_>) -> Answer {
    take(
        visit,
        &Step {
            who: Role::Driver,
            not_yours: "You can only update your own appointments",
            from: &["arrived"],
            too_early: "Must arrive at location before dropping off therapist",
            to: "dropped_off",
            stamp: |_, _| {},
            message: "Therapist(s) dropped off successfully. Transport completed! You are now available for new assignments.",
            tells: "therapist_dropped_off",
            notice: "Therapist(s) dropped off at {client}. Transport completed for driver. Therapist can start session.",
            again: None,
        },
    )
}

pub(super) fn start_session(visit: &mut Visit<'_>) -> Answer {
    take(
        visit,
        &Step {
            who: Role::Therapist,
            not_yours: "You can only start session for your own appointments",
            from: &["dropped_off"],
            too_early: "Therapist must be dropped off before starting session",
            to: "session_in_progress",
            stamp: |at, now| at.taken.session_started = Some(now),
            message: "Session started successfully.",
            tells: "session_started",
            notice: "Therapy session for {client} has been started by {me}.",
            again: None,
        },
    )
}

pub(super) fn mark_awaiting_payment(visit: &mut Visit<'_>) -> Answer {
    take(
        visit,
        &Step {
            who: Role::Therapist,
            not_yours: "You can only request payment for your own appointments",
            from: &["session_in_progress"],
            too_early: "Session must be in progress before requesting payment",
            to: "awaiting_payment",
            stamp: |at, now| at.taken.payment_initiated = Some(now),
            message: "Session completed. Awaiting payment from client.",
            tells: "payment_requested",
            notice: "Session completed. Payment requested for {client}.",
            again: None,
        },
    )
}
