//! What the server said.

use crate::cache::CacheError;
use deskbell_clinic::{Kind, Repeat, Row, Span};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Appointments and availabilities are shorter than this, so that a day's rows are found by their start.
const LONGEST: SignedDuration = SignedDuration::from_hours(48);

/// A row of the server's.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::cache) struct ServerRow {
    pub row: Row,
    pub version: u32,
}

/// Whether a row repeats, and so may be on any later day.
pub(in crate::cache) fn repeats(row: &Row) -> bool {
    match row {
        Row::Availability(row) => row.repeat != Repeat::None,
        Row::Block(row) => row.repeat != Repeat::None,
        _ => false,
    }
}

pub(in crate::cache) fn put(
    connection: &Connection,
    generation: u32,
    row: &Row,
    version: u32,
) -> Result<(), CacheError> {
    let span = row.span();
    let mut write = connection.prepare_cached(
        "INSERT INTO server_row (generation, kind, id, version, body, starts, ends, repeats)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (generation, kind, id) DO UPDATE SET
            version = excluded.version, body = excluded.body, starts = excluded.starts, ends = excluded.ends,
            repeats = excluded.repeats",
    )?;
    write.execute(params![
        generation,
        row.kind().as_str(),
        row.id().to_string(),
        version,
        serde_json::to_string(row)?,
        span.map(|span| span.start().as_second()),
        span.map(|span| span.end().as_second()),
        repeats(row),
    ])?;
    Ok(())
}

pub(in crate::cache) fn delete(
    connection: &Connection,
    generation: u32,
    kind: Kind,
    id: Uuid,
) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("DELETE FROM server_row WHERE generation = ?1 AND kind = ?2 AND id = ?3")?;
    write.execute(params![generation, kind.as_str(), id.to_string()])?;
    Ok(())
}

/// Drops every reading but one.
pub(in crate::cache) fn keep_only(connection: &Connection, generation: u32) -> Result<(), CacheError> {
    connection.execute("DELETE FROM server_row WHERE generation <> ?1", [generation])?;
    Ok(())
}

pub(in crate::cache) fn get(
    connection: &Connection,
    generation: u32,
    kind: Kind,
    id: Uuid,
) -> Result<Option<ServerRow>, CacheError> {
    let mut query = connection
        .prepare_cached("SELECT body, version FROM server_row WHERE generation = ?1 AND kind = ?2 AND id = ?3")?;
    let found = query.query_row(params![generation, kind.as_str(), id.to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
    });
    found
        .optional()?
        .map(|(body, version)| decode(kind, &body, version))
        .transpose()
}

pub(in crate::cache) fn all(
    connection: &Connection,
    generation: u32,
    kind: Kind,
) -> Result<Vec<ServerRow>, CacheError> {
    let mut query =
        connection.prepare_cached("SELECT body, version FROM server_row WHERE generation = ?1 AND kind = ?2")?;
    let rows = query.query_map(params![generation, kind.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?))
    })?;
    rows.map(|row| {
        row.map_err(CacheError::from)
            .and_then(|(body, version)| decode(kind, &body, version))
    })
    .collect()
}

/// Rows that share time with `span`, and those that repeat and have begun before it ends.
///
/// The repeating ones are few; left to itself, the planner would look for them among all rows that begin before.
pub(in crate::cache) fn between(
    connection: &Connection,
    generation: u32,
    kind: Kind,
    span: Span,
) -> Result<Vec<ServerRow>, CacheError> {
    let earliest = if kind == Kind::Block {
        Timestamp::MIN
    } else {
        span.start() - LONGEST
    };
    let mut query = connection.prepare_cached(
        "SELECT body, version FROM server_row
         WHERE generation = ?1 AND kind = ?2 AND repeats = 0 AND starts >= ?3 AND starts < ?4 AND ends > ?5
         UNION ALL
         SELECT body, version FROM server_row INDEXED BY server_row_repeating
         WHERE generation = ?1 AND kind = ?2 AND repeats = 1 AND starts < ?4",
    )?;
    let rows = query.query_map(
        params![
            generation,
            kind.as_str(),
            earliest.as_second(),
            ceiling(span.end()),
            span.start().as_second(),
        ],
        |row| Ok((row.get::<_, String>(0)?, row.get(1)?)),
    )?;
    rows.map(|row| {
        row.map_err(CacheError::from)
            .and_then(|(body, version)| decode(kind, &body, version))
    })
    .collect()
}

/// Seconds are stored rounded down; what begins within the last second still counts.
fn ceiling(at: Timestamp) -> i64 {
    at.as_second() + i64::from(at.subsec_nanosecond() > 0)
}

/// Reads a stored row; the error names the kind, never a value.
pub(in crate::cache) fn decode(kind: Kind, body: &str, version: u32) -> Result<ServerRow, CacheError> {
    let mut body = serde_json::Deserializer::from_str(body);
    let row = Row::deserialize(kind, &mut body).map_err(|_| CacheError::unreadable(format!("a stored {kind}")))?;
    Ok(ServerRow { row, version })
}
