//! A cache in a folder of its own, and rows to fill it with.

use deskbell_clinic::rules::news::Reader;
use deskbell_clinic::wire::{Change, ChangeOp, ChangesPage, Written};
use deskbell_clinic::{
    AccountId, Answer, Appointment, AppointmentId, Assignment, Attendee, Client, ClientId, ClinicId, DeviceId, Kind,
    OperationId, Part, Place as Where, Row, Span, StaffId, Status, Wishes,
};
use deskbell_core::cache::{Cache, CacheError, CacheKey, Owner, Pulled, ViewRow};
use deskbell_core::outbox::intent::Intent;
use jiff::Timestamp;
use std::path::PathBuf;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const CANARY: &str = "Canary Clientname";

pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("cache.db")
    }

    /// Every file the cache made, as it is on the disk.
    pub(crate) fn bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files
            .map(|file| file.unwrap().path())
            .map(|path| (path.clone(), std::fs::read(path).unwrap()))
            .collect()
    }

    pub(crate) async fn open(&self) -> Cache {
        Cache::open(&self.file(), &key(1), owner(1)).await.unwrap()
    }
}

pub(crate) const fn key(byte: u8) -> CacheKey {
    CacheKey::new([byte; 32])
}

pub(crate) fn owner(account: u128) -> Owner {
    Owner {
        clinic: ClinicId(Uuid::from_u128(1)),
        account: AccountId(Uuid::from_u128(account)),
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) fn client(n: u128, name: &str) -> Client {
    Client {
        id: ClientId(id(n)),
        name: name.to_owned(),
        phones: vec![],
        address: String::new(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    }
}

/// An hour from now, with staff 500.
pub(crate) fn appointment(n: u128, clients: &[u128]) -> Appointment {
    let attendee = |n: &u128| Attendee {
        client: ClientId(id(*n)),
        arrived_at: None,
    };
    Appointment {
        id: AppointmentId(id(n)),
        series: None,
        clients: clients.iter().map(attendee).collect(),
        assignments: vec![Assignment {
            staff: StaffId(id(500)),
            part: Part::Therapist,
            answer: Answer::Accepted,
        }],
        services: vec![],
        span: hours(1, 2),
        place: Where::Anywhere,
        status: Status::Confirmed,
        step: None,
        notes: String::new(),
        reason: None,
        answer_due: None,
        overlap_accepted: None,
        call_back: String::new(),
        history: vec![],
    }
}

/// From so many hours after now to so many.
pub(crate) fn hours(from: i64, to: i64) -> Span {
    let after = |hours| now() + jiff::SignedDuration::from_hours(hours);
    Span::new(after(from), after(to)).unwrap()
}

pub(crate) fn put(n: u128, version: u32, name: &str) -> Change {
    Change {
        kind: Kind::Client,
        id: id(n),
        version,
        op: ChangeOp::Put,
        body: Some(Row::from(client(n, name)).to_json()),
        by: None,
        device: None,
        operation: None,
        at: now(),
    }
}

pub(crate) fn page(changes: Vec<Change>, cursor: &str) -> Pulled {
    Pulled {
        page: ChangesPage {
            epoch: "first".into(),
            server_time: now(),
            changes,
            cursor: cursor.into(),
            more: false,
            next_poll_ms: 0,
            digest: vec![],
            people: vec![],
        },
        device: DeviceId(id(900)),
        first_sync: false,
        reader: Reader::Nobody,
    }
}

pub(crate) fn receipt(n: u128, version: u32, name: &str) -> Box<Written> {
    Box::new(Written {
        kind: Kind::Client,
        id: id(n),
        version,
        seq: 0,
        op: ChangeOp::Put,
        body: Some(Row::from(client(n, name)).to_json()),
    })
}

pub(crate) async fn act(cache: &Cache, intent: Intent) -> Result<OperationId, CacheError> {
    let kept = cache.keep(vec![intent], owner(1).account, now()).await?;
    Ok(kept[0].operation)
}

pub(crate) async fn seen(cache: &Cache, n: u128) -> Option<ViewRow> {
    cache
        .read(move |snapshot| snapshot.row(Kind::Client, id(n)))
        .await
        .unwrap()
}

/// The client's name as a window would show it.
pub(crate) async fn name(cache: &Cache, n: u128) -> Option<String> {
    seen(cache, n).await.map(|seen| match seen.row {
        Row::Client(client) => client.name,
        _ => unreachable!("a client was asked for"),
    })
}
