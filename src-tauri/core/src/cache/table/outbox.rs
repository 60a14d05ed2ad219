//! Acts of people that the server has not confirmed, in the order they were done.

use crate::cache::CacheError;
use crate::outbox::intent::Intent;
use deskbell_clinic::wire::Problem;
use deskbell_clinic::{AccountId, Kind, OperationId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// How far an act is. What is retired is gone from the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Waits to be sent.
    Queued,
    /// Is being sent. A process that ends in it leaves an [`OutboxState::Unknown`].
    Sending,
    /// Was sent and not answered: it may have arrived. Sent again with the same key where the server knows keys.
    Unknown,
    /// Confirmed; the row must be read once more. Only for servers whose answer does not carry it.
    Acked,
    /// Refused because somebody else was first. A person decides.
    Conflict,
    /// Cannot go on as it is. A person decides.
    Parked,
    /// Waits for a sign-in.
    AuthHeld,
}

impl OutboxState {
    /// Whether the act is still to be seen over the server's row. A refused one is not: the view goes back to the
    /// truth, and the act is listed for a person.
    pub const fn is_seen(self) -> bool {
        !matches!(self, OutboxState::Conflict | OutboxState::Parked)
    }

    fn as_text(self) -> Result<String, CacheError> {
        match serde_json::to_value(self)? {
            serde_json::Value::String(text) => Ok(text),
            _ => Err(CacheError::unreadable("an act's state")),
        }
    }
}

/// One act.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxItem {
    /// Its place in the order.
    pub seq: i64,
    /// Its id, and its idempotency key.
    pub operation: OperationId,
    /// The kind of row it is about. With `id`, its lane.
    pub kind: Kind,
    /// The row it is about.
    pub id: Uuid,
    /// What is to be done.
    pub intent: Intent,
    /// The server's version it builds on: the one the person saw, or the one that our own preceding act made.
    pub base_version: Option<u32>,
    /// How far it is.
    pub state: OutboxState,
    /// Why it is held, parked or refused, as a sentence.
    pub reason: String,
    /// What the server answered, with a conflict.
    pub problem: Option<Box<Problem>>,
    /// Who did it.
    pub by: AccountId,
    /// When they did it.
    pub acted_at: Timestamp,
    /// How often it was sent.
    pub attempts: u32,
    /// Not before this instant.
    pub retry_at: Option<Timestamp>,
    /// Claimed for sending while it was unknown whether an earlier attempt arrived. Set by the claim, never stored.
    pub unsure: bool,
}

impl OutboxItem {
    /// Whether it makes its row, and so there is none on the server before it.
    pub fn makes(&self) -> bool {
        self.base_version.is_none() && matches!(self.intent, Intent::Put { .. } | Intent::Pay { .. })
    }
}

const COLUMNS: &str =
    "seq, operation, kind, id, intent, base_version, state, reason, problem, by_account, acted_at, attempts, retry_at";

pub(in crate::cache) fn insert(connection: &Connection, item: &OutboxItem) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached(
        "INSERT INTO outbox (operation, kind, id, intent, base_version, state, by_account, acted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    write.execute(params![
        item.operation.to_string(),
        item.kind.as_str(),
        item.id.to_string(),
        serde_json::to_string(&item.intent)?,
        item.base_version,
        item.state.as_text()?,
        item.by.to_string(),
        item.acted_at.as_millisecond(),
    ])?;
    Ok(())
}

/// Changes how far an act is.
pub(in crate::cache) fn set_state(
    connection: &Connection,
    operation: OperationId,
    state: OutboxState,
    reason: &str,
    problem: Option<&Problem>,
    retry_at: Option<Timestamp>,
) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached(
        "UPDATE outbox SET state = ?2, reason = ?3, problem = ?4, retry_at = ?5 WHERE operation = ?1",
    )?;
    let problem = problem.map(serde_json::to_string).transpose()?;
    let changed = write.execute(params![
        operation.to_string(),
        state.as_text()?,
        reason,
        problem,
        retry_at.map(Timestamp::as_millisecond)
    ])?;
    if changed == 0 {
        Err(CacheError::NoSuchOperation)
    } else {
        Ok(())
    }
}

