//! The sync API over HTTP: routes, limits, and one shape for every error.

mod access;
mod accounts;
pub(crate) mod act;
mod body;
mod changes;
mod exports;
mod hints;
mod history;
pub(crate) mod limits;
mod log;
mod payments;
pub(crate) mod problem;
mod rows;
mod session;
mod steps;
mod viewer;

use crate::app::App;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use problem::Fault;
use std::time::Duration;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body that is read: an appointment is some 2 kB.
const LARGEST_BODY: usize = 256 * 1024;

/// The longest that an answer may take to begin.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

#[derive(OpenApi)]
#[openapi(info(
    title = "Deskbell sync API",
    description = "A clinic's availability and appointments, as changes in commit order.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
))]
struct Description;

/// All routes, and their description.
pub(crate) fn router(app: App) -> Router {
    let (routes, description) = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(session::begin, session::show, session::end))
        .routes(routes!(session::renew))
        .routes(routes!(access::list))
        .routes(routes!(access::revoke))
        .routes(routes!(accounts::list, accounts::invite))
        .routes(routes!(accounts::reset))
        .routes(routes!(accounts::disable))
        .routes(routes!(accounts::enable))
        .routes(routes!(accounts::set_role))
        .routes(routes!(changes::list))
        .routes(routes!(hints::stream))
        .routes(routes!(rows::put, rows::delete))
        .routes(routes!(steps::take))
        .routes(routes!(history::show))
        .routes(routes!(exports::record))
        .routes(routes!(payments::record))
        .split_for_parts();
    routes
        .route("/v1/openapi.json", get(move || async move { Json(description) }))
        .fallback(async || {
            Fault::new(
                StatusCode::NOT_FOUND,
                deskbell_clinic::wire::ProblemCode::NotFound,
                "There is no such address in this API",
            )
        })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            LONGEST_ANSWER,
        ))
        .layer(axum::middleware::map_response(problem::dress))
        .layer(axum::middleware::from_fn(log::answered))
        .layer(CompressionLayer::new())
        .with_state(app)
}
