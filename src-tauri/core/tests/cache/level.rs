//! The server's digest against what is here, and old rows that go.

use crate::fixture::{Place, act, appointment, client, hours, id, now, page, put, receipt};
use deskbell_clinic::digest::{RowSum, utc_day};
use deskbell_clinic::wire::{Change, ChangeOp, KindDigest};
use deskbell_clinic::{Appointment, Availability, AvailabilityId, Kind, Repeat, Row, StaffId, Weekly};
use deskbell_core::cache::{Cache, CacheError, Settlement};
use deskbell_core::outbox::intent::Intent;

/// Rows and their versions.
type Versions = &'static [(u128, u32)];

fn digest(kind: Kind, from_day: i64, rows: &[(u128, u32)]) -> Vec<KindDigest> {
    let sum = rows
        .iter()
        .fold(RowSum::default(), |sum, (n, version)| sum.with(id(*n), *version));
    vec![KindDigest {
        kind,
        from_day,
        rows: sum.rows(),
        hash: sum.hash(),
    }]
}

fn change(row: impl Into<Row>) -> Change {
    let row = row.into();
    Change {
        kind: row.kind(),
        id: row.id(),
        body: Some(row.to_json()),
        ..put(1, 1, "")
    }
}

fn weekly(n: u128, until: &str) -> Availability {
    Availability {
        id: AvailabilityId(id(n)),
        staff: StaffId(id(500)),
        span: hours(-480, -479),
        services: vec![],
        note: String::new(),
        repeat: Repeat::Weekly(Weekly {
            weeks: 1,
            until: Some(until.parse().unwrap()),
            except: vec![],
        }),
    }
}

async fn ids(cache: &Cache, kind: Kind) -> Vec<u128> {
    let rows = cache.read::<_, CacheError>(move |snapshot| snapshot.rows(kind));
    let mut ids: Vec<_> = rows.await.unwrap().iter().map(|seen| seen.row.id().as_u128()).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn a_cache_that_holds_what_the_server_says_agrees_and_one_that_does_not_names_the_kind() {
    let place = Place::new();
    let cache = place.open().await;
    cache
        .apply(page(vec![put(1, 4, "Anna"), put(2, 1, "Bert")], "1"))
        .await
        .unwrap();
    let differing = |rows: Versions| {
        let cache = cache.clone();
        async move {
            cache
                .differing(digest(Kind::Client, 0, rows), "1".into(), 0)
                .await
                .unwrap()
        }
    };
    assert_eq!(differing(&[(1, 4), (2, 1)]).await, Some(vec![]));
    let wrongs: [Versions; 4] = [
        &[(1, 4)],
        &[(1, 4), (2, 2)],
        &[(1, 4), (3, 1)],
        &[(1, 4), (2, 1), (3, 1)],
    ];
    for wrong in wrongs {
        assert_eq!(differing(wrong).await, Some(vec![Kind::Client]), "{wrong:?}");
    }
}

#[tokio::test]
async fn what_is_not_sent_yet_is_no_difference() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 4, "Anna")], "1")).await.unwrap();
    act(&cache, Intent::put(client(1, "mine"), Some(4))).await.unwrap();
    act(&cache, Intent::put(client(2, "new"), None)).await.unwrap();
    let said = digest(Kind::Client, 0, &[(1, 4)]);
    assert_eq!(cache.differing(said, "1".into(), 0).await.unwrap(), Some(vec![]));
}

#[tokio::test]
async fn a_digest_of_another_moment_is_not_judged() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let said = || digest(Kind::Client, 0, &[(1, 1)]);
    assert_eq!(
        cache.differing(said(), "0".into(), 0).await.unwrap(),
        None,
        "another cursor"
    );
    let before = cache.receipts();
    let operation = act(&cache, Intent::put(client(2, "mine"), None)).await.unwrap();
    let done = Settlement::Done(receipt(2, 1, "mine"));
    cache.settle(operation, done).await.unwrap();
    assert_eq!(
        cache.differing(said(), "1".into(), before).await.unwrap(),
        None,
        "a receipt has brought what the page could not know of"
    );
}

