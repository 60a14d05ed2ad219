//! The file itself: encrypted, owned, and refused in clear words.

use crate::fixture::{CANARY, Place, act, client, key, name, owner, page, put};
use deskbell_core::cache::{Cache, CacheError};
use deskbell_core::outbox::intent::Intent;
use std::sync::mpsc;
use std::time::Duration;

#[tokio::test]
async fn a_wrong_key_says_so_and_changes_nothing() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    cache.close().await;
    drop(cache);
    let refused = Cache::open(&place.file(), &key(2), owner(1)).await;
    assert!(matches!(refused, Err(CacheError::NotADatabase)), "{refused:?}");
    assert_eq!(name(&place.open().await, 1).await.as_deref(), Some("Anna"));
}

#[tokio::test]
async fn another_accounts_cache_is_refused() {
    let place = Place::new();
    place.open().await.close().await;
    let refused = Cache::open(&place.file(), &key(1), owner(2)).await;
    assert!(matches!(refused, Err(CacheError::OtherOwner)), "{refused:?}");
}

#[tokio::test]
async fn no_file_holds_a_name_in_clear_and_plain_sqlite_cannot_read_it() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, CANARY)], "1")).await.unwrap();
    act(&cache, Intent::put(client(2, CANARY), None)).await.unwrap();
    let files = place.bytes();
    assert!(
        files
            .iter()
            .any(|(path, bytes)| path.to_string_lossy().ends_with("-wal") && !bytes.is_empty()),
        "the write-ahead log must be among the files looked at"
    );
    for (path, bytes) in files {
        let found = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!found, "a client's name is readable in {}", path.display());
    }
    let plain = rusqlite::Connection::open(place.file()).unwrap();
    let answer = plain.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
    assert!(answer.is_err(), "plain SQLite must not read an encrypted cache");
}

#[tokio::test]
async fn what_was_not_sent_can_be_salvaged_from_a_file_whose_rows_are_damaged() {
    let place = Place::new();
    let cache = place.open().await;
    let operation = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    let many = (100..300).map(|n| put(n, 1, &"row ".repeat(200))).collect();
    cache.apply(page(many, "1")).await.unwrap();
    cache.close().await;
    drop(cache);
    // The damage is to be in the file itself, not beside a log that still has it whole.
    let file = rusqlite::Connection::open(place.file()).unwrap();
    file.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "01".repeat(32)))
        .unwrap();
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    file.close().unwrap();
    let mut bytes = std::fs::read(place.file()).unwrap();
    let rows = bytes.len() - 3 * 4096;
    bytes[rows..].fill(0xA5);
    std::fs::write(place.file(), bytes).unwrap();
    let saved = Cache::salvage(&place.file(), &key(1)).await.unwrap();
    assert_eq!(saved.iter().map(|item| item.operation).collect::<Vec<_>>(), [operation]);
}

#[tokio::test]
async fn closing_waits_for_those_who_read_and_leaves_one_whole_file() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let (begun, beginning) = tokio::sync::oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let reading = cache.clone();
    let read = tokio::spawn(async move {
        reading
            .read(move |snapshot| {
                let row = snapshot.row(deskbell_clinic::Kind::Client, crate::fixture::id(1))?;
                begun.send(()).unwrap();
                released.recv_timeout(Duration::from_secs(30)).unwrap();
                Ok::<_, CacheError>(row)
            })
            .await
    });
    beginning.await.unwrap();
    let mut closing = std::pin::pin!(cache.close());
    let early = tokio::time::timeout(Duration::from_millis(200), &mut closing).await;
    assert!(early.is_err(), "closed while somebody was reading");
    release.send(()).unwrap();
    closing.await;
    assert!(read.await.unwrap().unwrap().is_some());
    let names: Vec<_> = place
        .bytes()
        .into_iter()
        .map(|(path, _)| path.file_name().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["cache.db"], "the write-ahead log is folded into the file");
    let later = cache.cursor().await;
    assert!(matches!(later, Err(CacheError::Closed)), "{later:?}");
}

#[tokio::test]
async fn reads_that_panic_do_not_keep_later_ones_waiting() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    // More than there are threads that read.
    for _ in 0..8 {
        let broken = cache
            .read(|_| -> Result<(), CacheError> { panic!("a fault on purpose") })
            .await;
        assert!(matches!(broken, Err(CacheError::Interrupted)), "{broken:?}");
    }
    let read = tokio::time::timeout(Duration::from_secs(30), name(&cache, 1));
    assert_eq!(read.await.unwrap().as_deref(), Some("Anna"));
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused_and_left_as_it_is() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    cache.close().await;
    let file = rusqlite::Connection::open(place.file()).unwrap();
    file.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "01".repeat(32)))
        .unwrap();
    let known: i64 = file.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    file.pragma_update(None, "user_version", known + 1).unwrap();
    let refused = Cache::open(&place.file(), &key(1), owner(1)).await;
    assert!(matches!(refused, Err(CacheError::NewerSchema)), "{refused:?}");
    file.pragma_update(None, "user_version", known).unwrap();
    file.close().unwrap();
    assert_eq!(name(&place.open().await, 1).await.as_deref(), Some("Anna"));
}
