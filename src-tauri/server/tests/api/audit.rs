//! The audit: who, from where, what it was and became, when it was done and when it came; and it cannot be changed.

use crate::clinic::{TestClinic, id};
use deskbell_clinic::wire::ProblemCode;
use jiff::SignedDuration;
use rusqlite::Connection;
use serde_json::{Value, json};
use uuid::Uuid;

fn database(clinic: &TestClinic) -> Connection {
    Connection::open(clinic.folder.path().join("clinic.db")).unwrap()
}

#[tokio::test]
async fn a_write_is_audited_with_person_device_before_after_and_both_times() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut hours = clinic.hours(clinic.tina, clinic.span(0, 60));
    olga.create(&hours.clone().into()).await;
    hours.note = "after".into();
    let acted_at = clinic.now() - SignedDuration::from_mins(40);
    let seconds = acted_at.as_second().unsigned_abs();
    let made = uuid::Timestamp::from_unix(uuid::NoContext, seconds, 0);
    let operation = Uuid::new_v7(made);
    olga.put_as(operation.into(), &hours.clone().into(), 1).await.written();
    let (account, device, before, after, acted, received): (Vec<u8>, Vec<u8>, String, String, i64, i64) =
        database(&clinic)
            .query_row(
                "SELECT account, device, before, after, acted_at, received_at FROM audit WHERE operation = ?1",
                [operation.as_bytes()],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?)),
            )
            .unwrap();
    assert_eq!(account, olga.session.who.account.uuid().as_bytes());
    assert_eq!(device, olga.device.as_bytes());
    let note = |text: &str| serde_json::from_str::<Value>(text).unwrap()["note"].clone();
    assert_eq!((note(&before), note(&after)), (json!(""), json!("after")));
    assert_eq!(
        (acted, received),
        (acted_at.as_millisecond(), clinic.now().as_millisecond())
    );
}

#[tokio::test]
async fn whoever_takes_a_day_out_is_recorded_and_staff_take_only_their_own() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let export = |what: &str, staff| json!({"what": what, "day": "2026-11-23", "staff": staff, "bookings": 7});
    let whole = olga.post("/v1/exports", &export("paper", None)).await;
    assert_eq!(whole.status, 201, "{}", whole.body);
    let own = tina.post("/v1/exports", &export("calendar", Some(clinic.tina))).await;
    assert_eq!(own.status, 201, "{}", own.body);
    for staff in [None, Some(clinic.theo)] {
        let others = tina.post("/v1/exports", &export("table", staff)).await;
        others.problem(403, ProblemCode::Forbidden);
    }
    let recorded: Vec<(Vec<u8>, Vec<u8>, String)> = database(&clinic)
        .prepare("SELECT account, device, after FROM audit WHERE act = 'export' ORDER BY entry")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let said: Vec<_> = recorded
        .iter()
        .map(|(account, _, after)| (account.clone(), serde_json::from_str::<Value>(after).unwrap()))
        .collect();
    let by = |desk: &crate::desk::Desk| desk.session.who.account.uuid().as_bytes().to_vec();
    assert_eq!(
        said,
        [
            (by(&olga), export("paper", None)),
            (by(&tina), export("calendar", Some(clinic.tina)))
        ]
    );
    assert_eq!(recorded[0].1, olga.device.as_bytes());
}

#[tokio::test]
async fn a_failed_sign_in_is_audited_without_what_was_typed() {
    let clinic = TestClinic::open().await;
    clinic.try_sign_in("canary-login", "canary-password", id()).await;
    let database = database(&clinic);
    let failed: u32 = database
        .query_row("SELECT count(*) FROM audit WHERE act = 'failed sign-in'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(failed, 1);
    clinic.running.shutdown().await;
    let file = std::fs::read(clinic.folder.path().join("clinic.db")).unwrap();
    assert!(!file.windows(6).any(|window| window == b"canary"));
}

#[tokio::test]
async fn an_entry_can_be_neither_changed_nor_deleted() {
    let clinic = TestClinic::open().await;
    let database = database(&clinic);
    for tampering in [
        "UPDATE audit SET reason = 'none'",
        "DELETE FROM audit",
        "REPLACE INTO audit SELECT * FROM audit",
    ] {
        let refused = database.execute(tampering, []).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{tampering}: {refused}");
    }
    let entries: u32 = database
        .query_row("SELECT count(*) FROM audit", [], |row| row.get(0))
        .unwrap();
    assert!(entries > 0, "there was something to tamper with");
}
