//! Copies that the server makes by itself, and a clinic that is set up again from one on another computer.

use crate::clinic::{PASSWORD, TestClinic};
use crate::desk::{Desk, heard};
use deskbell_server::{BackupKey, Backups, Config, Server};
use jiff::civil::time;
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use uuid::Uuid;

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The copy of the clinic's present day, once it is there under its own name and what is too old is gone.
async fn todays(folder: &Path) -> PathBuf {
    let begun = Instant::now();
    loop {
        let there = names(folder);
        let oldest_is_gone = there.iter().all(|name| !name.starts_with("clinic-2026-11-21T"));
        let todays = there.into_iter().find(|name| name.starts_with("clinic-2026-11-23T"));
        if let Some(name) = todays.filter(|_| oldest_is_gone) {
            return folder.join(name);
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "there is {:?}",
            names(folder)
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_night_that_was_missed_is_made_up_for_encrypted_and_read_back_and_a_clinic_is_restored_from_it_elsewhere() {
    let place = tempfile::tempdir().unwrap();
    let (folder, key) = (place.path().join("backups"), place.path().join("backup.key"));
    std::fs::create_dir(&folder).unwrap();
    for old in [
        "clinic-2026-11-20T033000.db",
        "clinic-2026-11-21T033001.db",
        "clinic-2026-11-22T033000.db",
        "notes.txt",
    ] {
        std::fs::write(folder.join(old), "").unwrap();
    }
    let clinic = TestClinic::open().await;
    let before = clinic.sign_in("ada").await.pull(None, 200).await.changes.len();
    let (_folder, mut config) = clinic.stop().await;
    config.backups = Some(Backups {
        folder: folder.clone(),
        key: key.clone(),
        at: time(3, 30, 0, 0),
        keep: 2,
    });
    let running = Server::open(config).await.unwrap().start().await.unwrap();
    let backup = todays(&folder).await;
    running.shutdown().await;
    let left = [
        "clinic-2026-11-22T033000.db",
        "clinic-2026-11-23T090000.db",
        "notes.txt",
    ];
    assert_eq!(names(&folder), left, "the oldest went, and nothing that is not ours");
    let bytes = std::fs::read(&backup).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"));
    assert!(!bytes.windows(b"Clara".len()).any(|part| part == b"Clara"));

    let elsewhere = tempfile::tempdir().unwrap();
    let config = || Config::new(elsewhere.path(), SocketAddr::from(([127, 0, 0, 1], 0)));
    let without = Server::restore(config(), backup.clone(), None).await.err().unwrap();
    assert!(without.to_string().contains("its key is another one"), "{without}");
    assert!(names(elsewhere.path()).iter().all(|name| name != "clinic.db"));
    let key = BackupKey::read(&key).unwrap();
    let server = Server::restore(config(), backup, Some(key))
        .await
        .unwrap()
        .start()
        .await
        .unwrap();
    let request = reqwest::Client::new().post(format!("{}/v1/session", server.url()));
    let body = json!({"login": "ada", "password": PASSWORD, "device_id": Uuid::now_v7()});
    let ada = Desk::at(&server.url(), &heard(request.json(&body)).await);
    assert_eq!(ada.pull(None, 200).await.changes.len(), before);
    server.shutdown().await;
}
