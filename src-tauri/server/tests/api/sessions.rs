//! Signing in and staying signed in.

use crate::clinic::{PASSWORD, TestClinic};
use crate::desk::heard;
use deskbell_clinic::wire::{ProblemCode, Session};
use deskbell_clinic::{Role, wire};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_session_says_who_signed_in_and_for_how_long() {
    let clinic = TestClinic::open().await;
    let tina = clinic.sign_in("tina").await;
    let who: wire::Account = serde_json::from_value(tina.get("/v1/session").await.body).unwrap();
    assert_eq!(who, tina.session.who);
    assert_eq!((who.role, who.staff), (Role::Therapist, Some(clinic.tina)));
    assert_eq!(who.clinic_name, "Test clinic");
    assert!(who.hints);
    assert_eq!(tina.session.expires_at, clinic.now() + SignedDuration::from_mins(15));
    assert_eq!(
        tina.session.refresh_expires_at,
        clinic.now() + SignedDuration::from_hours(24)
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let clinic = TestClinic::open().await;
    let wrong = clinic.try_sign_in("ada", "wrong", Uuid::now_v7()).await;
    let unknown = clinic.try_sign_in("nobody", "wrong", Uuid::now_v7()).await;
    assert_eq!(wrong.body, unknown.body);
    wrong.problem(401, ProblemCode::BadCredentials);
    unknown.problem(401, ProblemCode::BadCredentials);
}

#[tokio::test]
async fn five_failures_lock_a_name_for_five_minutes_known_or_not() {
    let clinic = TestClinic::open().await;
    for login in ["ada", "nobody"] {
        for _ in 0..5 {
            let failed = clinic.try_sign_in(login, "wrong", Uuid::now_v7()).await;
            failed.problem(401, ProblemCode::BadCredentials);
        }
        let locked = clinic.try_sign_in(login, PASSWORD, Uuid::now_v7()).await;
        let seconds: i64 = locked.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((299..=301).contains(&seconds), "{seconds}");
        locked.problem(423, ProblemCode::LockedOut);
    }
    clinic.pass(SignedDuration::from_mins(5));
    assert!(
        clinic
            .try_sign_in("ada", PASSWORD, Uuid::now_v7())
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn a_success_forgets_the_failures_before_it() {
    let clinic = TestClinic::open().await;
    for _ in 0..2 {
        for _ in 0..4 {
            clinic.try_sign_in("ada", "wrong", Uuid::now_v7()).await;
        }
        let right = clinic.try_sign_in("ada", PASSWORD, Uuid::now_v7()).await;
        assert!(right.status.is_success(), "{}", right.body);
    }
}

#[tokio::test]
async fn an_access_token_lapses_and_a_refresh_token_gives_new_ones() {
    let clinic = TestClinic::open().await;
    let mut ada = clinic.sign_in("ada").await;
    clinic.pass(SignedDuration::from_mins(16));
    ada.get("/v1/session").await.problem(401, ProblemCode::NotSignedIn);
    let renewed = renew(&clinic, &ada.session.refresh_token, ada.device).await;
    ada.session = serde_json::from_value::<Session>(renewed.body).unwrap();
    assert!(ada.get("/v1/session").await.status.is_success());
}

#[tokio::test]
async fn a_refresh_token_shown_twice_ends_the_session() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let first = renew(&clinic, &ada.session.refresh_token, ada.device).await;
    let renewed: Session = serde_json::from_value(first.body).unwrap();
    let again = renew(&clinic, &ada.session.refresh_token, ada.device).await;
    again.problem(401, ProblemCode::NotSignedIn);
    let newest = renew(&clinic, &renewed.refresh_token, ada.device).await;
    newest.problem(401, ProblemCode::NotSignedIn);
    ada.get("/v1/session").await.problem(401, ProblemCode::NotSignedIn);
}

#[tokio::test]
async fn a_refresh_token_from_another_device_ends_the_session() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let stolen = renew(&clinic, &ada.session.refresh_token, Uuid::now_v7()).await;
    stolen.problem(401, ProblemCode::NotSignedIn);
    ada.get("/v1/session").await.problem(401, ProblemCode::NotSignedIn);
}

#[tokio::test]
async fn signing_out_ends_this_session_only() {
    let clinic = TestClinic::open().await;
    let (here, there) = (clinic.sign_in("ada").await, clinic.sign_in("ada").await);
    assert_eq!(heard(here.ask(Method::DELETE, "/v1/session")).await.status, 204);
    here.get("/v1/session").await.problem(401, ProblemCode::NotSignedIn);
    assert!(there.get("/v1/session").await.status.is_success());
}

#[tokio::test]
async fn a_desk_whose_access_was_taken_back_is_told_so_and_only_that_one() {
    let clinic = TestClinic::open().await;
    let (stolen, kept) = (clinic.sign_in("ada").await, clinic.sign_in("ada").await);
    // As `deskbell-server revoke` does, in another process while the server runs.
    let beside = clinic.beside().await;
    assert_eq!(beside.revoke("ada", Some(stolen.device.into())).await.unwrap(), 1);
    assert!(beside.revoke("nobody", None).await.is_err());

    stolen.get("/v1/changes").await.problem(401, ProblemCode::DeskRevoked);
    stolen.get("/v1/hints").await.problem(401, ProblemCode::DeskRevoked);
    let renewed = renew(&clinic, &stolen.session.refresh_token, stolen.device).await;
    renewed.problem(401, ProblemCode::DeskRevoked);
    assert!(kept.get("/v1/session").await.status.is_success());
    let again = clinic.try_sign_in("ada", PASSWORD, stolen.device).await;
    assert!(again.status.is_success(), "a password begins a new session");

    // The clinic of these tests has a session of hers too.
    assert_eq!(beside.revoke("ada", None).await.unwrap(), 3);
    kept.get("/v1/session").await.problem(401, ProblemCode::DeskRevoked);
}

async fn renew(clinic: &TestClinic, token: &str, device: Uuid) -> crate::desk::Heard {
    let url = format!("{}/v1/session/renew", clinic.running.url());
    heard(
        clinic
            .stranger()
            .post(url)
            .json(&json!({"refresh_token": token, "device_id": device})),
    )
    .await
}
