//! Creating and changing a booking. The service checks little of it, and answers a change by the staff with the row as it
//! was before.

use super::row::{Appointment, PAYMENT_METHODS, STATUSES, Taken, row};
use super::scope::named;
use crate::answer::Answer;
use crate::field::{Fields, print_time};
use crate::tell;
use crate::visit::Visit;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// How long a new booking waits for its people.
const RESPONSE_TIME: SignedDuration = SignedDuration::from_mins(30);
/// The only states in which a booking is in the way of another.
const HELD: [&str; 3] = ["pending", "confirmed", "in_progress"];
const PAYMENT_STATUSES: [&str; 4] = ["unpaid", "partial", "paid", "refunded"];
const URGENCIES: [&str; 2] = ["normal", "urgent"];
/// What a therapist's change may name; everything else of it is dropped.
const THERAPISTS_FIELDS: [&str; 5] = [
    "status",
    "pickup_requested",
    "pickup_request_time",
    "pickup_urgency",
    "session_end_time",
];

/// The booking as the request makes it of `old`, or the refusal of its fields.
fn written(visit: &Visit<'_>, sent: &Value, old: Appointment, partial: bool) -> Result<Appointment, Answer> {
    let mut fields = Fields::new(sent, partial);
    let user = |id: i64| visit.clinic.users.contains_key(&id);
    let client = fields
        .reference("client", true, |id| visit.clinic.clients.contains_key(&id))
        .flatten();
    let therapist = fields.reference("therapist", false, user);
    let therapists = fields.references("therapists", false, user);
    let driver = fields.reference("driver", false, user);
    let service = |id: i64| visit.clinic.services.iter().any(|service| service.id == id);
    let services = fields.references("services", true, service);
    if services.as_ref().is_some_and(Vec::is_empty) {
        fields.refused.add("services", "At least one service must be selected.");
    }
    let mut at = Appointment {
        client: client.unwrap_or(old.client),
        therapist: therapist.unwrap_or(old.therapist),
        therapists: therapists.unwrap_or(old.therapists),
        driver: driver.unwrap_or(old.driver),
        services: services.unwrap_or(old.services),
        date: fields.date("date", true).unwrap_or(old.date),
        start: fields.time("start_time", true).unwrap_or(old.start),
        end: fields.time("end_time", true).unwrap_or(old.end),
        location: fields.text("location", true).flatten().unwrap_or(old.location),
        notes: fields.text("notes", false).unwrap_or(old.notes),
        status: fields.choice("status", &STATUSES).unwrap_or(old.status),
        payment_status: fields
            .choice("payment_status", &PAYMENT_STATUSES)
            .unwrap_or(old.payment_status),
        payment_method: fields
            .choice("payment_method", &PAYMENT_METHODS)
            .unwrap_or(old.payment_method),
        payment_notes: fields.text("payment_notes", false).unwrap_or(old.payment_notes),
        receipt_hash: fields.text("receipt_hash", false).unwrap_or(old.receipt_hash),
        receipt_url: fields.text("receipt_url", false).unwrap_or(old.receipt_url),
        pickup_urgency: fields
            .choice("pickup_urgency", &URGENCIES)
            .unwrap_or(old.pickup_urgency),
        pickup_notes: fields.text("pickup_notes", false).unwrap_or(old.pickup_notes),
        pickup_requested: fields.flag("pickup_requested").unwrap_or(old.pickup_requested),
        requires_car: fields.flag("requires_car").unwrap_or(old.requires_car),
        rejection_reason: fields.text("rejection_reason", false).unwrap_or(old.rejection_reason),
        ..old
    };
    if let Some(size) = sent.get("group_size").and_then(Value::as_i64) {
        at.group_size = size;
    }
    if let Some(amount) = sent.get("payment_amount") {
        at.payment_pesos = amount
            .as_str()
            .and_then(|text| text.parse().ok())
            .or(amount.as_f64())
            .unwrap_or_default();
    }
    fields.refused.into_body().map_or(Ok(at), |body| Err(Answer::bad(body)))
}

/// The service's only check of times: ends included, and against few of the states.
fn clash(visit: &Visit<'_>, at: &Appointment) -> Option<Answer> {
    let in_the_way = |person: i64, has: &dyn Fn(&Appointment) -> bool| {
        let mut rows = visit
            .clinic
            .appointments
            .values()
            .filter(|row| row.id != at.id && row.date == at.date);
        let row =
            rows.find(|row| HELD.contains(&row.status) && has(row) && row.start <= at.end && row.end >= at.start)?;
        let (start, end) = (print_time(row.start), print_time(row.end));
        Some((
            person,
            format!("is already booked during this time slot ({start} - {end})"),
        ))
    };
    if let Some((_, text)) = at.therapist.and_then(|id| in_the_way(id, &|row| row.treats(id))) {
        return Some(Answer::field("therapist", format!("Therapist {text}")));
    }
    if let Some((id, text)) = at
        .therapists
        .iter()
        .find_map(|id| in_the_way(*id, &|row| row.treats(*id)))
    {
        let name = visit.clinic.user(id).name();
        return Some(Answer::field("therapists", format!("Therapist {name} {text}")));
    }
    let (_, text) = at.driver.and_then(|id| in_the_way(id, &|row| row.driver == Some(id)))?;
    Some(Answer::field("driver", format!("Driver {text}")))
}

