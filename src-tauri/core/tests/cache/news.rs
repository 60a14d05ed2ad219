//! What is worth telling a person: new hours from elsewhere, once, and only while they are there.

use crate::fixture::{Place, act, hours, id, now, page};
use deskbell_clinic::wire::{Change, ChangeOp, Written};
use deskbell_clinic::{Availability, AvailabilityId, DeviceId, Kind, Repeat, Row, Span, StaffId};
use deskbell_core::cache::{Activity, ActivityWhat, Cache, CacheError, DueHours, DueNotice, Settlement, Snapshot};
use deskbell_core::outbox::intent::Intent;

fn offered(version: u32, span: Span) -> Change {
    let row = Availability {
        id: AvailabilityId(id(1)),
        staff: StaffId(id(500)),
        span,
        services: vec![],
        note: String::new(),
        repeat: Repeat::None,
    };
    Change {
        kind: Kind::Availability,
        id: id(1),
        version,
        op: ChangeOp::Put,
        body: Some(Row::from(row).to_json()),
        by: None,
        device: Some(DeviceId(id(901))),
        operation: None,
        at: now(),
    }
}

fn withdrawn(version: u32) -> Change {
    Change {
        op: ChangeOp::Delete,
        body: None,
        ..offered(version, hours(1, 2))
    }
}

fn by_this_desk(change: Change) -> Change {
    Change {
        device: Some(DeviceId(id(900))),
        ..change
    }
}

async fn news(cache: &Cache) -> (Vec<Activity>, Vec<DueHours>) {
    let read = |snapshot: &Snapshot<'_>| Ok::<_, CacheError>((snapshot.activity(10)?, snapshot.due_notices()?));
    let (activity, due) = cache.read(read).await.unwrap();
    let hours = due.into_iter().map(|notice| match notice {
        DueNotice::Hours(hours) => hours,
        DueNotice::Booking(booking) => panic!("{booking:?} is no news of hours"),
    });
    (activity, hours.collect())
}

#[tokio::test]
async fn new_hours_from_elsewhere_are_told_once_and_remembered_as_shown() {
    let place = Place::new();
    let cache = place.open().await;
    let applied = cache.apply(page(vec![offered(1, hours(1, 3))], "1")).await.unwrap();
    assert!(applied.notices);
    // The same page comes again when its answer was lost.
    cache.apply(page(vec![offered(1, hours(1, 3))], "1")).await.unwrap();
    let (activity, due) = news(&cache).await;
    let whats: Vec<_> = activity.iter().map(|entry| entry.what).collect();
    assert_eq!(whats, [ActivityWhat::HoursAdded]);
    assert_eq!(activity[0].added, [hours(1, 3)]);
    assert_eq!(due.len(), 1);
    assert_eq!(
        (due[0].staff, &due[0].added[..]),
        (StaffId(id(500)), &[hours(1, 3)][..])
    );
    cache.mark_shown(vec![due[0].key.clone()], now()).await.unwrap();
    assert_eq!(news(&cache).await.1, []);
}

#[tokio::test]
async fn only_the_time_that_an_edit_adds_is_news() {
    let place = Place::new();
    let cache = place.open().await;
    cache
        .apply(page(vec![by_this_desk(offered(1, hours(1, 3)))], "1"))
        .await
        .unwrap();
    let shorter = cache.apply(page(vec![offered(2, hours(1, 2))], "2")).await.unwrap();
    assert!(!shorter.notices);
    cache.apply(page(vec![offered(3, hours(1, 5))], "3")).await.unwrap();
    let (_, due) = news(&cache).await;
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].added, [hours(2, 5)]);
}

#[tokio::test]
async fn what_this_desk_did_and_what_the_first_sync_brings_is_no_news() {
    let place = Place::new();
    let cache = place.open().await;
    let mut first = page(vec![offered(1, hours(1, 3))], "1");
    first.first_sync = true;
    let own = page(vec![by_this_desk(offered(2, hours(1, 5)))], "2");
    for pulled in [first, own] {
        let applied = cache.apply(pulled).await.unwrap();
        assert_eq!((applied.changed, applied.notices), (1, false));
        assert_eq!(news(&cache).await, (vec![], vec![]));
    }
}

#[tokio::test]
async fn a_notice_goes_with_its_hours_whoever_takes_them_away() {
    for gone in [withdrawn(2), by_this_desk(withdrawn(2))] {
        let place = Place::new();
        let cache = place.open().await;
        cache.apply(page(vec![offered(1, hours(1, 3))], "1")).await.unwrap();
        assert_eq!(news(&cache).await.1.len(), 1);
        cache.apply(page(vec![gone], "2")).await.unwrap();
        assert_eq!(news(&cache).await.1, []);
    }
}

#[tokio::test]
async fn a_notice_tells_only_of_hours_that_an_edit_left() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![offered(1, hours(1, 3))], "1")).await.unwrap();
    cache
        .apply(page(vec![by_this_desk(offered(2, hours(2, 3)))], "2"))
        .await
        .unwrap();
    let due = news(&cache).await.1;
    assert_eq!((due.len(), &due[0].added[..]), (1, &[hours(2, 3)][..]));
    cache.apply(page(vec![offered(3, hours(6, 8))], "3")).await.unwrap();
    let due = news(&cache).await.1;
    assert_eq!(due.len(), 1, "the hours it told of are gone: {due:?}");
    assert_eq!(due[0].added, [hours(6, 8)]);
}

#[tokio::test]
async fn hours_that_this_desk_took_away_itself_are_told_to_nobody() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![offered(1, hours(1, 3))], "1")).await.unwrap();
    let mut own = by_this_desk(offered(2, hours(2, 3)));
    let shorter = Row::read(Kind::Availability, own.body.as_ref().unwrap()).unwrap();
    let operation = act(&cache, Intent::put(shorter, Some(1))).await.unwrap();
    let receipt = Written {
        kind: own.kind,
        id: own.id,
        version: own.version,
        seq: 2,
        op: own.op,
        body: own.body.clone(),
    };
    cache
        .settle(operation, Settlement::Done(Box::new(receipt)))
        .await
        .unwrap();
    own.operation = Some(operation);
    cache.apply(page(vec![own], "2")).await.unwrap();
    let due = news(&cache).await.1;
    assert_eq!((due.len(), &due[0].added[..]), (1, &[hours(2, 3)][..]));
}
