//! The rows themselves, of every kind, each with its version, its scope and its place in the change log.

use super::change::Op;
use super::reference::{self, Reference};
use super::{StoreError, Writing, columns, digest};
use clinic::scope::{Scope, scope_of};
use clinic::{AccountId, ClientId, DeviceId, Kind, OperationId, Row, Span};
use deskbell_clinic as clinic;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE row (
        kind TEXT NOT NULL,
        id BLOB NOT NULL,
        version INTEGER NOT NULL,
        seq INTEGER NOT NULL, -- of its last entry in the change log
        scope TEXT NOT NULL,
        body TEXT,            -- none once it is deleted: a tombstone
        starts INTEGER,
        ends INTEGER,         -- none where it has no time, or repeats for ever
        by BLOB,
        device BLOB,
        operation BLOB,
        at INTEGER NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX row_by_seq ON row (seq);
    CREATE INDEX row_by_time ON row (kind, starts, ends) WHERE body IS NOT NULL;
";

const COLUMNS: &str = "kind, id, version, seq, scope, body, by, device, operation, at";

/// A row as stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
    pub(crate) version: u32,
    pub(crate) seq: i64,
    pub(crate) scope: Scope,
    /// None once it is deleted.
    pub(crate) body: Option<Value>,
    pub(crate) by: Option<AccountId>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) operation: Option<OperationId>,
    pub(crate) at: Timestamp,
}

impl Stored {
    /// The row, unless it is deleted.
    pub(crate) fn row(&self) -> Result<Option<Row>, StoreError> {
        self.body
            .as_ref()
            .map(|body| Row::read(self.kind, body))
            .transpose()
            .map_err(|error| StoreError::Broken {
                kind: self.kind.as_str(),
                why: error.why,
            })
    }
}

fn read_stored(row: &rusqlite::Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        kind: columns::text(row, 0)?,
        id: columns::id(row, 1)?,
        version: row.get(2)?,
        seq: row.get(3)?,
        scope: columns::json(row, 4)?.unwrap_or(Scope::Desk),
        body: columns::json(row, 5)?,
        by: columns::optional_id(row, 6)?,
        device: columns::optional_id(row, 7)?,
        operation: columns::optional_id(row, 8)?,
        at: columns::instant(row, 9)?,
    })
}

/// A row, also when it is only a tombstone.
pub(crate) fn stored(connection: &Connection, kind: Kind, id: Uuid) -> Result<Option<Stored>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM row WHERE kind = ?1 AND id = ?2"))?
        .query_row(params![kind.as_str(), id.as_bytes()], read_stored)
        .optional()?)
}

/// A row that is not deleted.
pub(crate) fn read(connection: &Connection, kind: Kind, id: Uuid) -> Result<Option<Row>, StoreError> {
    stored(connection, kind, id)?.map_or(Ok(None), |stored| stored.row())
}

/// Rows of a kind after an id, in the order of their ids, without those that ended before `from`.
pub(crate) fn page(
    connection: &Connection,
    kind: Kind,
    after: Uuid,
    from: Timestamp,
    limit: u32,
) -> Result<Vec<Stored>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM row
             WHERE kind = ?1 AND id > ?2 AND body IS NOT NULL AND (starts IS NULL OR ends IS NULL OR ends > ?3)
             ORDER BY id LIMIT ?4"
        ))?
        .query_map(
            params![kind.as_str(), after.as_bytes(), from.as_millisecond(), limit],
            read_stored,
        )?
        .collect::<Result<_, _>>()?)
}

/// All rows of a kind.
pub(crate) fn all(connection: &Connection, kind: Kind) -> Result<Vec<Row>, StoreError> {
    rows(
        connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM row WHERE kind = ?1 AND body IS NOT NULL ORDER BY id"
            ))?
            .query_map([kind.as_str()], read_stored)?,
    )
}

/// No appointment is longer, so one that began earlier cannot reach into a span.
const LONGEST_APPOINTMENT: SignedDuration = SignedDuration::from_hours(12);

