//! The clinic's accounts, asked of its server by its administrator; and a one-time code that becomes a password.

use crate::fake::{account, change, clinic, got, ok, options, page, problem, session, until};
use deskbell_clinic::wire::{Account, AccountChanged, AccountEntry, ChangesPage, OneTimeCode, Session};
use deskbell_clinic::{AccountId, Clinic, Role, Staff, StaffId};
use deskbell_core::desk::Desk;
use deskbell_core::sync::link::LinkState;
use deskbell_core::view::{AccountForm, AccountState};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ANA: StaffId = StaffId(Uuid::from_u128(70));
const NIA: AccountId = AccountId(Uuid::from_u128(7));
const CODE: &str = "7KQX-M2DP-9HRT";

fn entry(id: AccountId, name: &str) -> AccountEntry {
    AccountEntry {
        id,
        login: name.to_lowercase(),
        name: name.into(),
        role: Role::Operator,
        staff: None,
        disabled: false,
        code_until: None,
        last_sign_in: None,
        desks: 0,
    }
}

/// A desk that somebody of this role is at, with Ana working there, at a server of which the rest is mounted later.
async fn desk_of(role: Role) -> (Desk, MockServer, TempDir) {
    let rows = [
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
    let first = ChangesPage {
        changes: rows.into(),
        ..page("c1")
    };
    let server = clinic([ok(first), ok(page("c1"))]).await;
    let signed_in = Session {
        who: Account { role, ..account() },
        ..session(1)
    };
    Mock::given(method("POST"))
        .and(path("/v1/session"))
        .respond_with(ok(signed_in))
        .with_priority(1)
        .mount(&server)
        .await;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    desk.sign_in("olivia", "password").await.unwrap();
    until(&desk, "level", |status| status.link == LinkState::Polling).await;
    (desk, server, folder)
}

async fn answers(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(at))
        .respond_with(answer)
        .mount(server)
        .await;
}

#[tokio::test]
async fn accounts_are_told_with_how_their_people_can_come_in() {
    let (desk, server, _folder) = desk_of(Role::Admin).await;
    let now = Timestamp::now();
    let other = |n: u128| AccountId(Uuid::from_u128(n));
    let entries = vec![
        AccountEntry {
            staff: Some(ANA),
            desks: 2,
            ..entry(account().account, "Olivia")
        },
        AccountEntry {
            code_until: Some(now + SignedDuration::from_hours(1)),
            ..entry(NIA, "Nia")
        },
        AccountEntry {
            code_until: Some(now - SignedDuration::from_hours(1)),
            ..entry(other(8), "Late")
        },
        AccountEntry {
            disabled: true,
            code_until: Some(now - SignedDuration::from_hours(1)),
            last_sign_in: Some("2026-11-23T09:05:00Z".parse().unwrap()),
            ..entry(other(9), "Gone")
        },
    ];
    answers(&server, "GET", "/v1/accounts", ok(&entries)).await;
    let view = desk.accounts().await.unwrap();
    let told: Vec<_> = view
        .accounts
        .iter()
        .map(|one| (one.name.as_str(), one.state, one.you))
        .collect();
    assert_eq!(
        told,
        [
            ("Olivia", AccountState::Active, true),
            ("Nia", AccountState::Invited, false),
            ("Late", AccountState::Lapsed, false),
            ("Gone", AccountState::Disabled, false),
        ]
    );
    assert_eq!(view.accounts[0].says, "signed in at 2 desks");
    assert!(
        view.accounts[1].says.starts_with("code holds until "),
        "{}",
        view.accounts[1].says
    );
    assert_eq!(view.accounts[3].says, "last signed in on Mon 23 Nov at 09:05");
    let staff: Vec<_> = view
        .staff
        .iter()
        .map(|one| (one.name.as_str(), one.has_account))
        .collect();
    assert_eq!(staff, [("Ana", true)]);

    // One that is nobody's on the staff list is taken for that of whoever has its name.
    let entries = vec![entry(account().account, "Olivia"), entry(NIA, "Ana")];
    server.reset().await;
    answers(&server, "GET", "/v1/accounts", ok(&entries)).await;
    assert!(desk.accounts().await.unwrap().staff[0].has_account);
}

