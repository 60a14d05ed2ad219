//! One write: its transaction, who does it, and what listeners are told when it has committed.

use clinic::scope::Scope;
use clinic::{AccountId, DeviceId, OperationId};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use rusqlite::Transaction;
use std::cell::RefCell;
use uuid::Uuid;

/// Who writes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Author {
    /// The person; none for the server itself.
    pub(crate) account: Option<AccountId>,
    /// From which desk.
    pub(crate) device: Option<DeviceId>,
    /// As which act.
    pub(crate) operation: Option<OperationId>,
    /// When the person did it; when it is not known, the time it was received stands for it.
    pub(crate) acted_at: Option<Timestamp>,
}

/// What a transaction changed, for hints.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    /// The change log's last position.
    pub(crate) seq: i64,
    /// Who could see something of it before or after.
    pub(crate) scopes: Vec<Scope>,
}

/// A session that is no longer what it was: signed out, revoked, or its account's role changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Whose.
    pub(crate) account: AccountId,
    /// Which; none for all sessions of the account.
    pub(crate) session: Option<Uuid>,
}

/// A write in progress.
pub(crate) struct Writing<'c> {
    pub(super) transaction: Transaction<'c>,
    /// Who does it.
    pub(crate) author: Author,
    /// The one time of everything in this write.
    pub(crate) now: Timestamp,
    changed: RefCell<Option<Commit>>,
    ended: RefCell<Vec<Ended>>,
}

impl<'c> Writing<'c> {
    pub(super) fn new(transaction: Transaction<'c>, author: Author, now: Timestamp) -> Self {
        Self {
            transaction,
            author,
            now,
            changed: RefCell::new(None),
            ended: RefCell::new(Vec::new()),
        }
    }

    /// The transaction, for reading inside the write.
    pub(crate) fn reading(&self) -> &Transaction<'c> {
        &self.transaction
    }

    /// Remembers that the viewers of these scopes have something to pull.
    pub(super) fn changed(&self, seq: i64, scopes: impl IntoIterator<Item = Scope>) {
        let mut changed = self.changed.borrow_mut();
        let commit = changed.get_or_insert_with(|| Commit { seq, scopes: vec![] });
        commit.seq = seq;
        for scope in scopes {
            if !commit.scopes.contains(&scope) {
                commit.scopes.push(scope);
            }
        }
    }

    /// Remembers that a session is to be told that it is no longer what it was.
    pub(super) fn end(&self, ended: Ended) {
        self.ended.borrow_mut().push(ended);
    }

    pub(super) fn finish(self) -> (Transaction<'c>, Option<Commit>, Vec<Ended>) {
        (self.transaction, self.changed.into_inner(), self.ended.into_inner())
    }
}
