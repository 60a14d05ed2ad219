//! Two people take turns at one desk: by PIN, without a network, each with work of their own.

use crate::fake::{InTurn, account, block, got, ok, options, page, problem, session, until, until_got, written};
use deskbell_clinic::wire::{Account, Session};
use deskbell_clinic::{AccountId, Kind};
use deskbell_core::desk::{Desk, DeskError, Proof};
use deskbell_core::outbox::intent::Intent;
use deskbell_core::secret::Secret;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const PIN: &str = "2580";

fn maria() -> Account {
    Account {
        account: AccountId(Uuid::from_u128(3)),
        login: "maria".into(),
        name: "Maria".into(),
        ..account()
    }
}

/// A server that knows Olivia and Maria, renews both, and answers Olivia's writes in turn.
async fn clinic_of_two(olivias_writes: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    for (who, n) in [(account(), 10), (maria(), 20)] {
        let first = Session {
            who: who.clone(),
            ..session(n)
        };
        let renewed = Session { who, ..session(n + 1) };
        Mock::given(method("POST"))
            .and(path("/v1/session"))
            .and(body_partial_json(json!({ "login": first.who.login })))
            .respond_with(ok(&first))
            .mount(&server)
            .await;
        Mock::given(path("/v1/session/renew"))
            .and(body_partial_json(json!({ "refresh_token": first.refresh_token })))
            .respond_with(ok(renewed))
            .mount(&server)
            .await;
    }
    Mock::given(path("/v1/hints"))
        .respond_with(problem(404, "not_found"))
        .mount(&server)
        .await;
    Mock::given(path("/v1/changes"))
        .respond_with(ok(page("c1")))
        .mount(&server)
        .await;
    let olivias_writes = std::sync::Arc::new(InTurn::new(olivias_writes));
    for token in ["Bearer access-10", "Bearer access-11"] {
        let answers = olivias_writes.clone();
        Mock::given(method("PUT"))
            .and(header("Authorization", token))
            .respond_with(move |request: &wiremock::Request| wiremock::Respond::respond(&*answers, request))
            .mount(&server)
            .await;
    }
    server
}

async fn desk_of(folder: &TempDir, server: &MockServer) -> Desk {
    Desk::open(options(folder, &server.uri())).await.unwrap()
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

async fn by_pin(desk: &Desk, who: &Account, pin: &str) -> Result<(), DeskError> {
    desk.come_in(who.account, Proof::Pin(secret(pin))).await
}

/// Both have signed in once and set a PIN; Olivia is in front.
async fn both_enrolled(folder: &TempDir, server: &MockServer) -> Desk {
    let desk = desk_of(folder, server).await;
    for login in ["maria", "olivia"] {
        desk.sign_in(login, "right").await.unwrap();
        desk.set_pin(secret("right"), secret(PIN)).await.unwrap();
    }
    desk
}

#[tokio::test]
async fn what_the_person_before_did_is_sent_as_theirs_and_the_next_person_sees_only_that_it_waits() {
    let row = block(1);
    let server = clinic_of_two([problem(503, "unavailable"), ok(written(row.clone(), 1))]).await;
    let folder = TempDir::new().unwrap();
    let desk = both_enrolled(&folder, &server).await;
    desk.keep(Intent::put(row, None)).await.unwrap();
    until_got(&server, "PUT", "/v1/block", 1).await;

    by_pin(&desk, &maria(), PIN).await.unwrap();
    assert_eq!(desk.account().unwrap().name, "Maria");
    let shown = desk
        .read(|snapshot| Ok(snapshot.row(Kind::Block, Uuid::from_u128(1))?))
        .await
        .unwrap();
    assert!(
        shown.is_none(),
        "what only Olivia's cache holds is not painted for Maria"
    );
    until(&desk, "Olivia's work is sent", |status| status.others.is_empty()).await;
    let sent = got(&server, "PUT", "/v1/block").await;
    assert_eq!(sent.len(), 2);
    for request in &sent {
        assert_eq!(request.headers["authorization"], "Bearer access-10", "as Olivia's");
    }
    assert_eq!(desk.status().borrow().waiting, 0, "Maria has none of her own");
}

#[tokio::test]
async fn work_left_behind_is_named_and_goes_on_being_sent_after_a_restart() {
    let row = block(1);
    let busy = problem(503, "unavailable").insert_header("Retry-After", "1");
    let server = clinic_of_two([busy, ok(written(row.clone(), 1))]).await;
    let folder = TempDir::new().unwrap();
    let desk = both_enrolled(&folder, &server).await;
    desk.keep(Intent::put(row, None)).await.unwrap();
    until_got(&server, "PUT", "/v1/block", 1).await;
    by_pin(&desk, &maria(), PIN).await.unwrap();
    let others = desk.status().borrow().others.clone();
    let told: Vec<_> = others.iter().map(|left| (left.name.as_str(), left.waiting)).collect();
    assert_eq!(told, [("Olivia", 1)]);
    desk.close().await;

    let desk = desk_of(&folder, &server).await;
    assert_eq!(desk.account().unwrap().name, "Maria");
    until(&desk, "Olivia's work is sent", |status| status.others.is_empty()).await;
    let sent = got(&server, "PUT", "/v1/block").await;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].headers["idempotency-key"], sent[1].headers["idempotency-key"]);
    assert_eq!(
        sent[1].headers["authorization"], "Bearer access-11",
        "by her own session"
    );
}

