//! `PUT` and `DELETE /v1/{kind}/{id}`.

use super::act::{Act, Precondition};
use super::body::{Address, Raw, json, shape};
use super::problem::Fault;
use crate::app::App;
use crate::write;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use clinic::wire::{FieldProblem, Problem, ProblemCode, Written};
use clinic::{Kind, Row};
use deskbell_clinic as clinic;
use uuid::Uuid;

/// Write a row as it is to be. Its id is made by who creates it.
#[utoipa::path(put, path = "/v1/{kind}/{id}",
    params(
        ("kind" = Kind, Path), ("id" = Uuid, Path),
        ("Idempotency-Key" = Uuid, Header, description = "the act's id"),
        ("If-Match" = Option<String>, Header, description = "\"version\", to change a row"),
        ("If-None-Match" = Option<String>, Header, description = "*, to create one"),
        ("X-Device-Id" = Option<Uuid>, Header, description = "the desk; the session's when left out"),
    ),
    request_body = Object,
    responses(
        (status = 200, body = Written), (status = 201, body = Written),
        (status = 403, body = Problem, description = "forbidden"),
        (status = 404, body = Problem, description = "not_found"),
        (status = 409, body = Problem, description = "slot_taken, step_not_allowed"),
        (status = 412, body = Problem, description = "version_mismatch, with the row as it is"),
        (status = 422, body = Problem, description = "invalid, key_reused"),
        (status = 428, body = Problem, description = "precondition_required"),
    ),
)]
pub(super) async fn put(
    State(app): State<App>,
    Address((kind, id)): Address<(String, Uuid)>,
    act: Act,
    precondition: Precondition,
    Raw(body): Raw,
) -> Result<Response, Fault> {
    let kind = kind_of(&kind)?;
    let row = Row::read(kind, &json(&body)?).map_err(|error| Fault::invalid(vec![unreadable(&error.why)]))?;
    if row.id() != id {
        return Err(Fault::invalid(vec![FieldProblem {
            field: "id".into(),
            message: "is another one than in the address".into(),
        }]));
    }
    act.perform(&app, &body, None, move |writing, actor| {
        write::put(writing, actor, row, precondition)
    })
    .await
}

/// Delete a row.
#[utoipa::path(delete, path = "/v1/{kind}/{id}",
    params(
        ("kind" = Kind, Path), ("id" = Uuid, Path),
        ("Idempotency-Key" = Uuid, Header, description = "the act's id"),
        ("If-Match" = String, Header, description = "\"version\""),
        ("X-Device-Id" = Option<Uuid>, Header, description = "the desk; the session's when left out"),
    ),
    responses(
        (status = 200, body = Written),
        (status = 403, body = Problem, description = "forbidden"),
        (status = 404, body = Problem, description = "not_found"),
        (status = 409, body = Problem, description = "in_use"),
        (status = 412, body = Problem, description = "version_mismatch, with the row as it is"),
        (status = 422, body = Problem, description = "key_reused"),
        (status = 428, body = Problem, description = "precondition_required"),
    ),
)]
pub(super) async fn delete(
    State(app): State<App>,
    Address((kind, id)): Address<(String, Uuid)>,
    act: Act,
    precondition: Precondition,
) -> Result<Response, Fault> {
    let kind = kind_of(&kind)?;
    if precondition == Precondition::New {
        return Err(Fault::bad_request(
            "A row that is not there cannot be deleted: send If-Match.",
        ));
    }
    act.perform(&app, &[], None, move |writing, actor| {
        write::delete(writing, actor, kind, id, precondition).map(|row| (StatusCode::OK, row))
    })
    .await
}

fn kind_of(text: &str) -> Result<Kind, Fault> {
    text.parse().map_err(|_| {
        Fault::new(
            StatusCode::NOT_FOUND,
            ProblemCode::NotFound,
            "There is no such kind of row",
        )
    })
}

fn unreadable(why: &str) -> FieldProblem {
    let named = why
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
        .unwrap_or_default();
    FieldProblem {
        field: named.to_owned(),
        message: shape(why),
    }
}
