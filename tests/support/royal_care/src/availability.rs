//! Hours on offer. Nothing here is told to any socket: whoever wants to know must ask again.

mod free;
mod write;

use crate::answer::Answer;
use crate::clinic::Availability;
use crate::field::parse_date;
use crate::visit::{Call, Door, Endpoint, Visit};
use serde_json::Value;
use std::cmp::Ordering;

const LIST: &str = "GET, POST, HEAD, OPTIONS";
const ONE: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "/api/scheduling/availabilities/",
        allow: LIST,
        door: Door::SignedIn,
        acts: &[("GET", list), ("POST", write::create)],
    },
    Endpoint {
        path: "/api/scheduling/availabilities/{id}/",
        allow: ONE,
        door: Door::SignedIn,
        acts: &[
            ("GET", one),
            ("PUT", write::replace),
            ("PATCH", write::change),
            ("DELETE", write::delete),
        ],
    },
    Endpoint {
        path: "/api/scheduling/availabilities/bulk_create/",
        allow: "POST, OPTIONS",
        door: Door::SignedIn,
        acts: &[("POST", write::several)],
    },
    Endpoint {
        path: "/api/scheduling/availabilities/available_therapists/",
        allow: "GET, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", free::therapists)],
    },
    Endpoint {
        path: "/api/scheduling/availabilities/available_drivers/",
        allow: "GET, HEAD, OPTIONS",
        door: Door::SignedIn,
        acts: &[("GET", free::drivers)],
    },
];

/// Whether the caller may know of the row: operators of all, the others of their own.
fn visible(visit: &Visit<'_>, row: &Availability) -> bool {
    visit.operator() || row.user == visit.me
}

fn list(visit: &mut Visit<'_>) -> Answer {
    let call = visit.call;
    let day = |name: &str| match call.query(name) {
        None => Ok(None),
        Some(text) => parse_date(text)
            .map(Some)
            .ok_or_else(|| Answer::field(name, "Enter a valid date.")),
    };
    let (date, after, before) = match (day("date"), day("date_after"), day("date_before")) {
        (Ok(date), Ok(after), Ok(before)) => (date, after, before),
        (Err(answer), ..) | (_, Err(answer), _) | (.., Err(answer)) => return answer,
    };
    let user = match call.query("user").map(|text| {
        text.parse::<i64>()
            .ok()
            .filter(|id| visit.clinic.users.contains_key(id))
    }) {
        Some(None) => {
            return Answer::field(
                "user",
                "Select a valid choice. That choice is not one of the available choices.",
            );
        }
        known => known.flatten(),
    };
    let staff = match call.query("staff_id").map(str::parse::<i64>) {
        Some(Err(_)) => return Answer::server_error(),
        known => known.and_then(Result::ok),
    };
    if call
        .query("ordering")
        .is_some_and(|order| order.trim_start_matches('-') == "created_at")
    {
        return Answer::server_error();
    }
    let available = call.query("is_available").map(|word| word.eq_ignore_ascii_case("true"));
    let mut rows: Vec<&Availability> = visit
        .clinic
        .availabilities
        .values()
        .filter(|row| visible(visit, row))
        .filter(|row| date.is_none_or(|date| row.date == date))
        .filter(|row| after.is_none_or(|after| row.date >= after) && before.is_none_or(|before| row.date <= before))
        .filter(|row| user.is_none_or(|user| row.user == user) && staff.is_none_or(|staff| row.user == staff))
        .filter(|row| available.is_none_or(|available| row.available == available))
        .collect();
    rows.sort_by(|one, other| order(call, one, other));
    Answer::ok(Value::Array(
        rows.iter().map(|row| row.row(visit.clinic.user(row.user))).collect(),
    ))
}

fn order(call: &Call, one: &Availability, other: &Availability) -> Ordering {
    let (word, down) = match call.query("ordering") {
        Some(word) => (word.trim_start_matches('-'), word.starts_with('-')),
        None => ("", false),
    };
    let by = match word {
        "date" => one.date.cmp(&other.date),
        "start_time" => one.start.cmp(&other.start),
        "end_time" => one.end.cmp(&other.end),
        _ => return other.date.cmp(&one.date).then(one.start.cmp(&other.start)),
    };
    if down { by.reverse() } else { by }
}

fn one(visit: &mut Visit<'_>) -> Answer {
    match visit
        .clinic
        .availabilities
        .get(&visit.call.id())
        .filter(|row| visible(visit, row))
    {
        Some(row) => Answer::ok(row.row(visit.clinic.user(row.user))),
        None => Answer::not_found(),
    }
}
