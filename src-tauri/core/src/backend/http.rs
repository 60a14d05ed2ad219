//! The connections to one server: one pool, bounded waiting, no redirects, and a name for a request that brought no answer.

use super::{BackendError, ServerAddress, pin};
use futures_util::future::BoxFuture;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header};
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;

/// How long to wait for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For a whole answer.
    pub answer: Duration,
    /// For a sign of life on the stream of hints.
    pub heartbeat: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(20),
            heartbeat: Duration::from_secs(45),
        }
    }
}

/// Carries requests to a server and answers back. Usually that is a pool of sockets, and none of these is needed; a
/// simulation hands them over within its process, through whatever faults it likes.
pub trait Transport: Send + Sync + 'static {
    /// Carries one request. The body of the answer may still be coming.
    ///
    /// # Errors
    /// `Unreachable` when it was not sent, `Timeout` when nobody knows whether it was.
    fn carry(&self, request: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, BackendError>>;
}

/// The connections to one server.
pub(super) struct Http {
    address: ServerAddress,
    timeouts: Timeouts,
    client: RwLock<Client>,
    /// In place of sockets.
    transport: Option<Arc<dyn Transport>>,
    /// Until when the server asked to be left alone.
    pause: Mutex<Option<Instant>>,
}

impl Http {
    pub(super) fn new(address: ServerAddress, timeouts: Timeouts) -> Result<Self, BackendError> {
        let client = client(&address, timeouts)?;
        Ok(Self {
            address,
            timeouts,
            client: RwLock::new(client),
            transport: None,
            pause: Mutex::default(),
        })
    }

    /// The same, over another transport than sockets when one is given.
    pub(super) fn carried_by(self, transport: Option<Arc<dyn Transport>>) -> Self {
        Self { transport, ..self }
    }

    /// Sends a request, and answers as soon as the head of its answer is here. Nothing leaves before a pause is over
    /// that the server asked for, whoever asks and however long ago they decided to.
    pub(super) async fn exchange(&self, request: RequestBuilder) -> Result<Response, BackendError> {
        let pause = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        let left = pause.map(|until| until.saturating_duration_since(Instant::now()));
        match left.filter(|left| !left.is_zero()) {
            Some(left) => Err(BackendError::TooMany {
                retry_after: Some(left),
            }),
            None => self.exchange_at_once(request).await,
        }
    }

    /// The same for what a person waits for with a password typed: a pause is for what desks do by themselves.
    pub(super) async fn exchange_at_once(&self, request: RequestBuilder) -> Result<Response, BackendError> {
        let response = match &self.transport {
            None => request.send().await.map_err(|error| broken(&error))?,
            Some(transport) => {
                let request = request.build().map_err(|error| broken(&error))?;
                transport.carry(request).await?
            }
        };
        if matches!(
            response.status(),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
        ) && let Some(until) = retry_after(&response).and_then(|wait| Instant::now().checked_add(wait))
        {
            let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
            *pause = (*pause).max(Some(until));
        }
        Ok(response)
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

/// What a request that brought no answer means.
pub(super) fn broken(error: &reqwest::Error) -> BackendError {
    if tls_cause(error).is_some() {
        BackendError::Certificate
    } else if error.is_connect() {
        BackendError::Unreachable
    } else {
        BackendError::Timeout {
            sent: !error.is_builder(),
        }
    }
}

/// What TLS says at the bottom of it, if TLS is. It travels inside I/O errors, which skip what they hold when asked for
/// their source.
pub(super) fn tls_cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match held {
        Some(held) => tls_cause(held),
        None => error.source().and_then(tls_cause),
    }
}

/// How long a server asks to be left alone. In seconds only: neither of ours sends a date.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
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
        assert!(tls_cause(&io::Error::other(io::Error::other(refused))).is_some());
        let other = io::Error::other(io::Error::from(io::ErrorKind::ConnectionRefused));
        assert!(tls_cause(&other).is_none());
    }
}
