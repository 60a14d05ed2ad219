//! Writing hours, with the service's own idea of an overlap: plain clock times of one date, ends included, past midnight
//! not understood.

use super::visible;
use crate::answer::Answer;
use crate::clinic::Availability;
use crate::field::{Fields, parse_date};
use crate::visit::Visit;
use axum::http::StatusCode;
use jiff::civil::{Date, Time};
use serde_json::{Value, json};

/// What a request said of a row.
struct Said {
    user: Option<i64>,
    date: Option<Date>,
    start: Option<Time>,
    end: Option<Time>,
    available: Option<bool>,
}

fn read(visit: &Visit<'_>, partial: bool) -> Result<Said, Answer> {
    let mut fields = Fields::new(&visit.call.sent, partial);
    let said = Said {
        date: fields.date("date", true),
        start: fields.time("start_time", true),
        end: fields.time("end_time", true),
        available: fields.flag("is_available"),
        user: fields
            .reference("user", true, |id| visit.clinic.users.contains_key(&id))
            .flatten(),
    };
    fields
        .refused
        .into_body()
        .map_or(Ok(said), |body| Err(Answer::bad(body)))
}

fn non_field(text: &str) -> Answer {
    Answer::field("non_field_errors", text)
}

/// The service's checks. It looks at the times as sent, also where a change left one out, which is how a change of one
/// time alone breaks it down.
fn check(visit: &Visit<'_>, said: &Said, old: Option<&Availability>) -> Result<(), Answer> {
    let (Some(user), Some(date)) = (
        said.user.or(old.map(|row| row.user)),
        said.date.or(old.map(|row| row.date)),
    ) else {
        return Ok(());
    };
    let available = said.available.or(old.map(|row| row.available)).unwrap_or(true);
    let others: Vec<&Availability> = visit
        .clinic
        .availabilities
        .values()
        .filter(|row| row.user == user && row.date == date && old.is_none_or(|old| old.id != row.id))
        .collect();
    if others
        .iter()
        .any(|row| Some(row.start) == said.start && Some(row.end) == said.end)
    {
        return Err(non_field(
            "The fields user, date, start_time, end_time must make a unique set.",
        ));
    }
    if said.start == said.end {
        return Err(non_field("Start time and end time cannot be the same"));
    }
    if others.is_empty() {
        return Ok(());
    }
    let (Some(start), Some(end)) = (said.start, said.end) else {
        return Err(Answer::server_error());
    };
    if others
        .iter()
        .any(|row| row.available == available && row.start <= end && row.end >= start)
    {
        return Err(non_field("This time slot overlaps with another availability slot"));
    }
    Ok(())
}

pub(super) fn create(visit: &mut Visit<'_>) -> Answer {
    let said = match read(visit, false).and_then(|said| check(visit, &said, None).map(|()| said)) {
        Ok(said) => said,
        Err(answer) => return answer,
    };
    let (Some(user), Some(date), Some(start), Some(end)) = (said.user, said.date, said.start, said.end) else {
        return Answer::server_error();
    };
    if !visit.operator() && user != visit.me {
        return Answer::detail(StatusCode::FORBIDDEN, "You can only manage your own availability");
    }
    let whose = visit.clinic.user(user);
    if !whose.active {
        let name = whose.name();
        return Answer::bad(json!([format!(
            "Cannot create availability for {name}. This staff account is currently disabled. Please contact an \
             administrator to reactivate the account."
        )]));
    }
    Answer::created(add(visit, user, date, start, end, said.available.unwrap_or(true)))
}

fn add(visit: &mut Visit<'_>, user: i64, date: Date, start: Time, end: Time, available: bool) -> Value {
    let id = visit.clinic.next("availability");
    let row = Availability {
        id,
        user,
        date,
        start,
        end,
        available,
    };
    let shown = row.row(visit.clinic.user(user));
    visit.clinic.availabilities.insert(id, row);
    shown
}

pub(super) fn replace(visit: &mut Visit<'_>) -> Answer {
    write(visit, false)
}

