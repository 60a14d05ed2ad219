//! `GET /v1/appointments/{id}/history`.

use super::body::Address;
use super::problem::Fault;
use super::viewer::Viewer;
use crate::app::App;
use crate::history;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use clinic::AppointmentId;
use clinic::wire::{AppointmentHistory, Problem};
use deskbell_clinic as clinic;
use uuid::Uuid;

/// Who did what with an appointment, when, and from which desk: the newest 200 acts that this account may know of.
#[utoipa::path(get, path = "/v1/appointments/{id}/history",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = AppointmentHistory),
        (status = 401, body = Problem, description = "not_signed_in"),
        (status = 404, body = Problem, description = "not_found"),
    ),
)]
pub(super) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Address(id): Address<Uuid>,
) -> Result<([(HeaderName, &'static str); 1], Json<AppointmentHistory>), Fault> {
    let actor = viewer.actor();
    let history = app
        .store
        .read(move |connection| history::of_appointment(connection, &actor, AppointmentId(id)))
        .await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(history)))
}
