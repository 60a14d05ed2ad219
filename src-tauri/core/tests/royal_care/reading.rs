//! The clinic as it is read, first whole and then by heat.

use crate::other::Other;
use crate::place::{Place, clinic, day, later};
use deskbell_clinic::{Kind, Role, Row, Status};
use deskbell_core::backend::BackendError;
use deskbell_royal_care_stand_in::Fault;
use reqwest::Method;
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn the_first_reading_holds_all_that_the_server_has() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let rows = async |kind| place.rows(kind).await.len();
    assert_eq!(rows(Kind::Clinic).await, 1);
    assert_eq!(rows(Kind::Service).await, 7);
    assert_eq!(rows(Kind::Client).await, 120);
    let hours = rows(Kind::Availability).await + rows(Kind::Block).await;
    assert_eq!(hours, 638, "available and expressly unavailable");
    assert_eq!(rows(Kind::Appointment).await, 400, "beyond a page's 200");
    let staff = place.rows(Kind::Staff).await;
    let of = |wanted: Role| {
        staff
            .iter()
            .filter(|row| matches!(row, Row::Staff(row) if row.role == wanted && row.active))
            .count()
    };
    assert_eq!((of(Role::Therapist), of(Role::Driver)), (30, 8));
}

#[tokio::test]
async fn every_booking_has_a_status_of_ours_and_keeps_the_servers() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let mut seen = HashSet::new();
    for row in place.rows(Kind::Appointment).await {
        let Row::Appointment(row) = row else { continue };
        let raw = row.step.clone().unwrap();
        if raw == "auto_cancelled" {
            assert_eq!(row.status, Status::Expired);
        }
        seen.insert(raw);
    }
    assert!(seen.len() >= 19, "{seen:?}");
}

#[tokio::test]
async fn an_unchanged_clinic_brings_no_changes_however_often_it_is_read() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    for pause in [Duration::from_secs(12), Duration::from_secs(60), HOUR, HOUR * 3] {
        later(pause).await;
        assert_eq!(place.level().await.unwrap(), 0, "after {pause:?}");
    }
    assert!(
        clinic
            .traffic()
            .asked
            .iter()
            .filter(|one| one.method == "GET")
            .all(|one| one.no_cache)
    );
}

#[tokio::test]
async fn others_hours_of_today_come_with_the_next_poll_and_of_tomorrow_within_a_minute() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    let had = (
        place.hours_of(ana, day(0)).await.len(),
        place.hours_of(ana, day(1)).await.len(),
    );
    clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    let tomorrow = clinic.offer("th01", &day(1).to_string(), "02:00", "03:00").unwrap();

    later(Duration::from_secs(12)).await;
    clinic.forget_traffic();
    assert_eq!(place.level().await.unwrap(), 1);
    assert_eq!(place.hours_of(ana, day(0)).await.len(), had.0 + 1);
    assert!(clinic.traffic().whole().bytes < 25_000, "only today's were asked for");

    later(Duration::from_secs(48)).await;
    assert_eq!(place.level().await.unwrap(), 1);
    assert_eq!(place.hours_of(ana, day(1)).await.len(), had.1 + 1);

    assert!(clinic.withdraw(tomorrow));
    later(Duration::from_secs(60)).await;
    assert_eq!(place.level().await.unwrap(), 1);
    assert_eq!(
        place.hours_of(ana, day(1)).await.len(),
        had.1,
        "what is gone there goes here"
    );
}

#[tokio::test]
async fn hours_a_week_ahead_and_beyond_are_read_too() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    for ahead in [5, 40] {
        clinic.offer("th01", &day(ahead).to_string(), "02:00", "03:00").unwrap();
    }
    later(Duration::from_secs(300)).await;
    place.level().await.unwrap();
    assert!(!place.hours_of(ana, day(5)).await.is_empty());
    assert!(
        place.hours_of(ana, day(40)).await.is_empty(),
        "far hours are read every half hour"
    );
    later(HOUR / 2).await;
    place.level().await.unwrap();
    assert_eq!(place.hours_of(ana, day(40)).await.len(), 1);
}

#[tokio::test]
async fn a_failing_server_deletes_nothing_and_the_next_reading_goes_on() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let (hours, bookings) = (place.rows(Kind::Availability).await.len(), 400);
    for path in ["availabilities", "appointments", "clients", "staff"] {
        clinic.order("GET", path, Fault::ServerError, 1);
        later(HOUR * 3).await;
        assert_eq!(place.level().await, Err(BackendError::Server(500)), "{path}");
        assert_eq!(place.rows(Kind::Availability).await.len(), hours);
        assert_eq!(place.rows(Kind::Appointment).await.len(), bookings);
    }
    clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    assert_eq!(place.level().await.unwrap(), 1, "what was due is still due");
}

#[tokio::test]
async fn hours_that_are_made_unavailable_become_a_block() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    let id = clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    let (had, blocks) = (
        place.hours_of(ana, day(0)).await.len(),
        place.rows(Kind::Block).await.len(),
    );
    let other = Other::sign_in(&clinic, "op2").await;
    let body = json!({"start_time": "02:00", "end_time": "03:00", "is_available": false});
    let (status, _) = other.ask(Method::PATCH, &format!("availabilities/{id}/"), &body).await;
    assert!(status.is_success());
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    assert_eq!(place.hours_of(ana, day(0)).await.len(), had - 1);
    assert_eq!(place.rows(Kind::Block).await.len(), blocks + 1);
}

#[tokio::test]
async fn a_therapist_gets_their_own_hours_and_bookings_and_only_the_clients_of_those() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "th01").await;
    let me = place.account.staff.unwrap();
    for row in place.rows(Kind::Availability).await {
        let Row::Availability(row) = row else { continue };
        assert_eq!(row.staff, me);
    }
    let (bookings, clients) = (place.rows(Kind::Appointment).await, place.rows(Kind::Client).await);
    let mut named = HashSet::new();
    for row in &bookings {
        let Row::Appointment(row) = row else { continue };
        assert!(row.therapists().any(|id| id == me));
        named.extend(row.clients.iter().map(|attendee| attendee.client.uuid()));
    }
    assert!(!bookings.is_empty());
    assert_eq!(clients.iter().map(Row::id).collect::<HashSet<_>>(), named);
}

#[tokio::test]
async fn what_was_never_taken_in_is_read_again() {
    use deskbell_core::backend::{Backend, Interest};
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    later(Duration::from_secs(12)).await;
    let cursor = place.cache.cursor().await.unwrap();
    let interest = Interest::default();
    let lost = place.api.pull(cursor.as_deref(), &interest).await.unwrap();
    assert_eq!(lost.changes.len(), 1);
    // The page never reached the cache: the engine comes back with the cursor it had.
    assert_eq!(place.level().await.unwrap(), 1);
}

#[tokio::test]
async fn an_hour_in_use_with_nothing_happening_costs_less_than_twelve_megabytes() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let _heard = deskbell_core::backend::Backend::hints(&place.api).await.unwrap();
    clinic.forget_traffic();
    for _ in 0..300 {
        later(Duration::from_secs(12)).await;
        assert_eq!(place.level().await.unwrap(), 0);
    }
    let cost = clinic.traffic().whole();
    assert!(
        cost.bytes < 12_000_000,
        "{} requests, {} bytes",
        cost.requests,
        cost.bytes
    );
}