/// Notes that an act is about to be sent.
pub(in crate::cache) fn count_attempt(connection: &Connection, operation: OperationId) -> Result<(), CacheError> {
    connection.execute(
        "UPDATE outbox SET attempts = attempts + 1 WHERE operation = ?1",
        [operation.to_string()],
    )?;
    Ok(())
}

/// What follows in a lane builds on the version that our own act has just made.
pub(in crate::cache) fn rebase(connection: &Connection, kind: Kind, id: Uuid, version: u32) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached("UPDATE outbox SET base_version = ?3 WHERE kind = ?1 AND id = ?2")?;
    write.execute(params![kind.as_str(), id.to_string(), version])?;
    Ok(())
}

/// A row that an act on its way would make is gone again: the act has arrived, and its receipt is older than that.
pub(in crate::cache) fn note_gone(
    connection: &Connection,
    kind: Kind,
    id: Uuid,
    version: u32,
) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached(
        "UPDATE outbox SET base_version = ?3
         WHERE kind = ?1 AND id = ?2 AND base_version IS NULL AND state IN ('sending', 'unknown')",
    )?;
    write.execute(params![kind.as_str(), id.to_string(), version])?;
    Ok(())
}

/// One act builds on another version than before.
pub(in crate::cache) fn set_base(
    connection: &Connection,
    operation: OperationId,
    version: u32,
) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached("UPDATE outbox SET base_version = ?2 WHERE operation = ?1")?;
    write.execute(params![operation.to_string(), version])?;
    Ok(())
}

/// Puts another wish in an act's place, to be sent under another key. What waited for it goes on waiting; what it waited
/// for is forgotten.
pub(in crate::cache) fn replace(
    connection: &Connection,
    operation: OperationId,
    by: OperationId,
    intent: &Intent,
    base_version: Option<u32>,
    acted_at: Timestamp,
) -> Result<(), CacheError> {
    let (operation, by) = (operation.to_string(), by.to_string());
    connection.execute(
        "UPDATE outbox SET operation = ?2, intent = ?3, base_version = ?4, acted_at = ?5, state = 'queued', reason = '',
             problem = NULL, attempts = 0, retry_at = NULL
         WHERE operation = ?1",
        params![
            operation,
            by,
            serde_json::to_string(intent)?,
            base_version,
            acted_at.as_millisecond()
        ],
    )?;
    connection.execute("DELETE FROM outbox_dependency WHERE operation = ?1", [&operation])?;
    connection.execute(
        "UPDATE outbox_dependency SET needs = ?2 WHERE needs = ?1",
        [&operation, &by],
    )?;
    Ok(())
}

/// Removes an act, and what waited for it no longer does.
pub(in crate::cache) fn delete(connection: &Connection, operation: OperationId) -> Result<(), CacheError> {
    let operation = operation.to_string();
    connection.execute("DELETE FROM outbox WHERE operation = ?1", [&operation])?;
    connection.execute(
        "DELETE FROM outbox_dependency WHERE operation = ?1 OR needs = ?1",
        [&operation],
    )?;
    Ok(())
}

/// The act waits until another is done.
pub(in crate::cache) fn depend(
    connection: &Connection,
    operation: OperationId,
    needs: OperationId,
) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("INSERT OR IGNORE INTO outbox_dependency (operation, needs) VALUES (?1, ?2)")?;
    write.execute(params![operation.to_string(), needs.to_string()])?;
    Ok(())
}

/// Acts that wait for this one.
pub(in crate::cache) fn dependents(
    connection: &Connection,
    needs: OperationId,
) -> Result<Vec<OperationId>, CacheError> {
    let mut query = connection.prepare_cached("SELECT operation FROM outbox_dependency WHERE needs = ?1")?;
    let rows = query.query_map([needs.to_string()], |row| row.get::<_, String>(0))?;
    rows.map(|row| row?.parse().map_err(|_| CacheError::unreadable("a dependency")))
        .collect()
}

pub(in crate::cache) fn get(connection: &Connection, operation: OperationId) -> Result<Option<OutboxItem>, CacheError> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE operation = ?1"))?;
    query
        .query_row([operation.to_string()], raw)
        .optional()?
        .map(read)
        .transpose()
}

