//! The one socket. It tells everybody of every booking, and nobody of any hours; its token is looked at once, when it opens.

use crate::answer::Answer;
use crate::appointments::{Appointment, visible_to};
use crate::clinic::{Client, Clinic, Listener, Remembered, Role};
use crate::clock::{manila, naive};
use crate::field::print_time;
use crate::house::House;
use crate::identity::bearer;
use crate::python;
use crate::visit::{Answered, read_pairs};
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use futures_util::{SinkExt, StreamExt};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role as Side;
use tokio_tungstenite::tungstenite::{Bytes, Message};

/// Anywhere in the path, whatever stands before and after it.
const PLACE: &str = "/ws/scheduling/appointments/";
/// How often the real one's web server pings.
const PING: Duration = Duration::from_secs(20);
/// How long the first list is kept, whatever happens to its bookings.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(5);

static CONNECTION: AtomicU32 = AtomicU32::new(1);

/// Answers a handshake, and serves the socket when it is let in.
pub(crate) fn open(house: &Arc<House>, mut request: Request<Incoming>) -> Response<Body> {
    if !request.uri().path().contains(PLACE) {
        return Answer::server_error().dressed(&Method::POST, "", true);
    }
    let pairs = read_pairs(request.uri().query().unwrap_or_default());
    let token = pairs
        .iter()
        .find(|(name, _)| name == "token")
        .map(|(_, token)| token.clone())
        .unwrap_or_default();
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).cloned();
    let now = house.clock.now();
    let mut clinic = house.clinic();
    let user = bearer(&mut clinic, &token, now).filter(|user| clinic.user(*user).active);
    let (Some(user), Some(key)) = (user, key) else {
        let mut refused = Response::new(Body::empty());
        *refused.status_mut() = StatusCode::FORBIDDEN;
        return refused;
    };
    let (to, from) = unbounded_channel();
    // The first list is on its way before anything that happens now.
    let first = initial(&mut clinic, user, now);
    let _ = to.send(python::dumps(&first));
    clinic.listeners.push(Listener { user, to: to.clone() });
    let account = clinic.user(user).username.clone();
    drop(clinic);
    let upgraded = hyper::upgrade::on(&mut request);
    let answered = Answered {
        endpoint: PLACE,
        account: account.clone(),
    };
    let house = Arc::clone(house);
    tokio::spawn(async move {
        if let Ok(upgraded) = upgraded.await {
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Side::Server, None).await;
            serve(&house, (user, account), socket, &to, from).await;
        }
    });
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(answered);
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let head = response.headers_mut();
    head.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    head.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        head.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

async fn serve<S>(
    house: &House,
    (user, account): (i64, String),
    mut socket: WebSocketStream<S>,
    to: &UnboundedSender<String>,
    mut from: UnboundedReceiver<String>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut ping = tokio::time::interval_at(tokio::time::Instant::now() + PING, PING);
    loop {
        let next = tokio::select! {
            text = from.recv() => match text {
                None => return,
                Some(text) => {
                    let mut traffic = house.traffic();
                    let heard = traffic.heard.entry(account.clone()).or_default();
                    heard.requests += 1;
                    heard.bytes += text.len() as u64;
                    Some(Message::text(text))
                }
            },
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    if let Some(reply) = reply(house, user, text.as_str()) {
                        let _ = to.send(python::dumps(&reply));
                    }
                    None
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => None,
            },
            _ = ping.tick() => Some(Message::Ping(Bytes::new())),
            () = house.gone() => return,
        };
        if let Some(message) = next
            && socket.send(message).await.is_err()
        {
            return;
        }
    }
}

/// What a client's message gets; most get nothing.
fn reply(house: &House, user: i64, text: &str) -> Option<Value> {
    let now = house.clock.now();
    let timestamp = naive(manila(now));
    let Ok(message) = serde_json::from_str::<Value>(text) else {
        return Some(json!({ "type": "error", "message": "Invalid JSON format" }));
    };
    match message.get("type").and_then(Value::as_str)? {
        "heartbeat" => Some(json!({ "type": "heartbeat_response", "timestamp": timestamp })),
        "get_initial_data" => Some(initial(&mut house.clinic(), user, now)),
        "subscribe_to_updates" => Some(json!({
            "type": "subscription_confirmed", "subscribed_to": message.get("update_types"), "timestamp": timestamp,
        })),
        // Confirmed, and stored nowhere.
        "therapist_response" => {
            let Some(id) = message.get("appointment_id").and_then(Value::as_i64) else {
                return Some(json!({ "type": "error", "message": "Missing appointment_id" }));
            };
            if !house.clinic().appointments.contains_key(&id) {
                return Some(json!({ "type": "error", "message": "Appointment not found" }));
            }
            let accepted = message.get("accepted").cloned().unwrap_or(Value::Null);
            Some(json!({
                "type": "response_confirmed", "appointment_id": id, "accepted": accepted, "timestamp": timestamp,
            }))
        }
        _ => None,
    }
}

fn initial(clinic: &mut Clinic, user: i64, now: Timestamp) -> Value {
    let fresh = clinic
        .remembered
        .get(&user)
        .filter(|kept| now.duration_since(kept.at) < REMEMBERED);
    let appointments = match fresh {
        Some(kept) => kept.appointments.clone(),
        None => {
            let rows = first_list(clinic, user, now);
            clinic.remembered.insert(
                user,
                Remembered {
                    at: now,
                    appointments: rows.clone(),
                },
            );
            rows
        }
    };
    let connection = CONNECTION.fetch_add(1, Ordering::Relaxed);
    json!({
        "type": "initial_data", "appointments": appointments, "connection_id": format!("{user}_Task-{connection}"),
        "timestamp": naive(manila(now)),
    })
}

/// An operator gets the day, a therapist or driver what is before them. The day is UTC's.
fn first_list(clinic: &Clinic, user: i64, now: Timestamp) -> Vec<Value> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let role = clinic.user(user).role;
    let mut rows: Vec<&Appointment> = clinic
        .appointments
        .values()
        .filter(|row| match role {
            Role::Operator => row.date == today,
            _ => {
                let open = matches!(row.status, "pending" | "confirmed" | "in_progress");
                row.date >= today && open && visible_to(clinic, user, row)
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.date, row.start, row.id));
    rows.into_iter().map(|at| short(clinic, role, at)).collect()
}

fn short(clinic: &Clinic, role: Role, at: &Appointment) -> Value {
    let mut row = json!({
        "id": at.id, "client": clinic.clients.get(&at.client).map(Client::name), "date": at.date.to_string(),
        "start_time": print_time(at.start), "end_time": print_time(at.end), "status": at.status,
        "payment_status": at.payment_status, "location": at.location,
    });
    if let Some(id) = at.therapist.filter(|_| role != Role::Therapist) {
        row["therapist"] = json!(clinic.user(id).name());
        row["therapist_id"] = json!(id);
    }
    if let Some(id) = at.driver.filter(|_| role != Role::Driver) {
        row["driver"] = json!(clinic.user(id).name());
        row["driver_id"] = json!(id);
    }
    row
}
