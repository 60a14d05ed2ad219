//! Whoever asks too much or too slowly is held back, and nobody else is.

use crate::clinic::{PASSWORD, TestClinic};
use crate::desk::{Heard, heard};
use deskbell_server::{Server, Tls};
use reqwest::StatusCode;
use serde_json::json;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroU32;
use std::time::Duration;
use uuid::Uuid;

const fn number(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn assert_held_back(answer: &Heard) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.body["code"], "too_many_requests");
    let seconds: u32 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_desk_that_runs_wild_is_told_to_wait_and_others_are_answered() {
    let clinic = TestClinic::open_with(|config| {
        config.limits.session_per_second = number(1);
        config.limits.session_burst = number(200);
    })
    .await;
    let (wild, calm) = (clinic.sign_in("ada").await, clinic.sign_in("ada").await);
    let mut held = None;
    // A slow machine is given a few more meanwhile.
    for _ in 0..2_000 {
        let answer = wild.get("/v1/session").await;
        if answer.status != StatusCode::OK {
            held = Some(answer);
            break;
        }
    }
    assert_held_back(&held.expect("two hundred at once, and hardly one a second"));
    assert_eq!(calm.get("/v1/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sign_ins_from_one_address_are_bounded_where_addresses_tell_people_apart() {
    let (_folder, mut config) = TestClinic::open().await.stop().await;
    config.listen = SocketAddr::from(([0, 0, 0, 0], 0));
    config.tls = Tls::SelfSigned;
    config.limits.address_per_minute = number(1);
    config.limits.address_burst = number(10);
    let running = Server::open(config).await.unwrap().start().await.unwrap();
    let stranger = reqwest::Client::builder()
        .danger_accept_invalid_certs(true)
        .build()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/v1/session", running.address().port());
    let attempt = || {
        let body = json!({"login": "nobody", "password": PASSWORD, "device_id": Uuid::now_v7()});
        heard(stranger.post(&url).json(&body))
    };
    let mut last = attempt().await;
    for _ in 0..11 {
        last = attempt().await;
    }
    assert_held_back(&last);
    running.shutdown().await;
}

#[tokio::test]
async fn a_connection_that_never_says_what_it_asks_for_is_closed() {
    let clinic = TestClinic::open_with(|config| config.limits.slowest_head = Duration::from_millis(200)).await;
    let address = clinic.running.address();
    let closed = tokio::task::spawn_blocking(move || {
        let mut slow = TcpStream::connect(address).unwrap();
        slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        slow.write_all(b"GET /v1/session HTTP/1.1\r\nHost: desk\r\nX-Slow: ")
            .unwrap();
        let mut heard = Vec::new();
        // It ends, instead of being held until the reader gives up.
        slow.read_to_end(&mut heard).map(|_| heard)
    });
    let heard = closed.await.unwrap().expect("the server closes it");
    assert!(!String::from_utf8_lossy(&heard).contains("200 OK"));
    let ada = clinic.sign_in("ada").await;
    assert_eq!(ada.get("/v1/session").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_connection_that_does_not_read_its_answers_is_closed() {
    let clinic = TestClinic::open_with(|config| config.limits.slowest_read = Duration::from_millis(200)).await;
    let address = clinic.running.address();
    let closed = tokio::task::spawn_blocking(move || {
        let mut deaf = TcpStream::connect(address).unwrap();
        deaf.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        // It asks on and never reads: once no answer goes out any more, no question is taken either, until the line is cut.
        loop {
            if let Err(error) = deaf.write_all(b"GET /v1/openapi.json HTTP/1.1\r\nHost: desk\r\n\r\n") {
                return error.kind();
            }
        }
    });
    let why = closed.await.unwrap();
    assert!(
        matches!(
            why,
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted
        ),
        "the server cuts it, instead of holding it until the other end gives up: {why}"
    );
    let ada = clinic.sign_in("ada").await;
    assert_eq!(ada.get("/v1/session").await.status, StatusCode::OK);
}
