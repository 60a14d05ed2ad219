//! The way back: a driver is asked for, confirms (and is told that it failed) and brings the therapist home.

use super::row::Appointment;
use super::scope::named;
use super::steps::{done, forbidden, refused, save};
use crate::answer::Answer;
use crate::clinic::{Clinic, Role};
use crate::tell;
use crate::visit::Visit;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The states in which a driver is out.
const OUT: [&str; 5] = [
    "in_progress",
    "journey",
    "arrived",
    "driver_assigned_pickup",
    "return_journey",
];

/// A driver who is on no other booking.
fn free_driver(clinic: &Clinic, at: &Appointment) -> Option<i64> {
    let out = |driver: i64| {
        let mut rows = clinic.appointments.values();
        rows.any(|row| row.id != at.id && row.driver == Some(driver) && OUT.contains(&row.status))
    };
    let drivers = clinic
        .users
        .values()
        .rev()
        .filter(|user| user.role == Role::Driver && user.active);
    drivers.map(|user| user.id).find(|id| !out(*id))
}

fn client_of(clinic: &Clinic, at: &Appointment) -> String {
    clinic
        .clients
        .get(&at.client)
        .map(crate::clinic::Client::name)
        .unwrap_or_default()
}

/// Puts a free driver on the booking, in place of the one who had it.
pub(super) fn request(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if !at.treats(visit.me) {
        return forbidden("You can only request pickup for your own appointments");
    }
    if at.status != "completed" {
        return refused("Pickup can only be requested for completed appointments");
    }
    let sent = visit.call.sent.clone();
    let urgent = sent.get("pickup_urgency").and_then(Value::as_str) == Some("urgent");
    at.pickup_urgency = if urgent { "urgent" } else { "normal" };
    at.pickup_notes = sent.get("pickup_notes").and_then(Value::as_str).map(str::to_owned);
    at.taken.pickup_requested = Some(visit.now);
    let driver = free_driver(visit.clinic, &at);
    let (client, location) = (client_of(visit.clinic, &at), at.location.clone());
    let Some(driver) = driver else {
        at.status = "pickup_requested";
        save(visit, &mut at);
        let notice = format!("Pickup requested for {client} at {location}. No driver is available at the moment.");
        tell::everyone(visit.clinic, &at, "pickup_requested", &notice, visit.now);
        let mut answer = json!({ "message": "Pickup request sent. No drivers currently available." });
        answer["appointment"] = super::row(visit.clinic, &at, visit.now);
        answer["auto_assigned"] = json!(false);
        answer["driver_assigned"] = Value::Null;
        return Answer::ok(answer);
    };
    at.status = "driver_assigned_pickup";
    at.driver = Some(driver);
    at.taken.pickup_estimated = Some(visit.now + SignedDuration::from_mins(15));
    save(visit, &mut at);
    let name = visit.clinic.user(driver).name();
    let urgency = at.pickup_urgency.to_uppercase();
    let notice = format!(
        "🚖 PICKUP ASSIGNMENT: Driver {name} automatically assigned for pickup. Client: {client}, Location: {location}. \
         Urgency: {urgency}. Driver must CONFIRM to proceed."
    );
    tell::everyone(visit.clinic, &at, "driver_assigned_pickup", &notice, visit.now);
    let message = json!({
        "type": "pickup_assignment", "appointment_id": at.id, "driver_id": driver, "urgency": at.pickup_urgency,
        "message": "You have been assigned for pickup. Please confirm to proceed.", "status": at.status,
    });
    tell::concerned(visit.clinic, &message);
    let message = format!(
        "✅ Pickup request processed! Driver {name} automatically assigned and notified. Driver must confirm pickup to proceed."
    );
    let mut answer = json!({ "message": message, "auto_assigned": true, "driver_assigned": name });
    answer["appointment"] = super::row(visit.clinic, &at, visit.now);
    Answer::ok(answer)
}

/// Works, and says that it did not.
pub(super) fn confirm(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if at.driver != Some(visit.me) {
        return forbidden("You can only confirm pickup for your own appointments");
    }
    if at.status != "driver_assigned_pickup" {
        return refused("Appointment must be in driver_assigned_pickup status");
    }
    at.status = "return_journey";
    at.taken.pickup_confirmed = Some(visit.now);
    save(visit, &mut at);
    let (name, location) = (visit.myself().name(), at.location.clone());
    let notice =
        format!("✅ Pickup confirmed by driver {name}. Driver is now en route to pick up therapist from {location}.");
    tell::everyone(visit.clinic, &at, "pickup_confirmed", &notice, visit.now);
    refused("Cannot start appointment in return_journey status")
}

pub(super) fn complete_return_journey(visit: &mut Visit<'_>) -> Answer {
    let mut at = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if at.driver != Some(visit.me) {
        return forbidden("You can only complete your own return journeys");
    }
    if at.status != "return_journey" {
        return refused("Appointment must be in return journey status");
    }
    at.status = "transport_completed";
    at.taken.return_completed = Some(visit.now);
    save(visit, &mut at);
    let (name, location) = (visit.myself().name(), at.location.clone());
    let therapist = at.therapist.map(|id| visit.clinic.user(id).name()).unwrap_or_default();
    let notice = format!(
        "✅ Return journey completed by driver {name}. Therapist {therapist} has been safely returned from {location}."
    );
    tell::everyone(visit.clinic, &at, "return_journey_completed", &notice, visit.now);
    let message = json!({
        "type": "return_journey_completed", "appointment_id": at.id, "driver_id": visit.me, "therapist_id": at.therapist,
        "message": "Return journey completed successfully.", "status": at.status,
    });
    tell::concerned(visit.clinic, &message);
    done(
        visit,
        &at,
        "Return journey completed successfully! Therapist safely returned to pickup location.",
    )
}