#[tokio::test]
async fn an_invitation_is_sent_as_it_was_typed_and_its_code_is_told_once_and_never_printed() {
    let (desk, server, _folder) = desk_of(Role::Admin).await;
    let changed = AccountChanged {
        account: entry(NIA, "Nia"),
        code: Some(OneTimeCode {
            code: CODE.into(),
            until: "2026-11-26T09:00:00Z".parse().unwrap(),
        }),
    };
    answers(&server, "POST", "/v1/accounts", ok(&changed)).await;
    let form = AccountForm::Invite {
        login: " nia ".into(),
        name: " Nia ".into(),
        role: Role::Therapist,
        staff: Some(ANA),
    };
    let done = desk.change_account(form).await.unwrap();
    assert!(!format!("{done:?} {changed:?}").contains(CODE), "{done:?}");
    let code = done.code.unwrap();
    assert_eq!((code.code.as_str(), code.until.as_str()), (CODE, "Thu 26 Nov at 09:00"));
    let sent = got(&server, "POST", "/v1/accounts").await;
    let body: Value = sent[0].body_json().unwrap();
    assert_eq!(
        body,
        json!({"login": "nia", "name": "Nia", "role": "therapist", "staff": ANA})
    );
}

#[tokio::test]
async fn what_the_server_refuses_is_said_in_its_fields_words_and_offline_is_said_plainly() {
    let (desk, server, _folder) = desk_of(Role::Admin).await;
    let fields = json!([{"field": "login", "message": "Another account has this sign-in name."}]);
    let taken = json!({"type": "about:blank", "title": "No", "status": 422, "code": "invalid", "fields": fields});
    let taken = ResponseTemplate::new(422).set_body_raw(taken.to_string(), "application/problem+json");
    answers(&server, "POST", "/v1/accounts", taken).await;
    let invite = AccountForm::Invite {
        login: "olivia".into(),
        name: "Nia".into(),
        role: Role::Operator,
        staff: None,
    };
    let refused = desk.change_account(invite).await.unwrap_err();
    assert_eq!(
        (refused.code(), refused.sentence()),
        ("bad_input", "Another account has this sign-in name.")
    );
    let last = format!("/v1/accounts/{NIA}/disable");
    answers(&server, "POST", &last, problem(409, "last_admin")).await;
    let refused = desk.change_account(AccountForm::Disable { id: NIA }).await.unwrap_err();
    assert_eq!(refused.code(), "last_admin");

    let silence = ok(json!([])).set_delay(Duration::from_secs(60));
    answers(&server, "GET", "/v1/accounts", silence).await;
    let offline = desk.accounts().await.unwrap_err();
    assert_eq!(offline.code(), "timeout", "{offline:?}");
}

#[tokio::test]
async fn nobody_but_an_administrator_asks_for_accounts() {
    let (desk, server, _folder) = desk_of(Role::Operator).await;
    assert_eq!(desk.accounts().await.unwrap_err().code(), "forbidden");
    let reset = desk.change_account(AccountForm::Reset { id: NIA }).await.unwrap_err();
    assert_eq!(reset.code(), "forbidden");
    assert!(got(&server, "GET", "/v1/accounts").await.is_empty());
    assert!(got(&server, "POST", "/v1/accounts").await.is_empty());
}

#[tokio::test]
async fn a_one_time_code_asks_for_a_password_which_then_opens_the_desk() {
    let server = clinic([ok(page("c1"))]).await;
    let with = |body: Value, answer: ResponseTemplate| {
        Mock::given(method("POST"))
            .and(path("/v1/session"))
            .and(body_partial_json(body))
            .respond_with(answer)
    };
    with(json!({"password": CODE}), problem(403, "password_needed"))
        .with_priority(2)
        .mount(&server)
        .await;
    with(
        json!({"password": CODE, "new_password": "a password of mine"}),
        ok(session(1)),
    )
    .with_priority(1)
    .mount(&server)
    .await;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    let asked = desk.sign_in("olivia", CODE).await.unwrap_err();
    assert_eq!(asked.code(), "password_needed");
    desk.choose_password("olivia", CODE, "a password of mine")
        .await
        .unwrap();
    assert_eq!(desk.account(), Some(account()));
    desk.lock();
    let door =
        |password: &str| deskbell_core::desk::Proof::Password(deskbell_core::secret::Secret::new(password.into()));
    let by_code = desk.come_in(account().account, door(CODE)).await.unwrap_err();
    assert_eq!(by_code.code(), "wrong_password");
    desk.come_in(account().account, door("a password of mine"))
        .await
        .unwrap();
}
