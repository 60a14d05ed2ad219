//! How far each appointment has come by now, with the history that led there.

use super::Source;
use crate::store::account::Enrolment;
use clinic::{AccountId, Answer, Appointment, Payment, PaymentMethod, Place, Service, StaffId, Stage, Status};
use deskbell_clinic as clinic;
use jiff::{SignedDuration, Timestamp};
use rand::Rng;

/// Gives an appointment a status that is plausible for its time, and the payment it led to.
pub(super) fn bring_up_to_now(
    source: &mut Source,
    appointment: &mut Appointment,
    accounts: &[Enrolment],
    services: &[Service],
) -> Option<Payment> {
    let status = status_now(source, appointment);
    let desk = account_of(accounts, None);
    let therapist = account_of(accounts, appointment.therapists().next());
    let span = appointment.span;
    let booked = span.start().min(source.now) - SignedDuration::from_mins(source.random.random_range(180..6_000));
    let late = SignedDuration::from_mins(source.random.random_range(0..8));
    let arrived = span.start() - SignedDuration::from_mins(9) + late;
    let answered = booked + SignedDuration::from_mins(source.random.random_range(2..90));
    let mut stage = |status, at: Timestamp, by| {
        appointment.history.push(Stage {
            status,
            at: at.min(source.now),
            by,
        });
    };
    stage(Status::Requested, booked, desk);
    match status {
        Status::Requested => {}
        Status::Declined => stage(Status::Declined, answered, therapist),
        Status::Expired => stage(Status::Expired, answered, desk),
        _ => stage(Status::Confirmed, answered, therapist),
    }
    match status {
        Status::Cancelled => stage(status, answered + SignedDuration::from_mins(30), desk),
        Status::NoShow => stage(status, span.start() + SignedDuration::from_mins(20), desk),
        Status::EnRoute => stage(status, source.now - SignedDuration::from_mins(6), therapist),
        _ => {}
    }
    let reached = |stage| rank(status).is_some_and(|now| Some(now) >= rank(stage));
    if reached(Status::Arrived) {
        stage(Status::Arrived, arrived, desk);
        for attendee in &mut appointment.clients {
            attendee.arrived_at = Some(arrived.min(source.now));
        }
    }
    for (step, at, by) in [
        (Status::InSession, span.start() + late, therapist),
        (
            Status::AwaitingPayment,
            span.end() + SignedDuration::from_mins(1),
            therapist,
        ),
        (Status::Completed, span.end() + SignedDuration::from_mins(6), desk),
    ] {
        if reached(step) {
            appointment.history.push(Stage {
                status: step,
                at: at.min(source.now),
                by,
            });
        }
    }
    words(source, appointment, status);
    appointment.status = status;
    (status == Status::Completed).then(|| pay(source, appointment, services, desk))
}

fn status_now(source: &mut Source, appointment: &Appointment) -> Status {
    let (now, span) = (source.now, appointment.span);
    let chance = source.random.random_range(0..100);
    let home = matches!(appointment.place, Place::Address(_));
    let minutes_to_start = span.start().duration_since(now).as_mins();
    if span.end() <= now {
        let recent = now.duration_since(span.end()).as_mins() < 20;
        return match chance {
            0..6 => Status::NoShow,
            6..13 => Status::Cancelled,
            13..15 => Status::Expired,
            _ if recent => Status::AwaitingPayment,
            _ => Status::Completed,
        };
    }
    if span.start() <= now {
        return match chance {
            // Late: booked, begun, and not here.
            0..12 => Status::Confirmed,
            12..25 => Status::Arrived,
            _ => Status::InSession,
        };
    }
    match chance {
        0..60 if minutes_to_start < 15 && !home => Status::Arrived,
        0..60 if minutes_to_start < 40 && home => Status::EnRoute,
        0..76 => Status::Confirmed,
        76..93 => Status::Requested,
        93..97 => Status::Declined,
        _ => Status::Cancelled,
    }
}

/// The place of a status on the usual way; none off it.
fn rank(status: Status) -> Option<usize> {
    [
        Status::Arrived,
        Status::InSession,
        Status::AwaitingPayment,
        Status::Completed,
    ]
    .iter()
    .position(|other| *other == status)
}

/// Answers, due times and reasons that go with a status.
fn words(source: &mut Source, appointment: &mut Appointment, status: Status) {
    let answer = match status {
        Status::Requested | Status::Expired => Answer::Pending,
        Status::Declined => Answer::Declined,
        _ => Answer::Accepted,
    };
    for assignment in &mut appointment.assignments {
        assignment.answer = answer;
    }
    if status == Status::Requested {
        // About one in three is overdue.
        let due = source.random.random_range(-60..150);
        appointment.answer_due = Some(source.now + SignedDuration::from_mins(due));
    }
    appointment.reason = match status {
        Status::Declined => Some("Double shift that day".into()),
        Status::Cancelled => Some((*source.pick(&["Client is ill", "Client asked for another week"])).into()),
        _ => None,
    };
}

fn pay(source: &mut Source, appointment: &Appointment, services: &[Service], by: AccountId) -> Payment {
    let price: u32 = services
        .iter()
        .filter(|service| appointment.services.contains(&service.id))
        .map(|service| service.price_cents)
        .sum();
    let method = *source.pick(&[
        PaymentMethod::Cash,
        PaymentMethod::Card,
        PaymentMethod::Wallet,
        PaymentMethod::Voucher,
    ]);
    Payment {
        id: source.id(),
        appointment: appointment.id,
        client: appointment.clients[0].client,
        method,
        amount_cents: i32::try_from(price).unwrap_or(i32::MAX),
        at: appointment.span.end() + SignedDuration::from_mins(5),
        by,
        reverses: None,
    }
}

/// A staff member's account, or that of the desk's first operator.
fn account_of(accounts: &[Enrolment], staff: Option<StaffId>) -> AccountId {
    let own = accounts
        .iter()
        .find(|account| staff.is_some() && account.staff == staff);
    own.or_else(|| accounts.iter().find(|account| account.login == "olivia"))
        .map_or(AccountId(uuid::Uuid::nil()), |account| account.id)
}
