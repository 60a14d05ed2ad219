//! The line to the desks: where the server listens, and how long it waits for somebody who is slow. Whoever opens a
//! connection and then says little would otherwise hold it, and many such would hold all.

use super::ServerError;
use crate::api::limits::Limits;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::Accept;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::future::{Ready, ready};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_io_timeout::TimeoutStream;

/// How often a connection that carries several requests is asked whether anybody is still there.
const PING_EVERY: Duration = Duration::from_secs(30);
/// How long the answer to that may take.
const LONGEST_PONG: Duration = Duration::from_secs(20);

/// Takes the address.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, ServerError> {
    let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServerError::PortTaken(address),
        _ => cannot_listen(address, &error),
    })?;
    listener
        .set_nonblocking(true)
        .map_err(|error| cannot_listen(address, &error))?;
    Ok(listener)
}

pub(super) fn cannot_listen(address: SocketAddr, error: &io::Error) -> ServerError {
    ServerError::CannotListen {
        address,
        why: error.to_string(),
    }
}

/// Begins to answer whoever connects.
pub(super) fn answer(
    listener: TcpListener,
    address: SocketAddr,
    certificate: Option<RustlsConfig>,
    router: Router,
    handle: Handle<SocketAddr>,
    limits: Limits,
) -> Result<JoinHandle<io::Result<()>>, ServerError> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::from_tcp(listener).map_err(|error| cannot_listen(address, &error))?;
    let line = Line {
        slowest_read: limits.slowest_read,
    };
    Ok(match certificate {
        None => {
            let mut server = server.acceptor(line).handle(handle);
            bound(server.http_builder(), limits.slowest_head);
            tokio::spawn(server.serve(service))
        }
        Some(certificate) => {
            let acceptor = RustlsAcceptor::new(certificate).acceptor(line);
            let mut server = server.acceptor(acceptor).handle(handle);
            bound(server.http_builder(), limits.slowest_head);
            tokio::spawn(server.serve(service))
        }
    })
}

/// What every connection is, below TLS.
#[derive(Clone, Copy)]
struct Line {
    slowest_read: Duration,
}

impl<S> Accept<TcpStream, S> for Line {
    type Stream = Pin<Box<TimeoutStream<TcpStream>>>;
    type Service = S;
    type Future = Ready<io::Result<(Self::Stream, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        // A hint that follows another would wait for the first to be acknowledged.
        if let Err(error) = stream.set_nodelay(true) {
            return ready(Err(error));
        }
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.slowest_read));
        ready(Ok((Box::pin(stream), service)))
    }
}

fn bound(builder: &mut Builder<TokioExecutor>, slowest_head: Duration) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(slowest_head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(LONGEST_PONG);
}
