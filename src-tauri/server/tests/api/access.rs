//! Who is signed in where, and taking that back: by an administrator at a desk, and by the program beside the server.

use crate::clinic::{PASSWORD, TestClinic};
use crate::desk::Desk;
use crate::hints::Line;
use deskbell_clinic::wire::{OpenSession, ProblemCode, Revoked};
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

async fn listed(desk: &Desk) -> Vec<OpenSession> {
    serde_json::from_value(desk.get("/v1/sessions").await.body).unwrap()
}

async fn revoke(desk: &Desk, login: &str, device: Option<Uuid>) -> u32 {
    let body = json!({"login": login, "device_id": device});
    let answer = desk.post("/v1/revocations", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_value::<Revoked>(answer.body).unwrap().sessions
}

/// An entry of the audit: whose, where, and what it was.
type Entry = (Option<Vec<u8>>, Option<Vec<u8>>, Option<String>);

/// What the audit holds of these acts.
fn audited(clinic: &TestClinic, act: &str) -> Vec<Entry> {
    Connection::open(clinic.folder.path().join("clinic.db"))
        .unwrap()
        .prepare("SELECT account, device, after FROM audit WHERE act = ?1 ORDER BY entry")
        .unwrap()
        .query_map([act], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[tokio::test]
async fn an_administrator_sees_who_is_signed_in_where_and_takes_one_desk_back_at_once() {
    let clinic = TestClinic::open().await;
    let (ada, stolen, kept) = (
        clinic.sign_in("ada").await,
        clinic.sign_in("olga").await,
        clinic.sign_in("olga").await,
    );
    let mut line = Line::open(&stolen).await;
    let at = |all: &[OpenSession], desk: &Desk| {
        let theirs = |one: &&OpenSession| one.login == "olga" && one.device_id.uuid() == desk.device;
        all.iter().filter(theirs).count()
    };
    let before = listed(&ada).await;
    assert_eq!((at(&before, &stolen), at(&before, &kept)), (1, 1), "{before:?}");

    assert_eq!(revoke(&ada, "olga", Some(stolen.device)).await, 1);
    assert_eq!(line.event().await.as_deref(), Some("event: auth\ndata: {}"));
    stolen.get("/v1/changes").await.problem(401, ProblemCode::DeskRevoked);
    assert!(kept.get("/v1/session").await.status.is_success());
    let after = listed(&ada).await;
    assert_eq!((at(&after, &stolen), at(&after, &kept)), (0, 1), "{after:?}");
    assert_eq!(
        revoke(&ada, "olga", Some(stolen.device)).await,
        0,
        "it is taken back once"
    );

    let entries = audited(&clinic, "access taken back");
    let (account, device, what) = &entries[0];
    assert_eq!(account.as_deref(), Some(&ada.session.who.account.uuid().as_bytes()[..]));
    assert_eq!(device.as_deref(), Some(&ada.device.as_bytes()[..]));
    let what: Value = serde_json::from_str(what.as_ref().unwrap()).unwrap();
    assert_eq!(what, json!({"login": "olga", "device": stolen.device, "sessions": 1}));
}

#[tokio::test]
async fn nobody_else_sees_sessions_or_takes_them_back_and_a_name_that_is_nobodys_is_said() {
    let clinic = TestClinic::open().await;
    for login in ["olga", "tina", "dov"] {
        let desk = clinic.sign_in(login).await;
        desk.get("/v1/sessions").await.problem(403, ProblemCode::Forbidden);
        let refused = desk.post("/v1/revocations", &json!({"login": "ada"})).await;
        refused.problem(403, ProblemCode::Forbidden);
    }
    let ada = clinic.sign_in("ada").await;
    let nobody = ada.post("/v1/revocations", &json!({"login": "nobody"})).await;
    nobody.problem(404, ProblemCode::NotFound);
    assert!(audited(&clinic, "access taken back").is_empty());
}

#[tokio::test]
async fn a_name_that_is_locked_out_is_audited_as_its_persons() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let device = Uuid::now_v7();
    for _ in 0..4 {
        clinic.try_sign_in("ada", "wrong", device).await;
    }
    assert!(audited(&clinic, "locked out").is_empty());
    clinic.try_sign_in("ada", "wrong", device).await;
    let locked = clinic.try_sign_in("ada", PASSWORD, device).await;
    locked.problem(423, ProblemCode::LockedOut);
    let account = ada.session.who.account.uuid().as_bytes().to_vec();
    assert_eq!(
        audited(&clinic, "locked out"),
        [(Some(account), Some(device.as_bytes().to_vec()), None)]
    );
}
