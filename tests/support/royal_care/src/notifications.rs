//! What a person has been told: rows of their own. Its count of unread ones is the cheapest sign that something happened.

use crate::answer::Answer;
use crate::clinic::{Clinic, Notification};
use crate::clock::over_http;
use crate::page::{Shape, page};
use crate::visit::{Door, Endpoint, Visit};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Without a filter no older ones are shown, and none counted.
const NEWEST: usize = 100;

const ONE: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/scheduling/notifications/",
        allow: "GET, POST, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", list)],
    },
    Endpoint {
        path: "/api/scheduling/notifications/debug_all/",
        allow: "GET, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", debug_all)],
    },
    Endpoint {
        path: "/api/scheduling/notifications/mark_all_as_read/",
        allow: "POST, OPTIONS",
        door: Door::SignedIn,
        acts: &[("POST", read_all)],
    },
    Endpoint {
        path: "/api/scheduling/notifications/{id}/",
        allow: ONE,
        door: Door::SignedIn,
        acts: &[("GET", one), ("PATCH", change), ("DELETE", delete)],
    },
    Endpoint {
        path: "/api/scheduling/notifications/{id}/mark_as_read/",
        allow: "POST, OPTIONS",
        door: Door::SignedIn,
        acts: &[("POST", read)],
    },
    Endpoint {
        path: "/api/scheduling/notifications/{id}/mark_as_unread/",
        allow: "POST, OPTIONS",
        door: Door::SignedIn,
        acts: &[("POST", unread)],
    },
];

fn row(clinic: &Clinic, notice: &Notification) -> Value {
    let user = clinic.user(notice.user);
    let about = clinic.appointments.get(&notice.appointment).map(|appointment| {
        json!({ "id": appointment.id, "date": appointment.date.to_string(), "status": appointment.status })
    });
    json!({
        "id": notice.id, "user": notice.user, "appointment": notice.appointment, "notification_type": notice.kind,
        "message": notice.message, "is_read": notice.read, "created_at": over_http(notice.created),
        "rejection": notice.rejection, "appointment_info": about,
        "user_info": { "id": user.id, "username": user.username, "first_name": user.first_name, "last_name": user.last_name },
    })
}

fn list(visit: &mut Visit<'_>) -> Answer {
    let call = visit.call;
    let read = call.query("is_read").map(|word| word.eq_ignore_ascii_case("true"));
    let kind = call.query("notification_type");
    let search = call.query("search").map(str::to_lowercase);
    let filtered = read.is_some() || kind.is_some() || search.is_some();
    let mine: Vec<&Notification> = visit
        .clinic
        .notifications
        .values()
        .rev()
        .filter(|row| row.user == visit.me)
        .collect();
    let unread = mine.iter().filter(|row| !row.read).count();
    let rows: Vec<&Notification> = mine
        .into_iter()
        .filter(|row| read.is_none_or(|read| row.read == read) && kind.is_none_or(|kind| row.kind == kind))
        .filter(|row| {
            search
                .as_ref()
                .is_none_or(|text| row.message.to_lowercase().contains(text))
        })
        .take(if filtered { usize::MAX } else { NEWEST })
        .collect();
    page(
        call,
        &rows,
        Shape::Plain,
        |notice| row(visit.clinic, notice),
        |rows| json!({ "notifications": rows, "unreadCount": unread }),
    )
}

fn debug_all(_: &mut Visit<'_>) -> Answer {
    let body = json!({
        "error": "Cannot create distinct fields once a slice has been taken.", "notifications": [], "total_count": 0,
        "unread_count": 0, "debug": true, "message": "Debug endpoint failed",
    });
    Answer::json(StatusCode::INTERNAL_SERVER_ERROR, body)
}

/// The caller's own row that the address names.
fn named<'a>(visit: &'a mut Visit<'_>) -> Option<&'a mut Notification> {
    let me = visit.me;
    visit
        .clinic
        .notifications
        .get_mut(&visit.call.id())
        .filter(|row| row.user == me)
}

fn one(visit: &mut Visit<'_>) -> Answer {
    match named(visit).cloned() {
        Some(notice) => Answer::ok(row(visit.clinic, &notice)),
        None => Answer::not_found(),
    }
}

fn change(visit: &mut Visit<'_>) -> Answer {
    let read = visit.call.sent.get("is_read").and_then(Value::as_bool);
    match named(visit) {
        None => Answer::not_found(),
        Some(notice) => {
            notice.read = read.unwrap_or(notice.read);
            let notice = notice.clone();
            Answer::ok(row(visit.clinic, &notice))
        }
    }
}

fn delete(visit: &mut Visit<'_>) -> Answer {
    match named(visit).map(|notice| notice.id) {
        None => Answer::not_found(),
        Some(id) => {
            visit.clinic.notifications.remove(&id);
            Answer::no_content()
        }
    }
}

fn mark(visit: &mut Visit<'_>, read: bool) -> Answer {
    match named(visit) {
        None => Answer::not_found(),
        Some(notice) => {
            notice.read = read;
            Answer::ok(json!({ "status": if read { "marked as read" } else { "marked as unread" } }))
        }
    }
}

fn read(visit: &mut Visit<'_>) -> Answer {
    mark(visit, true)
}

fn unread(visit: &mut Visit<'_>) -> Answer {
    mark(visit, false)
}

fn read_all(visit: &mut Visit<'_>) -> Answer {
    let me = visit.me;
    let mut marked = 0;
    for notice in visit
        .clinic
        .notifications
        .values_mut()
        .filter(|row| row.user == me && !row.read)
    {
        notice.read = true;
        marked += 1;
    }
    Answer::ok(json!({ "status": format!("marked {marked} notifications as read") }))
}
