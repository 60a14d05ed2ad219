//! Pages from the server: whole or not at all, and never backwards.

use crate::fixture::{Place, act, appointment, client, hours, id, name, now, page, put, receipt, seen};
use deskbell_clinic::wire::{Change, ChangeOp, Person};
use deskbell_clinic::{AccountId, Appointment, Kind, Row, StaffId};
use deskbell_core::cache::{CacheError, OutboxState, Settlement};
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
async fn names_of_people_come_with_their_pages_also_beside_what_is_shown_and_follow_a_change() {
    let place = Place::new();
    let cache = place.open().await;
    let person = |n, name: &str| Person {
        account: AccountId(id(n)),
        name: name.to_owned(),
    };
    let mut first = page(vec![put(1, 1, "Anna")], "1");
    first.page.people = vec![person(70, "Olivia"), person(71, "Sam")];
    cache.apply(first).await.unwrap();
    let mut anew = page(vec![put(1, 2, "Anna")], "2").page;
    anew.people = vec![person(71, "Samuel")];
    cache.stage(anew, true).await.unwrap();
    let names = cache.read(|snapshot| snapshot.people()).await.unwrap();
    let known = |n| names.get(&AccountId(id(n))).map(String::as_str);
    assert_eq!(
        (known(70), known(71), known(72)),
        (Some("Olivia"), Some("Samuel"), None)
    );
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
    cache.swap("first".into(), "9".into()).await.unwrap();
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

#[tokio::test]
async fn a_late_receipt_of_a_new_row_does_not_bring_it_back_either() {
    let place = Place::new();
    let cache = place.open().await;
    let operation = act(&cache, Intent::put(client(1, "mine"), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, operation);
    let mut deleted = put(1, 2, "");
    (deleted.op, deleted.body) = (ChangeOp::Delete, None);
    cache.apply(page(vec![deleted], "2")).await.unwrap();
    cache
        .settle(operation, Settlement::Done(receipt(1, 1, "mine")))
        .await
        .unwrap();
    assert_eq!(name(&cache, 1).await, None);
}

#[tokio::test]
async fn a_page_of_any_size_is_applied_in_parts_of_two_hundred_and_the_cursor_comes_with_the_last() {
    let place = Place::new();
    let cache = place.open().await;
    let mut commits = cache.commits();
    cache.apply(page(vec![], "0")).await.unwrap();
    assert!(commits.recv().await.unwrap().overflow, "the first page of all");
    let mut changes: Vec<_> = (1..=450).map(|n| put(n, 1, "Anna")).collect();
    cache.apply(page(changes.clone(), "1")).await.unwrap();
    let mut parts = vec![];
    for _ in 0..3 {
        parts.push(commits.recv().await.unwrap().items.len());
    }
    assert_eq!(parts, [200, 200, 50]);
    assert_eq!(cache.cursor().await.unwrap().as_deref(), Some("1"));
    for change in &mut changes {
        change.version = 2;
    }
    changes[449].body = Some(serde_json::json!({"not": "a client"}));
    assert!(cache.apply(page(changes.clone(), "2")).await.is_err());
    assert_eq!(
        cache.cursor().await.unwrap().as_deref(),
        Some("1"),
        "the page comes again"
    );
    changes[449] = put(450, 2, "Anna");
    cache.apply(page(changes, "2")).await.unwrap();
    assert_eq!(seen(&cache, 450).await.unwrap().version, Some(2));
}

#[tokio::test]
async fn a_receipt_during_a_new_reading_is_not_lost_when_the_reading_is_shown() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let operation = act(&cache, Intent::put(client(2, "mine"), None)).await.unwrap();
    cache
        .stage(page(vec![put(1, 1, "Anna")], "x").page, true)
        .await
        .unwrap();
    cache
        .settle(operation, Settlement::Done(receipt(2, 3, "mine")))
        .await
        .unwrap();
    // A page that was made before the receipt.
    cache
        .stage(page(vec![put(2, 2, "older")], "y").page, false)
        .await
        .unwrap();
    cache.swap("first".into(), "9".into()).await.unwrap();
    assert_eq!(name(&cache, 2).await.as_deref(), Some("mine"));
}

#[tokio::test]
async fn after_a_change_of_epoch_an_act_goes_on_where_its_row_is_the_same_and_asks_where_it_is_not() {
    let place = Place::new();
    let cache = place.open().await;
    let rows = vec![put(1, 5, "Anna"), put(2, 5, "Bert"), put(3, 5, "Carla")];
    cache.apply(page(rows, "1")).await.unwrap();
    let same = act(&cache, Intent::put(client(1, "mine"), Some(5))).await.unwrap();
    let other = act(&cache, Intent::put(client(2, "mine"), Some(5))).await.unwrap();
    let gone = act(&cache, Intent::put(client(3, "mine"), Some(5))).await.unwrap();
    let new = act(&cache, Intent::put(client(4, "mine"), None)).await.unwrap();
    // The restored server happens to have come to the same version of Bert by another way.
    let restored = vec![put(1, 3, "Anna"), put(2, 5, "Bert, otherwise")];
    cache.stage(page(restored, "x").page, true).await.unwrap();
    cache.swap("second".into(), "9".into()).await.unwrap();
    let waiting = cache.waiting().await.unwrap();
    let state = |operation| {
        let item = waiting.iter().find(|item| item.operation == operation).unwrap();
        (item.state, item.base_version)
    };
    assert_eq!(state(same), (OutboxState::Queued, Some(3)));
    assert_eq!(state(other).0, OutboxState::Parked);
    assert_eq!(state(gone).0, OutboxState::Parked);
    assert_eq!(state(new), (OutboxState::Queued, None));
    assert_eq!(
        name(&cache, 2).await.as_deref(),
        Some("Bert, otherwise"),
        "the truth is shown"
    );
}

#[tokio::test]
async fn a_commit_names_the_staff_and_the_days_that_a_row_left_and_those_it_came_to() {
    let place = Place::new();
    let cache = place.open().await;
    let mut row = appointment(1, &[]);
    let changed = |row: &Appointment, version| Change {
        kind: Kind::Appointment,
        version,
        body: Some(Row::from(row.clone()).to_json()),
        ..put(1, version, "")
    };
    cache.apply(page(vec![changed(&row, 1)], "1")).await.unwrap();
    let mut commits = cache.commits();
    let before = cache.changes_since(0).await.unwrap().revision;
    row.span = hours(49, 50);
    row.assignments[0].staff = StaffId(id(501));
    cache.apply(page(vec![changed(&row, 2)], "2")).await.unwrap();
    let told = loop {
        let commit = commits.recv().await.unwrap();
        if commit.revision > before {
            break commit.items;
        }
    };
    assert_eq!(told[0].staff, [StaffId(id(500)), StaffId(id(501))]);
    let days: Vec<_> = told[0].days.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-11-23", "2026-11-25"]);
    let caught_up = cache.changes_since(before).await.unwrap();
    assert_eq!(caught_up.items, told, "a window that missed it is told the same");
}
