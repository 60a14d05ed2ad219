//! News that the desktop has not told yet. Kept with the change that caused it, so that none is lost by a crash and none
//! comes twice.

use crate::cache::CacheError;
use deskbell_clinic::rules::news::BookingState;
use deskbell_clinic::rules::spans::intersect;
use deskbell_clinic::{AccountId, AppointmentId, AvailabilityId, Span, StaffId};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

/// What was told is remembered so long, so that it does not come twice.
const REMEMBERED_HOURS: i64 = 48;

/// News from elsewhere, confirmed by the server. Whether it is any to whoever is signed in is decided when it is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DueNotice {
    /// New availability.
    Hours(DueHours),
    /// A booking that came, changed or went.
    Booking(DueBooking),
}

/// New availability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueHours {
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

/// A booking that came, changed or went; how it is now is in its row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueBooking {
    /// The booking and its version: the same news has the same key.
    pub key: String,
    /// When the server took it.
    pub at: Timestamp,
    /// The booking.
    pub appointment: AppointmentId,
    /// How it was; none when it was not there, or not for this account to see.
    pub before: Option<BookingState>,
    /// Who did it, where the server says so.
    pub by: Option<AccountId>,
}

impl DueNotice {
    /// The same news has the same key.
    pub fn key(&self) -> &str {
        match self {
            Self::Hours(hours) => &hours.key,
            Self::Booking(booking) => &booking.key,
        }
    }

    /// When the server took it.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Hours(hours) => hours.at,
            Self::Booking(booking) => booking.at,
        }
    }
}

pub(in crate::cache) fn insert(connection: &Connection, notice: &DueNotice) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("INSERT OR IGNORE INTO notification_outbox (key, at, body) VALUES (?1, ?2, ?3)")?;
    write.execute(params![
        notice.key(),
        notice.at().as_millisecond(),
        serde_json::to_string(notice)?
    ])?;
    Ok(())
}

/// Not told yet, oldest first.
pub(in crate::cache) fn due(connection: &Connection) -> Result<Vec<DueNotice>, CacheError> {
    let mut query =
        connection.prepare_cached("SELECT body FROM notification_outbox WHERE shown = 0 ORDER BY at, key")?;
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
    for notice in due(connection)? {
        let DueNotice::Hours(mut hours) = notice else { continue };
        if hours.availability != availability {
            continue;
        }
        hours.added = match left {
            Some((staff, left)) if *staff == hours.staff => intersect(&hours.added, left),
            _ => vec![],
        };
        if hours.added.is_empty() {
            connection.execute("DELETE FROM notification_outbox WHERE key = ?1", [&hours.key])?;
        } else {
            connection.execute(
                "UPDATE notification_outbox SET body = ?2 WHERE key = ?1",
                params![hours.key, serde_json::to_string(&hours)?],
            )?;
        }
    }
    Ok(())
}
