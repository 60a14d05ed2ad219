//! Hints over a real connection, heard and lost.

use crate::fake::{TIMEOUTS, adapter, problem, server, session, signed_in};
use deskbell_core::backend::{Backend, BackendError, HintEvent};
use deskbell_core::secret::Secret;
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
