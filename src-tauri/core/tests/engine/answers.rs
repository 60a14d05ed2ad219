//! What each kind of answer means, and that requests say what they must.

use crate::fake::{page, problem, server, signed_in};
use deskbell_clinic::wire::{AppointmentHistory, ChangeOp, Written};
use deskbell_clinic::{AppointmentId, Kind, OperationId};
use deskbell_core::backend::{Act, Backend, BackendError, Base, Interest, Write};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use uuid::Uuid;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const BLOCK: Uuid = Uuid::from_u128(7);
const OPERATION: OperationId = OperationId(Uuid::from_u128(8));

async fn pull_of(answer: ResponseTemplate) -> BackendError {
    let server = server().await;
    Mock::given(path("/v1/changes"))
        .respond_with(answer)
        .mount(&server)
        .await;
    signed_in(&server).0.pull(None, &Interest::default()).await.unwrap_err()
}

#[tokio::test]
async fn a_failing_server_is_told_from_a_busy_one_and_from_a_web_page() {
    assert_eq!(pull_of(ResponseTemplate::new(500)).await, BackendError::Server(500));
    assert_eq!(pull_of(problem(500, "internal")).await, BackendError::Server(500));
    let busy = problem(429, "too_many_requests").insert_header("Retry-After", "7");
    assert_eq!(
        pull_of(busy).await,
        BackendError::TooMany {
            retry_after: Some(Duration::from_secs(7))
        }
    );
    assert_eq!(
        pull_of(ResponseTemplate::new(503)).await,
        BackendError::TooMany { retry_after: None }
    );
    let page = ResponseTemplate::new(200).set_body_raw("<html>Welcome to the guest network</html>", "text/html");
    assert_eq!(pull_of(page).await, BackendError::NotJson);
    let redirect = ResponseTemplate::new(302).insert_header("Location", "http://elsewhere.example/");
    assert_eq!(pull_of(redirect).await, BackendError::NotJson);
    assert_eq!(
        pull_of(problem(410, "cursor_expired")).await,
        BackendError::CursorExpired
    );
    let strange = ResponseTemplate::new(200).set_body_raw("{\"epoch\":", "application/json");
    assert_eq!(pull_of(strange).await, BackendError::Protocol);
}

#[tokio::test]
async fn a_pull_names_its_cursor_and_asks_past_every_cache() {
    let server = server().await;
    Mock::given(method("GET"))
        .and(path("/v1/changes"))
        .and(query_param("since", "c 1+/="))
        .and(header("Cache-Control", "no-cache"))
        .and(header("Authorization", "Bearer access-1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page("c2")))
        .expect(1)
        .mount(&server)
        .await;
    let pulled = signed_in(&server)
        .0
        .pull(Some("c 1+/="), &Interest::default())
        .await
        .unwrap();
    assert_eq!(pulled.cursor, "c2");
}

fn put(base: Base) -> Write {
    Write {
        operation: OPERATION,
        kind: Kind::Block,
        id: BLOCK,
        base,
        repeated: false,
        act: Act::Put(serde_json::json!({"note": ""})),
    }
}

#[tokio::test]
async fn a_write_carries_its_key_and_the_version_it_builds_on() {
    let server = server().await;
    let written = Written {
        kind: Kind::Block,
        id: BLOCK,
        version: 4,
        seq: 9,
        op: ChangeOp::Put,
        body: Some(serde_json::json!({})),
    };
    Mock::given(method("PUT"))
        .and(path(format!("/v1/block/{BLOCK}")))
        .and(header("Idempotency-Key", OPERATION.to_string()))
        .and(header("If-Match", "\"3\""))
        .respond_with(ResponseTemplate::new(200).set_body_json(&written))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("PUT"))
        .and(header("If-None-Match", "*"))
        .respond_with(problem(412, "version_mismatch"))
        .expect(1)
        .mount(&server)
        .await;
    let (api, _) = signed_in(&server);
    assert_eq!(api.push(&put(Base::Version(3))).await, Ok(written));
    assert!(matches!(
        api.push(&put(Base::New)).await,
        Err(BackendError::VersionMismatch(_))
    ));
}

#[tokio::test]
async fn a_bookings_history_is_asked_for_by_its_id_and_read_as_it_comes() {
    let server = server().await;
    let history = AppointmentHistory {
        entries: vec![],
        more: true,
    };
    Mock::given(method("GET"))
        .and(path(format!("/v1/appointments/{BLOCK}/history")))
        .and(header("Authorization", "Bearer access-1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(&history))
        .expect(1)
        .mount(&server)
        .await;
    let (api, _) = signed_in(&server);
    assert_eq!(api.history(BLOCK.into()).await, Ok(Some(history)));
    let gone = api.history(AppointmentId(Uuid::nil())).await;
    assert!(gone.is_err(), "another booking's: {gone:?}");
}

/// A server that takes requests in and never answers the second one.
#[tokio::test]
async fn a_write_without_an_answer_may_have_arrived() {
    let server = server().await;
    Mock::given(method("PUT"))
        .respond_with(ResponseTemplate::new(200).set_delay(Duration::from_secs(30)))
        .mount(&server)
        .await;
    let error = signed_in(&server).0.push(&put(Base::New)).await.unwrap_err();
    assert_eq!(error, BackendError::Timeout { sent: true });
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_may_have_brought_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let breaking = tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            // Whatever was asked, the answer is a closed door.
            let _ = socket.read(&mut request).await.unwrap();
        }
    });
    let (api, _) = crate::fake::adapter(&address);
    api.resume(deskbell_core::secret::Secret::new("refresh-0".to_owned()));
    let error = api.pull(None, &Interest::default()).await.unwrap_err();
    assert_eq!(error, BackendError::Timeout { sent: true });
    breaking.abort();
}

#[tokio::test]
async fn a_server_that_is_off_was_sent_nothing() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let (api, _) = crate::fake::adapter(&address);
    api.resume(deskbell_core::secret::Secret::new("refresh-0".to_owned()));
    let error = api.push(&put(Base::New)).await.unwrap_err();
    assert_eq!(error, BackendError::Unreachable);
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn a_redirect_never_carries_the_token_elsewhere() {
    let elsewhere = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200))
        .expect(0)
        .mount(&elsewhere)
        .await;
    let to = format!("{}/v1/changes", elsewhere.uri());
    let error = pull_of(ResponseTemplate::new(307).insert_header("Location", to.as_str())).await;
    assert_eq!(error, BackendError::NotJson);
}
