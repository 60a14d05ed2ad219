//! The socket: who is let in, what it answers, and what it stays silent about. Recorded by a client that printed what it
//! heard (`ws_test.txt`, `ws_test2.txt`).

use crate::desk::Desk;
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const LONG_ENOUGH: Duration = Duration::from_secs(10);
const PLACE: &str = "/ws/scheduling/appointments/";

/// One open socket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one for an account and takes the first list from it.
    pub(crate) async fn open(desk: &Desk, username: &str) -> (Self, Value) {
        let token = desk.token(username).await;
        let mut socket = Self::connect(desk, &format!("{PLACE}?token={token}"))
            .await
            .expect("let in");
        let first = socket.heard().await;
        (socket, first)
    }

    async fn connect(desk: &Desk, target: &str) -> Result<Self, u16> {
        match connect_async(format!("ws://{}{target}", desk.clinic.address())).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    /// The next message's text.
    pub(crate) async fn text(&mut self) -> String {
        loop {
            let next = timeout(LONG_ENOUGH, self.0.next())
                .await
                .expect("something is heard in time");
            if let Message::Text(text) = next.expect("still open").expect("readable") {
                return text.to_string();
            }
        }
    }

    pub(crate) async fn heard(&mut self) -> Value {
        serde_json::from_str(&self.text().await).expect("JSON")
    }

    async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.expect("sent");
    }

    async fn asked(&mut self, message: &Value) -> Value {
        self.say(&message.to_string()).await;
        self.heard().await
    }

    /// Everything that has been sent to this socket so far: what is heard before the answer to a heartbeat.
    pub(crate) async fn drained(&mut self) -> Vec<String> {
        self.say(r#"{"type":"heartbeat"}"#).await;
        let mut heard = Vec::new();
        loop {
            let text = self.text().await;
            if text.contains("heartbeat_response") {
                return heard;
            }
            heard.push(text);
        }
    }
}

#[tokio::test]
async fn only_a_token_in_the_address_opens_a_socket() {
    let desk = Desk::open().await;
    let token = desk.token("op1").await;
    assert_eq!(Socket::connect(&desk, PLACE).await.err(), Some(403), "no token");
    assert_eq!(
        Socket::connect(&desk, &format!("{PLACE}?token=nonsense")).await.err(),
        Some(403),
        "a bad token"
    );
    assert_eq!(
        Socket::connect(&desk, &format!("/ws/elsewhere/?token={token}"))
            .await
            .err(),
        Some(500),
        "another path"
    );
    let no_slash = PLACE.trim_end_matches('/');
    assert_eq!(
        Socket::connect(&desk, &format!("{no_slash}?token={token}")).await.err(),
        Some(500),
        "no slash"
    );
    for target in [format!("{PLACE}99/?token={token}"), format!("/x{PLACE}?token={token}")] {
        assert!(
            Socket::connect(&desk, &target).await.is_ok(),
            "the path is matched anywhere: {target}"
        );
    }
}

#[tokio::test]
async fn a_socket_answers_what_it_understands_and_ignores_the_rest() {
    let desk = Desk::open().await;
    let (mut socket, first) = Socket::open(&desk, "op1").await;
    assert_eq!(first["type"], "initial_data");
    assert_eq!(
        socket.asked(&json!({ "type": "heartbeat" })).await["type"],
        "heartbeat_response"
    );
    assert_eq!(
        socket.asked(&json!({ "type": "get_initial_data" })).await["type"],
        "initial_data"
    );
    let wanted = ["appointments", "notifications", "availability"];
    let confirmed = socket
        .asked(&json!({ "type": "subscribe_to_updates", "update_types": wanted }))
        .await;
    assert_eq!(confirmed["subscribed_to"], json!(wanted));
    let response = json!({ "type": "therapist_response", "appointment_id": 1, "accepted": true });
    assert_eq!(socket.asked(&response).await["type"], "response_confirmed");
    let incomplete = socket.asked(&json!({ "type": "therapist_response" })).await;
    assert_eq!(
        incomplete,
        json!({ "type": "error", "message": "Missing appointment_id" })
    );
    let unknown = socket
        .asked(&json!({ "type": "therapist_response", "appointment_id": 999_999 }))
        .await;
    assert_eq!(unknown, json!({ "type": "error", "message": "Appointment not found" }));
    socket.say("{oops").await;
    assert_eq!(
        socket.heard().await,
        json!({ "type": "error", "message": "Invalid JSON format" })
    );
    for ignored in ["check_availability", "request_refresh", "nonsense"] {
        socket.say(&json!({ "type": ignored }).to_string()).await;
    }
    assert_eq!(
        socket.drained().await,
        Vec::<String>::new(),
        "the rest is met with silence"
    );
}

#[tokio::test]
async fn nothing_is_heard_of_hours_or_staff() {
    let desk = Desk::open().await;
    let (mut operator, _) = Socket::open(&desk, "op1").await;
    let (mut therapist, _) = Socket::open(&desk, "th01").await;
    let hours = json!({ "user": 4, "date": "2027-01-01", "start_time": "09:00", "end_time": "12:00" });
    let made = desk
        .ask("op1", Method::POST, "/api/scheduling/availabilities/", Some(&hours))
        .await;
    assert_eq!(made.status, 201);
    let row = format!("/api/scheduling/availabilities/{}/", made.json()["id"]);
    assert_eq!(desk.ask("th01", Method::PUT, &row, Some(&hours)).await.status, 200);
    assert_eq!(desk.ask("op1", Method::DELETE, &row, None).await.status, 204);
    let staff = json!({ "first_name": "Anna" });
    assert_eq!(
        desk.ask("op1", Method::PATCH, "/api/scheduling/staff/4/", Some(&staff))
            .await
            .status,
        200
    );
    assert_eq!(operator.drained().await, Vec::<String>::new());
    assert_eq!(therapist.drained().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_socket_outlives_the_sign_out_of_its_token() {
    let desk = Desk::open().await;
    let (mut socket, _) = Socket::open(&desk, "th01").await;
    assert_eq!(
        desk.ask("th01", Method::POST, "/api/auth/logout/", None).await.status,
        200
    );
    let note = json!({ "notes": "gate 2" });
    assert_eq!(
        desk.ask("op1", Method::PATCH, "/api/scheduling/appointments/2/", Some(&note))
            .await
            .status,
        200
    );
    assert_eq!(
        socket.heard().await["type"],
        "appointment_updated",
        "every signed-in socket hears every booking"
    );
}

#[tokio::test]
async fn the_first_list_is_five_minutes_old() {
    let desk = Desk::open().await;
    let (mut socket, first) = Socket::open(&desk, "op1").await;
    let row = first["appointments"][0].clone();
    let place = format!("/api/scheduling/appointments/{}/cancel/", row["id"]);
    assert_eq!(
        desk.ask("op1", Method::POST, &place, Some(&json!({}))).await.status,
        200
    );
    socket.drained().await;
    let again = socket.asked(&json!({ "type": "get_initial_data" })).await;
    assert_eq!(
        again["appointments"][0]["status"], row["status"],
        "a change does not reach it"
    );
    desk.clinic.clock().advance(jiff::SignedDuration::from_mins(5));
    let later = socket.asked(&json!({ "type": "get_initial_data" })).await;
    assert_eq!(later["appointments"][0]["status"], "cancelled");
}
