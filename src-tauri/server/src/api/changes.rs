//! `GET /v1/changes`: everything that an account may see, and then what changes.

use super::body::Asked;
use super::problem::Fault;
use super::viewer::Viewer;
use crate::app::App;
use crate::feed;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use clinic::wire::{ChangesPage, ChangesQuery, Problem};
use deskbell_clinic as clinic;

/// Changes in commit order, of all kinds that this account may see.
#[utoipa::path(get, path = "/v1/changes", params(ChangesQuery), responses(
    (status = 200, body = ChangesPage),
    (status = 400, body = Problem, description = "bad_request"),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 410, body = Problem, description = "cursor_expired: start again without a cursor"),
))]
pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Asked(query): Asked<ChangesQuery>,
) -> Result<([(HeaderName, &'static str); 1], Json<ChangesPage>), Fault> {
    let now = app.store.clock().now();
    let page = app
        .store
        .read(move |connection| feed::page(connection, &viewer.session.account, &query, now))
        .await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}
