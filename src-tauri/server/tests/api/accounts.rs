//! Accounts as administrators keep them: inviting, resetting, disabling, and what that does to whoever is signed in.

use crate::clinic::{PASSWORD, TestClinic, user};
use crate::desk::{Desk, Heard, heard};
use crate::hints::Line;
use deskbell_clinic::wire::{AccountChanged, AccountEntry, ChangesPage, ProblemCode};
use deskbell_clinic::{AccountId, Role};
use jiff::SignedDuration;
use reqwest::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

const OWN: &str = "a password of her own";

async fn listed(desk: &Desk) -> Vec<AccountEntry> {
    serde_json::from_value(desk.get("/v1/accounts").await.body).unwrap()
}

async fn entry(desk: &Desk, login: &str) -> AccountEntry {
    let theirs = |one: &AccountEntry| one.login == login;
    listed(desk).await.into_iter().find(theirs).unwrap()
}

fn changed(answer: Heard) -> AccountChanged {
    assert!(answer.status.is_success(), "{}", answer.body);
    serde_json::from_value(answer.body).unwrap()
}

/// Invites somebody; their one-time code.
async fn invite(by: &Desk, login: &str, role: &str, staff: Option<Uuid>) -> String {
    let body = json!({"login": login, "name": "Nia", "role": role, "staff": staff});
    let answer = by.post("/v1/accounts", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    changed(answer).code.unwrap().code
}

async fn act(by: &Desk, id: AccountId, what: &str) -> Heard {
    by.post(&format!("/v1/accounts/{id}/{what}"), &json!({})).await
}

async fn choose(clinic: &TestClinic, login: &str, code: &str, new: &str) -> Heard {
    let body = json!({"login": login, "password": code, "device_id": Uuid::now_v7(), "new_password": new});
    let url = format!("{}/v1/session", clinic.running.url());
    heard(clinic.stranger().post(url).json(&body)).await
}

/// What the audit holds of an act: by whom, and what it says of it.
fn audited(clinic: &TestClinic, act: &str) -> Vec<(Option<Vec<u8>>, Value)> {
    Connection::open(clinic.folder.path().join("clinic.db"))
        .unwrap()
        .prepare("SELECT account, after FROM audit WHERE act = ?1 ORDER BY entry")
        .unwrap()
        .query_map([act], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?)))
        .unwrap()
        .map(|entry| {
            let (by, after) = entry.unwrap();
            (
                by,
                after.map_or(Value::Null, |after| serde_json::from_str(&after).unwrap()),
            )
        })
        .collect()
}

/// Everything the audit says, as text.
fn whole_audit(clinic: &TestClinic) -> String {
    Connection::open(clinic.folder.path().join("clinic.db"))
        .unwrap()
        .query_row(
            "SELECT group_concat(act || coalesce(after, '') || coalesce(reason, '')) FROM audit",
            [],
            |row| row.get(0),
        )
        .unwrap()
}