pub(super) fn change(visit: &mut Visit<'_>) -> Answer {
    write(visit, true)
}

/// An owner may hand the row to somebody else: the service does not look.
fn write(visit: &mut Visit<'_>, partial: bool) -> Answer {
    let Some(old) = visit
        .clinic
        .availabilities
        .get(&visit.call.id())
        .filter(|row| visible(visit, row))
        .cloned()
    else {
        return Answer::not_found();
    };
    let said = match read(visit, partial).and_then(|said| check(visit, &said, Some(&old)).map(|()| said)) {
        Ok(said) => said,
        Err(answer) => return answer,
    };
    let row = Availability {
        id: old.id,
        user: said.user.unwrap_or(old.user),
        date: said.date.unwrap_or(old.date),
        start: said.start.unwrap_or(old.start),
        end: said.end.unwrap_or(old.end),
        available: said.available.unwrap_or(old.available),
    };
    let shown = row.row(visit.clinic.user(row.user));
    visit.clinic.availabilities.insert(row.id, row);
    Answer::ok(shown)
}

pub(super) fn delete(visit: &mut Visit<'_>) -> Answer {
    let id = visit.call.id();
    if visit
        .clinic
        .availabilities
        .get(&id)
        .is_none_or(|row| !visible(visit, row))
    {
        return Answer::not_found();
    }
    visit.clinic.availabilities.remove(&id);
    Answer::no_content()
}

/// Several at once, with rules of its own: `HH:MM` only, and none past midnight.
pub(super) fn several(visit: &mut Visit<'_>) -> Answer {
    let sent = visit.call.sent.clone();
    let slots = sent
        .get("slots")
        .and_then(Value::as_array)
        .filter(|slots| !slots.is_empty());
    let date = sent.get("date").and_then(Value::as_str).and_then(parse_date);
    let (Some(slots), Some(date)) = (slots, date) else {
        return Answer::error(StatusCode::BAD_REQUEST, "Date and slots are required");
    };
    let user = sent.get("user_id").and_then(Value::as_i64).unwrap_or(visit.me);
    if !visit.operator() && user != visit.me {
        return Answer::error(StatusCode::FORBIDDEN, "You can only manage your own availability");
    }
    if !visit.clinic.users.contains_key(&user) {
        return Answer::server_error();
    }
    let (mut made, mut errors) = (Vec::new(), Vec::new());
    for slot in slots {
        match one_of_several(visit, slot, user, date) {
            Ok(row) => made.push(row),
            Err(text) => errors.push(text),
        }
    }
    let any = !made.is_empty();
    let body = json!({ "created_slots": made, "errors": errors });
    if any { Answer::created(body) } else { Answer::bad(body) }
}

fn one_of_several(visit: &mut Visit<'_>, slot: &Value, user: i64, date: Date) -> Result<Value, String> {
    let time = |name: &str| {
        let text = slot.get(name).and_then(Value::as_str).unwrap_or_default();
        hours_and_minutes(text).ok_or_else(|| {
            let rest = text.get(5..).unwrap_or_default();
            format!("Invalid time format in slot: unconverted data remains: {rest}")
        })
    };
    let (start, end) = (time("start_time")?, time("end_time")?);
    let available = slot.get("is_available").and_then(Value::as_bool).unwrap_or(true);
    let printed = |time: Time| time.strftime("%H:%M:%S").to_string();
    if start >= end {
        return Err(format!(
            "Start time {} must be before end time {}",
            printed(start),
            printed(end)
        ));
    }
    let overlaps = visit.clinic.availabilities.values().any(|row| {
        row.user == user && row.date == date && row.available == available && row.start < end && row.end > start
    });
    if overlaps {
        return Err(format!(
            "Time slot {}-{} overlaps with existing slot",
            printed(start),
            printed(end)
        ));
    }
    Ok(add(visit, user, date, start, end, available))
}

/// Strictly `HH:MM`.
pub(super) fn hours_and_minutes(text: &str) -> Option<Time> {
    if text.len() > 5 {
        None
    } else {
        crate::field::parse_time(text)
    }
}