#[tokio::test]
async fn a_digest_counts_from_its_day_on_and_what_repeats_by_its_last_time() {
    let place = Place::new();
    let cache = place.open().await;
    let rows = vec![
        change(appointment(1, &[])),
        change(weekly(2, "2026-12-20")),
        change(weekly(3, "2026-11-30")),
    ];
    cache.apply(page(rows, "1")).await.unwrap();
    let today = utc_day(now());
    let cases: [(Kind, i64, Versions); 4] = [
        (Kind::Appointment, today, &[(1, 1)]),
        (Kind::Appointment, today + 1, &[]),
        (Kind::Availability, today + 1, &[(2, 1), (3, 1)]),
        (Kind::Availability, today + 14, &[(2, 1)]),
    ];
    for (kind, from_day, rows) in cases {
        let said = digest(kind, from_day, rows);
        assert_eq!(
            cache.differing(said, "1".into(), 0).await.unwrap(),
            Some(vec![]),
            "{kind} {from_day}"
        );
    }
}

#[tokio::test]
async fn rows_that_ended_before_the_window_go_and_never_one_with_an_act_that_waits() {
    let place = Place::new();
    let cache = place.open().await;
    let ended = |n| Appointment {
        span: hours(-48, -47),
        ..appointment(n, &[])
    };
    let rows = vec![
        change(ended(1)),
        change(ended(2)),
        change(appointment(3, &[])),
        change(weekly(4, "2026-11-19")),
        change(weekly(5, "2027-11-19")),
        put(6, 1, "Anna"),
    ];
    cache.apply(page(rows, "1")).await.unwrap();
    act(&cache, Intent::put(ended(2), Some(1))).await.unwrap();
    let before = cache.changes_since(0).await.unwrap().revision;
    assert!(!cache.let_go(utc_day(now())).await.unwrap());
    assert_eq!(ids(&cache, Kind::Appointment).await, [2, 3]);
    assert_eq!(ids(&cache, Kind::Availability).await, [5]);
    assert_eq!(ids(&cache, Kind::Client).await, [6]);
    let told = cache.changes_since(before).await.unwrap();
    assert_eq!(told.items.len(), 2, "windows are told of both");
    assert!(!cache.let_go(utc_day(now())).await.unwrap());
    assert_eq!(cache.changes_since(before).await.unwrap().items.len(), 2, "and once");
}

#[tokio::test]
async fn very_many_old_rows_go_two_hundred_at_a_time() {
    let place = Place::new();
    let cache = place.open().await;
    let ended = |n| Appointment {
        span: hours(-48, -47),
        ..appointment(n, &[])
    };
    let rows = (1..=201).map(|n| change(ended(n))).collect();
    cache.apply(page(rows, "1")).await.unwrap();
    assert!(cache.let_go(utc_day(now())).await.unwrap(), "there is more");
    assert_eq!(ids(&cache, Kind::Appointment).await.len(), 1);
    assert!(!cache.let_go(utc_day(now())).await.unwrap());
    assert_eq!(ids(&cache, Kind::Appointment).await, [] as [u128; 0]);
}

#[tokio::test]
async fn a_row_that_was_let_go_and_changes_is_taken_in_again() {
    let place = Place::new();
    let cache = place.open().await;
    let mut row = appointment(1, &[]);
    row.span = hours(-48, -47);
    cache.apply(page(vec![change(row.clone())], "1")).await.unwrap();
    cache.let_go(utc_day(now())).await.unwrap();
    row.span = hours(1, 2);
    let moved = Change {
        version: 2,
        op: ChangeOp::Put,
        ..change(row)
    };
    cache.apply(page(vec![moved], "2")).await.unwrap();
    assert_eq!(ids(&cache, Kind::Appointment).await, [1]);
}
