//! One line an answer: which route, how it ended, how long it took. Never an address's ids, a query or a body.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;

/// Logs an answer: what went well only when debugging, what was refused always.
pub(super) async fn answered(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    let status = response.status().as_u16();
    let duration_ms = begun.elapsed().as_secs_f64() * 1000.0;
    match status {
        500.. => tracing::warn!(%method, route, status, duration_ms, "answered"),
        400.. => tracing::info!(%method, route, status, duration_ms, "answered"),
        _ => tracing::debug!(%method, route, status, duration_ms, "answered"),
    }
    response
}
