//! The lists of bookings: pages of at most 200 rows, bare arrays, and filters that break down on some words.

use super::row::{Appointment, STATUSES, row};
use super::scope::{named, visible_to};
use crate::answer::Answer;
use crate::clock::manila_day;
use crate::field::{parse_date, parse_time};
use crate::page::{Shape, page};
use crate::visit::Visit;
use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::Value;

/// Filters that the service has, applied to what the caller meets. Newest first.
fn filtered(visit: &Visit<'_>) -> Result<Vec<Appointment>, Answer> {
    let call = visit.call;
    let no_choice = |field: &str| {
        Answer::field(
            field,
            "Select a valid choice. That choice is not one of the available choices.",
        )
    };
    let day = |name: &str| match call.query(name) {
        None => Ok(None),
        Some(text) => parse_date(text)
            .map(Some)
            .ok_or_else(|| Answer::field(name, "Enter a valid date.")),
    };
    let time = |name: &str| match call.query(name) {
        None => Ok(None),
        Some(text) => parse_time(text)
            .map(Some)
            .ok_or_else(|| Answer::field(name, "Enter a valid time.")),
    };
    let person = |name: &str| match call.query(name) {
        None => Ok(None),
        Some(text) => {
            let known = text.parse().ok().filter(|id| visit.clinic.users.contains_key(id));
            known.map(Some).ok_or_else(|| no_choice(name))
        }
    };
    if let Some(status) = call.query("status").filter(|status| !STATUSES.contains(status)) {
        let text = format!("Select a valid choice. {status} is not one of the available choices.");
        return Err(Answer::field("status", text));
    }
    let ordering = call.query("ordering").unwrap_or("-created_at");
    if ordering.trim_start_matches('-') == "appointment_date" {
        return Err(Answer::server_error());
    }
    let (date, after, before) = (day("date")?, day("date_after")?, day("date_before")?);
    let (from, until) = (time("start_time_after")?, time("start_time_before")?);
    let (therapist, driver, operator) = (person("therapist")?, person("driver")?, person("operator")?);
    let among = |name: &str, value: &str| {
        call.query(name)
            .is_none_or(|list| list.split(',').any(|word| word == value))
    };
    let client_name = call.query("client_name").map(str::to_lowercase);
    let search = call.query("search").map(str::to_lowercase);
    let client = |row: &Appointment| {
        visit
            .clinic
            .clients
            .get(&row.client)
            .map(|client| client.name().to_lowercase())
    };
    let named_like = |row: &Appointment, text: &String| client(row).is_some_and(|name| name.contains(text.as_str()));
    let mut rows: Vec<Appointment> = visit
        .clinic
        .appointments
        .values()
        .filter(|row| visible_to(visit.clinic, visit.me, row))
        .filter(|row| call.query("status").is_none_or(|status| row.status == status))
        .filter(|row| {
            call.query("payment_status")
                .is_none_or(|status| row.payment_status == status)
        })
        .filter(|row| among("status__in", row.status) && among("payment_status__in", row.payment_status))
        .filter(|row| date.is_none_or(|date| row.date == date))
        .filter(|row| after.is_none_or(|after| row.date >= after) && before.is_none_or(|before| row.date <= before))
        .filter(|row| from.is_none_or(|from| row.start >= from) && until.is_none_or(|until| row.start <= until))
        .filter(|row| therapist.is_none_or(|id| row.therapist == Some(id)))
        .filter(|row| driver.is_none_or(|id| row.driver == Some(id)))
        .filter(|row| operator.is_none_or(|id| row.operator == Some(id)))
        .filter(|row| client_name.as_ref().is_none_or(|text| named_like(row, text)))
        .filter(|row| {
            search
                .as_ref()
                .is_none_or(|text| named_like(row, text) || row.location.to_lowercase().contains(text))
        })
        .cloned()
        .collect();
    match ordering.trim_start_matches('-') {
        "status" => rows.sort_by_key(|row| row.status),
        _ => rows.sort_by_key(|row| (row.created, row.id)),
    }
    if ordering.starts_with('-') || !matches!(ordering, "created_at" | "status") {
        rows.reverse();
    }
    Ok(rows)
}

fn shown(visit: &Visit<'_>, rows: &[Appointment]) -> Vec<Value> {
    rows.iter().map(|at| row(visit.clinic, at, visit.now)).collect()
}

fn paged(visit: &Visit<'_>, keep: impl Fn(&Appointment) -> bool) -> Answer {
    match filtered(visit) {
        Err(answer) => answer,
        Ok(mut rows) => {
            rows.retain(keep);
            let show = |at: &Appointment| row(visit.clinic, at, visit.now);
            page(visit.call, &rows, Shape::Appointments, show, Value::Array)
        }
    }
}

fn bare(visit: &Visit<'_>, keep: impl Fn(&Appointment) -> bool) -> Answer {
    match filtered(visit) {
        Err(answer) => answer,
        Ok(mut rows) => {
            rows.retain(keep);
            rows.sort_by_key(|row| (row.date, row.start, row.id));
            Answer::ok(Value::Array(shown(visit, &rows)))
        }
    }
}

pub(super) fn all(visit: &mut Visit<'_>) -> Answer {
    paged(visit, |_| true)
}

pub(super) fn one(visit: &mut Visit<'_>) -> Answer {
    match named(visit) {
        Ok(at) => Answer::ok(row(visit.clinic, &at, visit.now)),
        Err(answer) => answer,
    }
}

pub(super) fn today(visit: &mut Visit<'_>) -> Answer {
    let today = manila_day(visit.now);
    bare(visit, |row| row.date == today)
}

/// Of the next days only what has not begun by the older statuses: the newer ones are missing.
pub(super) fn upcoming(visit: &mut Visit<'_>) -> Answer {
    let today = manila_day(visit.now);
    let last = today.saturating_add(SignedDuration::from_hours(7 * 24));
    bare(visit, |row| {
        (today..=last).contains(&row.date) && matches!(row.status, "pending" | "confirmed")
    })
}

pub(super) fn by_week(visit: &mut Visit<'_>) -> Answer {
    let Some(start) = visit.call.query("week_start").and_then(parse_date) else {
        return Answer::error(
            StatusCode::BAD_REQUEST,
            "week_start is required in the format YYYY-MM-DD",
        );
    };
    let week = start..start.saturating_add(SignedDuration::from_hours(7 * 24));
    bare(visit, |row: &Appointment| week.contains::<Date>(&row.date))
}

pub(super) fn pending(visit: &mut Visit<'_>) -> Answer {
    paged(visit, |row| row.status == "pending")
}

pub(super) fn rejected(visit: &mut Visit<'_>) -> Answer {
    paged(visit, |row| row.status == "rejected")
}

pub(super) fn awaiting_payment(visit: &mut Visit<'_>) -> Answer {
    paged(visit, |row| row.status == "awaiting_payment")
}

/// By age, not by the deadline that was given.
pub(super) fn timeout(visit: &mut Visit<'_>) -> Answer {
    let yesterday = visit.now - SignedDuration::from_hours(24);
    paged(visit, |row| row.status == "pending" && row.created < yesterday)
}

pub(super) fn active_sessions(visit: &mut Visit<'_>) -> Answer {
    paged(visit, |row| row.status == "in_progress")
}

/// By a flag that no request for a pick-up sets.
pub(super) fn pickup_requests(visit: &mut Visit<'_>) -> Answer {
    paged(visit, |row| row.pickup_requested)
}
