//! Opening, changing and removing hours at a server that checks half and keeps no versions.

use crate::other::Other;
use crate::place::{Place, at, clinic, day, hours, later};
use deskbell_clinic::wire::ChangeOp;
use deskbell_clinic::{Kind, Repeat, Row, Span, Weekly};
use deskbell_core::backend::{Act, BackendError, Base};
use deskbell_royal_care_stand_in::StandIn;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;

fn there(clinic: &StandIn, login: &str, date: &str) -> Vec<(String, String)> {
    let text = |value: &serde_json::Value| value.as_str().unwrap()[..5].to_owned();
    let rows = clinic.availabilities(login);
    let of_day = rows.iter().filter(|row| row["date"] == date);
    of_day
        .map(|row| (text(&row["start_time"]), text(&row["end_time"])))
        .collect()
}

/// A day on which nobody has hours yet.
const FREE: i64 = 30;

#[tokio::test]
async fn hours_are_opened_changed_and_removed() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "th01").await;
    let (me, date) = (place.account.staff.unwrap(), day(FREE).to_string());
    let mut row = hours(me, day(FREE), 9, 12);
    let receipt = place.put(row.clone(), Base::New).await.unwrap();
    assert_eq!((receipt.id, receipt.version), (row.id.uuid(), 1), "under our own id");
    assert_eq!(
        there(&clinic, "th01", &date),
        [("09:00".to_owned(), "12:00".to_owned())]
    );

    // The next reading knows the row as ours: nothing changes, and nothing comes twice.
    later(Duration::from_secs(1_900)).await;
    assert_eq!(
        place.level().await.unwrap(),
        1,
        "the row itself, which the receipt brought past the cache here"
    );
    assert_eq!(place.row(Kind::Availability, row.id.uuid()).await.unwrap().1, 1);

    row.span = Span::new(at(day(FREE), 22, 0), at(day(FREE + 1), 2, 0)).unwrap();
    let receipt = place.put(row.clone(), Base::Version(1)).await.unwrap();
    assert_eq!(receipt.version, 2);
    assert_eq!(
        there(&clinic, "th01", &date),
        [("22:00".to_owned(), "02:00".to_owned())]
    );
    later(Duration::from_secs(1_900)).await;
    place.level().await.unwrap();

    let receipt = place
        .push(Kind::Availability, row.id.uuid(), Base::Version(2), Act::Delete)
        .await
        .unwrap();
    assert_eq!(receipt.op, ChangeOp::Delete);
    assert!(there(&clinic, "th01", &date).is_empty());
}

#[tokio::test]
async fn overlapping_hours_come_back_as_a_conflict_that_says_what_is_in_the_way() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    clinic.offer("th01", &day(FREE).to_string(), "09:00", "12:00").unwrap();
    for (from, to) in [(11, 14), (12, 14), (8, 9)] {
        let error = place.put(hours(ana, day(FREE), from, to), Base::New).await.unwrap_err();
        let BackendError::Conflict(problem) = error else {
            panic!("{error:?}")
        };
        let clashes = &problem.slot.as_ref().unwrap().clashes;
        assert_eq!((clashes.len(), clashes[0].id), (1, ana.uuid()), "{from}–{to}");
        assert_eq!(
            clashes[0].span,
            Span::new(at(day(FREE), 9, 0), at(day(FREE), 12, 0)).unwrap()
        );
    }
    assert_eq!(there(&clinic, "th01", &day(FREE).to_string()).len(), 1);
}

#[tokio::test]
async fn hours_past_midnight_are_compared_with_the_next_days_which_the_server_does_not() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    clinic.offer("th01", &day(FREE).to_string(), "22:00", "02:00").unwrap();
    let error = place.put(hours(ana, day(FREE + 1), 1, 5), Base::New).await.unwrap_err();
    assert!(matches!(error, BackendError::Conflict(_)), "{error:?}");
}

#[tokio::test]
async fn the_same_hours_again_are_somebody_elses_once_they_were_seen() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    let error = place.put(hours(ana, day(0), 2, 3), Base::New).await.unwrap_err();
    assert!(matches!(error, BackendError::Conflict(_)), "{error:?}");
}

#[tokio::test]
async fn hours_that_somebody_changed_meanwhile_are_not_overwritten() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    let id = clinic.offer("th01", &day(0).to_string(), "02:00", "03:00").unwrap();
    later(Duration::from_secs(12)).await;
    place.level().await.unwrap();
    let mut row = place.hours_of(ana, day(0)).await.remove(0);
    let other = Other::sign_in(&clinic, "op2").await;
    let body = json!({"start_time": "02:00", "end_time": "04:00"});
    assert!(
        other
            .ask(Method::PATCH, &format!("availabilities/{id}/"), &body)
            .await
            .0
            .is_success()
    );

    row.span = Span::new(at(day(0), 1, 0), at(day(0), 3, 0)).unwrap();
    let id = row.id.uuid();
    for act in [Act::Put(Row::from(row.clone()).to_json()), Act::Delete] {
        let error = place
            .push(Kind::Availability, id, Base::Version(1), act)
            .await
            .unwrap_err();
        let BackendError::VersionMismatch(problem) = error else {
            panic!("{error:?}")
        };
        let current = problem.current.as_ref().unwrap();
        assert_eq!((current.id, current.version), (id, 2), "with the row as it is now");
    }
}

#[tokio::test]
async fn what_the_server_cannot_keep_is_not_sent() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    let mut weekly = hours(ana, day(FREE), 9, 12);
    weekly.repeat = Repeat::Weekly(Weekly {
        weeks: 1,
        until: None,
        except: vec![],
    });
    let error = place.put(weekly, Base::New).await.unwrap_err();
    let BackendError::Invalid(problem) = error else {
        panic!("{error:?}")
    };
    assert!(problem.detail.as_ref().unwrap().contains("no repeats"));
    assert!(there(&clinic, "th01", &day(FREE).to_string()).is_empty());
}

#[tokio::test]
async fn hours_of_a_disabled_account_are_refused_in_the_servers_own_words() {
    let clinic = clinic().await;
    let place = Place::level_with(&clinic, "op1").await;
    let ana = place.staff("Ana Bautista").await;
    clinic.set_active("th01", false);
    let error = place.put(hours(ana, day(FREE), 9, 12), Base::New).await.unwrap_err();
    let BackendError::Invalid(problem) = error else {
        panic!("{error:?}")
    };
    assert!(problem.detail.as_ref().unwrap().contains("currently disabled"));
}
