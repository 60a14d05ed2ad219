//! `POST /v1/payments`: money received, or a reversal. Never changed afterwards.

use super::act::Act;
use super::body::{Raw, json};
use super::problem::Fault;
use crate::app::App;
use crate::write;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use clinic::Payment;
use clinic::wire::{Problem, Written};
use deskbell_clinic as clinic;

/// Record a payment.
#[utoipa::path(post, path = "/v1/payments",
    params(
        ("Idempotency-Key" = Uuid, Header, description = "the act's id"),
        ("X-Device-Id" = Option<Uuid>, Header, description = "the desk; the session's when left out"),
    ),
    request_body = Payment,
    responses(
        (status = 201, body = Written),
        (status = 403, body = Problem, description = "forbidden"),
        (status = 412, body = Problem, description = "version_mismatch: there is a payment with this id"),
        (status = 422, body = Problem, description = "invalid, key_reused"),
        (status = 428, body = Problem, description = "precondition_required"),
    ),
)]
pub(super) async fn record(State(app): State<App>, act: Act, Raw(body): Raw) -> Result<Response, Fault> {
    let payment: Payment = json(&body)?;
    act.perform(&app, &body, None, move |writing, actor| {
        write::pay(writing, actor, payment).map(|row| (StatusCode::CREATED, row))
    })
    .await
}
