//! What the sockets hear: every save of a booking, to everybody, and what an action tells the people concerned. In the
//! service's order, which is before the answer to the write.

use crate::appointments::Appointment;
use crate::clinic::{Clinic, Notification, Role};
use crate::clock::over_socket;
use crate::field::print_time;
use crate::python;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Sends `message` to the sockets of the accounts that `hears` picks; closed ones are forgotten.
fn send(clinic: &mut Clinic, message: &Value, hears: impl Fn(&Clinic, i64) -> bool) {
    let text = python::dumps(message);
    let listeners = std::mem::take(&mut clinic.listeners);
    let kept = listeners
        .into_iter()
        .filter(|listener| {
            if hears(clinic, listener.user) {
                listener.to.send(text.clone()).is_ok()
            } else {
                !listener.to.is_closed()
            }
        })
        .collect();
    clinic.listeners = kept;
}

/// `appointment_updated`, to every socket there is. Creation is heard as this too.
pub(crate) fn saved(clinic: &mut Clinic, at: &Appointment, now: Timestamp) {
    let person = |id: i64| {
        let user = clinic.user(id);
        json!({ "id": id, "name": user.name(), "phone": user.phone })
    };
    let services: Vec<Value> = clinic
        .services
        .iter()
        .filter(|service| at.services.contains(&service.id))
        .map(|service| json!({ "id": service.id, "name": service.name, "price": service.pesos }))
        .collect();
    let message = json!({
        "type": "appointment_updated",
        "appointment": {
            "id": at.id, "client_id": at.client,
            "client_name": clinic.clients.get(&at.client).map(crate::clinic::Client::name),
            // Only a group's therapists: the one of an ordinary booking is missing.
            "therapists": at.therapists.iter().map(|id| person(*id)).collect::<Vec<_>>(),
            "driver": at.driver.map(person), "date": at.date.to_string(), "start_time": print_time(at.start),
            "end_time": print_time(at.end), "status": at.status, "location": at.location, "services": services,
            "total_amount": 0, "created_at": over_socket(at.created), "updated_at": over_socket(at.updated),
        },
        "updated_fields": [], "timestamp": over_socket(now),
    });
    send(clinic, &message, |_, _| true);
}

/// `appointment_deleted`, to every socket; then a notice to the driver, to a group's therapists and, by the service's
/// mistake, to the account whose number the client's happens to be.
pub(crate) fn deleted(clinic: &mut Clinic, at: &Appointment, now: Timestamp) {
    let timestamp = over_socket(now);
    let message =
        json!({ "type": "appointment_deleted", "appointment_id": at.id, "deleted_by": null, "timestamp": timestamp });
    send(clinic, &message, |_, _| true);
    let text = format!("Your appointment on {} has been cancelled", at.date);
    let mut people = vec![at.client];
    people.extend(at.driver);
    people.extend(
        at.therapists
            .iter()
            .copied()
            .filter(|id| Some(*id) != at.driver && *id != at.client),
    );
    for person in people {
        direct(
            clinic,
            person,
            "appointment_cancelled",
            "Appointment Cancelled",
            &text,
            at.id,
            now,
        );
    }
}

/// A notice that has no row behind it.
pub(crate) fn direct(
    clinic: &mut Clinic,
    to: i64,
    kind: &str,
    title: &str,
    text: &str,
    appointment: i64,
    now: Timestamp,
) {
    let message = json!({
        "type": "notification", "notification_type": kind, "title": title, "message": text,
        "data": { "appointment_id": appointment }, "timestamp": over_socket(now),
    });
    send(clinic, &message, |_, user| user == to);
}

/// A message of an action: to every operator, and to the staff that it names by their ids.
pub(crate) fn concerned(clinic: &mut Clinic, message: &Value) {
    let named: Vec<i64> = ["therapist_id", "driver_id"]
        .iter()
        .filter_map(|field| message.get(field).and_then(Value::as_i64))
        .collect();
    send(clinic, message, |clinic, user| {
        clinic.user(user).role == Role::Operator || named.contains(&user)
    });
}

/// The heading that a notice of this kind has.
fn title(kind: &str) -> &'static str {
    match kind {
        "appointment_started" => "Appointment Started",
        "appointment_updated" => "Appointment Updated",
        "appointment_rejected" => "Appointment Rejected",
        "rejection_reviewed" => "Rejection Reviewed",
        "appointment_cancelled" => "Appointment Cancelled",
        _ => "Notification",
    }
}

/// Writes a notification row for one person and tells their sockets.
pub(crate) fn notify(
    clinic: &mut Clinic,
    to: i64,
    kind: &'static str,
    text: &str,
    about: &Appointment,
    now: Timestamp,
) {
    let id = clinic.next("notification");
    let rejection = match kind {
        "appointment_rejected" | "rejection_reviewed" => clinic.rejections.get(&about.id).map(|rejection| rejection.id),
        _ => None,
    };
    let notice = Notification {
        id,
        user: to,
        appointment: about.id,
        kind,
        message: text.to_owned(),
        read: false,
        created: now,
        rejection,
    };
    clinic.notifications.insert(id, notice);
    let message = json!({
        "type": "notification", "notification_type": kind, "title": title(kind), "message": text,
        "data": { "notification_id": id, "related_object_id": about.id, "is_read": false },
        "timestamp": over_socket(now),
    });
    send(clinic, &message, |_, user| user == to);
}

/// What an action tells: a row each for the therapist, the driver and the operator of the booking (a group's members get
/// none), and then the operators' message.
pub(crate) fn everyone(clinic: &mut Clinic, at: &Appointment, kind: &'static str, text: &str, now: Timestamp) {
    for person in [at.therapist, at.driver, at.operator].into_iter().flatten() {
        notify(clinic, person, kind, text, at, now);
    }
    concerned(
        clinic,
        &json!({ "type": kind, "appointment_id": at.id, "message": text }),
    );
}
