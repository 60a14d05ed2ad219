//! `GET /v1/hints`: "pull now", for what is in one's scope, as long as the session holds.

use crate::clinic::TestClinic;
use crate::desk::{Desk, heard};
use deskbell_clinic::wire::{Hint, ProblemCode, Written};
use deskbell_clinic::{Kind, Role};
use futures_util::StreamExt as _;
use jiff::SignedDuration;
use reqwest::Method;
use std::time::Duration;

/// No wait in here is longer.
const BOUND: Duration = Duration::from_secs(5);

/// An open line, read event by event.
pub(crate) struct Line {
    stream: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<axum::body::Bytes>>>>,
    text: String,
}

impl Line {
    pub(crate) async fn open(desk: &Desk) -> Self {
        let response = desk.ask(Method::GET, "/v1/hints").send().await.unwrap();
        assert!(response.status().is_success());
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut line = Self {
            stream: Box::pin(response.bytes_stream()),
            text: String::new(),
        };
        assert_eq!(
            line.next().await.as_deref(),
            Some(": heartbeat"),
            "the line says at once that it holds"
        );
        line
    }

    /// The next event or comment; none at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(event);
            }
            let bytes = tokio::time::timeout(BOUND, self.stream.next())
                .await
                .expect("an event or the end, in time")?;
            self.text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }

    /// The next event that is not a heartbeat.
    pub(crate) async fn event(&mut self) -> Option<String> {
        loop {
            let event = self.next().await?;
            if !event.starts_with(':') {
                return Some(event);
            }
        }
    }

    async fn hint(&mut self) -> u64 {
        let event = self.event().await.unwrap();
        let data = event.strip_prefix("event: hint\ndata: ").expect("a hint");
        serde_json::from_str::<Hint>(data).unwrap().seq
    }
}

#[tokio::test]
async fn a_commit_in_scope_is_hinted_with_its_position_and_no_data() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let mut line = Line::open(&tina).await;
    let written: Written = olga.create(&clinic.hours(clinic.tina, clinic.span(0, 60)).into()).await;
    assert_eq!(line.hint().await, written.seq);
}

#[tokio::test]
async fn a_commit_out_of_scope_is_not_hinted_but_losing_a_row_is() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&booking.clone().into()).await;
    let mut line = Line::open(&tina).await;
    olga.create(&clinic.hours(clinic.theo, clinic.span(0, 60)).into()).await;
    booking.assignments[0].staff = clinic.theo;
    let moved = olga.put(&booking.into(), 1).await.written();
    assert_eq!(line.hint().await, moved.seq, "the first hint is of the move away");
}

#[tokio::test]
async fn heartbeats_keep_coming() {
    let clinic = TestClinic::open_with(|config| config.heartbeat = Duration::from_millis(20)).await;
    let ada = clinic.sign_in("ada").await;
    let mut line = Line::open(&ada).await;
    for _ in 0..3 {
        assert_eq!(line.next().await.as_deref(), Some(": heartbeat"));
    }
}

#[tokio::test]
async fn signing_out_ends_the_line_with_auth() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let mut line = Line::open(&ada).await;
    heard(ada.ask(Method::DELETE, "/v1/session")).await;
    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    assert_eq!(line.event().await, None);
}

#[tokio::test]
async fn a_change_of_role_ends_the_line_with_auth() {
    let clinic = TestClinic::open().await;
    let tina = clinic.sign_in("tina").await;
    let mut line = Line::open(&tina).await;
    clinic.running.set_role("tina", Role::Operator, None).await.unwrap();
    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    assert_eq!(line.event().await, None);
}

#[tokio::test]
async fn the_end_of_the_access_token_ends_the_line_with_auth() {
    let clinic = TestClinic::open_with(|config| config.access_lifetime = SignedDuration::from_millis(400)).await;
    let ada = clinic.sign_in("ada").await;
    let mut line = Line::open(&ada).await;
    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    assert_eq!(line.event().await, None);
}

#[tokio::test]
async fn a_server_without_hints_says_so() {
    let clinic = TestClinic::open_with(|config| config.hints = false).await;
    let ada = clinic.sign_in("ada").await;
    assert!(!ada.session.who.hints);
    ada.get("/v1/hints").await.problem(404, ProblemCode::NotFound);
    let hours = ada.create(&clinic.hours(clinic.tina, clinic.span(0, 60)).into()).await;
    assert_eq!(
        ada.pull(None, 200).await.of(Kind::Availability)[0].id,
        hours.id,
        "a poll has it"
    );
}
