//! What a write must pass before it is one: who may, whether it is sound, whether the slot is free. All inside the
//! write's own transaction, so what was checked still holds when it commits.

mod booking;
mod payment;
mod permit;
mod slot;
mod step;
mod stranded;
mod valid;

use crate::api::act::Precondition;
use crate::api::problem::Fault;
use crate::store::audit::Entry;
use crate::store::row::{self, Stored};
use crate::store::{Writing, account, meta, reference};
use axum::http::StatusCode;
use clinic::wire::ProblemCode;
use clinic::{Actor, Calendar, Kind, Row};
use deskbell_clinic as clinic;
pub(crate) use payment::pay;
pub(crate) use step::step;
use uuid::Uuid;

/// Writes a row as it is to be.
pub(crate) fn put(
    writing: &Writing<'_>,
    actor: &Actor,
    mut row: Row,
    precondition: Precondition,
) -> Result<(StatusCode, Stored), Fault> {
    let (kind, id) = (row.kind(), row.id());
    permit::kind(actor, kind)?;
    let current = row::stored(writing.reading(), kind, id)?;
    precondition.check(current.as_ref(), actor)?;
    let before = current.as_ref().map_or(Ok(None), Stored::row)?;
    permit::rows(actor, before.iter().chain([&row]))?;
    valid::check(writing.reading(), &row)?;
    if let Row::Appointment(appointment) = &mut row {
        let before = match &before {
            Some(Row::Appointment(before)) => Some(before),
            _ => None,
        };
        booking::settle(writing, actor, appointment, before)?;
    }
    let covered = stranded::covered_by(writing, before.as_ref(), Some(&row))?;
    let stored = writing.put(&row)?;
    writing.audit(Entry {
        act: "put",
        row: Some((kind, id)),
        before: current.as_ref().and_then(|current| current.body.as_ref()),
        after: stored.body.as_ref(),
        reason: None,
    })?;
    covered.tell_desk(writing)?;
    if let Row::Appointment(appointment) = &row {
        stranded::settle(writing, appointment)?;
    }
    let status = if before.is_some() {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, stored))
}

/// Deletes a row.
pub(crate) fn delete(
    writing: &Writing<'_>,
    actor: &Actor,
    kind: Kind,
    id: Uuid,
    precondition: Precondition,
) -> Result<Stored, Fault> {
    permit::kind(actor, kind)?;
    if kind == Kind::Clinic {
        return Err(Fault::forbidden("The clinic itself cannot be deleted."));
    }
    let current = row::stored(writing.reading(), kind, id)?;
    precondition.check(current.as_ref(), actor)?;
    let before = current.as_ref().map_or(Ok(None), Stored::row)?;
    permit::rows(actor, before.iter())?;
    refuse_in_use(writing, kind, id)?;
    let covered = stranded::covered_by(writing, before.as_ref(), None)?;
    let stored = writing.delete(kind, id)?.ok_or_else(Fault::not_found)?;
    writing.audit(Entry {
        act: "delete",
        row: Some((kind, id)),
        before: current.as_ref().and_then(|current| current.body.as_ref()),
        after: None,
        reason: None,
    })?;
    covered.tell_desk(writing)?;
    Ok(stored)
}

fn refuse_in_use(writing: &Writing<'_>, kind: Kind, id: Uuid) -> Result<(), Fault> {
    let mut users: Vec<String> = reference::referrers(writing.reading(), kind, id)?
        .into_iter()
        .map(|(kind, count)| format!("{count} × {kind}"))
        .collect();
    if kind == Kind::Staff && account::is_of_staff(writing.reading(), id)? {
        users.push("a sign-in account".into());
    }
    if users.is_empty() {
        return Ok(());
    }
    Err(
        Fault::new(StatusCode::CONFLICT, ProblemCode::InUse, "Other rows still refer to it")
            .detail(format!("In use by {}.", users.join(", "))),
    )
}

/// The clinic's days and hours.
fn calendar(writing: &Writing<'_>) -> Result<Calendar, Fault> {
    let clinic = meta::clinic(writing.reading())?;
    Calendar::new(&clinic.zone, clinic.opening_hours).map_err(|error| {
        crate::store::StoreError::Broken {
            kind: "clinic",
            why: error.to_string(),
        }
        .into()
    })
}
