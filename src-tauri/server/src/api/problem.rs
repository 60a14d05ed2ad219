//! Every error as RFC 9457 problem details, with a stable code.

use crate::store::StoreError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use clinic::wire::{FieldProblem, Problem, ProblemCode, SlotTaken, Written};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use std::time::Duration;

const CONTENT_TYPE: &str = "application/problem+json";

/// Why a request was refused.
#[derive(Debug)]
pub(crate) struct Fault {
    problem: Box<Problem>,
    /// Whole seconds.
    retry_after: Option<i64>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, code: ProblemCode, title: &str) -> Self {
        Self {
            problem: Box::new(Problem {
                type_uri: "about:blank".into(),
                title: title.into(),
                status: status.as_u16(),
                detail: None,
                code,
                fields: vec![],
                slot: None,
                current: None,
            }),
            retry_after: None,
        }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            ProblemCode::BadRequest,
            "Not a request of this API",
        )
        .detail(detail)
    }

    pub(crate) fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            ProblemCode::NotSignedIn,
            "Not signed in, or the session has ended",
        )
    }

    pub(crate) fn desk_revoked() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            ProblemCode::DeskRevoked,
            "This desk’s access was taken back; erase what it holds",
        )
    }

    pub(crate) fn bad_credentials() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            ProblemCode::BadCredentials,
            "The sign-in name or the password is wrong",
        )
    }

    pub(crate) fn password_needed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ProblemCode::PasswordNeeded,
            "This is a one-time code; choose a password with it",
        )
    }

    pub(crate) fn code_expired() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ProblemCode::CodeExpired,
            "This one-time code has lapsed; an administrator can make another",
        )
    }

    pub(crate) fn account_disabled() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ProblemCode::AccountDisabled,
            "This account was disabled; an administrator can enable it",
        )
    }

    pub(crate) fn last_admin() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            ProblemCode::LastAdmin,
            "Nobody else could administer the clinic then",
        )
    }

    /// The machine could not hash a password.
    pub(crate) fn not_hashed() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ProblemCode::Internal,
            "The server failed; nothing was written",
        )
    }

    pub(crate) fn locked_out(until: Timestamp, now: Timestamp) -> Self {
        let mut fault = Self::new(
            StatusCode::LOCKED,
            ProblemCode::LockedOut,
            "Too many failed sign-ins; wait a few minutes",
        );
        // Rounded up, so that a retry at that second is not too early.
        fault.retry_after = Some(until.duration_since(now).as_secs() + 1);
        fault
    }

    pub(crate) fn too_many(wait: Duration) -> Self {
        let mut fault = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            ProblemCode::TooManyRequests,
            "Too much was asked at once; wait a moment",
        );
        fault.retry_after = Some(i64::try_from(wait.as_secs()).unwrap_or(60).saturating_add(1));
        fault
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            ProblemCode::Forbidden,
            "This account may not do that",
        )
        .detail(detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            ProblemCode::NotFound,
            "There is no such row, or none that this account may see",
        )
    }

    pub(crate) fn invalid(fields: Vec<FieldProblem>) -> Self {
        let mut fault = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            ProblemCode::Invalid,
            "Something in it is not valid",
        );
        fault.problem.fields = fields;
        fault
    }

    pub(crate) fn version_mismatch(current: Option<Written>) -> Self {
        let mut fault = Self::new(
            StatusCode::PRECONDITION_FAILED,
            ProblemCode::VersionMismatch,
            "The row has changed meanwhile",
        );
        fault.problem.current = current;
        fault
    }

    pub(crate) fn slot_taken(slot: SlotTaken) -> Self {
        let mut fault = Self::new(StatusCode::CONFLICT, ProblemCode::SlotTaken, "The slot has been taken");
        fault.problem.slot = Some(slot);
        fault
    }

    pub(crate) fn step_not_allowed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            ProblemCode::StepNotAllowed,
            "That is not possible from where the appointment stands",
        )
        .detail(detail)
    }

    pub(crate) fn cursor_expired(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::GONE,
            ProblemCode::CursorExpired,
            "Start again without a cursor",
        )
        .detail(detail)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Closed) {
            return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                ProblemCode::Unavailable,
                "The server is shutting down",
            );
        }
        // SQLite's messages name tables and columns, never what is in them.
        tracing::error!(%error, "a request failed in the database");
        if let StoreError::Sqlite(sqlite) = &error
            && sqlite.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
        {
            let mut fault = Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                ProblemCode::Unavailable,
                "The server's disk is full; nothing was written",
            );
            fault.retry_after = Some(60);
            return fault;
        }
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ProblemCode::Internal,
            "The server failed; nothing was written",
        )
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Gives errors of the layers (wrong method, time-out, an unreadable path) the same shape.
pub(crate) async fn dress(response: Response<Body>) -> Response<Body> {
    let status = response.status();
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == CONTENT_TYPE);
    if !(status.is_client_error() || status.is_server_error()) || is_problem {
        return response;
    }
    let mut dressed = match status {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::new(status, ProblemCode::TooLarge, "The body is too large"),
        StatusCode::NOT_FOUND => Fault::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Fault::new(
            status,
            ProblemCode::BadRequest,
            "That address does not take this method",
        ),
        StatusCode::SERVICE_UNAVAILABLE => {
            let mut fault = Fault::new(status, ProblemCode::Unavailable, "The server took too long");
            fault.retry_after = Some(5);
            fault
        }
        _ if status.is_server_error() => Fault::new(status, ProblemCode::Internal, "The server failed"),
        _ => Fault::new(status, ProblemCode::BadRequest, "Not a request of this API"),
    }
    .into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        dressed.headers_mut().insert(header::ALLOW, allow.clone());
    }
    dressed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_that_took_too_long_is_a_problem_with_a_time_to_come_back() {
        let late = StatusCode::SERVICE_UNAVAILABLE.into_response();
        let dressed = dress(late).await;
        assert_eq!(dressed.headers()[header::RETRY_AFTER], "5");
        let body = axum::body::to_bytes(dressed.into_body(), 1_000).await.unwrap();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!((problem.status, problem.code), (503, ProblemCode::Unavailable));
    }

    #[tokio::test]
    async fn a_problem_that_says_more_is_left_as_it_is() {
        let fault = Fault::forbidden("Only one's own hours.").into_response();
        let body = axum::body::to_bytes(dress(fault).await.into_body(), 1_000)
            .await
            .unwrap();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.detail.as_deref(), Some("Only one's own hours."));
    }
}
