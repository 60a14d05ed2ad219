//! Single values: whose cache it is, and how far it has come.

use crate::cache::{CacheError, Door, Owner};
use rusqlite::{Connection, OptionalExtension, params};

const OWNER_CLINIC: &str = "owner_clinic";
const OWNER_ACCOUNT: &str = "owner_account";
const REVISION: &str = "revision";
const GENERATION: &str = "generation";
const CURSOR: &str = "cursor";
const EPOCH: &str = "epoch";
const CLOCK_OFFSET_MS: &str = "clock_offset_ms";
const DOOR: &str = "door";
const LOOK: &str = "look";

fn text(connection: &Connection, key: &str) -> Result<Option<String>, CacheError> {
    let mut query = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(query.query_row([key], |row| row.get(0)).optional()?)
}

fn number(connection: &Connection, key: &str) -> Result<u32, CacheError> {
    match text(connection, key)? {
        None => Ok(0),
        Some(value) => value.parse().map_err(|_| CacheError::unreadable(key)),
    }
}

fn set(connection: &Connection, key: &str, value: &str) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    write.execute(params![key, value])?;
    Ok(())
}

/// Makes a new cache this owner's; refuses one that is somebody else's.
pub(in crate::cache) fn claim(connection: &mut Connection, owner: Owner) -> Result<(), CacheError> {
    let transaction = connection.transaction()?;
    for (key, value) in [
        (OWNER_CLINIC, owner.clinic.to_string()),
        (OWNER_ACCOUNT, owner.account.to_string()),
    ] {
        match text(&transaction, key)? {
            None => set(&transaction, key, &value)?,
            Some(known) if known == value => {}
            Some(_) => return Err(CacheError::OtherOwner),
        }
    }
    Ok(transaction.commit()?)
}

/// The revision of the last commit.
pub(in crate::cache) fn revision(connection: &Connection) -> Result<u32, CacheError> {
    number(connection, REVISION)
}

pub(in crate::cache) fn set_revision(connection: &Connection, revision: u32) -> Result<(), CacheError> {
    set(connection, REVISION, &revision.to_string())
}

/// The reading of the server that is shown.
pub(in crate::cache) fn generation(connection: &Connection) -> Result<u32, CacheError> {
    number(connection, GENERATION)
}

pub(in crate::cache) fn set_generation(connection: &Connection, generation: u32) -> Result<(), CacheError> {
    set(connection, GENERATION, &generation.to_string())
}

/// Where the next pull goes on; none before the first sync is complete enough to have one.
pub(in crate::cache) fn cursor(connection: &Connection) -> Result<Option<String>, CacheError> {
    text(connection, CURSOR)
}

pub(in crate::cache) fn set_cursor(connection: &Connection, cursor: &str) -> Result<(), CacheError> {
    set(connection, CURSOR, cursor)
}

/// The server's epoch; empty before the first sync.
pub(in crate::cache) fn epoch(connection: &Connection) -> Result<String, CacheError> {
    Ok(text(connection, EPOCH)?.unwrap_or_default())
}

pub(in crate::cache) fn set_epoch(connection: &Connection, epoch: &str) -> Result<(), CacheError> {
    set(connection, EPOCH, epoch)
}

/// How far the server's clock was ahead of this computer's when it last answered, in milliseconds.
pub(in crate::cache) fn clock_offset_ms(connection: &Connection) -> Result<i64, CacheError> {
    match text(connection, CLOCK_OFFSET_MS)? {
        None => Ok(0),
        Some(value) => value.parse().map_err(|_| CacheError::unreadable(CLOCK_OFFSET_MS)),
    }
}

pub(in crate::cache) fn set_clock_offset_ms(connection: &Connection, offset: i64) -> Result<(), CacheError> {
    set(connection, CLOCK_OFFSET_MS, &offset.to_string())
}

/// What the lock of this account keeps; the default before its first sign-in with one.
pub(in crate::cache) fn door(connection: &Connection) -> Result<Door, CacheError> {
    match text(connection, DOOR)? {
        None => Ok(Door::default()),
        Some(value) => serde_json::from_str(&value).map_err(|_| CacheError::unreadable(DOOR)),
    }
}

pub(in crate::cache) fn set_door(connection: &Connection, door: &Door) -> Result<(), CacheError> {
    let value = serde_json::to_string(door).map_err(|_| CacheError::unreadable(DOOR))?;
    set(connection, DOOR, &value)
}

/// How this account's windows are arranged at this desk, as whoever draws them wrote it.
pub(in crate::cache) fn look(connection: &Connection) -> Result<Option<String>, CacheError> {
    text(connection, LOOK)
}

pub(in crate::cache) fn set_look(connection: &Connection, look: &str) -> Result<(), CacheError> {
    set(connection, LOOK, look)
}