#[tokio::test]
async fn without_a_network_a_pin_changes_persons_and_comes_back() {
    let server = clinic_of_two([ok(written(block(1), 1))]).await;
    let folder = TempDir::new().unwrap();
    let desk = both_enrolled(&folder, &server).await;
    drop(server);
    for who in [maria(), account(), maria()] {
        desk.lock();
        by_pin(&desk, &who, PIN).await.unwrap();
        assert!(!desk.is_locked());
        assert_eq!(desk.account().unwrap().account, who.account);
    }
    let people: Vec<_> = desk
        .people()
        .into_iter()
        .map(|one| (one.name, one.has_pin, one.in_front))
        .collect();
    let expected = [("Maria".to_owned(), true, true), ("Olivia".to_owned(), true, false)];
    assert_eq!(people, expected);
}

#[tokio::test]
async fn five_wrong_pins_ask_for_the_password_also_after_a_restart() {
    let server = clinic_of_two([ok(written(block(1), 1))]).await;
    let folder = TempDir::new().unwrap();
    let desk = both_enrolled(&folder, &server).await;
    for guess in ["1357", "2468", "9081"] {
        assert_eq!(by_pin(&desk, &maria(), guess).await.unwrap_err().code(), "wrong_pin");
    }
    desk.close().await;
    let desk = desk_of(&folder, &server).await;
    assert_eq!(by_pin(&desk, &maria(), "1112").await.unwrap_err().code(), "wrong_pin");
    assert_eq!(
        by_pin(&desk, &maria(), "1113").await.unwrap_err().code(),
        "needs_password"
    );
    let right = by_pin(&desk, &maria(), PIN).await.unwrap_err();
    assert_eq!(right.code(), "needs_password", "the right one comes too late");
    assert_eq!(desk.account().unwrap().name, "Olivia", "nobody else came in");

    let password = Proof::Password(secret("right"));
    desk.come_in(maria().account, password).await.unwrap();
    desk.lock();
    by_pin(&desk, &maria(), PIN).await.unwrap();
}

#[tokio::test]
async fn a_pin_needs_the_password_to_be_set_and_goes_with_its_person() {
    let server = clinic_of_two([ok(written(block(1), 1))]).await;
    let folder = TempDir::new().unwrap();
    let desk = desk_of(&folder, &server).await;
    desk.sign_in("maria", "right").await.unwrap();
    let refused = desk.set_pin(secret("wrong"), secret(PIN)).await.unwrap_err();
    assert_eq!(refused.code(), "wrong_password");
    let refused = desk.set_pin(secret("right"), secret("1234")).await.unwrap_err();
    assert_eq!(refused.code(), "bad_pin");
    assert_eq!(by_pin(&desk, &maria(), PIN).await.unwrap_err().code(), "needs_password");
    desk.set_pin(secret("right"), secret(PIN)).await.unwrap();
    by_pin(&desk, &maria(), PIN).await.unwrap();
    desk.sign_out(false).await.unwrap();
    assert_eq!(desk.people(), []);
    assert_eq!(by_pin(&desk, &maria(), PIN).await.unwrap_err().code(), "no_such_person");
}
