//! Requests and answers: one pool of connections, bounded waiting, and a name for everything that is not a good answer.

use super::Timeouts;
use super::pin;
use crate::backend::{BackendError, ServerAddress};
use deskbell_clinic::wire::{Problem, ProblemCode};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use std::error::Error;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// The connections to one server.
pub(super) struct Http {
    address: ServerAddress,
    timeouts: Timeouts,
    client: RwLock<Client>,
}

impl Http {
    pub(super) fn new(address: ServerAddress, timeouts: Timeouts) -> Result<Self, BackendError> {
        let client = client(&address, timeouts)?;
        Ok(Self {
            address,
            timeouts,
            client: RwLock::new(client),
        })
    }

    /// Forgets every connection: after the computer slept, a socket may look alive and never answer.
    pub(super) fn reconnect(&self) {
        if let Ok(fresh) = client(&self.address, self.timeouts) {
            *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }

    /// A request that must be answered whole within the time allowed.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.open(method, path).timeout(self.timeouts.answer)
    }

    /// A request whose answer goes on for as long as it lives.
    pub(super) fn open(&self, method: Method, path: &str) -> RequestBuilder {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        client.request(method, self.address.at(path))
    }
}

fn client(address: &ServerAddress, timeouts: Timeouts) -> Result<Client, BackendError> {
    pin::provide_tls();
    let builder = Client::builder()
        .connect_timeout(timeouts.connect)
        .pool_idle_timeout(Duration::from_secs(90))
        .tcp_keepalive(Duration::from_secs(30))
        // A redirect would carry the token to wherever an answer says.
        .redirect(reqwest::redirect::Policy::none());
    let builder = match address.pin() {
        Some(pin) => builder.tls_backend_preconfigured(pin::trusting_only(pin)),
        None => builder,
    };
    builder.build().map_err(|_| BackendError::Certificate)
}

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

/// What a request that brought no answer means.
pub(super) fn broken(error: &reqwest::Error) -> BackendError {
    if is_about_tls(error) {
        BackendError::Certificate
    } else if error.is_connect() {
        BackendError::Unreachable
    } else {
        BackendError::Timeout {
            sent: !error.is_builder(),
        }
    }
}

/// Whether TLS is at the bottom of it. It travels inside I/O errors, which skip what they hold when asked for their source.
fn is_about_tls(error: &(dyn Error + 'static)) -> bool {
    if error.is::<rustls::Error>() {
        return true;
    }
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match held {
        Some(held) => is_about_tls(held),
        None => error.source().is_some_and(is_about_tls),
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

/// In seconds only: this API never sends a date.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_refused_certificate_is_found_however_deep_it_is_wrapped() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert!(is_about_tls(&io::Error::other(io::Error::other(refused))));
        assert!(!is_about_tls(&io::Error::other(io::Error::from(
            io::ErrorKind::ConnectionRefused
        ))));
    }
}
