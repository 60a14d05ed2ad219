//! A person's data leaves the desk when they sign out or the clinic says so; its key is changed and may be lost, and nothing
//! is lost silently with it.

use crate::fake::{account, block, clinic, got, ok, options, page, problem, until};
use deskbell_clinic::Kind;
use deskbell_core::cache::{Cache, CacheKey};
use deskbell_core::desk::Desk;
use deskbell_core::keys::Keys;
use deskbell_core::outbox::intent::Intent;
use deskbell_core::sync::status::SetAside;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// The name of the account's key, as `identity` and `vault` make it.
fn key_name() -> String {
    let account = account();
    format!("{}-{}", account.clinic.uuid().simple(), account.account.uuid().simple())
}

fn cache_file(folder: &Path) -> PathBuf {
    folder.join(format!("cache-{}.db", key_name()))
}

/// What is left in a desk's folder that could be read or opens something.
fn left(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with("cache-") || name.contains("key") || name.starts_with("session"))
        .collect()
}

/// A server that takes no writes for now.
async fn busy_clinic(pulls: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = clinic(pulls).await;
    Mock::given(method("PUT"))
        .respond_with(problem(503, "unavailable"))
        .mount(&server)
        .await;
    server
}

async fn signed_in(folder: &TempDir, server: &MockServer) -> Desk {
    let desk = Desk::open(options(folder, &server.uri())).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    desk
}

async fn waiting(desk: &Desk) -> usize {
    desk.outbox().await.unwrap().len()
}

async fn key_in(folder: &TempDir) -> CacheKey {
    let keys = Keys::beside(folder.path().to_owned());
    keys.cache_key(&key_name(), true).await.unwrap().0
}

#[tokio::test]
async fn signing_out_leaves_neither_data_nor_key_nor_session() {
    let server = clinic([ok(page("c1"))]).await;
    let folder = TempDir::new().unwrap();
    let desk = signed_in(&folder, &server).await;
    assert!(
        left(folder.path()).len() >= 3,
        "data, key and session: {:?}",
        left(folder.path())
    );
    desk.sign_out(false).await.unwrap();
    assert_eq!(left(folder.path()), Vec::<String>::new());
    let desk = signed_in(&folder, &server).await;
    assert_eq!(desk.status().borrow().set_aside, None, "nothing of before is missed");
}

#[tokio::test]
async fn work_that_waits_is_kept_over_a_sign_out_that_was_insisted_on() {
    let server = busy_clinic([ok(page("c1"))]).await;
    let folder = TempDir::new().unwrap();
    let desk = signed_in(&folder, &server).await;
    desk.keep(Intent::put(block(1), None)).await.unwrap();
    assert_eq!(desk.sign_out(false).await.unwrap_err().code(), "work_waiting");
    desk.sign_out(true).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    assert_eq!(waiting(&desk).await, 1);
}

#[tokio::test]
async fn a_desk_whose_access_was_taken_back_lists_what_was_not_sent_and_erases_the_rest() {
    let server = busy_clinic([ok(page("c1")), problem(401, "desk_revoked")]).await;
    let folder = TempDir::new().unwrap();
    let desk = signed_in(&folder, &server).await;
    until(&desk, "the first sync", |status| status.last_success.is_some()).await;
    let mut row = block(1);
    row.note = "Vornthall".to_owned();
    desk.keep(Intent::put(row, None)).await.unwrap();
    desk.lock();
    desk.refresh();
    let erased = tokio::time::timeout(Duration::from_secs(10), desk.erased())
        .await
        .unwrap();

    assert_eq!((erased.name.as_str(), erased.in_front), ("Olivia", true));
    assert_eq!(erased.unsent.len(), 1);
    assert!(
        erased.unsent[0].starts_with("Blocked time for 2"),
        "{:?}",
        erased.unsent
    );
    let list = std::fs::read_to_string(erased.list.unwrap()).unwrap();
    assert!(
        list.contains(&erased.unsent[0]) && !list.contains("Vornthall"),
        "{list}"
    );
    assert_eq!(left(folder.path()), Vec::<String>::new());
    assert_eq!((desk.account(), desk.people(), desk.is_locked()), (None, vec![], false));
    desk.close().await;
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    assert_eq!(desk.account(), None);
}

#[tokio::test]
async fn another_key_opens_the_same_data_and_the_key_before_does_not() {
    let server = busy_clinic([ok(page("c1"))]).await;
    let folder = TempDir::new().unwrap();
    let desk = signed_in(&folder, &server).await;
    desk.keep(Intent::put(block(1), None)).await.unwrap();
    let before = key_in(&folder).await;
    desk.change_key().await.unwrap();
    assert_eq!(waiting(&desk).await, 1, "the person goes on with what waits");
    let after = key_in(&folder).await;
    assert!(before != after);
    desk.close().await;

    let file = cache_file(folder.path());
    assert!(Cache::salvage(&file, &before).await.is_err());
    assert_eq!(Cache::salvage(&file, &after).await.unwrap().len(), 1);
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    assert_eq!(waiting(&desk).await, 1);
}

#[tokio::test]
async fn a_change_of_the_key_that_is_cut_off_loses_nothing_wherever_it_is_cut() {
    let server = busy_clinic([ok(page("c1"))]).await;
    let folder = TempDir::new().unwrap();
    let desk = signed_in(&folder, &server).await;
    desk.keep(Intent::put(block(1), None)).await.unwrap();
    desk.close().await;
    let keys = Keys::beside(folder.path().to_owned());
    let old = key_in(&folder).await;

    // Before the file is written anew.
    keys.prepare_cache_key(&key_name()).await.unwrap();
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    assert_eq!((waiting(&desk).await, desk.status().borrow().set_aside), (1, None));
    desk.close().await;

    // After it, and before the new key has taken the old one's place.
    let next = keys.prepare_cache_key(&key_name()).await.unwrap();
    Cache::change_key(&cache_file(folder.path()), &old, &next)
        .await
        .unwrap();
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    assert_eq!((waiting(&desk).await, desk.status().borrow().set_aside), (1, None));
    assert!(key_in(&folder).await == next, "the change was ended");
    assert!(keys.prepared_cache_key(&key_name()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_lost_key_is_said_and_everything_is_read_anew() {
    let row = block(1);
    let mut first = page("c1");
    first.changes = vec![crate::fake::change(row, 1)];
    let server = busy_clinic([ok(first)]).await;
    let folder = TempDir::new().unwrap();
    let desk = signed_in(&folder, &server).await;
    desk.keep(Intent::put(block(2), None)).await.unwrap();
    desk.close().await;
    let key = folder.path().join(format!("cache-{}.practice-key", key_name()));
    std::fs::remove_file(key).unwrap();

    let asked = got(&server, "GET", "/v1/changes").await.len();
    Mock::given(path("/v1/session/renew"))
        .respond_with(ok(crate::fake::session(2)))
        .mount(&server)
        .await;
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    assert_eq!(desk.status().borrow().set_aside, Some(SetAside::Unreadable));
    assert_eq!(waiting(&desk).await, 0, "nothing is made up of what cannot be read");
    until(&desk, "everything is read anew", |status| status.last_success.is_some()).await;
    assert!(got(&server, "GET", "/v1/changes").await.len() > asked);
    let shown = desk
        .read(|snapshot| Ok(snapshot.row(Kind::Block, Uuid::from_u128(1))?))
        .await
        .unwrap();
    assert!(shown.is_some());
    let aside = folder.path().join(format!("cache-{}.db.damaged", key_name()));
    assert!(aside.exists(), "what cannot be read is not deleted either");
}
