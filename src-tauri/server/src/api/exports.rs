//! `POST /v1/exports`.

use super::body::{Raw, json};
use super::problem::Fault;
use super::viewer::Viewer;
use crate::app::App;
use crate::store::Author;
use crate::store::audit::Entry;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use clinic::Kind;
use clinic::wire::{Export, ExportRecorded, Problem};
use deskbell_clinic as clinic;

/// Record that a day's bookings are about to be printed or saved.
#[utoipa::path(post, path = "/v1/exports", request_body = Export, responses(
    (status = 201, body = ExportRecorded),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: others' days are for the desk"),
    (status = 422, body = Problem, description = "invalid"),
))]
pub(super) async fn record(
    State(app): State<App>,
    viewer: Viewer,
    Raw(body): Raw,
) -> Result<(StatusCode, Json<ExportRecorded>), Fault> {
    let export: Export = json(&body)?;
    let actor = viewer.actor();
    let own = export.staff.is_some() && export.staff == actor.staff;
    if !actor.role.is_desk() && !own {
        return Err(Fault::forbidden("Others' days are printed and saved at the desk."));
    }
    let author = Author {
        account: Some(actor.account),
        device: Some(viewer.device),
        ..Author::default()
    };
    app.store
        .write(author, move |writing| {
            let what = serde_json::json!(export);
            writing.audit(Entry {
                act: "export",
                row: export.staff.map(|staff| (Kind::Staff, staff.uuid())),
                after: Some(&what),
                ..Entry::default()
            })?;
            Ok::<_, Fault>((StatusCode::CREATED, Json(ExportRecorded { at: writing.now })))
        })
        .await
}