#[tokio::test]
async fn an_invited_person_signs_in_with_their_code_once_and_chooses_a_password() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let code = invite(&ada, "nia", "therapist", Some(clinic.tina.uuid())).await;
    let invited = entry(&ada, "nia").await;
    assert_eq!(invited.code_until, Some(clinic.now() + SignedDuration::from_hours(72)));
    assert_eq!((invited.staff, invited.last_sign_in), (Some(clinic.tina), None));

    // The code alone leads nowhere, and is not spent by that.
    let device = Uuid::now_v7();
    for _ in 0..2 {
        let asked = clinic.try_sign_in("nia", &code, device).await;
        asked.problem(403, ProblemCode::PasswordNeeded);
    }
    for bad in ["too short", &code, &code.to_lowercase()] {
        let problem = choose(&clinic, "nia", &code, bad).await;
        let problem = problem.problem(422, ProblemCode::Invalid);
        assert_eq!(problem.fields[0].field, "new_password");
        assert!(!problem.fields[0].message.contains(&code));
    }
    let wrong = choose(&clinic, "nia", "0000-0000-0000", OWN).await;
    wrong.problem(401, ProblemCode::BadCredentials);

    let typed = code.to_lowercase().replace('-', " ");
    let signed_in = choose(&clinic, "nia", &typed, OWN).await;
    let nia = Desk::new(&clinic.running, &signed_in);
    assert_eq!(
        (nia.session.who.role, nia.session.who.staff),
        (Role::Therapist, Some(clinic.tina))
    );
    assert!(nia.get("/v1/changes").await.status.is_success());

    let spent = clinic.try_sign_in("nia", &code, device).await;
    spent.problem(401, ProblemCode::BadCredentials);
    let again = choose(&clinic, "nia", &code, "another password").await;
    again.problem(401, ProblemCode::BadCredentials);
    let own = clinic.try_sign_in("nia", OWN, device).await;
    assert!(own.status.is_success(), "{}", own.body);
    let not_so = choose(&clinic, "nia", OWN, "another password").await;
    not_so.problem(422, ProblemCode::Invalid);

    let now = entry(&ada, "nia").await;
    assert_eq!(
        (now.code_until, now.last_sign_in, now.desks),
        (None, Some(clinic.now()), 2)
    );
    let made = audited(&clinic, "account made");
    let by = ada.session.who.account.uuid().as_bytes().to_vec();
    let what = json!({"account": now.id, "login": "nia", "role": "therapist", "staff": clinic.tina});
    assert_eq!(made, [(Some(by), what)]);
    let chosen = audited(&clinic, "password chosen");
    assert_eq!(chosen[0].0.as_deref(), Some(&now.id.uuid().as_bytes()[..]));
    let (audit, list) = (whole_audit(&clinic), ada.get("/v1/accounts").await.body.to_string());
    for secret in [code.as_str(), &code.replace('-', ""), OWN, "argon2", PASSWORD] {
        assert!(!audit.contains(secret) && !list.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_code_lapses_and_a_reset_makes_another() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let code = invite(&ada, "nia", "operator", None).await;
    clinic.pass(SignedDuration::from_hours(72));
    let late = clinic.try_sign_in("nia", &code, Uuid::now_v7()).await;
    late.problem(403, ProblemCode::CodeExpired);
    let late = choose(&clinic, "nia", &code, OWN).await;
    late.problem(403, ProblemCode::CodeExpired);

    let ada = clinic.sign_in("ada").await;
    let id = entry(&ada, "nia").await.id;
    let reset = changed(act(&ada, id, "reset").await);
    let another = reset.code.unwrap();
    assert_eq!(another.until, clinic.now() + SignedDuration::from_hours(72));
    assert!(!format!("{another:?}").contains(&another.code), "it is not printed");
    let first = choose(&clinic, "nia", &code, OWN).await;
    first.problem(401, ProblemCode::BadCredentials);
    assert!(choose(&clinic, "nia", &another.code, OWN).await.status.is_success());
}

#[tokio::test]
async fn a_reset_ends_sessions_and_password_and_a_desk_that_was_taken_back_is_still_told() {
    let clinic = TestClinic::open().await;
    let (ada, stolen, kept) = (
        clinic.sign_in("ada").await,
        clinic.sign_in("olga").await,
        clinic.sign_in("olga").await,
    );
    let body = json!({"login": "olga", "device_id": stolen.device});
    assert!(ada.post("/v1/revocations", &body).await.status.is_success());
    let id = kept.session.who.account;
    let mut line = Line::open(&kept).await;
    let code = changed(act(&ada, id, "reset").await).code.unwrap().code;

    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    kept.get("/v1/changes").await.problem(401, ProblemCode::NotSignedIn);
    stolen.get("/v1/changes").await.problem(401, ProblemCode::DeskRevoked);
    let old = clinic.try_sign_in("olga", PASSWORD, kept.device).await;
    old.problem(401, ProblemCode::BadCredentials);
    assert!(choose(&clinic, "olga", &code, OWN).await.status.is_success());
    assert_eq!(audited(&clinic, "account reset").len(), 1);
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_comes_back_when_enabled() {
    let clinic = TestClinic::open().await;
    let (ada, olga) = (clinic.sign_in("ada").await, clinic.sign_in("olga").await);
    let id = olga.session.who.account;
    let mut line = Line::open(&olga).await;
    for _ in 0..2 {
        let now = changed(act(&ada, id, "disable").await).account;
        assert!(now.disabled && now.desks == 0, "{now:?}");
    }
    assert_eq!(audited(&clinic, "account disabled").len(), 1, "it is done once");
    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    olga.get("/v1/changes").await.problem(401, ProblemCode::DeskRevoked);
    let renew = json!({"refresh_token": olga.session.refresh_token, "device_id": olga.device});
    let url = format!("{}/v1/session/renew", clinic.running.url());
    let renewed = heard(clinic.stranger().post(url).json(&renew)).await;
    renewed.problem(401, ProblemCode::DeskRevoked);

    // Only to whoever knows the password does it say so.
    let right = clinic.try_sign_in("olga", PASSWORD, olga.device).await;
    right.problem(403, ProblemCode::AccountDisabled);
    let wrong = clinic.try_sign_in("olga", "wrong", olga.device).await;
    wrong.problem(401, ProblemCode::BadCredentials);
    assert_eq!(audited(&clinic, "refused sign-in").len(), 1);

    assert!(!changed(act(&ada, id, "enable").await).account.disabled);
    olga.get("/v1/changes").await.problem(401, ProblemCode::DeskRevoked);
    let back = clinic.try_sign_in("olga", PASSWORD, olga.device).await;
    assert!(back.status.is_success(), "{}", back.body);

    // Whoever keeps the server's computer enables by giving a password.
    changed(act(&ada, id, "disable").await);
    let beside = clinic.beside().await;
    beside.add_user(user("olga", Role::Operator, None)).await.unwrap();
    assert!(
        clinic
            .try_sign_in("olga", PASSWORD, olga.device)
            .await
            .status
            .is_success()
    );
}

#[tokio::test]
async fn the_last_administrator_can_be_neither_disabled_nor_demoted_nor_reset() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let me = ada.session.who.account;
    let demote = json!({"role": "operator", "staff": null});
    let refused = async || {
        for what in ["disable", "reset"] {
            act(&ada, me, what).await.problem(409, ProblemCode::LastAdmin);
        }
        let demoted = ada.post(&format!("/v1/accounts/{me}/role"), &demote).await;
        demoted.problem(409, ProblemCode::LastAdmin);
    };
    refused().await;
    // One who was only invited may never come.
    let code = invite(&ada, "nia", "admin", None).await;
    refused().await;
    assert!(
        ada.get("/v1/changes").await.status.is_success(),
        "nothing was done by halves"
    );
    assert!(choose(&clinic, "nia", &code, OWN).await.status.is_success());
    let demoted = ada.post(&format!("/v1/accounts/{me}/role"), &demote).await;
    assert_eq!(changed(demoted).account.role, Role::Operator);
    ada.get("/v1/accounts").await.problem(403, ProblemCode::Forbidden);
}

#[tokio::test]
async fn two_administrators_who_disable_each_other_at_the_same_moment_leave_one() {
    let clinic = TestClinic::open().await;
    let mut ada = clinic.sign_in("ada").await;
    let code = invite(&ada, "nia", "admin", None).await;
    let mut nia = Desk::new(&clinic.running, &choose(&clinic, "nia", &code, OWN).await);
    for _ in 0..5 {
        let (a, b) = tokio::join!(
            act(&ada, nia.session.who.account, "disable"),
            act(&nia, ada.session.who.account, "disable")
        );
        let outcome = [a.status.is_success(), b.status.is_success()];
        assert!(outcome[0] != outcome[1], "{} {}", a.body, b.body);
        let (left, gone) = if outcome[0] { (&ada, &nia) } else { (&nia, &ada) };
        changed(act(left, gone.session.who.account, "enable").await);
        let again = |login: &'static str, password: &'static str| clinic.try_sign_in(login, password, Uuid::now_v7());
        let (first, second) = (again("ada", PASSWORD).await, again("nia", OWN).await);
        (ada, nia) = (Desk::new(&clinic.running, &first), Desk::new(&clinic.running, &second));
    }
}

#[tokio::test]
async fn another_role_goes_on_in_the_same_session_and_is_read_anew() {
    let clinic = TestClinic::open().await;
    let (ada, olga) = (clinic.sign_in("ada").await, clinic.sign_in("olga").await);
    let page: ChangesPage = serde_json::from_value(olga.get("/v1/changes").await.body).unwrap();
    let since = format!("/v1/changes?since={}", page.cursor);
    assert!(olga.get(&since).await.status.is_success());
    let mut line = Line::open(&olga).await;
    let path = format!("/v1/accounts/{}/role", olga.session.who.account);
    let role = json!({"role": "therapist", "staff": clinic.tina});
    let now = changed(ada.post(&path, &role).await).account;
    assert_eq!(
        (now.role, now.staff, now.desks),
        (Role::Therapist, Some(clinic.tina), 1)
    );
    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    olga.get(&since).await.problem(410, ProblemCode::CursorExpired);
    assert_eq!(olga.get("/v1/session").await.body["role"], "therapist");
    changed(ada.post(&path, &role).await);
    assert_eq!(
        audited(&clinic, "account role").len(),
        1,
        "what is so already is not done again"
    );
    let lost = ada.post(&path, &json!({"role": "driver", "staff": null})).await;
    assert_eq!(lost.problem(422, ProblemCode::Invalid).fields[0].field, "staff");
}

#[tokio::test]
async fn an_invitation_names_every_field_that_is_wrong() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let fields = async |body: Value| -> Vec<String> {
        let refused = ada.post("/v1/accounts", &body).await;
        let problem = refused.problem(422, ProblemCode::Invalid);
        problem.fields.into_iter().map(|field| field.field).collect()
    };
    let invite = |login: &str, name: &str, role: &str, staff: Option<Uuid>| json!({"login": login, "name": name, "role": role, "staff": staff});
    assert_eq!(fields(invite("ADA", "Ada", "operator", None)).await, ["login"]);
    assert_eq!(
        fields(invite("nia nova", " ", "operator", None)).await,
        ["login", "name"]
    );
    assert_eq!(fields(invite("", "Nia", "therapist", None)).await, ["staff", "login"]);
    assert_eq!(
        fields(invite("nia", "Nia", "operator", Some(Uuid::now_v7()))).await,
        ["staff"]
    );
    assert!(audited(&clinic, "account made").is_empty());
}

#[tokio::test]
async fn accounts_are_for_administrators_only() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let id = ada.session.who.account;
    for login in ["olga", "tina", "dov"] {
        let desk = clinic.sign_in(login).await;
        desk.get("/v1/accounts").await.problem(403, ProblemCode::Forbidden);
        let invite = json!({"login": "me2", "name": "Me", "role": "admin", "staff": null});
        let invited = desk.post("/v1/accounts", &invite).await;
        invited.problem(403, ProblemCode::Forbidden);
        for what in ["reset", "disable", "enable"] {
            act(&desk, id, what).await.problem(403, ProblemCode::Forbidden);
        }
        let own = format!("/v1/accounts/{}/role", desk.session.who.account);
        let raised = desk.post(&own, &json!({"role": "admin", "staff": null})).await;
        raised.problem(403, ProblemCode::Forbidden);
    }
    let nobody = act(&ada, Uuid::now_v7().into(), "reset").await;
    nobody.problem(404, ProblemCode::NotFound);
    assert!(ada.get("/v1/changes").await.status.is_success());
}
