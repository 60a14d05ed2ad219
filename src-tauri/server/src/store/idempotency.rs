//! The answers to writes that were done, by the key of the act, so that the same act sent twice is done once.
//!
//! A refused write left nothing behind, so it is not kept: the same act may be sent again and be judged anew.

use super::{StoreError, Writing};
use clinic::{AccountId, OperationId};
use deskbell_clinic as clinic;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) const TABLE: &str = "
    CREATE TABLE idempotency (
        key BLOB NOT NULL,
        account BLOB NOT NULL,
        request BLOB NOT NULL, -- SHA-256 of method, path and body
        status INTEGER NOT NULL,
        answer TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (key, account)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX idempotency_by_time ON idempotency (at);
";

/// How long answers are kept; a desk that was away for a month still gets its replay.
const KEPT: SignedDuration = SignedDuration::from_hours(35 * 24);

/// An answer as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) request: [u8; 32],
    pub(crate) status: u16,
    pub(crate) answer: String,
}

/// What was answered to this act.
pub(crate) fn given(
    connection: &Connection,
    key: OperationId,
    account: AccountId,
) -> Result<Option<Given>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT request, status, answer FROM idempotency WHERE key = ?1 AND account = ?2")?
        .query_row(params![key.uuid().as_bytes(), account.uuid().as_bytes()], |row| {
            Ok(Given {
                request: row.get(0)?,
                status: row.get(1)?,
                answer: row.get(2)?,
            })
        })
        .optional()?)
}

impl Writing<'_> {
    /// Keeps an answer.
    pub(crate) fn keep_answer(&self, key: OperationId, account: AccountId, given: &Given) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO idempotency (key, account, request, status, answer, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                key.uuid().as_bytes(),
                account.uuid().as_bytes(),
                given.request,
                given.status,
                given.answer,
                self.now.as_millisecond()
            ])?;
        Ok(())
    }

    /// Forgets old answers.
    pub(crate) fn prune_answers(&self) -> Result<(), StoreError> {
        let before: Timestamp = self.now - KEPT;
        self.transaction
            .execute("DELETE FROM idempotency WHERE at < ?1", [before.as_millisecond()])?;
        Ok(())
    }
}