/// Rows of a kind that may have time in a span; for repeating rows the occurrences decide.
pub(crate) fn within(connection: &Connection, kind: Kind, span: Span) -> Result<Vec<Row>, StoreError> {
    let earliest = match kind {
        Kind::Appointment => span
            .start()
            .saturating_sub(LONGEST_APPOINTMENT)
            .unwrap_or(Timestamp::MIN),
        _ => Timestamp::MIN,
    };
    rows(
        connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM row
                 WHERE kind = ?1 AND body IS NOT NULL AND starts >= ?4 AND starts < ?3
                 AND (ends IS NULL OR ends > ?2) ORDER BY id"
            ))?
            .query_map(
                params![
                    kind.as_str(),
                    span.start().as_millisecond(),
                    span.end().as_millisecond(),
                    earliest.as_millisecond()
                ],
                read_stored,
            )?,
    )
}

/// Rows of a kind that refer to another row and may have time in a span.
pub(crate) fn referring(
    connection: &Connection,
    kind: Kind,
    (to, id): (Kind, Uuid),
    span: Span,
) -> Result<Vec<Row>, StoreError> {
    rows(
        connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM row WHERE kind = ?1 AND body IS NOT NULL AND id IN (
                     SELECT from_id FROM reference WHERE to_kind = ?2 AND to_id = ?3 AND from_kind = ?1
                     AND starts < ?5 AND (ends IS NULL OR ends > ?4)) ORDER BY id"
            ))?
            .query_map(
                params![
                    kind.as_str(),
                    to.as_str(),
                    id.as_bytes(),
                    span.start().as_millisecond(),
                    span.end().as_millisecond()
                ],
                read_stored,
            )?,
    )
}

/// Rows of a kind that refer to another row.
pub(crate) fn about(connection: &Connection, kind: Kind, (to, id): (Kind, Uuid)) -> Result<Vec<Row>, StoreError> {
    rows(
        connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM row WHERE kind = ?1 AND body IS NOT NULL AND id IN (
                     SELECT from_id FROM reference WHERE to_kind = ?2 AND to_id = ?3 AND from_kind = ?1) ORDER BY id"
            ))?
            .query_map(params![kind.as_str(), to.as_str(), id.as_bytes()], read_stored)?,
    )
}

fn rows(found: impl Iterator<Item = rusqlite::Result<Stored>>) -> Result<Vec<Row>, StoreError> {
    found
        .filter_map(|stored| {
            stored
                .map_err(StoreError::from)
                .and_then(|stored| stored.row())
                .transpose()
        })
        .collect()
}