/// Every act, oldest first.
pub(in crate::cache) fn all(connection: &Connection) -> Result<Vec<OutboxItem>, CacheError> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY seq"))?;
    let rows = query.query_map([], raw)?;
    rows.map(|row| row.map_err(CacheError::from).and_then(read)).collect()
}

/// The rows that acts are about, and those acts: few, so that they are looked up in memory for each row of a page.
#[derive(Debug, Default)]
pub(in crate::cache) struct Acts {
    pub lanes: HashSet<(Kind, Uuid)>,
    pub operations: HashSet<OperationId>,
}

pub(in crate::cache) fn acts(connection: &Connection) -> Result<Acts, CacheError> {
    let mut query = connection
        .prepare_cached("SELECT kind, id, operation FROM outbox UNION ALL SELECT kind, id, operation FROM overlay")?;
    let rows = query.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    let mut acts = Acts::default();
    for row in rows {
        let (kind, id, operation) = row?;
        let unreadable = |_| CacheError::unreadable("an act in the outbox");
        let kind = kind.parse().map_err(|_| CacheError::unreadable("an act's kind"))?;
        acts.lanes.insert((kind, id.parse().map_err(unreadable)?));
        acts.operations.insert(operation.parse().map_err(unreadable)?);
    }
    Ok(acts)
}

/// The acts of one lane, oldest first.
pub(in crate::cache) fn lane(connection: &Connection, kind: Kind, id: Uuid) -> Result<Vec<OutboxItem>, CacheError> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox WHERE kind = ?1 AND id = ?2 ORDER BY seq"
    ))?;
    let rows = query.query_map(params![kind.as_str(), id.to_string()], raw)?;
    rows.map(|row| row.map_err(CacheError::from).and_then(read)).collect()
}

/// Heads of lanes that wait for nothing else, oldest first.
pub(in crate::cache) fn heads(connection: &Connection) -> Result<Vec<OutboxItem>, CacheError> {
    let mut query = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox AS head
         WHERE NOT EXISTS (SELECT 1 FROM outbox AS before
                           WHERE before.kind = head.kind AND before.id = head.id AND before.seq < head.seq)
           AND NOT EXISTS (SELECT 1 FROM outbox_dependency AS d WHERE d.operation = head.operation)
         ORDER BY seq"
    ))?;
    let rows = query.query_map([], raw)?;
    rows.map(|row| row.map_err(CacheError::from).and_then(read)).collect()
}

struct Raw {
    seq: i64,
    texts: [String; 7],
    base_version: Option<u32>,
    problem: Option<String>,
    acted_at: i64,
    attempts: u32,
    retry_at: Option<i64>,
}

fn raw(row: &rusqlite::Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        seq: row.get(0)?,
        texts: [
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(6)?,
            row.get(7)?,
            row.get(9)?,
        ],
        base_version: row.get(5)?,
        problem: row.get(8)?,
        acted_at: row.get(10)?,
        attempts: row.get(11)?,
        retry_at: row.get(12)?,
    })
}

fn read(raw: Raw) -> Result<OutboxItem, CacheError> {
    let unreadable = |_| CacheError::unreadable("an act in the outbox");
    let instant = |ms| Timestamp::from_millisecond(ms).map_err(|_| CacheError::unreadable("an act's time"));
    let [operation, kind, id, intent, state, reason, by] = raw.texts;
    Ok(OutboxItem {
        seq: raw.seq,
        operation: operation.parse().map_err(unreadable)?,
        kind: kind.parse().map_err(|_| CacheError::unreadable("an act's kind"))?,
        id: id.parse().map_err(unreadable)?,
        intent: serde_json::from_str(&intent)?,
        base_version: raw.base_version,
        state: serde_json::from_value(serde_json::Value::String(state))?,
        reason,
        problem: raw.problem.as_deref().map(serde_json::from_str).transpose()?,
        by: by.parse().map_err(unreadable)?,
        acted_at: instant(raw.acted_at)?,
        attempts: raw.attempts,
        retry_at: raw.retry_at.map(instant).transpose()?,
        unsure: false,
    })
}
