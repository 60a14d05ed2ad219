//! What people did reaches the server once, or a person is asked.

use crate::fake::{
    Hands, InTurn, block, clinic, desk_at, got, ok, options, page, problem, session, until, until_got, written,
};
use deskbell_clinic::wire::{ChangesPage, StepRequest};
use deskbell_clinic::{AppointmentId, Kind, Row, Step};
use deskbell_core::cache::OutboxState;
use deskbell_core::desk::Desk;
use deskbell_core::outbox::intent::Intent;
use deskbell_core::sync::link::LinkState;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn clinic_that_writes(answers: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = clinic([ok(page("c1"))]).await;
    Mock::given(method("PUT"))
        .respond_with(InTurn::new(answers))
        .mount(&server)
        .await;
    server
}

async fn version_shown(desk: &Desk, id: u128) -> Option<u32> {
    let seen = desk
        .read(move |snapshot| Ok(snapshot.row(Kind::Block, Uuid::from_u128(id))?))
        .await
        .unwrap();
    seen.and_then(|seen| seen.version)
}

#[tokio::test]
async fn an_act_whose_answer_was_lost_is_sent_again_with_the_same_key() {
    let row = block(1);
    let lost = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    let server = clinic_that_writes([lost, ok(written(row.clone(), 1))]).await;
    let place = desk_at(&server).await;
    let kept = place.desk.keep(Intent::put(row, None)).await.unwrap();
    until_got(&server, "PUT", "/v1/block", 2).await;
    until(&place.desk, "nothing waits", |status| status.waiting == 0).await;
    let sent = got(&server, "PUT", "/v1/block").await;
    assert_eq!(sent.len(), 2);
    for request in &sent {
        assert_eq!(request.headers["idempotency-key"], kept.operation.to_string());
    }
    assert_eq!(version_shown(&place.desk, 1).await, Some(1));
}

#[tokio::test]
async fn what_was_kept_before_a_crash_is_sent_after_it_with_the_same_key() {
    let row = block(1);
    let lost = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    let server = clinic_that_writes([lost, ok(written(row.clone(), 1))]).await;
    let place = desk_at(&server).await;
    place.desk.keep(Intent::put(row, None)).await.unwrap();
    until_got(&server, "PUT", "/v1/block", 1).await;
    // In the middle of the request.
    place.desk.close().await;
    let desk = Desk::open(options(&place.folder, &server.uri())).await.unwrap();
    Mock::given(path("/v1/session/renew"))
        .respond_with(ok(session(2)))
        .mount(&server)
        .await;
    desk.sign_in("olivia", "password").await.unwrap();
    until_got(&server, "PUT", "/v1/block", 2).await;
    let sent = got(&server, "PUT", "/v1/block").await;
    assert_eq!(sent[0].headers["idempotency-key"], sent[1].headers["idempotency-key"]);
}

#[tokio::test]
async fn a_refused_act_waits_for_a_person_and_holds_nothing_else_up() {
    let other = block(2);
    let server = clinic_that_writes([problem(409, "slot_taken"), ok(written(other.clone(), 1))]).await;
    let place = desk_at(&server).await;
    let kept = place.desk.keep(Intent::put(block(1), None)).await.unwrap();
    until(&place.desk, "refused", |status| status.need_you == 1).await;
    place.desk.keep(Intent::put(other, None)).await.unwrap();
    until(&place.desk, "the other is done", |status| status.waiting == 1).await;
    let outbox = place.desk.outbox().await.unwrap();
    assert_eq!(
        (outbox[0].operation, outbox[0].state),
        (kept.operation, OutboxState::Conflict)
    );
    assert!(!outbox[0].reason.is_empty() && outbox[0].problem.is_some());
    assert_eq!(
        version_shown(&place.desk, 1).await,
        None,
        "what was refused is not shown as if it were so"
    );
    place.desk.discard_operation(kept.operation).await.unwrap();
    until(&place.desk, "nothing waits", |status| {
        (status.waiting, status.need_you) == (0, 0)
    })
    .await;
}

