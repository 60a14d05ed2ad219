//! Whatever happens to the cache, what its readers remember is what the file says.

use super::{ACCOUNT, open};
use crate::cache::memory::Listed;
use crate::cache::{Cache, CacheError, Pulled, Settlement, ViewRow};
use crate::outbox::intent::Intent;
use deskbell_clinic::rules::news::Reader;
use deskbell_clinic::wire::{Change, ChangeOp, ChangesPage};
use deskbell_clinic::{Availability, AvailabilityId, DeviceId, Kind, Repeat, Span, StaffId, Weekly};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

const ROWS: u128 = 6;
const STAFF: u128 = 3;

/// What may happen, to one of a few rows.
#[derive(Clone, Debug)]
enum Happens {
    Kept(Availability),
    KeptGone(u128),
    Pulled(Availability),
    PulledGone(u128),
    Settled(Settlement),
    Cancelled,
    SnapshotSwapped(Availability),
}

fn span(hour: i64, length: i64) -> Span {
    let start = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour);
    Span::new(start, start + SignedDuration::from_hours(length)).unwrap()
}

fn rows() -> impl Strategy<Value = Availability> {
    (1..=ROWS, 1..=STAFF, 0..72_i64, 1..8_i64, any::<bool>()).prop_map(|(id, staff, hour, length, weekly)| {
        Availability {
            id: AvailabilityId(Uuid::from_u128(id)),
            staff: StaffId(Uuid::from_u128(staff)),
            span: span(hour, length),
            services: vec![],
            note: String::new(),
            repeat: if weekly {
                Repeat::Weekly(Weekly {
                    weeks: 1,
                    until: None,
                    except: vec![],
                })
            } else {
                Repeat::None
            },
        }
    })
}

fn happenings() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => rows().prop_map(Happens::Kept),
        1 => (1..=ROWS).prop_map(Happens::KeptGone),
        3 => rows().prop_map(Happens::Pulled),
        1 => (1..=ROWS).prop_map(Happens::PulledGone),
        2 => prop_oneof![
            Just(Settlement::Gone),
            Just(Settlement::Parked(String::new())),
            Just(Settlement::Again(Timestamp::UNIX_EPOCH)),
            Just(Settlement::Conflict(String::new(), None)),
        ].prop_map(Happens::Settled),
        1 => Just(Happens::Cancelled),
        1 => rows().prop_map(Happens::SnapshotSwapped),
    ]
}

fn change(id: u128, version: u32, row: Option<&Availability>) -> Change {
    Change {
        kind: Kind::Availability,
        id: Uuid::from_u128(id),
        version,
        op: if row.is_some() { ChangeOp::Put } else { ChangeOp::Delete },
        body: row.map(|row| serde_json::to_value(row).unwrap()),
        by: None,
        device: None,
        operation: None,
        at: Timestamp::UNIX_EPOCH,
    }
}

fn page(changes: Vec<Change>) -> ChangesPage {
    ChangesPage {
        epoch: "first".to_owned(),
        server_time: Timestamp::UNIX_EPOCH,
        changes,
        cursor: "1".to_owned(),
        more: false,
        next_poll_ms: 10_000,
        digest: vec![],
        people: vec![],
    }
}

async fn happen(cache: &Cache, version: u32, what: Happens) {
    let put = |row: &Availability| change(row.id.uuid().as_u128(), version, Some(row));
    let pulled = |changes| Pulled {
        page: page(changes),
        device: DeviceId(Uuid::from_u128(1)),
        first_sync: false,
        reader: Reader::Nobody,
    };
    match what {
        Happens::Kept(row) => keep(cache, Intent::put(row, None)).await,
        Happens::KeptGone(id) => {
            let intent = Intent::Delete {
                kind: Kind::Availability,
                id: Uuid::from_u128(id),
                base_version: None,
            };
            keep(cache, intent).await;
        }
        Happens::Pulled(row) => drop(cache.apply(pulled(vec![put(&row)])).await.unwrap()),
        Happens::PulledGone(id) => drop(cache.apply(pulled(vec![change(id, version, None)])).await.unwrap()),
        Happens::Settled(settlement) => {
            if let Some(item) = cache.claim_next(Timestamp::UNIX_EPOCH).await.unwrap() {
                cache.settle(item.operation, settlement).await.unwrap();
            }
        }
        Happens::Cancelled => {
            if let Some(item) = cache.waiting().await.unwrap().pop() {
                cache.discard(item.operation).await.unwrap();
            }
        }
        Happens::SnapshotSwapped(row) => {
            cache.stage(page(vec![put(&row)]), true).await.unwrap();
            cache.swap("first".to_owned(), "2".to_owned()).await.unwrap();
        }
    }
}

async fn keep(cache: &Cache, intent: Intent) {
    cache.keep(vec![intent], ACCOUNT, Timestamp::UNIX_EPOCH).await.unwrap();
}

/// Every question twice: as windows ask it, and past the memory.
async fn compare(cache: &Cache) {
    let by_id = |mut rows: Vec<ViewRow>| {
        rows.sort_by_key(|seen| seen.row.id());
        // Whether an act waits or is on its way is not announced, so it is not compared.
        rows.into_iter()
            .map(|seen| (seen.row, seen.version, seen.pending.map(|(operation, _)| operation)))
            .collect::<Vec<_>>()
    };
    cache
        .read(move |snapshot| {
            let one = vec![StaffId(Uuid::from_u128(1))];
            let lists = [
                Listed::All(Kind::Availability),
                Listed::Between(Kind::Availability, span(0, 24), None),
                Listed::Between(Kind::Availability, span(24, 24), Some(one)),
            ];
            for listed in lists {
                let told = by_id(snapshot.list(listed.clone())?);
                assert_eq!(told, by_id(snapshot.read_list(&listed)?), "{listed:?}");
            }
            for id in 1..=ROWS {
                let id = Uuid::from_u128(id);
                let told = snapshot.row(Kind::Availability, id)?.into_iter().collect();
                let true_now = snapshot.read_row(Kind::Availability, id)?.into_iter().collect();
                assert_eq!(by_id(told), by_id(true_now));
            }
            Ok::<_, CacheError>(())
        })
        .await
        .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_remembered_is_what_the_file_says(happenings in proptest::collection::vec(happenings(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let cache = open(folder.path()).await;
            compare(&cache).await;
            for (version, what) in (1..).zip(happenings) {
                happen(&cache, version, what).await;
                compare(&cache).await;
            }
            cache.close().await;
        });
    }
}
