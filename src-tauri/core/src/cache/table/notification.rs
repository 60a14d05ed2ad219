//! Notices of new availability that the desktop has not shown yet. Kept with the change that caused them, so that none
//! is lost by a crash and none comes twice.

use crate::cache::CacheError;
use deskbell_clinic::rules::spans::intersect;
use deskbell_clinic::{AvailabilityId, Span, StaffId};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

/// Shown notices are remembered so long, so that they do not come twice.
const REMEMBERED_HOURS: i64 = 48;

/// New availability from elsewhere, confirmed by the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueNotice {
    /// The availability and its version: the same news has the same key.
    pub key: String,
    /// When the server took it.
    pub at: Timestamp,
    /// The availability.
    pub availability: AvailabilityId,
    /// Whose.
    pub staff: StaffId,
    /// The time it added.
    pub added: Vec<Span>,
}

pub(in crate::cache) fn insert(connection: &Connection, notice: &DueNotice) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("INSERT OR IGNORE INTO notification_outbox (key, at, body) VALUES (?1, ?2, ?3)")?;
    write.execute(params![
        notice.key,
        notice.at.as_millisecond(),
        serde_json::to_string(notice)?
    ])?;
    Ok(())
}

/// Not shown yet, oldest first.
pub(in crate::cache) fn due(connection: &Connection) -> Result<Vec<DueNotice>, CacheError> {
    let mut query = connection.prepare_cached("SELECT body FROM notification_outbox WHERE shown = 0 ORDER BY at")?;
    let rows = query.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

pub(in crate::cache) fn mark_shown(connection: &Connection, keys: &[String], now: Timestamp) -> Result<(), CacheError> {
    for key in keys {
        connection.execute("UPDATE notification_outbox SET shown = 1 WHERE key = ?1", [key])?;
    }
    let old = now.as_millisecond() - REMEMBERED_HOURS * 3_600_000;
    connection.execute("DELETE FROM notification_outbox WHERE shown = 1 AND at < ?1", [old])?;
    Ok(())
}

/// Only hours that are still there are worth telling of. `left` is what an availability has, and whose it is; none when
/// it is gone.
pub(in crate::cache) fn narrow(
    connection: &Connection,
    availability: AvailabilityId,
    left: Option<&(StaffId, Vec<Span>)>,
) -> Result<(), CacheError> {
    for mut notice in due(connection)? {
        if notice.availability != availability {
            continue;
        }
        notice.added = match left {
            Some((staff, hours)) if *staff == notice.staff => intersect(&notice.added, hours),
            _ => vec![],
        };
        if notice.added.is_empty() {
            connection.execute("DELETE FROM notification_outbox WHERE key = ?1", [&notice.key])?;
        } else {
            connection.execute(
                "UPDATE notification_outbox SET body = ?2 WHERE key = ?1",
                params![notice.key, serde_json::to_string(&notice)?],
            )?;
        }
    }
    Ok(())
}
