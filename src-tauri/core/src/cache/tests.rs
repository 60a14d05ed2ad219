//! What can only be seen from inside: a write that breaks off, and a disk that is full.

mod memory;

use super::threads::Priority;
use super::{Cache, CacheError, CacheKey, Owner};
use crate::outbox::intent::Intent;
use deskbell_clinic::{AccountId, Client, ClientId, ClinicId, Kind, Wishes};
use jiff::Timestamp;
use std::path::Path;
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId(Uuid::from_u128(1));

async fn open(folder: &Path) -> Cache {
    let owner = Owner {
        clinic: ClinicId(Uuid::from_u128(1)),
        account: ACCOUNT,
    };
    Cache::open(&folder.join("cache.db"), &CacheKey::new([1; 32]), owner)
        .await
        .unwrap()
}

async fn keep(cache: &Cache, n: u128, notes: &str) -> Result<(), CacheError> {
    let client = Client {
        id: ClientId(Uuid::from_u128(n)),
        name: String::new(),
        phones: vec![],
        address: String::new(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: notes.to_owned(),
    };
    let kept = cache.keep(vec![Intent::put(client, None)], ACCOUNT, Timestamp::UNIX_EPOCH);
    kept.await.map(drop)
}

async fn count(cache: &Cache) -> usize {
    cache
        .read(|snapshot| Ok::<_, CacheError>(snapshot.rows(Kind::Client)?.len()))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_write_that_panics_is_undone_and_the_next_one_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let cache = open(folder.path()).await;
    keep(&cache, 1, "").await.unwrap();
    let broken = cache
        .inner
        .writer
        .run::<()>(Priority::Person, |connection| {
            super::keep::transact(connection, |connection| {
                connection.execute("DELETE FROM outbox", [])?;
                connection.execute("DELETE FROM overlay", [])?;
                panic!("a fault on purpose");
            })
        })
        .await;
    assert!(matches!(broken, Err(CacheError::Interrupted)), "{broken:?}");
    keep(&cache, 2, "").await.unwrap();
    assert_eq!(count(&cache).await, 2);
    assert_eq!(cache.waiting().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_full_disk_says_so_and_keeps_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let cache = open(folder.path()).await;
    keep(&cache, 1, "").await.unwrap();
    let limit = |pages: Option<i64>| {
        cache.inner.writer.run(Priority::Person, move |connection| {
            let used: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            connection.query_row(
                &format!("PRAGMA max_page_count = {}", pages.unwrap_or(used)),
                [],
                |_| Ok(()),
            )?;
            Ok(((), None))
        })
    };
    limit(None).await.unwrap();
    let large = "x".repeat(64 * 1024);
    let refused = keep(&cache, 2, &large).await;
    assert!(matches!(refused, Err(CacheError::DiskFull)), "{refused:?}");
    assert_eq!((count(&cache).await, cache.waiting().await.unwrap().len()), (1, 1));
    limit(Some(1 << 20)).await.unwrap();
    keep(&cache, 2, &large).await.unwrap();
    cache.close().await;
    drop(cache);
    let again = open(folder.path()).await;
    assert_eq!((count(&again).await, again.waiting().await.unwrap().len()), (2, 2));
}
