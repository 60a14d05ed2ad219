//! What people do: kept before they are told so, sent in order, and gone only with the server's answer.

use crate::fixture::{Place, act, client, name, now, page, put, receipt, seen};
use deskbell_core::cache::{CacheError, OutboxState, Settlement};
use deskbell_core::outbox::intent::Intent;

#[tokio::test]
async fn an_act_and_its_receipt_change_places_in_one_step() {
    let place = Place::new();
    let cache = place.open().await;
    let operation = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    assert_eq!(
        seen(&cache, 1).await.unwrap().version,
        None,
        "the server does not know it yet"
    );
    cache
        .settle(operation, Settlement::Done(receipt(1, 1, "Anna")))
        .await
        .unwrap();
    let row = seen(&cache, 1).await.unwrap();
    assert_eq!((row.version, row.pending), (Some(1), None));
}

#[tokio::test]
async fn an_act_that_was_being_sent_is_unknown_after_a_restart_and_keeps_its_key() {
    let place = Place::new();
    let cache = place.open().await;
    let operation = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, operation);
    cache.close().await;
    drop(cache);
    let again = place.open().await;
    assert_eq!(again.waiting().await.unwrap()[0].state, OutboxState::Unknown);
    assert_eq!(again.claim_next(now()).await.unwrap().unwrap().operation, operation);
    assert_eq!(
        name(&again, 1).await.as_deref(),
        Some("Anna"),
        "what was kept is still seen"
    );
}

#[tokio::test]
async fn a_stuck_head_blocks_its_own_lane_only() {
    let place = Place::new();
    let cache = place.open().await;
    let stuck = act(&cache, Intent::put(client(1, "a"), None)).await.unwrap();
    act(&cache, Intent::put(client(1, "b"), None)).await.unwrap();
    let other = act(&cache, Intent::put(client(2, "c"), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, stuck);
    cache
        .settle(stuck, Settlement::Parked("It is held.".into()))
        .await
        .unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, other);
    assert_eq!(cache.claim_next(now()).await.unwrap(), None);
}

#[tokio::test]
async fn the_next_act_of_a_lane_builds_on_the_version_our_own_made() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let first = act(&cache, Intent::put(client(1, "a"), Some(1))).await.unwrap();
    act(&cache, Intent::put(client(1, "b"), Some(1))).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    cache.settle(first, Settlement::Done(receipt(1, 2, "a"))).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().base_version, Some(2));
    assert_eq!(name(&cache, 1).await.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_change_meant_for_a_new_row_builds_on_it_when_its_own_act_has_made_it_in_between() {
    let place = Place::new();
    let cache = place.open().await;
    let made = act(&cache, Intent::put(client(1, "a"), None)).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    cache.settle(made, Settlement::Done(receipt(1, 1, "a"))).await.unwrap();
    // Whoever asked for this read the row before it was confirmed.
    act(&cache, Intent::put(client(1, "b"), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().base_version, Some(1));
    assert_eq!(name(&cache, 1).await.as_deref(), Some("b"));
}

#[tokio::test]
async fn an_act_on_its_way_cannot_be_taken_back_and_one_that_waits_can() {
    let place = Place::new();
    let cache = place.open().await;
    let sent = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    assert!(matches!(cache.cancel(sent).await, Err(CacheError::BeingSent)));
    let waits = act(&cache, Intent::put(client(2, "Bert"), None)).await.unwrap();
    assert!(cache.cancel(waits).await.unwrap());
    assert_eq!(name(&cache, 2).await, None);
}

#[tokio::test]
async fn a_refused_act_is_amended_in_its_place_under_a_key_of_its_own() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let refused = act(&cache, Intent::put(client(1, "a"), Some(1))).await.unwrap();
    let behind = act(&cache, Intent::put(client(1, "b"), Some(1))).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    let sending = cache.amend(refused, Intent::put(client(1, "c"), None), now()).await;
    assert!(matches!(sending, Err(CacheError::BeingSent)), "it may have arrived");
    let conflict = Settlement::Conflict("Somebody else was faster.".into(), None);
    cache.settle(refused, conflict).await.unwrap();
    cache.apply(page(vec![put(1, 4, "theirs")], "2")).await.unwrap();
    let elsewhere = cache.amend(refused, Intent::put(client(2, "c"), None), now()).await;
    assert!(
        matches!(elsewhere, Err(CacheError::NoSuchOperation)),
        "about another row"
    );
    let amended = cache
        .amend(refused, Intent::put(client(1, "c"), None), now())
        .await
        .unwrap();
    assert_ne!(amended.operation, refused);
    let next = cache.claim_next(now()).await.unwrap().unwrap();
    assert_eq!((next.operation, next.base_version), (amended.operation, Some(4)));
    assert_eq!(
        (next.state, next.reason.as_str(), next.problem),
        (OutboxState::Sending, "", None)
    );
    let done = Settlement::Done(receipt(1, 5, "c"));
    cache.settle(amended.operation, done).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, behind);
}

#[tokio::test]
async fn people_read_while_the_sync_writes() {
    let place = Place::new();
    let cache = place.open().await;
    let writing = cache.clone();
    let writes = tokio::spawn(async move {
        for n in 0..20 {
            let rows = (1..=200).map(|row| put(row, n + 1, &format!("version {n}"))).collect();
            writing.apply(page(rows, &n.to_string())).await.unwrap();
        }
    });
    while !writes.is_finished() {
        let (first, last) = cache
            .read(|snapshot| {
                let of = |n| snapshot.row(deskbell_clinic::Kind::Client, crate::fixture::id(n));
                Ok::<_, CacheError>((of(1)?, of(200)?))
            })
            .await
            .unwrap();
        assert_eq!(
            first.and_then(|row| row.version),
            last.and_then(|row| row.version),
            "a read sees one page whole"
        );
    }
    writes.await.unwrap();
}