impl Writing<'_> {
    /// Writes a row as it is to be; its version counts up by one. Clients that gain a viewer by it are logged before
    /// it, those that lose one after it, so that nobody holds an appointment whose client they lack.
    pub(crate) fn put(&self, row: &Row) -> Result<Stored, StoreError> {
        let (kind, id) = (row.kind(), row.id());
        let counted = digest::counted(&self.transaction, kind, id)?;
        let before = stored(&self.transaction, kind, id)?;
        let lost = self.set_links(kind, id, &reference::of(row), time_of(row))?;
        let scope = match row {
            Row::Client(client) => reference::scope_of_client(&self.transaction, client.id.uuid())?,
            _ => scope_of(row),
        };
        let version = before.as_ref().map_or(1, |before| before.version + 1);
        let scope_before = before.as_ref().filter(|b| b.body.is_some()).map(|b| &b.scope);
        let seq = self.log((kind, id), version, Op::Put, scope_before, Some(&scope))?;
        let written = self.stored_now(kind, id, version, seq, scope, Some(row.to_json()));
        self.store(&written, time_of(row))?;
        self.recount(kind, id, counted)?;
        self.rescope(&lost)?;
        Ok(written)
    }

    /// Deletes a row; a tombstone with the next version stays. Nothing when there is no such row.
    pub(crate) fn delete(&self, kind: Kind, id: Uuid) -> Result<Option<Stored>, StoreError> {
        let Some(before) = stored(&self.transaction, kind, id)?.filter(|before| before.body.is_some()) else {
            return Ok(None);
        };
        let counted = digest::counted(&self.transaction, kind, id)?;
        let lost = self.set_links(kind, id, &[], (None, None))?;
        let version = before.version + 1;
        let seq = self.log((kind, id), version, Op::Delete, Some(&before.scope), None)?;
        let written = self.stored_now(kind, id, version, seq, before.scope, None);
        self.store(&written, (None, None))?;
        self.recount(kind, id, counted)?;
        self.rescope(&lost)?;
        Ok(Some(written))
    }

    fn stored_now(&self, kind: Kind, id: Uuid, version: u32, seq: i64, scope: Scope, body: Option<Value>) -> Stored {
        Stored {
            kind,
            id,
            version,
            seq,
            scope,
            body,
            by: self.author.account,
            device: self.author.device,
            operation: self.author.operation,
            at: self.now,
        }
    }

    fn store(&self, row: &Stored, (starts, ends): (Option<i64>, Option<i64>)) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO row (kind, id, version, seq, scope, body, starts, ends, by, device, operation, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(params![
                row.kind.as_str(),
                row.id.as_bytes(),
                row.version,
                row.seq,
                columns::scope_text(&row.scope)?,
                row.body.as_ref().map(Value::to_string),
                starts,
                ends,
                row.by.map(|id| *id.uuid().as_bytes()),
                row.device.map(|id| *id.uuid().as_bytes()),
                row.operation.map(|id| *id.uuid().as_bytes()),
                row.at.as_millisecond()
            ])?;
        Ok(())
    }

    /// Sets a row's references; logs the clients whose circle of viewers grows, and answers the other clients touched.
    fn set_links(
        &self,
        kind: Kind,
        id: Uuid,
        references: &[Reference],
        time: (Option<i64>, Option<i64>),
    ) -> Result<Vec<ClientId>, StoreError> {
        if kind != Kind::Appointment {
            self.set_references(kind, id, references, time)?;
            return Ok(vec![]);
        }
        let mut clients = reference::clients_of(&self.transaction, id)?;
        self.set_references(kind, id, references, time)?;
        clients.extend(reference::clients_of(&self.transaction, id)?);
        clients.sort_unstable();
        clients.dedup();
        let mut shrinking = Vec::new();
        for client in clients {
            if self.grows(client)? {
                self.rescope(&[client])?;
            } else {
                shrinking.push(client);
            }
        }
        Ok(shrinking)
    }

    fn grows(&self, client: ClientId) -> Result<bool, StoreError> {
        let Some(before) = stored(&self.transaction, Kind::Client, client.uuid())? else {
            return Ok(false);
        };
        let after = reference::scope_of_client(&self.transaction, client.uuid())?;
        Ok(match (before.scope, after) {
            (_, Scope::Desk) => false,
            (Scope::Staff(before), Scope::Staff(after)) => after.iter().any(|staff| !before.contains(staff)),
            (before, after) => before != after,
        })
    }

    /// Logs who sees these clients now, where that has changed.
    fn rescope(&self, clients: &[ClientId]) -> Result<(), StoreError> {
        for client in clients {
            let Some(row) = stored(&self.transaction, Kind::Client, client.uuid())?.filter(|row| row.body.is_some())
            else {
                continue;
            };
            let scope = reference::scope_of_client(&self.transaction, client.uuid())?;
            if scope == row.scope {
                continue;
            }
            let counted = digest::counted(&self.transaction, row.kind, row.id)?;
            let seq = self.log(
                (row.kind, row.id),
                row.version,
                Op::Scope,
                Some(&row.scope),
                Some(&scope),
            )?;
            self.transaction
                .prepare_cached("UPDATE row SET seq = ?3, scope = ?4 WHERE kind = ?1 AND id = ?2")?
                .execute(params![
                    row.kind.as_str(),
                    row.id.as_bytes(),
                    seq,
                    columns::scope_text(&scope)?
                ])?;
            self.recount(row.kind, row.id, counted)?;
        }
        Ok(())
    }
}

/// Start and end for the indexes; a repeating row ends with its last possible occurrence, or never.
fn time_of(row: &Row) -> (Option<i64>, Option<i64>) {
    let starts = row.span().map(Span::start);
    (
        starts.map(Timestamp::as_millisecond),
        row.last_end().map(Timestamp::as_millisecond),
    )
}
