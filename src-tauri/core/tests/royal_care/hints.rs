//! Hints by WebSocket: they name a booking to read again, and are never the truth themselves.

use crate::other::Other;
use crate::place::{Place, clinic, day, later};
use deskbell_clinic::{Kind, Row, Status};
use deskbell_core::backend::{Backend, HintEvent};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

/// A booking's number that stands so and is still to come.
fn number(clinic: &deskbell_royal_care_stand_in::StandIn, status: &str) -> u64 {
    let today = day(0).to_string();
    let rows = clinic.appointments();
    let found = rows
        .iter()
        .find(|row| row["status"] == status && row["date"].as_str().unwrap() > today.as_str());
    found.unwrap()["id"].as_u64().unwrap()
}

async fn status_of(place: &Place, raw: &str) -> usize {
    let rows = place.rows(Kind::Appointment).await;
    rows.iter()
        .filter(|row| matches!(row, Row::Appointment(row) if row.step.as_deref() == Some(raw)))
        .count()
}

#[tokio::test]
async fn a_booking_that_a_hint_names_is_read_alone() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let mut hints = place.api.hints().await.unwrap();
    place.level().await.unwrap();
    let (other, number) = (Other::sign_in(&clinic, "op2").await, number(&clinic, "pending"));
    let cancelled = status_of(&place, "cancelled").await;
    clinic.forget_traffic();
    assert!(other.step(number, "cancel").await.is_success());
    let hint = tokio::time::timeout(SOON, hints.next()).await.unwrap();
    assert!(matches!(hint, Some(HintEvent::Changed(_))), "{hint:?}");
    assert_eq!(place.level().await.unwrap(), 1);
    assert_eq!(status_of(&place, "cancelled").await, cancelled + 1);
    let traffic = clinic.traffic();
    assert_eq!(
        traffic.requests(&Method::GET, "/api/scheduling/appointments/"),
        0,
        "no list was read for it"
    );
    assert_eq!(traffic.requests(&Method::GET, "/api/scheduling/availabilities/"), 0);
}

#[tokio::test]
async fn a_deleted_booking_goes_once_a_second_question_confirms_it() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let mut hints = place.api.hints().await.unwrap();
    place.level().await.unwrap();
    let (other, number) = (Other::sign_in(&clinic, "op2").await, number(&clinic, "pending"));
    let (status, _) = other
        .ask(Method::DELETE, &format!("appointments/{number}/"), &Value::Null)
        .await;
    assert!(status.is_success());
    tokio::time::timeout(SOON, hints.next()).await.unwrap();
    assert_eq!(place.level().await.unwrap(), 1);
    assert_eq!(place.rows(Kind::Appointment).await.len(), 399);
}

#[tokio::test]
async fn a_therapists_desk_does_not_ask_for_everybodys_bookings() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "th30").await;
    let mut hints = place.api.hints().await.unwrap();
    place.level().await.unwrap();
    let other = Other::sign_in(&clinic, "op2").await;
    let foreign = clinic
        .appointments()
        .into_iter()
        .find(|row| row["therapist"] != 33 && row["status"] == "pending");
    let number = foreign.unwrap()["id"].as_u64().unwrap();
    clinic.forget_traffic();
    assert!(other.step(number, "cancel").await.is_success());
    tokio::time::timeout(SOON, hints.next()).await.unwrap();
    assert_eq!(place.level().await.unwrap(), 0);
    let asked = clinic.traffic().asked;
    assert!(asked.iter().all(|one| one.method != "GET"), "{asked:?}");
}

#[tokio::test]
async fn without_a_socket_the_cheap_probe_finds_what_happened_to_ones_own_bookings() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let own = clinic
        .appointments()
        .into_iter()
        .find(|row| row["operator"] == 1 && row["status"] == "pending");
    let own = own.unwrap();
    let (number, therapist) = (own["id"].as_u64().unwrap(), own["therapist"].as_u64().unwrap());
    let login = format!("th{:02}", therapist - 3);
    let other = Other::sign_in(&clinic, &login).await;
    assert!(other.step(number, "therapist_confirm").await.is_success());
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    let rows = place.rows(Kind::Appointment).await;
    let accepted = rows.iter().any(|row| {
        matches!(row, Row::Appointment(row) if row.step.as_deref() == Some("therapist_confirmed")
            && row.status == Status::Requested
            && row.assignments[0].answer == deskbell_clinic::Answer::Accepted)
    });
    assert!(accepted);
}

#[tokio::test]
async fn what_changed_while_nobody_listened_is_read_when_the_socket_stands_again() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let today = day(0).to_string();
    let rows = clinic.appointments();
    let row = rows
        .iter()
        .find(|row| row["date"] == today.as_str() && row["status"] == "pending")
        .unwrap();
    let other = Other::sign_in(&clinic, "op2").await;
    let path = format!("appointments/{}/", row["id"]);
    let (status, _) = other.ask(Method::PATCH, &path, &json!({ "notes": "Ring twice" })).await;
    assert!(status.is_success());
    let _hints = place.api.hints().await.unwrap();
    assert_eq!(place.level().await.unwrap(), 1);
}

#[tokio::test]
async fn a_socket_that_dies_ends_the_stream() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let mut hints = place.api.hints().await.unwrap();
    clinic.go_away();
    let ended = async { while hints.next().await.is_some() {} };
    tokio::time::timeout(SOON * 3, ended).await.unwrap();
}
