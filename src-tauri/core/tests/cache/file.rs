//! The file itself: encrypted, owned, and refused in clear words.

use crate::fixture::{CANARY, Place, act, client, key, name, owner, page, put};
use deskbell_core::cache::{Cache, CacheError};
use deskbell_core::outbox::intent::Intent;

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
