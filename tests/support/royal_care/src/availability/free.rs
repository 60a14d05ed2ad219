//! Who is free at a time. The times in the answer are the first row of the day, not the row that matched.

use super::write::hours_and_minutes;
use crate::answer::Answer;
use crate::clinic::{Availability, Role};
use crate::field::parse_date;
use crate::visit::Visit;
use axum::http::StatusCode;
use jiff::civil::{Date, Time};
use serde_json::{Value, json};

/// The only states in which a booking counts as a conflict.
const HELD: [&str; 3] = ["pending", "confirmed", "in_progress"];

pub(super) fn therapists(visit: &mut Visit<'_>) -> Answer {
    free(visit, Role::Therapist)
}

pub(super) fn drivers(visit: &mut Visit<'_>) -> Answer {
    free(visit, Role::Driver)
}

fn free(visit: &Visit<'_>, role: Role) -> Answer {
    let call = visit.call;
    let (Some(date), Some(start), Some(end)) = (call.query("date"), call.query("start_time"), call.query("end_time"))
    else {
        return Answer::error(StatusCode::BAD_REQUEST, "Date, start time and end time are required");
    };
    let (Some(date), Some(start), Some(end)) = (parse_date(date), hours_and_minutes(start), hours_and_minutes(end))
    else {
        let text = "Invalid date or time format. Use YYYY-MM-DD for date and HH:MM for time";
        return Answer::error(StatusCode::BAD_REQUEST, text);
    };
    let wanted =
        |field: &str, has: &Option<String>| call.query(field).is_none_or(|wanted| has.as_deref() == Some(wanted));
    let rows = visit
        .clinic
        .users
        .values()
        .filter(|user| user.role == role)
        .filter(|user| wanted("specialization", &user.specialization) && wanted("massage_pressure", &user.pressure))
        .filter(|user| offers(visit, user.id, date, start, end) && !booked(visit, user.id, role, date, start, end))
        .filter_map(|user| {
            let first = first_row(visit, user.id, date)?;
            let time = |time: Time| time.strftime("%H:%M").to_string();
            let mut row = json!({
                "id": user.id, "first_name": user.first_name, "last_name": user.last_name, "email": user.email,
                "role": role.word(), "start_time": time(first.start), "end_time": time(first.end),
                "is_available": true, "availability_date": date.to_string(), "is_cross_day": false,
            });
            if role == Role::Therapist {
                row["specialization"] = json!(user.specialization);
                row["massage_pressure"] = json!(user.pressure);
            } else {
                row["motorcycle_plate"] = json!(user.plate);
            }
            Some(row)
        })
        .collect();
    Answer::ok(Value::Array(rows))
}

/// The first row of the day, whatever it offers.
fn first_row<'a>(visit: &'a Visit<'_>, user: i64, date: Date) -> Option<&'a Availability> {
    let rows = visit.clinic.availabilities.values();
    rows.filter(|row| row.user == user && row.date == date && row.available)
        .min_by_key(|row| row.start)
}

/// Whether hours of the day, or what of the day before runs past midnight, hold the time.
fn offers(visit: &Visit<'_>, user: i64, date: Date, start: Time, end: Time) -> bool {
    visit
        .clinic
        .availabilities
        .values()
        .filter(|row| row.user == user && row.available)
        .any(|row| {
            let past_midnight = row.end < row.start;
            let same_day = row.date == date && row.start <= start && (past_midnight || row.end >= end);
            let day_after = past_midnight && row.date.tomorrow().is_ok_and(|after| after == date) && end <= row.end;
            same_day || day_after
        })
}

/// Members of a group are not seen as booked.
fn booked(visit: &Visit<'_>, user: i64, role: Role, date: Date, start: Time, end: Time) -> bool {
    visit.clinic.appointments.values().any(|row| {
        let assigned = if role == Role::Therapist {
            row.therapist
        } else {
            row.driver
        };
        assigned == Some(user) && row.date == date && HELD.contains(&row.status) && row.start < end && row.end > start
    })
}
