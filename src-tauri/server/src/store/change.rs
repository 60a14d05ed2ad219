//! The change log: what happened to which row, in commit order, and who could see it before and after.
//!
//! There is one writer and the position is handed out inside its transaction, so positions and commits have the same
//! order: a reader who has seen position n will never find a new entry at or before n.

use super::{StoreError, Writing, columns};
use clinic::Kind;
use clinic::scope::Scope;
use deskbell_clinic as clinic;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        id BLOB NOT NULL,
        version INTEGER NOT NULL,
        op TEXT NOT NULL CHECK (op IN ('put', 'delete', 'scope')),
        scope_before TEXT, -- none where there was no row
        scope_after TEXT,  -- none where there is no row
        by BLOB,
        device BLOB,
        operation BLOB,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX change_by_row ON change (kind, id, seq);
    CREATE INDEX change_by_time ON change (at);
";

/// How long tombstones and scopes are kept: a cursor older than that expires.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

/// What an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Put,
    Delete,
    /// The row is the same, only who sees it is not.
    Scope,
}

impl Op {
    const fn as_str(self) -> &'static str {
        match self {
            Op::Put => "put",
            Op::Delete => "delete",
            Op::Scope => "scope",
        }
    }
}

/// An entry as a viewer's delta needs it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) seq: i64,
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
    /// Whether only the scope changed.
    pub(crate) only_scope: bool,
    pub(crate) before: Option<Scope>,
    pub(crate) after: Option<Scope>,
}

const COLUMNS: &str = "seq, kind, id, op = 'scope', scope_before, scope_after";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        kind: columns::text(row, 1)?,
        id: columns::id(row, 2)?,
        only_scope: row.get(3)?,
        before: columns::json(row, 4)?,
        after: columns::json(row, 5)?,
    })
}

/// The last position.
pub(crate) fn last(connection: &Connection) -> Result<i64, StoreError> {
    // Not max(seq): the newest entry may have been pruned.
    Ok(connection
        .prepare_cached("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0)")?
        .query_row([], |row| row.get(0))?)
}

/// Entries after a position, oldest first.
pub(crate) fn after(connection: &Connection, seq: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM change WHERE seq > ?1 ORDER BY seq LIMIT ?2"
        ))?
        .query_map(params![seq, limit], read)?
        .collect::<Result<_, _>>()?)
}

/// A row's entries after a position, oldest first.
pub(crate) fn of_row(connection: &Connection, kind: Kind, id: Uuid, after: i64) -> Result<Vec<Entry>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM change WHERE kind = ?1 AND id = ?2 AND seq > ?3 ORDER BY seq"
        ))?
        .query_map(params![kind.as_str(), id.as_bytes(), after], read)?
        .collect::<Result<_, _>>()?)
}

impl Writing<'_> {
    /// Adds an entry and says its position.
    pub(super) fn log(
        &self,
        (kind, id): (Kind, Uuid),
        version: u32,
        op: Op,
        before: Option<&Scope>,
        after: Option<&Scope>,
    ) -> Result<i64, StoreError> {
        let author = self.author;
        self.transaction
            .prepare_cached(
                "INSERT INTO change (kind, id, version, op, scope_before, scope_after, by, device, operation, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                kind.as_str(),
                id.as_bytes(),
                version,
                op.as_str(),
                before.map(columns::scope_text).transpose()?,
                after.map(columns::scope_text).transpose()?,
                author.account.map(|id| *id.uuid().as_bytes()),
                author.device.map(|id| *id.uuid().as_bytes()),
                author.operation.map(|id| *id.uuid().as_bytes()),
                self.now.as_millisecond()
            ])?;
        let seq = self.transaction.last_insert_rowid();
        self.changed(seq, [before, after].into_iter().flatten().cloned());
        Ok(seq)
    }

    /// Forgets what is older than any cursor may be, with the tombstones of that time.
    pub(crate) fn prune_changes(&self) -> Result<(), StoreError> {
        let before: Timestamp = self.now - KEPT;
        let horizon: Option<i64> = self.transaction.query_row(
            "SELECT max(seq) FROM change WHERE at < ?1",
            [before.as_millisecond()],
            |row| row.get(0),
        )?;
        if let Some(horizon) = horizon {
            self.transaction
                .execute("DELETE FROM change WHERE seq <= ?1", [horizon])?;
            self.transaction
                .execute("DELETE FROM row WHERE body IS NULL AND seq <= ?1", [horizon])?;
            self.transaction.execute("UPDATE meta SET horizon = ?1", [horizon])?;
        }
        Ok(())
    }
}
