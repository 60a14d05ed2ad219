//! Failed sign-ins, counted per sign-in name, also for names that no account has: an answer must not tell which exist.
//!
//! The name is kept as a hash only: people type their password into the wrong field.

use super::audit::Entry;
use super::{StoreError, Writing, columns};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

pub(super) const TABLE: &str = "
    CREATE TABLE attempt (
        login BLOB PRIMARY KEY, -- SHA-256 of the name in lower case
        failures INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        locked_until INTEGER
    ) STRICT;
    CREATE INDEX attempt_by_time ON attempt (last_at);
";

/// Failures that lock a name.
const LIMIT: u32 = 5;

/// How long a name is locked, and after how long failures are forgotten.
const LOCK: SignedDuration = SignedDuration::from_mins(5);

/// Until when nobody may sign in under this name.
pub(crate) fn locked_until(
    connection: &Connection,
    login: &str,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let until = connection
        .prepare_cached("SELECT locked_until FROM attempt WHERE login = ?1")?
        .query_row([hash(login)], |row| columns::optional_instant(row, 0))
        .optional()?
        .flatten();
    Ok(until.filter(|until| *until > now))
}

impl Writing<'_> {
    /// Counts a failure; the one that reaches the limit locks the name.
    pub(crate) fn count_failure(&self, login: &str) -> Result<(), StoreError> {
        let forgotten = (self.now - LOCK).as_millisecond();
        self.transaction
            .execute("DELETE FROM attempt WHERE last_at < ?1", [forgotten])?;
        let failures: u32 = self.transaction.query_row(
            "INSERT INTO attempt (login, failures, last_at) VALUES (?1, 1, ?2)
             ON CONFLICT (login) DO UPDATE SET failures = failures + 1, last_at = excluded.last_at
             RETURNING failures",
            params![hash(login), self.now.as_millisecond()],
            |row| row.get(0),
        )?;
        if failures < LIMIT {
            return Ok(());
        }
        // By whom is in the entry where the name is somebody's; the name as it was typed is not.
        self.audit(Entry {
            act: "locked out",
            ..Entry::default()
        })?;
        let until = self.now + LOCK;
        self.transaction.execute(
            "UPDATE attempt SET locked_until = ?2, failures = 0 WHERE login = ?1",
            params![hash(login), until.as_millisecond()],
        )?;
        Ok(())
    }

    /// A success: earlier failures no longer count.
    pub(crate) fn forget_failures(&self, login: &str) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM attempt WHERE login = ?1", [hash(login)])?;
        Ok(())
    }
}

fn hash(login: &str) -> [u8; 32] {
    Sha256::digest(login.to_lowercase()).into()
}
