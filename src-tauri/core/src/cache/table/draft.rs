//! Bookings that are being typed: one a window kind, so that a crash costs nobody what a client said on the phone.

use crate::cache::CacheError;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// The table. `body` is the form's own; the cache does not look into it.
pub(in crate::cache) const TABLE: &str = "
CREATE TABLE draft (
    window TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
";

/// What was last typed in a window of this kind, and when.
pub(in crate::cache) fn of(connection: &Connection, window: &str) -> Result<Option<(Timestamp, String)>, CacheError> {
    let mut query = connection.prepare_cached("SELECT at, body FROM draft WHERE window = ?1")?;
    let found = query.query_row([window], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
    let Some((at, body)) = found.optional()? else {
        return Ok(None);
    };
    let at = Timestamp::from_millisecond(at).map_err(|error| CacheError::unreadable(error.to_string()))?;
    Ok(Some((at, body)))
}

pub(in crate::cache) fn put(
    connection: &Connection,
    window: &str,
    at: Timestamp,
    body: &str,
) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached(
        "INSERT INTO draft (window, at, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (window) DO UPDATE SET at = excluded.at, body = excluded.body",
    )?;
    write.execute(params![window, at.as_millisecond(), body])?;
    Ok(())
}

pub(in crate::cache) fn remove(connection: &Connection, window: &str) -> Result<(), CacheError> {
    connection.execute("DELETE FROM draft WHERE window = ?1", [window])?;
    Ok(())
}

pub(in crate::cache) fn remove_all(connection: &Connection) -> Result<(), CacheError> {
    connection.execute("DELETE FROM draft", [])?;
    Ok(())
}
