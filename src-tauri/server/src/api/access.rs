//! `GET /v1/sessions` and `POST /v1/revocations`: an administrator sees who is signed in where, and takes it back.

use super::body::{Raw, json};
use super::problem::Fault;
use super::viewer::Viewer;
use crate::app::App;
use crate::store::{Author, session};
use axum::Json;
use axum::extract::State;
use clinic::Role;
use clinic::wire::{OpenSession, Problem, Revocation, Revoked};
use deskbell_clinic as clinic;

/// Who is signed in where.
#[utoipa::path(get, path = "/v1/sessions", responses(
    (status = 200, body = Vec<OpenSession>),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
))]
pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> Result<Json<Vec<OpenSession>>, Fault> {
    admits(&viewer)?;
    let now = app.store.clock().now();
    app.store
        .read(move |connection| Ok(session::open(connection, now)?))
        .await
        .map(Json)
}

/// Take a person's access back.
#[utoipa::path(post, path = "/v1/revocations", request_body = Revocation, responses(
    (status = 200, body = Revoked),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
    (status = 404, body = Problem, description = "not_found: there is no such account"),
))]
pub(super) async fn revoke(State(app): State<App>, viewer: Viewer, Raw(body): Raw) -> Result<Json<Revoked>, Fault> {
    admits(&viewer)?;
    let Revocation { login, device_id } = json(&body)?;
    let author = Author {
        account: Some(viewer.session.account.id),
        device: Some(viewer.device),
        ..Author::default()
    };
    app.store
        .write(author, move |writing| {
            match writing.take_access_back(login.trim(), device_id)? {
                Some(sessions) => Ok(Json(Revoked { sessions })),
                None => Err(Fault::not_found()),
            }
        })
        .await
}

fn admits(viewer: &Viewer) -> Result<(), Fault> {
    match viewer.actor().role {
        Role::Admin => Ok(()),
        _ => Err(Fault::forbidden("Who is signed in where is for administrators.")),
    }
}
