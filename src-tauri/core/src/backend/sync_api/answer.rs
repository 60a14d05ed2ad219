//! What an answer of this API says: JSON that is read, or a name for everything that is not a good answer.

use crate::backend::BackendError;
use crate::backend::http::{broken, retry_after};
use deskbell_clinic::wire::{Problem, ProblemCode};
use reqwest::{Response, StatusCode, header};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Reads an answer's JSON, or says what kind of failure it is.
pub(super) async fn read<T: DeserializeOwned>(response: Response) -> Result<T, BackendError> {
    let response = good(response).await?;
    let body = response.bytes().await.map_err(|error| broken(&error))?;
    serde_json::from_slice(&body).map_err(|error| {
        // Serde's words may quote a value: the place is enough.
        tracing::warn!(
            line = error.line(),
            column = error.column(),
            "the server's answer is not as the API says"
        );
        BackendError::Protocol
    })
}

/// The answer, if it is a good one of this API.
pub(super) async fn good(response: Response) -> Result<Response, BackendError> {
    let status = response.status();
    let kind = content_type(&response);
    if status.is_success() {
        return if kind.is_api() {
            Ok(response)
        } else {
            Err(BackendError::NotJson)
        };
    }
    let retry_after = retry_after(&response);
    if !kind.is_api() {
        return Err(match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => BackendError::TooMany { retry_after },
            status if status.is_server_error() => BackendError::Server(status.as_u16()),
            _ => BackendError::NotJson,
        });
    }
    let body = response.bytes().await.map_err(|error| broken(&error))?;
    Err(serde_json::from_slice(&body).map_or_else(|_| nameless(status, retry_after), |p| named(p, retry_after)))
}

/// What a problem means to the engine.
fn named(problem: Problem, retry_after: Option<Duration>) -> BackendError {
    match problem.code {
        ProblemCode::BadCredentials => BackendError::BadCredentials,
        ProblemCode::NotSignedIn => BackendError::AuthExpired,
        ProblemCode::DeskRevoked => BackendError::Revoked,
        ProblemCode::PasswordNeeded => BackendError::PasswordNeeded,
        ProblemCode::CodeExpired => BackendError::CodeExpired,
        ProblemCode::AccountDisabled => BackendError::AccountDisabled,
        ProblemCode::LastAdmin => BackendError::LastAdmin,
        ProblemCode::LockedOut => BackendError::LockedOut { retry_after },
        ProblemCode::Forbidden => BackendError::Forbidden,
        ProblemCode::NotFound => BackendError::NotFound,
        ProblemCode::SlotTaken | ProblemCode::StepNotAllowed | ProblemCode::InUse => {
            BackendError::Conflict(Box::new(problem))
        }
        ProblemCode::CursorExpired => BackendError::CursorExpired,
        ProblemCode::VersionMismatch => BackendError::VersionMismatch(Box::new(problem)),
        ProblemCode::TooManyRequests | ProblemCode::Unavailable => BackendError::TooMany { retry_after },
        ProblemCode::Internal => BackendError::Server(problem.status),
        ProblemCode::TooLarge
        | ProblemCode::Invalid
        | ProblemCode::KeyReused
        | ProblemCode::PreconditionRequired
        | ProblemCode::BadRequest => BackendError::Invalid(Box::new(problem)),
        ProblemCode::Unknown => match problem.status {
            409 => BackendError::Conflict(Box::new(problem)),
            412 => BackendError::VersionMismatch(Box::new(problem)),
            400..=499 => BackendError::Invalid(Box::new(problem)),
            status => BackendError::Server(status),
        },
    }
}

/// The same, for JSON that is no problem document.
const fn nameless(status: StatusCode, retry_after: Option<Duration>) -> BackendError {
    match status.as_u16() {
        401 => BackendError::AuthExpired,
        403 => BackendError::Forbidden,
        404 => BackendError::NotFound,
        410 => BackendError::CursorExpired,
        429 | 503 => BackendError::TooMany { retry_after },
        status @ 500.. => BackendError::Server(status),
        _ => BackendError::Protocol,
    }
}

struct ContentType(String);

impl ContentType {
    fn is_api(&self) -> bool {
        matches!(
            self.0.as_str(),
            "application/json" | "application/problem+json" | "text/event-stream"
        )
    }
}

fn content_type(response: &Response) -> ContentType {
    let value = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    ContentType(value.split(';').next().unwrap_or("").trim().to_ascii_lowercase())
}
