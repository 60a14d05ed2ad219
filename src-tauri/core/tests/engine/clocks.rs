//! A desk whose own clock is wrong shows the clinic's time all the same.

use crate::fake::{Hands, account, change, clinic, ok, options, page, until};
use deskbell_clinic::wire::{Change, ChangesPage};
use deskbell_clinic::{
    Answer, Appointment, AppointmentId, Assignment, Availability, AvailabilityId, Clinic, Part, Place, Repeat, Role,
    Span, Staff, StaffId, Status,
};
use deskbell_core::desk::Desk;
use deskbell_core::sync::link::LinkState;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;
use wiremock::MockServer;

const ANA: StaffId = StaffId(Uuid::from_u128(70));

fn nine() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// From so many minutes after nine, for an hour.
fn at(minutes: i64) -> Span {
    Span::of_minutes(nine() + SignedDuration::from_mins(minutes), 60).unwrap()
}

fn booking(id: u128, minutes: i64, status: Status, answer_due: Option<Timestamp>) -> Change {
    let (answer, part) = (Answer::Accepted, Part::Therapist);
    let booking = Appointment {
        id: AppointmentId(Uuid::from_u128(id)),
        series: None,
        clients: vec![],
        assignments: vec![Assignment {
            staff: ANA,
            part,
            answer,
        }],
        services: vec![],
        span: at(minutes),
        place: Place::Anywhere,
        status,
        step: None,
        notes: String::new(),
        reason: None,
        answer_due,
        overlap_accepted: None,
        call_back: String::new(),
        history: vec![],
    };
    change(booking, 1)
}

/// One that is running, one that is late, one to come within the hour, and a request that nobody answered in time.
fn rows() -> Vec<Change> {
    let people: [Change; 2] = [
        change(
            Clinic {
                id: account().clinic,
                name: "Sample".into(),
                zone: "UTC".into(),
                opening_hours: vec![],
                currency: "PHP".into(),
            },
            1,
        ),
        change(
            Staff {
                id: ANA,
                name: "Ana".into(),
                role: Role::Therapist,
                services: vec![],
                hue: 0,
                gender: None,
                active: true,
            },
            1,
        ),
    ];
    let hours = Availability {
        id: AvailabilityId(Uuid::from_u128(80)),
        staff: ANA,
        span: Span::of_minutes(nine() - SignedDuration::from_mins(30), 360).unwrap(),
        services: vec![],
        note: String::new(),
        repeat: Repeat::None,
    };
    let due = nine() - SignedDuration::from_mins(10);
    let booked = [
        booking(1, -30, Status::InSession, None),
        booking(2, -10, Status::Confirmed, None),
        booking(3, 40, Status::Confirmed, None),
        booking(4, 120, Status::Requested, Some(due)),
    ];
    people.into_iter().chain([change(hours, 1)]).chain(booked).collect()
}

/// All that a person sees of the time: the board, the therapist's day, and the clock.
async fn seen(desk: &Desk) -> serde_json::Value {
    let board = desk.board(None).await.unwrap();
    let day = desk.my_day(Some(ANA), None).await.unwrap();
    let clock = desk.clock().await.unwrap();
    serde_json::json!({"board": board, "day": day, "clock": clock})
}

async fn desk_off_by(server: &MockServer, folder: &TempDir, off: SignedDuration) -> Desk {
    let clock = Arc::new(Hands(Mutex::new(nine() + off)));
    let desk = Desk::open(options(folder, &server.uri()).clock(clock)).await.unwrap();
    if desk.account().is_none() {
        desk.sign_in("olivia", "password").await.unwrap();
    }
    desk
}

async fn level(desk: &Desk) {
    until(desk, "level", |status| status.link == LinkState::Polling).await;
}

async fn at_nine() -> MockServer {
    clinic([ok(ChangesPage {
        changes: rows(),
        server_time: nine(),
        ..page("c1")
    })])
    .await
}

#[tokio::test]
async fn a_desk_whose_clock_is_an_hour_off_shows_the_same_board() {
    let server = at_nine().await;
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let mut shown = vec![];
    for (folder, hours) in folders.iter().zip([0, 1, -1]) {
        let desk = desk_off_by(&server, folder, SignedDuration::from_hours(hours)).await;
        level(&desk).await;
        assert_eq!(desk.now(), nine(), "{hours} hours off");
        shown.push(seen(&desk).await);
    }
    assert_eq!(shown[0], shown[1]);
    assert_eq!(shown[0], shown[2]);
    let board = shown[0].to_string();
    assert!(
        board.contains("overdue") || board.contains("Overdue"),
        "the request is late: {board}"
    );
}

#[tokio::test]
async fn a_desk_that_opens_without_its_server_goes_on_by_the_clock_it_learnt() {
    let server = at_nine().await;
    let folder = tempfile::tempdir().unwrap();
    let off = SignedDuration::from_hours(1);
    let desk = desk_off_by(&server, &folder, off).await;
    level(&desk).await;
    let before = seen(&desk).await;
    desk.close().await;
    drop(desk);
    server.reset().await;
    let again = desk_off_by(&server, &folder, off).await;
    assert_eq!(again.now(), nine());
    assert_eq!(seen(&again).await["clock"], before["clock"]);
}