/// Any role may; the caller becomes its operator.
pub(super) fn create(visit: &mut Visit<'_>) -> Answer {
    let (me, now) = (visit.me, visit.now);
    let blank = Appointment {
        id: 0,
        client: 0,
        therapist: None,
        therapists: Vec::new(),
        driver: None,
        operator: Some(me),
        services: Vec::new(),
        date: jiff::civil::Date::ZERO,
        start: jiff::civil::Time::MIN,
        end: jiff::civil::Time::MIN,
        status: "pending",
        payment_status: "unpaid",
        payment_pesos: 0.0,
        payment_method: "cash",
        payment_notes: None,
        receipt_hash: None,
        receipt_url: None,
        location: String::new(),
        notes: None,
        pickup_urgency: "normal",
        pickup_notes: None,
        pickup_requested: false,
        requires_car: false,
        group_size: 1,
        group_complete: false,
        confirmed_by: Vec::new(),
        therapist_accepted: false,
        driver_accepted: false,
        rejected_by: None,
        rejection_reason: None,
        metadata: Value::Null,
        created: now,
        updated: now,
        response_deadline: None,
        taken: Taken::default(),
    };
    let mut at = match written(visit, &visit.call.sent, blank, false) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    if let Some(answer) = clash(visit, &at) {
        return answer;
    }
    at.id = visit.clinic.next("appointment");
    at.response_deadline = (at.status == "pending").then(|| now + RESPONSE_TIME);
    visit.clinic.appointments.insert(at.id, at.clone());
    if let Some(driver) = at.driver {
        let text = format!("You have been assigned a pickup on {}", at.date);
        tell::direct(
            visit.clinic,
            driver,
            "pickup_assigned",
            "New Pickup Assignment",
            &text,
            at.id,
            now,
        );
    }
    assigned(visit, &at, &[]);
    tell::saved(visit.clinic, &at, now);
    Answer::created(row(visit.clinic, &at, now))
}

/// Tells a group's therapists that they are on a booking, or no longer.
fn assigned(visit: &mut Visit<'_>, at: &Appointment, before: &[i64]) {
    let now = visit.now;
    for id in at.therapists.iter().filter(|id| !before.contains(id)) {
        let text = format!("You have been assigned to an appointment on {}", at.date);
        tell::direct(
            visit.clinic,
            *id,
            "appointment_assigned",
            "New Appointment Assignment",
            &text,
            at.id,
            now,
        );
    }
    for id in before.iter().filter(|id| !at.therapists.contains(id)) {
        let text = format!("You have been removed from an appointment on {}", at.date);
        tell::direct(
            visit.clinic,
            *id,
            "appointment_unassigned",
            "Appointment Unassigned",
            &text,
            at.id,
            now,
        );
    }
}

pub(super) fn replace(visit: &mut Visit<'_>) -> Answer {
    write(visit, false)
}

pub(super) fn change(visit: &mut Visit<'_>) -> Answer {
    write(visit, true)
}

fn write(visit: &mut Visit<'_>, partial: bool) -> Answer {
    let old = match named(visit) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let staff = !visit.operator();
    let sent = if staff { allowed(visit) } else { visit.call.sent.clone() };
    if staff && sent.as_object().is_none_or(serde_json::Map::is_empty) {
        return Answer::bad(json!(["No valid fields provided for update"]));
    }
    let mut at = match written(visit, &sent, old.clone(), partial) {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let moved = (at.date, at.start, at.end, at.therapist, &at.therapists, at.driver)
        != (old.date, old.start, old.end, old.therapist, &old.therapists, old.driver);
    if let Some(answer) = clash(visit, &at).filter(|_| moved) {
        return answer;
    }
    if !staff {
        at.updated = visit.now;
    }
    visit.clinic.appointments.insert(at.id, at.clone());
    assigned(visit, &at, &old.therapists);
    tell::saved(visit.clinic, &at, visit.now);
    let shown = if staff { &old } else { &at };
    Answer::ok(row(visit.clinic, shown, visit.now))
}

/// Of what was sent, what the caller's role may change.
fn allowed(visit: &Visit<'_>) -> Value {
    let therapist = visit.myself().role == crate::clinic::Role::Therapist;
    let may = |field: &str| {
        if therapist {
            THERAPISTS_FIELDS.contains(&field)
        } else {
            field == "status"
        }
    };
    let fields = visit.call.sent.as_object().cloned().unwrap_or_default();
    Value::Object(fields.into_iter().filter(|(field, _)| may(field)).collect())
}
