//! Who did what, when, and why. Append-only: the database itself refuses to change or delete an entry.

use super::{StoreError, Writing};
use clinic::Kind;
use deskbell_clinic as clinic;
use rusqlite::params;
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
    /// What was done: `put`, `delete`, `step`, `payment`, `overlap accepted`, `sign-in`, `failed sign-in` …
    pub(crate) act: &'a str,
    /// To which row.
    pub(crate) row: Option<(Kind, Uuid)>,
    pub(crate) before: Option<&'a Value>,
    pub(crate) after: Option<&'a Value>,
    /// Why, as the person said.
    pub(crate) reason: Option<&'a str>,
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
