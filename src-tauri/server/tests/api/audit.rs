//! The audit: who, from where, what it was and became, when it was done and when it came; and it cannot be changed.

use crate::clinic::{TestClinic, id};
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
