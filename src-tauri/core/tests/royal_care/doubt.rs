//! Answers that were lost: what arrived is found by what it says, and what may still arrive is not sent twice.

use crate::life::booking;
use crate::place::{Place, clinic, day, hours, later};
use deskbell_clinic::wire::StepRequest;
use deskbell_clinic::{Kind, OperationId, Row, Span, Step};
use deskbell_core::backend::{Act, Backend, BackendError, Base, Write};
use deskbell_core::cache::Settlement;
use deskbell_core::outbox::intent::Intent;
use deskbell_royal_care_stand_in::Fault;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use uuid::Uuid;

/// A day on which nobody has hours yet.
const FREE: i64 = 30;

#[tokio::test]
async fn hours_whose_answer_was_lost_are_found_and_not_opened_twice() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "th01").await;
    let me = place.account.staff.unwrap();
    for (fault, from) in [(Fault::DoneThenCut, 9), (Fault::DoneInSilence, 14)] {
        let before = clinic.availabilities("th01").len();
        clinic.order("POST", "availabilities", fault, 1);
        let row = hours(me, day(FREE), from, from + 2);
        let receipt = place.put(row.clone(), Base::New).await.unwrap();
        assert_eq!(receipt.id, row.id.uuid(), "{fault:?}");
        assert_eq!(clinic.availabilities("th01").len(), before + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_booking_whose_answer_was_lost_is_found_and_not_made_twice() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    clinic.order("POST", "appointments", Fault::DoneThenCut, 1);
    let row = booking(&place, 10).await;
    let receipt = place.put(row.clone(), Base::New).await.unwrap();
    assert_eq!(receipt.id, row.id.uuid());
    assert_eq!(clinic.appointments().len(), 401);
}

#[tokio::test]
async fn hours_that_did_not_arrive_yet_are_a_persons_question_and_bound_when_they_do() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "th01").await;
    let me = place.account.staff.unwrap();
    let row = hours(me, day(0), 2, 3);
    let kept = place
        .cache
        .keep(
            vec![Intent::put(row.clone(), None)],
            place.account.account,
            Timestamp::now(),
        )
        .await
        .unwrap();
    let item = place.cache.claim_next(Timestamp::now()).await.unwrap().unwrap();
    clinic.order("POST", "availabilities", Fault::Swallowed, 1);
    let error = place.put(row.clone(), Base::New).await.unwrap_err();
    assert!(error.may_have_arrived(), "{error:?}");
    let parked = Settlement::Parked("It may have arrived.".into());
    place.cache.settle(item.operation, parked).await.unwrap();

    // Told to look once more, it finds nothing and is still a question.
    let repeated = Write {
        operation: kept[0].operation,
        kind: Kind::Availability,
        id: row.id.uuid(),
        base: Base::New,
        repeated: true,
        act: Act::Put(Row::from(row.clone()).to_json()),
    };
    clinic.forget_traffic();
    assert!(place.api.push(&repeated).await.unwrap_err().may_have_arrived());
    assert!(
        clinic.traffic().asked.iter().all(|one| one.method == "GET"),
        "it is not sent a second time"
    );

    // The slow request commits after all.
    clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    assert!(
        place.cache.waiting().await.unwrap().is_empty(),
        "the act is settled by the row that turned up"
    );
    let there = place.hours_of(me, day(0)).await;
    let ours: Vec<_> = there.iter().filter(|other| other.span == row.span).collect();
    assert_eq!(ours.len(), 1, "one row, and not one more");
    assert_eq!(ours[0].id, row.id, "under the id it always had");
}

#[tokio::test]
async fn a_change_or_a_step_whose_answer_was_lost_is_done_or_goes_again() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "th01").await;
    let me = place.account.staff.unwrap();
    clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    let mut row = place.hours_of(me, day(0)).await.remove(0);
    row.span = Span::new(row.span.start(), row.span.end() + SignedDuration::from_mins(30)).unwrap();
    clinic.order("PUT", "availabilities", Fault::Swallowed, 1);
    let error = place.put(row.clone(), Base::Version(1)).await.unwrap_err();
    assert_eq!(
        error,
        BackendError::Timeout { sent: false },
        "not there: it does nothing twice, so it goes again"
    );
    clinic.order("PUT", "availabilities", Fault::DoneThenCut, 1);
    assert!(place.put(row.clone(), Base::Version(1)).await.is_ok());

    clinic.order("DELETE", "availabilities", Fault::DoneThenCut, 1);
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    let gone = place
        .push(Kind::Availability, row.id.uuid(), Base::Version(2), Act::Delete)
        .await;
    assert!(gone.is_ok(), "{gone:?}");

    let booking = place
        .rows(Kind::Appointment)
        .await
        .into_iter()
        .find_map(|row| match row {
            Row::Appointment(row) if row.step.as_deref() == Some("pending") => Some(row),
            _ => None,
        });
    let booking = booking.expect("Ana is asked for something");
    let write = Write {
        operation: OperationId(Uuid::now_v7()),
        kind: Kind::Appointment,
        id: booking.id.uuid(),
        base: Base::Version(1),
        repeated: false,
        act: Act::Step(StepRequest {
            step: Step::Accept,
            client: None,
            reason: None,
            acted_at: Timestamp::now(),
        }),
    };
    clinic.order("POST", "therapist_confirm", Fault::DoneThenCut, 1);
    let receipt = place.api.push(&write).await.unwrap();
    assert_eq!(receipt.body.unwrap()["step"], "therapist_confirmed");
}

#[tokio::test]
async fn a_question_before_a_write_that_fails_means_that_nothing_was_sent() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let row = booking(&place, 10).await;
    for fault in [Fault::DoneThenCut, Fault::ServerError] {
        clinic.order("GET", "appointments", fault, 1);
        let error = place.put(row.clone(), Base::New).await.unwrap_err();
        assert!(!error.may_have_arrived(), "{fault:?}: {error:?}");
    }
    assert_eq!(clinic.appointments().len(), 400);
    assert!(place.put(row, Base::New).await.is_ok());
}
