//! Pages from the server: whole or not at all, and never backwards.

use crate::fixture::{Place, act, client, id, name, page, put, receipt, seen};
use deskbell_clinic::Kind;
use deskbell_clinic::wire::ChangeOp;
use deskbell_core::cache::{CacheError, Settlement};
use deskbell_core::outbox::intent::Intent;

#[tokio::test]
async fn the_cursor_is_never_ahead_of_its_rows() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "first")).await.unwrap();
    let mut unreadable = put(3, 1, "Carla");
    unreadable.body = Some(serde_json::json!({"not": "a client"}));
    let refused = cache.apply(page(vec![put(2, 1, "Bert"), unreadable], "second")).await;
    assert!(matches!(refused, Err(CacheError::Unreadable(_))), "{refused:?}");
    assert_eq!(cache.cursor().await.unwrap().as_deref(), Some("first"));
    assert_eq!(name(&cache, 2).await, None, "a page is taken whole or not at all");
}

#[tokio::test]
async fn a_row_of_a_higher_version_is_never_overwritten() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 5, "new")], "1")).await.unwrap();
    cache.apply(page(vec![put(1, 4, "old")], "2")).await.unwrap();
    assert_eq!(name(&cache, 1).await.as_deref(), Some("new"));
}

#[tokio::test]
async fn what_a_person_did_is_folded_over_newer_rows_and_leaves_with_its_own_change() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let operation = act(&cache, Intent::put(client(1, "mine"), Some(1))).await.unwrap();
    cache.apply(page(vec![put(1, 2, "theirs")], "2")).await.unwrap();
    let pending = seen(&cache, 1).await.unwrap();
    assert_eq!(
        (pending.version, pending.pending.map(|mark| mark.0)),
        (Some(2), Some(operation))
    );
    assert_eq!(name(&cache, 1).await.as_deref(), Some("mine"));
    let mut own = put(1, 3, "mine, as the server has it");
    own.operation = Some(operation);
    let applied = cache.apply(page(vec![own], "3")).await.unwrap();
    assert_eq!(applied.retired, 1);
    assert_eq!(name(&cache, 1).await.as_deref(), Some("mine, as the server has it"));
    assert!(cache.waiting().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_reading_shows_nothing_until_its_swap_and_keeps_what_waits() {
    let place = Place::new();
    let cache = place.open().await;
    cache
        .apply(page(vec![put(1, 1, "Anna"), put(2, 1, "Bert")], "1"))
        .await
        .unwrap();
    act(&cache, Intent::put(client(2, "mine"), Some(1))).await.unwrap();
    cache
        .stage(page(vec![put(2, 7, "Bert again")], "x").page, true)
        .await
        .unwrap();
    assert_eq!(
        name(&cache, 1).await.as_deref(),
        Some("Anna"),
        "the old reading is shown until the swap"
    );
    cache.swap("second".into(), "9".into()).await.unwrap();
    assert_eq!(name(&cache, 1).await, None);
    let kept = seen(&cache, 2).await.unwrap();
    assert_eq!((kept.version, kept.pending.is_some()), (Some(7), true));
    assert_eq!(name(&cache, 2).await.as_deref(), Some("mine"));
    assert!(cache.changes_since(1).await.unwrap().overflow);
}

#[tokio::test]
async fn revisions_follow_one_another_and_a_window_can_catch_up() {
    let place = Place::new();
    let cache = place.open().await;
    let mut commits = cache.commits();
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    cache.apply(page(vec![put(2, 1, "Bert")], "2")).await.unwrap();
    let (first, second) = (commits.recv().await.unwrap(), commits.recv().await.unwrap());
    assert_eq!(second.prev, first.revision);
    let since = cache.changes_since(first.revision).await.unwrap();
    assert_eq!(since.items, second.items);
    assert_eq!((since.items[0].kind, since.items[0].id), (Kind::Client, id(2)));
}

#[tokio::test]
async fn a_late_receipt_does_not_bring_back_a_row_that_somebody_deleted_since() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let operation = act(&cache, Intent::put(client(1, "mine"), Some(1))).await.unwrap();
    let mut deleted = put(1, 3, "");
    (deleted.op, deleted.body) = (ChangeOp::Delete, None);
    cache.apply(page(vec![deleted], "2")).await.unwrap();
    cache
        .settle(operation, Settlement::Done(receipt(1, 2, "mine")))
        .await
        .unwrap();
    assert_eq!(name(&cache, 1).await, None);
}
