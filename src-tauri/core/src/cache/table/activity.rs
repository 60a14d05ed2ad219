//! What changed from elsewhere, for the board's "Just changed".

use crate::cache::CacheError;
use deskbell_clinic::{AccountId, Kind, Span, StaffId, Status};
use jiff::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Entries that are kept.
const KEPT: i64 = 500;

/// One change from elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Counts up; set when it is read.
    #[serde(default)]
    pub seq: u32,
    /// When the server took it.
    pub at: Timestamp,
    /// What it did.
    pub what: ActivityWhat,
    /// The row's kind.
    pub kind: Kind,
    /// The row.
    pub id: Uuid,
    /// Whose row it is on.
    pub staff: Option<StaffId>,
    /// Where it was.
    pub before: Option<Span>,
    /// Where it is.
    pub after: Option<Span>,
    /// Free time that it added.
    pub added: Vec<Span>,
    /// Who did it, where the server says.
    pub by: Option<AccountId>,
    /// The status it came to, with an appointment.
    pub status: Option<Status>,
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ActivityWhat {
    HoursAdded,
    HoursChanged,
    HoursRemoved,
    Booked,
    BookingChanged,
    BookingMoved,
    Stepped,
    BookingGone,
    Blocked,
}

pub(in crate::cache) fn append(connection: &Connection, activity: &Activity) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached("INSERT INTO activity (body) VALUES (?1)")?;
    write.execute([serde_json::to_string(activity)?])?;
    Ok(())
}

/// Forgets the oldest beyond what is kept.
pub(in crate::cache) fn trim(connection: &Connection) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("DELETE FROM activity WHERE seq <= (SELECT max(seq) FROM activity) - ?1")?;
    write.execute([KEPT])?;
    Ok(())
}

/// The newest first.
pub(in crate::cache) fn newest(connection: &Connection, most: u32) -> Result<Vec<Activity>, CacheError> {
    let mut query = connection.prepare_cached("SELECT seq, body FROM activity ORDER BY seq DESC LIMIT ?1")?;
    let rows = query.query_map([most], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (seq, body) = row?;
        let mut activity: Activity = serde_json::from_str(&body)?;
        activity.seq = seq;
        Ok(activity)
    })
    .collect()
}
