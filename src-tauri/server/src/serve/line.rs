//! The line to the desks: where the server listens, and how long it waits for somebody who is slow. Whoever opens a
//! connection and then says little would otherwise hold it, and many such would hold all.

use super::ServerError;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::task::JoinHandle;

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
    slowest_head: Duration,
) -> Result<JoinHandle<io::Result<()>>, ServerError> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum_server::from_tcp(listener).map_err(|error| cannot_listen(address, &error))?;
    // A hint that follows another would wait for the first to be acknowledged.
    let no_delay = NoDelayAcceptor::new();
    Ok(match certificate {
        None => {
            let mut server = server.acceptor(no_delay).handle(handle);
            bound(server.http_builder(), slowest_head);
            tokio::spawn(server.serve(service))
        }
        Some(certificate) => {
            let acceptor = RustlsAcceptor::new(certificate).acceptor(no_delay);
            let mut server = server.acceptor(acceptor).handle(handle);
            bound(server.http_builder(), slowest_head);
            tokio::spawn(server.serve(service))
        }
    })
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
