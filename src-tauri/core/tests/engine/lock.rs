//! The lock over time, over restarts, and against guesses.

use crate::fake::{Hands, account, clinic, got, ok, options, page};
use deskbell_core::desk::{Desk, DeskError, LockStage, Proof};
use deskbell_core::secret::Secret;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use wiremock::MockServer;

const LOCK: &str = "[lock]\nafter_minutes = 5\nwarn_seconds = 60\n";

async fn typed(desk: &Desk, password: &str) -> Result<(), DeskError> {
    let proof = Proof::Password(Secret::new(password.to_owned()));
    desk.come_in(account().account, proof).await
}

fn clock() -> Arc<Hands> {
    Arc::new(Hands(Mutex::new(Timestamp::now())))
}

/// How often the server was asked whether a password is right. A clock that is moved has the session renewed as well.
async fn sign_ins(server: &MockServer) -> usize {
    let asked = got(server, "POST", "/v1/session").await;
    asked.iter().filter(|one| one.url.path() == "/v1/session").count()
}

/// A desk that somebody has signed in to, and its server.
async fn signed_in(folder: &TempDir, clock: &Arc<Hands>) -> (Desk, MockServer) {
    let server = clinic([ok(page("c1"))]).await;
    std::fs::write(folder.path().join("settings.toml"), LOCK).unwrap();
    let options = options(folder, &server.uri()).clock(clock.clone());
    let desk = Desk::open(options).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    (desk, server)
}

#[tokio::test]
async fn it_warns_then_locks_and_a_touch_in_between_begins_anew() {
    let (folder, clock) = (TempDir::new().unwrap(), clock());
    let (desk, _server) = signed_in(&folder, &clock).await;
    let watching = tokio::spawn({
        let desk = desk.clone();
        async move { desk.watch_idle().await }
    });
    let mut stage = desk.lock_stage();
    // From here on time goes as fast as it is waited for.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let warned = LockStage::Warning { seconds: 60 };
    stage.wait_for(|stage| *stage == warned).await.unwrap();
    let took = begun.elapsed();
    assert!((235..242).contains(&took.as_secs()), "{took:?}");
    desk.touch();
    assert_eq!(*desk.lock_stage().borrow(), LockStage::Open);
    let touched = tokio::time::Instant::now();
    let soon = LockStage::Warning { seconds: 20 };
    stage.wait_for(|stage| *stage == soon).await.unwrap();
    stage.wait_for(|stage| *stage == LockStage::Locked).await.unwrap();
    let took = touched.elapsed();
    assert!((300..302).contains(&took.as_secs()), "{took:?}");
    desk.touch();
    assert!(desk.is_locked(), "no touch opens what is locked");
    watching.abort();
}

#[tokio::test]
async fn a_computer_that_slept_past_its_time_is_locked_when_it_wakes() {
    let (folder, clock) = (TempDir::new().unwrap(), clock());
    let (desk, _server) = signed_in(&folder, &clock).await;
    // The monotonic clock stood still meanwhile; the wall clock did not.
    *clock.0.lock().unwrap() += SignedDuration::from_hours(8);
    let mut stage = desk.lock_stage();
    let locked = async { drop(stage.wait_for(|stage| *stage == LockStage::Locked).await.unwrap()) };
    tokio::select! {
        () = desk.watch_idle() => {}
        locked = tokio::time::timeout(Duration::from_secs(10), locked) => locked.unwrap(),
    }
    assert!(desk.is_locked());
}

#[tokio::test]
async fn guesses_are_counted_on_the_disk_and_the_right_password_opens_without_asking_the_server() {
    let (folder, clock) = (TempDir::new().unwrap(), clock());
    let (desk, server) = signed_in(&folder, &clock).await;
    desk.lock();
    for guess in 0..5 {
        let error = typed(&desk, &format!("guess-{guess}")).await.unwrap_err();
        assert_eq!(error.code(), "wrong_password");
    }
    assert_eq!(typed(&desk, "right").await.unwrap_err().code(), "unlock_held");

    // Ending the program takes neither the lock nor the guesses back.
    desk.close().await;
    let again = options(&folder, &server.uri()).clock(clock.clone());
    let desk = Desk::open(again).await.unwrap();
    assert!(desk.is_locked());
    let error = typed(&desk, "right").await.unwrap_err();
    assert_eq!(error.code(), "unlock_held");
    assert!(error.sentence().contains("Try again in 30 seconds"), "{error}");
    *clock.0.lock().unwrap() += SignedDuration::from_secs(31);
    typed(&desk, "right").await.unwrap();
    assert!(!desk.is_locked());

    desk.lock();
    for guess in 0..10 {
        *clock.0.lock().unwrap() += SignedDuration::from_hours(1);
        let error = typed(&desk, &format!("guess-{guess}")).await.unwrap_err();
        assert_eq!(error.code(), "wrong_password");
    }
    *clock.0.lock().unwrap() += SignedDuration::from_hours(1);
    assert_eq!(sign_ins(&server).await, 1, "nobody but the first");
    typed(&desk, "right").await.unwrap();
    assert_eq!(
        sign_ins(&server).await,
        2,
        "after ten wrong ones only the server can say"
    );
}
