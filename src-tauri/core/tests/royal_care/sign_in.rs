//! Signing in and out, and a session that ends by itself.

use crate::place::{adapter, clinic};
use deskbell_clinic::{AccountId, Role};
use deskbell_core::backend::{AccountAct, Backend, BackendError};
use deskbell_core::secret::Secret;
use deskbell_royal_care_stand_in::{PASSWORD, StandIn};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use uuid::Uuid;

async fn refused(clinic: &StandIn, login: &str, password: &str) -> BackendError {
    let (api, kept) = adapter(clinic);
    let error = api.sign_in(login, &Secret::new(password.to_owned())).await.unwrap_err();
    assert!(
        kept.0.lock().unwrap().is_none(),
        "nothing is kept of a sign-in that was refused"
    );
    error
}

#[tokio::test]
async fn every_refusal_of_a_sign_in_is_a_sentence_that_says_what_to_do() {
    let clinic = clinic().await;
    clinic.set_verification_awaited("th03", true);
    let cases = [
        (refused(&clinic, "nobody", PASSWORD).await, "is not right"),
        (
            refused(&clinic, "th02", "wrong").await,
            "After 2 more wrong attempts the account is locked for five minutes",
        ),
        (refused(&clinic, "th02", "wrong").await, "After 1 more"),
        (refused(&clinic, "th02", "wrong").await, "Wait 5 minutes"),
        (refused(&clinic, "th02", PASSWORD).await, "Wait 5 minutes"),
        (
            refused(&clinic, "thoff", PASSWORD).await,
            "has been disabled. Ask an operator",
        ),
        (
            refused(&clinic, "th03", PASSWORD).await,
            "not verified yet. Enter the code",
        ),
        (
            refused(&clinic, "op2fa", PASSWORD).await,
            "two-factor sign-in, which is not available from here",
        ),
    ];
    for (error, sentence) in cases {
        assert!(error.to_string().contains(sentence), "{error:?}: {error}");
    }
}

#[tokio::test]
async fn the_token_is_kept_with_its_ten_hours_and_the_next_start_goes_on_with_it() {
    let clinic = clinic().await;
    let (api, kept) = adapter(&clinic);
    let account = api.sign_in("th01", &Secret::new(PASSWORD.to_owned())).await.unwrap();
    assert_eq!((account.role, account.name.as_str()), (Role::Therapist, "Ana Bautista"));
    let left = api.session_ends().unwrap().duration_since(Timestamp::now());
    assert!(
        left > SignedDuration::from_mins(599) && left <= SignedDuration::from_hours(10),
        "{left}"
    );

    let (again, _) = adapter(&clinic);
    let session = kept.0.lock().unwrap().clone().unwrap();
    again.resume(session);
    assert_eq!(
        again.renew().await.unwrap(),
        account,
        "the same account, with the same ids"
    );
}

#[tokio::test]
async fn signing_out_ends_the_token_at_the_server_too() {
    let clinic = clinic().await;
    let (api, kept) = adapter(&clinic);
    api.sign_in("op1", &Secret::new(PASSWORD.to_owned())).await.unwrap();
    let session = kept.0.lock().unwrap().clone().unwrap();
    api.sign_out().await;
    assert!(kept.0.lock().unwrap().is_none());
    let (again, _) = adapter(&clinic);
    again.resume(session);
    assert_eq!(
        again.renew().await,
        Err(BackendError::AuthExpired),
        "the old token is good for nothing"
    );
}

#[tokio::test]
async fn a_token_that_was_refused_is_not_tried_a_second_time() {
    let clinic = clinic().await;
    let (api, kept) = adapter(&clinic);
    api.sign_in("op1", &Secret::new(PASSWORD.to_owned())).await.unwrap();
    clinic.lapse_tokens();
    assert_eq!(api.renew().await, Err(BackendError::AuthExpired));
    clinic.forget_traffic();
    assert_eq!(api.renew().await, Err(BackendError::AuthExpired));
    assert_eq!(clinic.traffic().whole().requests, 0);
    assert!(kept.0.lock().unwrap().is_none());
}

#[tokio::test]
async fn an_account_that_was_disabled_meanwhile_is_told_so() {
    let clinic = clinic().await;
    let (api, _) = adapter(&clinic);
    api.sign_in("th01", &Secret::new(PASSWORD.to_owned())).await.unwrap();
    clinic.set_active("th01", false);
    assert_eq!(api.renew().await, Err(BackendError::AccountDisabled));
}

#[tokio::test]
async fn a_server_that_is_away_is_no_lapsed_session() {
    let clinic = clinic().await;
    let (api, kept) = adapter(&clinic);
    api.sign_in("op1", &Secret::new(PASSWORD.to_owned())).await.unwrap();
    clinic.go_away();
    let error = api.renew().await.unwrap_err();
    assert!(
        matches!(error, BackendError::Unreachable | BackendError::Timeout { .. }),
        "{error:?}"
    );
    assert!(kept.0.lock().unwrap().is_some());
    clinic.come_back();
    let up = async { while api.renew().await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(5), up).await.unwrap();
}

#[tokio::test]
async fn its_accounts_and_their_passwords_are_kept_elsewhere_and_that_is_said() {
    let clinic = clinic().await;
    let (api, _) = adapter(&clinic);
    let secret = || Secret::new(PASSWORD.to_owned());
    api.sign_in("th01", &secret()).await.unwrap();
    let listed = api.accounts().await.unwrap_err();
    assert_eq!(listed, BackendError::NotHere);
    assert!(listed.to_string().contains("on its server’s own pages"), "{listed}");
    let reset = AccountAct::Reset(AccountId(Uuid::now_v7()));
    assert_eq!(api.change_account(&reset).await, Err(BackendError::NotHere));
    let chosen = api.choose_password("th01", &secret(), &secret()).await;
    assert_eq!(chosen, Err(BackendError::NotHere));
}
