//! What belongs to one signed-in account: its cache, its ids, and how far its reading has come.

use super::heat::{Heat, Part};
use super::ids::Ids;
use crate::backend::BackendError;
use crate::backend::snapshot_diff::{SnapshotDiff, unresolved};
use crate::cache::{Cache, CacheError, OutboxItem};
use deskbell_clinic::wire::{Account, Change, ChangeOp, Written};
use deskbell_clinic::{Kind, Row};
use std::collections::{BTreeSet, VecDeque};
use tokio::time::Instant;
use uuid::Uuid;

/// An account's own part of the adapter.
pub(super) struct Site {
    pub(super) account: Account,
    pub(super) diff: SnapshotDiff,
    pub(super) ids: Ids,
    /// Another number at every start of the program.
    pub(super) started: u32,
    /// Held over a pull: there is one at a time.
    pub(super) progress: tokio::sync::Mutex<Progress>,
}

/// How far the reading has come.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) heat: Heat,
    /// Changes that were found and not handed out yet: a page holds so many.
    pub(super) queue: VecDeque<Change>,
    /// What the handed-out changes came of. It counts as read once the engine comes back with the cursor of their last page:
    /// then they are in the cache.
    pub(super) owed: Option<Owed>,
    /// The last cursor that was handed out.
    pub(super) cursor: Option<String>,
    pub(super) turn: u64,
    /// The last answer of the probe.
    pub(super) probe: Option<Probed>,
}

/// What a round has read.
#[derive(Default)]
pub(super) struct Owed {
    pub(super) parts: Vec<(Part, Instant)>,
    pub(super) bookings: BTreeSet<u64>,
    pub(super) probe: Option<Probed>,
}

/// What the probe tells apart: how many notifications there are, and which is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probed {
    pub(super) count: u64,
    pub(super) newest: Option<u64>,
}

impl Site {
    pub(super) async fn open(cache: &Cache, account: &Account, user: Option<u64>) -> Result<Self, CacheError> {
        let ids = Ids::load(cache).await?;
        if let (Some(staff), Some(user)) = (account.staff, user)
            && ids.known(Kind::Staff, user) != Some(staff.uuid())
        {
            ids.bind(Kind::Staff, user, staff.uuid());
            ids.remember(cache).await?;
        }
        Ok(Self {
            account: account.clone(),
            diff: SnapshotDiff::new(cache.clone()),
            ids,
            started: rand::random(),
            progress: tokio::sync::Mutex::default(),
        })
    }

    pub(super) const fn cache(&self) -> &Cache {
        self.diff.cache()
    }

    /// Whether this account sees the whole clinic.
    pub(super) const fn is_desk(&self) -> bool {
        self.account.role.is_desk()
    }

    /// New rows of ours whose answers were lost.
    pub(super) async fn unresolved(&self) -> Result<Vec<OutboxItem>, BackendError> {
        let mut acts = self.cache().waiting().await?;
        acts.retain(unresolved);
        Ok(acts)
    }

    /// The row as the server last said it, with its version.
    pub(super) async fn truth(&self, kind: Kind, id: Uuid) -> Result<Option<(Row, u32)>, BackendError> {
        let read = self.cache().read(move |snapshot| snapshot.truth_of(kind, id));
        Ok(read.await?)
    }

    /// A row that is now so at the server, as the next version.
    pub(super) async fn written(&self, row: &Row) -> Result<Written, BackendError> {
        let known = self.truth(row.kind(), row.id()).await?;
        Ok(Written {
            kind: row.kind(),
            id: row.id(),
            version: known.map_or(1, |(_, version)| version + 1),
            seq: 0,
            op: ChangeOp::Put,
            body: Some(row.to_json()),
        })
    }

    /// A row that is gone from the server.
    pub(super) async fn gone(&self, kind: Kind, id: Uuid) -> Result<Written, BackendError> {
        let known = self.truth(kind, id).await?;
        Ok(Written {
            kind,
            id,
            version: known.map_or(1, |(_, version)| version + 1),
            seq: 0,
            op: ChangeOp::Delete,
            body: None,
        })
    }
}
