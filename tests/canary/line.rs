//! The line between desk and server, with an ear on it: it learns the session's tokens and every address that was asked
//! for, and can be cut.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How often a connection looks whether the line was cut.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// See the module.
pub(crate) struct Line {
    address: SocketAddr,
    heard: Arc<Heard>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Heard {
    cut: AtomicBool,
    tokens: Mutex<BTreeSet<String>>,
    asked: Mutex<Vec<String>>,
}

impl Line {
    /// In front of the server at this address.
    pub(crate) async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let heard = Arc::new(Heard::default());
        let shared = heard.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                tokio::spawn(carry(desk, server, shared.clone()));
            }
        });
        Self {
            address,
            heard,
            accepting,
        }
    }

    /// The address that a desk is given.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts it, also for what is connected already; or mends it.
    pub(crate) fn cut(&self, cut: bool) {
        self.heard.cut.store(cut, Ordering::Relaxed);
    }

    /// Every access and refresh token that went over it.
    pub(crate) fn tokens(&self) -> Vec<String> {
        locked(&self.heard.tokens).iter().cloned().collect()
    }

    /// Every request's first line, such as `GET /v1/changes HTTP/1.1`.
    pub(crate) fn asked(&self) -> Vec<String> {
        locked(&self.heard.asked).clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn carry(mut desk: TcpStream, server: SocketAddr, heard: Arc<Heard>) {
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    let (mut from_desk, mut from_server) = ([0; 65_536], [0; 65_536]);
    // An answer may come in pieces that cut a token in two.
    let mut answer = String::new();
    while !heard.cut.load(Ordering::Relaxed) {
        tokio::select! {
            read = desk.read(&mut from_desk) => {
                let Ok(count @ 1..) = read else { return };
                let request = String::from_utf8_lossy(&from_desk[..count]).into_owned();
                locked(&heard.asked).extend(request.lines().filter(|line| line.ends_with(" HTTP/1.1")).map(str::to_owned));
                answer.clear();
                // Compressed answers could not be read here.
                let plain = replaced(&from_desk[..count], b"accept-encoding", b"x-not-answered-");
                if server.write_all(&plain).await.is_err() { return }
            }
            read = from_server_read(&mut server, &mut from_server) => {
                let Some(count) = read else { return };
                answer.push_str(&String::from_utf8_lossy(&from_server[..count]));
                locked(&heard.tokens).extend(tokens_in(&answer));
                if desk.write_all(&from_server[..count]).await.is_err() { return }
            }
            () = tokio::time::sleep(LOOK_AGAIN) => {}
        }
    }
}

async fn from_server_read(server: &mut TcpStream, into: &mut [u8]) -> Option<usize> {
    server.read(into).await.ok().filter(|count| *count > 0)
}

fn tokens_in(answer: &str) -> Vec<String> {
    ["\"access_token\":\"", "\"refresh_token\":\""]
        .into_iter()
        .filter_map(|field| {
            let (_, rest) = answer.split_once(field)?;
            Some(rest.split_once('"')?.0.to_owned())
        })
        .collect()
}

/// `bytes` with `from` replaced by `to`, which is as long.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    let places: Vec<_> = changed
        .windows(from.len())
        .enumerate()
        .filter(|(_, window)| window.eq_ignore_ascii_case(from))
        .map(|(at, _)| at)
        .collect();
    for at in places {
        changed[at..at + to.len()].copy_from_slice(to);
    }
    changed
}
