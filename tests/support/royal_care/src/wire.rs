//! The connections. One thing no HTTP library will send is put in here: a `204` that announces a body.

use crate::answer::LIED_LENGTH;
use crate::door;
use crate::house::House;
use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The real name of what stands in the head as [`LIED_LENGTH`].
const REAL: &[u8] = b"Content-Length";

/// Takes connections until it is dropped. While the service is out of reach they are closed at once, the open ones too.
pub(crate) async fn serve(listener: TcpListener, house: Arc<House>, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            taken = listener.accept() => {
                let Ok((stream, _)) = taken else { continue };
                if *house.reachable.borrow() {
                    connections.spawn(connection(stream, Arc::clone(&house), router.clone()));
                }
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn connection(stream: TcpStream, house: Arc<House>, router: Router) {
    let service =
        service_fn(|request: hyper::Request<Incoming>| door::enter(Arc::clone(&house), router.clone(), request));
    let serving = http1::Builder::new()
        // The real one tells no time and writes its names so.
        .auto_date_header(false)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(Wire(stream)), service)
        .with_upgrades();
    tokio::select! {
        // Clients hang up as they like: not a failure of the service.
        _ = serving => {}
        () = house.gone() => {}
    }
}

/// A connection that writes the lied length under its real name.
struct Wire(TcpStream);

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, &renamed(buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

/// The name is replaced by one of the same length, so that as many bytes are written as were given.
fn renamed(buf: &[u8]) -> Cow<'_, [u8]> {
    let stands = |window: &[u8]| window.eq_ignore_ascii_case(LIED_LENGTH.as_bytes());
    match buf.windows(REAL.len()).position(stands) {
        None => Cow::Borrowed(buf),
        Some(place) => {
            let mut written = buf.to_vec();
            written[place..place + REAL.len()].copy_from_slice(REAL);
            Cow::Owned(written)
        }
    }
}