#[tokio::test]
async fn acts_wait_for_a_sign_in_and_go_out_after_it() {
    let row = block(1);
    let server = clinic_that_writes([problem(401, "not_signed_in"), ok(written(row.clone(), 1))]).await;
    Mock::given(path("/v1/session/renew"))
        .respond_with(problem(401, "not_signed_in"))
        .mount(&server)
        .await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    place.desk.keep(Intent::put(row, None)).await.unwrap();
    until_got(&server, "POST", "/v1/session/renew", 1).await;
    until(&place.desk, "asked to sign in", |status| {
        status.link == LinkState::AuthHeld && status.waiting == 1
    })
    .await;
    assert_eq!(place.desk.sign_out(false).await.unwrap_err().code(), "work_waiting");
    place.desk.sign_in("olivia", "password").await.unwrap();
    until(&place.desk, "sent", |status| {
        status.waiting == 0 && status.link == LinkState::Polling
    })
    .await;
    assert_eq!(
        got(&server, "POST", "/v1/session/renew").await.len(),
        1,
        "a refused token is not tried twice"
    );
}

#[tokio::test]
async fn arrived_that_could_only_be_sent_hours_later_asks_first() {
    let later = Timestamp::now() + SignedDuration::from_hours(3);
    let server = clinic([
        ok(page("c1")),
        ok(ChangesPage {
            server_time: later,
            ..page("c2")
        }),
    ])
    .await;
    let busy = ResponseTemplate::new(503).insert_header("Retry-After", "1");
    let steps = format!("/v1/appointments/{}/step", Uuid::from_u128(5));
    Mock::given(method("POST"))
        .and(path(steps.as_str()))
        .respond_with(InTurn::new([busy, problem(409, "step_not_allowed")]))
        .mount(&server)
        .await;
    let clock = Arc::new(Hands(Mutex::new(Timestamp::now())));
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &server.uri()).clock(clock.clone()))
        .await
        .unwrap();
    desk.sign_in("olivia", "password").await.unwrap();
    until(&desk, "level", |status| status.link == LinkState::Polling).await;
    let step = StepRequest {
        step: Step::Arrive,
        client: None,
        reason: None,
        acted_at: desk.now(),
    };
    let appointment = AppointmentId(Uuid::from_u128(5));
    let kept = desk
        .keep(Intent::Step {
            appointment,
            step,
            base_version: Some(1),
            lands: None,
        })
        .await
        .unwrap();
    until(&desk, "told to wait", |status| status.link == LinkState::Throttled).await;
    // The computer sleeps through the pause, and hours more.
    *clock.0.lock().unwrap() = later;
    until(&desk, "it asks", |status| status.need_you == 1).await;
    assert_eq!(got(&server, "POST", &steps).await.len(), 1, "not sent unasked");
    assert_eq!(desk.outbox().await.unwrap()[0].state, OutboxState::Parked);
    desk.retry_operation(kept.operation).await.unwrap();
    until_got(&server, "POST", &steps, 2).await;
}

#[tokio::test]
async fn a_booking_that_lost_its_slot_becomes_a_task_for_every_desk() {
    let refused = json!({
        "type": "about:blank", "title": "No", "status": 409, "code": "slot_taken",
        "slot": {"clashes": [], "alternatives": []},
    });
    let server = clinic([ok(page("c1"))]).await;
    Mock::given(method("PUT"))
        .and(path(format!("/v1/appointment/{}", Uuid::from_u128(5)).as_str()))
        .respond_with(ResponseTemplate::new(409).set_body_raw(refused.to_string(), "application/problem+json"))
        .mount(&server)
        .await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    let start = place.desk.now() + SignedDuration::from_hours(24);
    let booking = json!({
        "id": Uuid::from_u128(5), "series": null, "clients": [], "assignments": [], "services": [],
        "span": {"start": start, "end": start + SignedDuration::from_hours(1)}, "place": {"at": "anywhere"},
        "status": "confirmed", "step": null, "notes": "", "reason": null, "answer_due": null, "overlap_accepted": null,
    });
    let booking = Row::read(Kind::Appointment, &booking).unwrap();
    place.desk.keep(Intent::put(booking, None)).await.unwrap();
    until_got(&server, "PUT", "/v1/task/", 1).await;
    let sent: serde_json::Value = got(&server, "PUT", "/v1/task/").await[0].body_json().unwrap();
    assert_eq!((&sent["kind"], &sent["due"]), (&json!("lost_slot"), &json!(start)));
}
