//! Hints by WebSocket. What they say is never taken for the truth: they may name a booking to be read again.
//!
//! The socket tells every account of every booking, with the client's name; of a message only the booking's number is
//! looked at. It tells nothing of hours.

use super::session::Session;
use crate::backend::{BackendError, HintEvent};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream::{self, BoxStream};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

/// Bookings that hints have named since they were last read, and whether anybody listens.
#[derive(Clone, Debug, Default)]
pub(super) struct Named(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    listening: bool,
    /// Nobody listened for a while: what changed then was not heard.
    gap: bool,
    bookings: BTreeSet<u64>,
    /// Something was said to this account itself.
    personal: bool,
}

impl Named {
    /// Whether hints are heard now.
    pub(super) fn listening(&self) -> bool {
        self.with(|state| state.listening)
    }

    /// Takes the named bookings, whether this account was spoken to, and whether there was a gap.
    pub(super) fn take(&self) -> (BTreeSet<u64>, bool, bool) {
        self.with(|state| {
            (
                std::mem::take(&mut state.bookings),
                std::mem::take(&mut state.personal),
                std::mem::take(&mut state.gap),
            )
        })
    }

    /// Names bookings: again, when they could not be read, or ones that our own write has changed beside its row.
    pub(super) fn name(&self, bookings: impl IntoIterator<Item = u64>) {
        self.with(|state| state.bookings.extend(bookings));
    }

    /// There was a gap that could not be made good yet.
    pub(super) fn missed(&self) {
        self.with(|state| state.gap = true);
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Says that nobody listens any more when it is dropped.
struct Listening(Named);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.with(|state| state.listening = false);
    }
}

type Socket = WebSocketStream<reqwest::Upgraded>;

struct Ear {
    socket: Socket,
    session: Arc<Session>,
    silence: Duration,
    beat_at: Instant,
    listening: Listening,
}

/// Connects, and answers what is heard from then on.
pub(super) async fn listen(
    session: &Arc<Session>,
    named: &Named,
    silence: Duration,
) -> Result<BoxStream<'static, HintEvent>, BackendError> {
    let connecting = connect(session);
    let socket = tokio::time::timeout(silence, connecting)
        .await
        .unwrap_or(Err(BackendError::Timeout { sent: false }))?;
    named.with(|state| {
        state.listening = true;
        state.gap = true;
    });
    let ear = Ear {
        socket,
        session: session.clone(),
        silence,
        beat_at: Instant::now() + silence / 3,
        listening: Listening(named.clone()),
    };
    Ok(stream::unfold(ear, hear).boxed())
}

/// The handshake, over the same connections, certificates and proxies as everything else.
async fn connect(session: &Session) -> Result<Socket, BackendError> {
    let token = session.token()?;
    let key = STANDARD.encode(rand::random::<[u8; 16]>());
    session.server().count(1, 0);
    let response = session
        .server()
        .http()
        .open(Method::GET, "ws/scheduling/appointments/")
        .query(&[("token", token.expose())])
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key)
        .send()
        .await
        // The address carries the token: it must not be in any error that is shown or logged.
        .map_err(|error| crate::backend::http::broken(&error.without_url()))?;
    let accepted = response.headers().get(header::SEC_WEBSOCKET_ACCEPT).cloned();
    match response.status() {
        StatusCode::SWITCHING_PROTOCOLS => {}
        // A token that is not good is refused so; whether it has lapsed is for a pull to find out.
        StatusCode::FORBIDDEN => return Err(BackendError::Forbidden),
        // No worker for sockets behind this address: polls have to do.
        StatusCode::NOT_FOUND => return Err(BackendError::NotFound),
        status => return Err(BackendError::Server(status.as_u16())),
    }
    if accepted.is_none_or(|accepted| accepted != derive_accept_key(key.as_bytes())) {
        return Err(BackendError::Protocol);
    }
    let upgraded = response.upgrade().await.map_err(|_| BackendError::Protocol)?;
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await)
}

/// The next hint. The stream ends with the connection, or when nothing came for too long: a heartbeat asks for a sign of
/// life well before.
async fn hear(mut ear: Ear) -> Option<(HintEvent, Ear)> {
    let mut heard_at = Instant::now();
    loop {
        let until = ear.beat_at.min(heard_at + ear.silence);
        match tokio::time::timeout_at(until, ear.socket.next()).await {
            Ok(Some(Ok(message))) => {
                heard_at = Instant::now();
                ear.session.server().count(0, message.len() as u64);
                if let Message::Text(text) = &message
                    && let Some(hint) = note(&ear, text)
                {
                    return Some((hint, ear));
                }
                if message.is_close() {
                    return None;
                }
            }
            Ok(Some(Err(_)) | None) => return None,
            Err(_) if heard_at + ear.silence <= Instant::now() => return None,
            Err(_) => {
                ear.beat_at = Instant::now() + ear.silence / 3;
                let beat = Message::text(r#"{"type":"heartbeat"}"#);
                ear.socket.send(beat).await.ok()?;
            }
        }
    }
}

/// Whether this account treats in a group: such bookings are told of to nobody by name.
fn in_group(ear: &Ear, message: &Value) -> bool {
    let group = message.pointer("/appointment/therapists").and_then(Value::as_array);
    let me = ear.session.user();
    group.is_some_and(|group| {
        group
            .iter()
            .any(|one| one.get("id").and_then(Value::as_u64) == me && me.is_some())
    })
}

/// Notes what a message names; answers whether it is a hint at all.
fn note(ear: &Ear, text: &str) -> Option<HintEvent> {
    let message: Value = serde_json::from_str(text).ok()?;
    let kind = message.get("type")?.as_str()?;
    if matches!(
        kind,
        "initial_data" | "heartbeat_response" | "subscription_confirmed" | "response_confirmed" | "error"
    ) {
        return None;
    }
    let number = |path: &str| message.pointer(path).and_then(Value::as_u64);
    let booking = number("/appointment/id")
        .or_else(|| number("/appointment_id"))
        .or_else(|| number("/data/appointment_id"));
    // "Updated" goes to everybody; whatever else comes was meant for this account.
    let personal = !matches!(kind, "appointment_updated" | "appointment_deleted") || in_group(ear, &message);
    let named = &ear.listening.0;
    named.with(|state| {
        state.bookings.extend(booking);
        state.personal |= personal;
    });
    // A count that grows says nothing here: the server numbers no changes.
    Some(HintEvent::Changed(0))
}
