//! `POST /v1/appointments/{id}/step`.

use super::act::Act;
use super::body::{Address, Raw, json};
use super::problem::Fault;
use crate::app::App;
use crate::write;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use clinic::AppointmentId;
use clinic::wire::{Problem, StepRequest, Written};
use deskbell_clinic as clinic;
use uuid::Uuid;

/// Move an appointment on, or take the last step back.
#[utoipa::path(post, path = "/v1/appointments/{id}/step",
    params(
        ("id" = Uuid, Path),
        ("Idempotency-Key" = Uuid, Header, description = "the act's id"),
        ("X-Device-Id" = Option<Uuid>, Header, description = "the desk; the session's when left out"),
    ),
    request_body = StepRequest,
    responses(
        (status = 200, body = Written),
        (status = 404, body = Problem, description = "not_found"),
        (status = 409, body = Problem, description = "step_not_allowed, slot_taken"),
        (status = 422, body = Problem, description = "invalid, key_reused"),
        (status = 428, body = Problem, description = "precondition_required"),
    ),
)]
pub(super) async fn take(
    State(app): State<App>,
    Address(id): Address<Uuid>,
    act: Act,
    Raw(body): Raw,
) -> Result<Response, Fault> {
    let request: StepRequest = json(&body)?;
    act.perform(&app, &body, Some(request.acted_at), move |writing, actor| {
        write::step(writing, actor, AppointmentId(id), &request).map(|row| (StatusCode::OK, row))
    })
    .await
}
