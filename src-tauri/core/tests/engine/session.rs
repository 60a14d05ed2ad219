//! One session, shared by everything that asks at once.

use crate::fake::{adapter, page, problem, server, session, signed_in};
use deskbell_core::backend::{Backend, BackendError, Interest};
use deskbell_core::secret::Secret;
use std::time::Duration;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

#[tokio::test]
async fn ten_requests_that_find_the_session_lapsed_renew_it_once() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/session"))
        .and(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(session(0)))
        .mount(&server)
        .await;
    Mock::given(path("/v1/session/renew"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(session(1))
                .set_delay(Duration::from_millis(100)),
        )
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/v1/changes"))
        .and(header("Authorization", "Bearer access-0"))
        .respond_with(problem(401, "not_signed_in"))
        .mount(&server)
        .await;
    Mock::given(path("/v1/changes"))
        .and(header("Authorization", "Bearer access-1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page("c1")))
        .expect(10)
        .mount(&server)
        .await;
    let (api, kept) = adapter(&server.uri());
    api.sign_in("olivia", &Secret::new("password".to_owned()))
        .await
        .unwrap();
    let interest = Interest::default();
    let answers = futures_util::future::join_all((0..10).map(|_| api.pull(None, &interest))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let kept: Vec<_> = kept.0.lock().unwrap().iter().flatten().cloned().collect();
    assert_eq!(
        kept,
        ["refresh-0", "refresh-1"],
        "each rotated token is kept before it is needed"
    );
}

#[tokio::test]
async fn a_renewal_goes_on_when_whoever_asked_for_it_is_gone() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/session/renew"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(session(1))
                .set_delay(Duration::from_millis(200)),
        )
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/v1/changes"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page("c1")))
        .mount(&server)
        .await;
    let (api, kept) = signed_in(&server);
    let interest = Interest::default();
    let given_up = tokio::time::timeout(Duration::from_millis(50), api.pull(None, &interest)).await;
    assert!(given_up.is_err(), "the renewal takes longer than that");
    api.pull(None, &interest).await.unwrap();
    assert_eq!(
        kept.0.lock().unwrap().len(),
        1,
        "the token of the first renewal was kept, and served the second pull"
    );
}

#[tokio::test]
async fn a_refresh_token_that_is_refused_asks_for_a_sign_in() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/session/renew"))
        .respond_with(problem(401, "not_signed_in"))
        .mount(&server)
        .await;
    let error = signed_in(&server).0.pull(None, &Interest::default()).await.unwrap_err();
    assert_eq!(error, BackendError::AuthExpired);
}

#[tokio::test]
async fn an_unreachable_renewal_is_no_lapsed_session() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/session/renew"))
        .respond_with(ResponseTemplate::new(502))
        .mount(&server)
        .await;
    let error = signed_in(&server).0.pull(None, &Interest::default()).await.unwrap_err();
    assert_eq!(
        error,
        BackendError::Server(502),
        "the person must not be asked for a password because a proxy is down"
    );
}

#[tokio::test]
async fn a_wrong_password_and_a_lock_out_are_told_apart() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/session"))
        .respond_with(problem(401, "bad_credentials"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let (api, kept) = adapter(&server.uri());
    let password = Secret::new("wrong".to_owned());
    assert_eq!(
        api.sign_in("olivia", &password).await,
        Err(BackendError::BadCredentials)
    );
    Mock::given(path("/v1/session"))
        .respond_with(problem(423, "locked_out").insert_header("Retry-After", "300"))
        .mount(&server)
        .await;
    let locked = BackendError::LockedOut {
        retry_after: Some(Duration::from_secs(300)),
    };
    assert_eq!(api.sign_in("olivia", &password).await, Err(locked));
    assert!(kept.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn signing_out_forgets_the_session_here_also_when_the_server_is_deaf() {
    let server = server().await;
    Mock::given(path("/v1/changes"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page("c1")))
        .mount(&server)
        .await;
    Mock::given(method("DELETE"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&server)
        .await;
    let (api, kept) = signed_in(&server);
    api.pull(None, &Interest::default()).await.unwrap();
    api.sign_out().await;
    assert_eq!(kept.0.lock().unwrap().last(), Some(&None));
    assert_eq!(
        api.pull(None, &Interest::default()).await,
        Err(BackendError::AuthExpired)
    );
}
