//! Who did what, when, and why. Append-only: the database itself refuses to change or delete an entry.

use super::{StoreError, Writing, columns};
use clinic::{AccountId, DeviceId, Kind, OperationId};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::Value;
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE audit (
        entry INTEGER PRIMARY KEY AUTOINCREMENT,
        account BLOB,
        device BLOB,
        operation BLOB,
        act TEXT NOT NULL,
        kind TEXT,
        id BLOB,
        before TEXT,
        after TEXT,
        reason TEXT,
        acted_at INTEGER NOT NULL,
        received_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX audit_by_row ON audit (kind, id);
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    -- REPLACE deletes without asking the trigger above.
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE entry = NEW.entry)
        BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
";

/// One entry.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry<'a> {
    /// What was done: `put`, `delete`, `step`, `payment`, `overlap accepted`, `sign-in`, `failed sign-in`, `export` …
    pub(crate) act: &'a str,
    /// To which row.
    pub(crate) row: Option<(Kind, Uuid)>,
    pub(crate) before: Option<&'a Value>,
    pub(crate) after: Option<&'a Value>,
    /// Why, as the person said.
    pub(crate) reason: Option<&'a str>,
}

/// An entry about an appointment or its payments, as it is read again.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) act: String,
    pub(crate) kind: Kind,
    pub(crate) account: Option<AccountId>,
    pub(crate) account_name: Option<String>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) desk_name: Option<String>,
    pub(crate) operation: Option<OperationId>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
    pub(crate) reason: Option<String>,
    pub(crate) acted_at: Timestamp,
    pub(crate) received_at: Timestamp,
}

/// The newest entries about an appointment and the payments for it, newest first, at most so many.
pub(crate) fn of_appointment(connection: &Connection, id: Uuid, most: usize) -> Result<Vec<Recorded>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT e.act, e.kind, e.account, a.name, e.device, d.name, e.operation, e.before, e.after, e.reason,
                    e.acted_at, e.received_at
             FROM audit e LEFT JOIN account a ON a.id = e.account LEFT JOIN desk d ON d.device = e.device
             WHERE (e.kind = 'appointment' AND e.id = ?1)
                OR (e.kind = 'payment' AND e.id IN (SELECT from_id FROM reference
                    WHERE to_kind = 'appointment' AND to_id = ?1 AND from_kind = 'payment'))
             ORDER BY e.entry DESC LIMIT ?2",
        )?
        .query_map(params![id.as_bytes(), u32::try_from(most).unwrap_or(u32::MAX)], |row| {
            Ok(Recorded {
                act: row.get(0)?,
                kind: columns::text(row, 1)?,
                account: columns::optional_id(row, 2)?,
                account_name: row.get(3)?,
                device: columns::optional_id(row, 4)?,
                desk_name: row.get(5)?,
                operation: columns::optional_id(row, 6)?,
                before: columns::json(row, 7)?,
                after: columns::json(row, 8)?,
                reason: row.get(9)?,
                acted_at: columns::instant(row, 10)?,
                received_at: columns::instant(row, 11)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

impl Writing<'_> {
    /// Adds an entry for this write's author.
    pub(crate) fn audit(&self, entry: Entry<'_>) -> Result<(), StoreError> {
        let author = self.author;
        self.transaction
            .prepare_cached(
                "INSERT INTO audit (account, device, operation, act, kind, id, before, after, reason, acted_at, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                author.account.map(|id| *id.uuid().as_bytes()),
                author.device.map(|id| *id.uuid().as_bytes()),
                author.operation.map(|id| *id.uuid().as_bytes()),
                entry.act,
                entry.row.map(|(kind, _)| kind.as_str()),
                entry.row.map(|(_, id)| *id.as_bytes()),
                entry.before.map(Value::to_string),
                entry.after.map(Value::to_string),
                entry.reason,
                author.acted_at.unwrap_or(self.now).as_millisecond(),
                self.now.as_millisecond(),
            ])?;
        Ok(())
    }
}
