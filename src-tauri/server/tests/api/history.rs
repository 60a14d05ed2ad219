//! `GET /v1/appointments/{id}/history`: what the audit knows of one booking, for those whose booking it is.

use crate::clinic::{PASSWORD, TestClinic, id};
use crate::desk::{Desk, heard};
use deskbell_clinic::wire::{AppointmentHistory, HistoryAct, HistoryEntry, HistoryField, ProblemCode};
use deskbell_clinic::{Appointment, OverlapAccepted, Payment, PaymentMethod, Row, Status};
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

async fn history(desk: &Desk, booking: &Appointment) -> AppointmentHistory {
    let heard = desk.get(&format!("/v1/appointments/{}/history", booking.id)).await;
    assert_eq!(heard.status, 200, "{}", heard.body);
    serde_json::from_value(heard.body).unwrap()
}

fn acts(history: &AppointmentHistory) -> Vec<HistoryAct> {
    history.entries.iter().map(|entry| entry.act).collect()
}

/// Booked by Olga for Tina, moved an hour on, its client arrived and taken back, paid.
async fn a_days_work(clinic: &TestClinic, olga: &Desk) -> Appointment {
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    booking.notes = "canary of the notes".into();
    olga.create(&booking.clone().into()).await;
    booking.span = clinic.span(60, 60);
    booking.notes = "something else".into();
    olga.put(&booking.clone().into(), 1).await.written();
    for step in ["arrive", "correct"] {
        clinic.pass(SignedDuration::from_mins(1));
        olga.step(&booking, step, &json!({}), clinic.now()).await.written();
    }
    let payment = Payment {
        id: id(),
        appointment: booking.id,
        client: clinic.clara,
        method: PaymentMethod::Cash,
        amount_cents: 90_000,
        at: clinic.now(),
        by: olga.session.who.account,
        reverses: None,
    };
    olga.post("/v1/payments", &Row::from(payment).to_json()).await.written();
    booking
}

#[tokio::test]
async fn a_bookings_history_says_who_did_what_when_and_from_which_desk_newest_first() {
    let clinic = TestClinic::open().await;
    clinic.sign_in("olga").await;
    let device = Uuid::now_v7();
    let asked = json!({"login": "olga", "password": PASSWORD, "device_id": device, "desk_name": " Front desk 2\u{7} "});
    let request = clinic.stranger().post(format!("{}/v1/session", clinic.running.url()));
    let olga = Desk::at(&clinic.running.url(), &heard(request.json(&asked)).await);
    let booking = a_days_work(&clinic, &olga).await;
    let told = history(&olga, &booking).await;
    assert!(!told.more);
    assert_eq!(
        acts(&told),
        [
            HistoryAct::Paid,
            HistoryAct::TakenBack,
            HistoryAct::Stepped,
            HistoryAct::Changed,
            HistoryAct::Booked
        ]
    );
    for entry in &told.entries {
        assert_eq!(entry.by, Some(olga.session.who.account));
        assert_eq!(entry.by_name.as_deref(), Some("olga of the desk"));
        assert_eq!(entry.device.map(|device| device.uuid()), Some(device));
        assert_eq!(entry.desk_name.as_deref(), Some("Front desk 2"));
    }
    let [paid, back, stepped, moved, booked]: &[HistoryEntry; 5] = told.entries.as_slice().try_into().unwrap();
    assert_eq!(paid.amount_cents, Some(90_000));
    let status = |entry: &HistoryEntry| entry.after.as_ref().map(|after| after.status);
    assert_eq!(
        (status(stepped), status(back)),
        (Some(Status::Arrived), Some(Status::Confirmed))
    );
    let spans = |entry: &HistoryEntry| {
        let span = |state: &Option<_>| {
            state
                .as_ref()
                .map(|state: &deskbell_clinic::wire::HistoryState| state.span)
        };
        (span(&entry.before), span(&entry.after))
    };
    assert_eq!(spans(moved), (Some(clinic.span(0, 60)), Some(clinic.span(60, 60))));
    assert_eq!(moved.changed, [HistoryField::Notes], "that they changed");
    assert_eq!(spans(booked), (None, Some(clinic.span(0, 60))));
    let text = serde_json::to_string(&told).unwrap();
    assert!(!text.contains("canary"), "never what they said: {text}");
}

#[tokio::test]
async fn a_therapist_is_told_of_their_own_time_only_and_never_of_money() {
    let clinic = TestClinic::open().await;
    let (olga, tina, theo) = (
        clinic.sign_in("olga").await,
        clinic.sign_in("tina").await,
        clinic.sign_in("theo").await,
    );
    let mut booking = a_days_work(&clinic, &olga).await;
    let theirs = acts(&history(&tina, &booking).await);
    assert_eq!(theirs.len(), 4, "all but the payment: {theirs:?}");
    let path = format!("/v1/appointments/{}/history", booking.id);
    theo.get(&path).await.problem(404, ProblemCode::NotFound);
    booking.assignments[0].staff = clinic.theo;
    olga.put(&booking.clone().into(), 4).await.written();
    assert_eq!(
        acts(&history(&theo, &booking).await),
        [HistoryAct::Changed],
        "what was before it came to them is not theirs"
    );
    tina.get(&path).await.problem(404, ProblemCode::NotFound);
    let nobody = clinic.stranger().get(format!("{}{path}", clinic.running.url()));
    heard(nobody).await.problem(401, ProblemCode::NotSignedIn);
}

#[tokio::test]
async fn an_accepted_clash_is_told_with_the_booking_that_it_was_accepted_for() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let first = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&first.into()).await;
    let mut second = clinic.booking(clinic.tina, clinic.carl, clinic.span(30, 60));
    second.overlap_accepted = Some(OverlapAccepted {
        by: olga.session.who.account,
        reason: "Brothers, one after the other".into(),
    });
    olga.create(&second.clone().into()).await;
    let told = history(&olga, &second).await;
    assert_eq!(acts(&told), [HistoryAct::Booked]);
    assert_eq!(told.entries[0].reason.as_deref(), Some("Brothers, one after the other"));
}

#[tokio::test]
async fn a_page_names_the_people_whose_acts_it_tells_of_and_no_others() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    clinic.sign_in("dov").await;
    let cursor = tina.pull(None, 200).await.cursor;
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    booking.status = Status::Requested;
    olga.create(&booking.clone().into()).await;
    tina.step(&booking, "accept", &json!({}), clinic.now()).await.written();
    let page = tina.page(Some(&cursor), 200).await;
    let mut names: Vec<_> = page.people.iter().map(|person| person.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["ada of the desk", "olga of the desk", "tina of the desk"],
        "Ada wrote the client that came along, Olga booked, Tina stepped last; Dov did nothing"
    );
    let quiet = tina.page(Some(&page.cursor), 200).await;
    assert!(quiet.people.is_empty());
}
