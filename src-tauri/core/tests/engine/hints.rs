//! Hints over a real connection, heard and lost.

use crate::fake::{TIMEOUTS, adapter, options, page, problem, server, session, signed_in, until};
use deskbell_core::backend::{Backend, BackendError, HintEvent};
use deskbell_core::desk::Desk;
use deskbell_core::secret::Secret;
use deskbell_core::sync::link::LinkState;
use futures_util::StreamExt;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

/// Answers a renewal, then streams `said`, and then keeps the connection open and says nothing more.
async fn talking(said: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(socket, said));
        }
    });
    address
}

async fn answer(mut socket: TcpStream, said: &'static str) {
    let mut buffer = vec![0; 4096];
    loop {
        let read = socket.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
        let reply = if request.starts_with("POST /v1/session/renew") {
            let body = serde_json::to_string(&session(1)).unwrap();
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        } else {
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{said}")
        };
        if socket.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn hints_are_heard_and_comments_are_not() {
    let said = ": hello\n\nevent: hint\ndata: {\"seq\":41}\n\nevent: news\ndata: {}\n\nevent: auth\ndata: {}\n\n";
    let (api, _) = adapter(&talking(said).await);
    api.resume(Secret::new("refresh-0".to_owned()));
    let heard: Vec<_> = api.hints().await.unwrap().take(2).collect().await;
    assert_eq!(heard, [HintEvent::Changed(41), HintEvent::Auth]);
}

#[tokio::test]
async fn a_silent_connection_counts_as_lost() {
    let (api, _) = adapter(&talking(": hello\n\n").await);
    api.resume(Secret::new("refresh-0".to_owned()));
    let events = api.hints().await.unwrap();
    let began = Instant::now();
    let heard = tokio::time::timeout(Duration::from_secs(10), events.collect::<Vec<_>>()).await;
    assert_eq!(heard.expect("the stream must end by itself"), []);
    assert!(began.elapsed() >= TIMEOUTS.heartbeat);
}

#[tokio::test]
async fn a_server_without_hints_says_so() {
    let server = server().await;
    Mock::given(path("/v1/hints"))
        .respond_with(problem(404, "not_found"))
        .mount(&server)
        .await;
    assert_eq!(signed_in(&server).0.hints().await.err(), Some(BackendError::NotFound));
}

#[tokio::test]
async fn a_web_page_is_no_stream_of_hints() {
    let server = server().await;
    let portal = ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html");
    Mock::given(path("/v1/hints")).respond_with(portal).mount(&server).await;
    assert_eq!(signed_in(&server).0.hints().await.err(), Some(BackendError::NotJson));
}

/// A whole clinic on raw sockets: it pulls without end, and hints once it was asked twice.
async fn hinting(mut socket: TcpStream, pulls: std::sync::Arc<tokio::sync::watch::Sender<u32>>) {
    let mut buffer = vec![0; 8192];
    loop {
        let read = socket.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return;
        }
        let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
        if request.starts_with("GET /v1/hints") {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
            socket.write_all(head.as_bytes()).await.unwrap();
            // The first pull, and the one that making the connection brings.
            let mut asked = pulls.subscribe();
            asked.wait_for(|pulls| *pulls >= 2).await.unwrap();
            while socket.write_all(b"event: hint\ndata: {\"seq\":1}\n\n").await.is_ok() {
                let before = *asked.borrow_and_update();
                asked.wait_for(|pulls| *pulls > before).await.unwrap();
            }
            return;
        }
        let body = if request.starts_with("GET /v1/changes") {
            pulls.send_modify(|pulls| *pulls += 1);
            serde_json::to_string(&page(&format!("c{}", *pulls.borrow()))).unwrap()
        } else {
            serde_json::to_string(&session(1)).unwrap()
        };
        let length = body.len();
        let reply =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        if socket.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn each_hint_leads_to_a_pull_long_before_the_next_poll() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let pulls = std::sync::Arc::new(tokio::sync::watch::Sender::new(0));
    let counted = pulls.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            tokio::spawn(hinting(socket, counted.clone()));
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &address)).await.unwrap();
    desk.sign_in("olivia", "password").await.unwrap();
    let mut asked = pulls.subscribe();
    let often = tokio::time::timeout(Duration::from_secs(10), asked.wait_for(|pulls| *pulls >= 6)).await;
    assert!(often.is_ok(), "{} pulls", *pulls.borrow());
    until(&desk, "live", |status| status.link == LinkState::Live).await;
    desk.close().await;
}
