//! The adapter with a cache of its own, driven as the engine drives it.

use deskbell_clinic::rules::news::Reader;
use deskbell_clinic::wire::{Account, Written};
use deskbell_clinic::{
    Availability, AvailabilityId, Calendar, DeviceId, Kind, OperationId, Repeat, Row, Span, StaffId,
};
use deskbell_core::backend::{
    Act, Backend, BackendError, Base, Interest, RoyalCare, ServerAddress, SessionKeeper, Timeouts, Write,
};
use deskbell_core::cache::{Cache, CacheError, CacheKey, Owner, Pulled};
use deskbell_core::secret::Secret;
use deskbell_core::sync::clock::SystemClock;
use deskbell_royal_care_stand_in::{Opening, PASSWORD, StandIn};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    answer: Duration::from_millis(2_500),
    heartbeat: Duration::from_secs(5),
};

#[derive(Default)]
pub(crate) struct Kept(pub(crate) Mutex<Option<Secret<String>>>);

impl SessionKeeper for Kept {
    fn keep(&self, session: Option<Secret<String>>) -> BoxFuture<'_, ()> {
        *self.0.lock().unwrap() = session;
        futures_util::future::ready(()).boxed()
    }
}

pub(crate) fn adapter(clinic: &StandIn) -> (RoyalCare, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let address = ServerAddress::parse(&clinic.url()).unwrap();
    let api = RoyalCare::new(address, kept.clone(), Arc::new(SystemClock), TIMEOUTS).unwrap();
    (api, kept)
}

/// The service, whose clock runs ahead with [`later`]: no token is to lapse by that.
pub(crate) async fn clinic() -> StandIn {
    let opening = Opening::now().token_life(SignedDuration::from_hours(24 * 365));
    opening.open().await.unwrap()
}

/// One signed-in account.
pub(crate) struct Place {
    pub(crate) api: RoyalCare,
    pub(crate) cache: Cache,
    pub(crate) account: Account,
    _folder: TempDir,
}

impl Place {
    /// Signed in, with nothing read yet.
    pub(crate) async fn empty(clinic: &StandIn, login: &str) -> Self {
        let (api, _) = adapter(clinic);
        let account = api.sign_in(login, &Secret::new(PASSWORD.to_owned())).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let owner = Owner {
            clinic: account.clinic,
            account: account.account,
        };
        let file = folder.path().join("cache.db");
        let cache = Cache::open(&file, &CacheKey::new([7; 32]), owner).await.unwrap();
        api.entered(&cache, &account).await.unwrap();
        Self {
            api,
            cache,
            account,
            _folder: folder,
        }
    }

    /// Signed in, and everything read once.
    pub(crate) async fn level_with(clinic: &StandIn, login: &str) -> Self {
        let place = Self::empty(clinic, login).await;
        place.level().await.unwrap();
        place
    }

    /// Pulls until the cache is level; answers how many changes came.
    pub(crate) async fn level(&self) -> Result<usize, BackendError> {
        let mut cursor = self.cache.cursor().await.unwrap();
        let first = cursor.is_none();
        let (mut pages, mut changes) = (0, 0);
        loop {
            let page = self.api.pull(cursor.as_deref(), &Interest::default()).await?;
            let (next, epoch, more) = (page.cursor.clone(), page.epoch.clone(), page.more);
            assert!(page.changes.len() <= 200, "a page holds at most 200");
            changes += page.changes.len();
            if first {
                self.cache.stage(page, pages == 0).await.unwrap();
            } else {
                let pulled = Pulled {
                    page,
                    device: DeviceId(Uuid::nil()),
                    first_sync: false,
                    reader: Reader::Nobody,
                };
                self.cache.apply(pulled).await.unwrap();
            }
            pages += 1;
            cursor = Some(next.clone());
            if !more {
                if first {
                    self.cache.swap(epoch, next).await.unwrap();
                }
                return Ok(changes);
            }
        }
    }

    pub(crate) async fn rows(&self, kind: Kind) -> Vec<Row> {
        let read = self.cache.read(move |snapshot| snapshot.rows(kind));
        let rows: Result<_, CacheError> = read.await;
        rows.unwrap().into_iter().map(|seen| seen.row).collect()
    }

    pub(crate) async fn row(&self, kind: Kind, id: Uuid) -> Option<(Row, u32)> {
        let read = self.cache.read(move |snapshot| snapshot.truth_of(kind, id));
        let row: Result<_, CacheError> = read.await;
        row.unwrap()
    }

    pub(crate) async fn staff(&self, name: &str) -> StaffId {
        let staff = self.rows(Kind::Staff).await.into_iter().find_map(|row| match row {
            Row::Staff(row) if row.name.starts_with(name) => Some(row.id),
            _ => None,
        });
        staff.unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// Hours of somebody's on a day, in order.
    pub(crate) async fn hours_of(&self, staff: StaffId, day: Date) -> Vec<Availability> {
        let mut hours: Vec<_> = self
            .rows(Kind::Availability)
            .await
            .into_iter()
            .filter_map(|row| match row {
                Row::Availability(row) if row.staff == staff => Some(row),
                _ => None,
            })
            .filter(|row| manila().day_of(row.span.start()) == day)
            .collect();
        hours.sort_by_key(|row| row.span);
        hours
    }

    pub(crate) async fn push(&self, kind: Kind, id: Uuid, base: Base, act: Act) -> Result<Written, BackendError> {
        let write = Write {
            operation: OperationId(Uuid::now_v7()),
            kind,
            id,
            base,
            repeated: false,
            act,
        };
        self.api.push(&write).await
    }

    pub(crate) async fn put(&self, row: impl Into<Row>, base: Base) -> Result<Written, BackendError> {
        let row = row.into();
        self.push(row.kind(), row.id(), base, Act::Put(row.to_json())).await
    }
}

/// Lets so much time pass for the adapter.
pub(crate) async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

pub(crate) fn manila() -> Calendar {
    Calendar::new("Asia/Manila", vec![]).unwrap()
}

/// A day of the clinic, so many from today.
pub(crate) fn day(from_today: i64) -> Date {
    manila().day_of(Timestamp::now()).saturating_add(from_today.days())
}

pub(crate) fn at(day: Date, hour: i8, minute: i8) -> Timestamp {
    manila().at(day, Time::new(hour, minute, 0, 0).unwrap())
}

pub(crate) fn hours(staff: StaffId, day: Date, from: i8, to: i8) -> Availability {
    Availability {
        id: AvailabilityId(Uuid::now_v7()),
        staff,
        span: Span::new(at(day, from, 0), at(day, to, 0)).unwrap(),
        services: vec![],
        note: String::new(),
        repeat: Repeat::None,
    }
}
