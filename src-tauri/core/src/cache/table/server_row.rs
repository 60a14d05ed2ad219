//! What the server said.

use crate::cache::CacheError;
use deskbell_clinic::digest::{RowSum, counts_from};
use deskbell_clinic::{Kind, Repeat, Row, Span};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Appointments and availabilities are shorter than this, so that a day's rows are found by their start.
const LONGEST: SignedDuration = SignedDuration::from_hours(48);

/// Seconds of a UTC day.
const DAY_S: i64 = 86_400;

/// What a sum over rows needs, apart from their bodies: a whole clinic is summed while a person waits for the first
/// picture, and reading every body would take as long as that.
pub(in crate::cache) const BY_END: &str = "
CREATE INDEX server_row_by_end ON server_row (generation, kind, ends, id, version) WHERE repeats = 0;
";

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
        row.last_end().map(Timestamp::as_second),
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

/// Whether a reading holds any row.
pub(in crate::cache) fn any(connection: &Connection, generation: u32) -> Result<bool, CacheError> {
    let mut query = connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM server_row WHERE generation = ?1)")?;
    Ok(query.query_row([generation], |row| row.get(0))?)
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

/// The version of a row, without reading the row.
pub(in crate::cache) fn version(
    connection: &Connection,
    generation: u32,
    kind: Kind,
    id: Uuid,
) -> Result<Option<u32>, CacheError> {
    let mut query =
        connection.prepare_cached("SELECT version FROM server_row WHERE generation = ?1 AND kind = ?2 AND id = ?3")?;
    let found = query.query_row(params![generation, kind.as_str(), id.to_string()], |row| row.get(0));
    Ok(found.optional()?)
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

/// A count and a sum over the rows of a kind that have no end or end on that UTC day or later.
pub(in crate::cache) fn sum(
    connection: &Connection,
    generation: u32,
    kind: Kind,
    from_day: i64,
) -> Result<RowSum, CacheError> {
    let mut sum = RowSum::default();
    let mut once = connection.prepare_cached(
        "SELECT id, version FROM server_row INDEXED BY server_row_by_end
         WHERE generation = ?1 AND kind = ?2 AND repeats = 0 AND (ends IS NULL OR ends >= ?3)",
    )?;
    let mut rows = once.query(params![generation, kind.as_str(), from_day.saturating_mul(DAY_S)])?;
    while let Some(row) = rows.next()? {
        sum = sum.with(read_id(row.get_ref(0)?.as_str().unwrap_or_default())?, row.get(1)?);
    }
    // Where one that repeats ends for good is only in the row itself: files of older programs hold its first time's end.
    let mut repeating = connection.prepare_cached(
        "SELECT id, version, body FROM server_row INDEXED BY server_row_repeating
         WHERE generation = ?1 AND kind = ?2 AND repeats = 1",
    )?;
    let mut rows = repeating.query(params![generation, kind.as_str()])?;
    while let Some(row) = rows.next()? {
        if counts_from(
            &decode(kind, row.get_ref(2)?.as_str().unwrap_or_default(), 0)?.row,
            from_day,
        ) {
            sum = sum.with(read_id(row.get_ref(0)?.as_str().unwrap_or_default())?, row.get(1)?);
        }
    }
    Ok(sum)
}

/// Rows that ended before a UTC day and that no waiting act is about, at most so many.
pub(in crate::cache) fn ended_before(
    connection: &Connection,
    generation: u32,
    day: i64,
    most: usize,
) -> Result<Vec<Row>, CacheError> {
    let mut found = Vec::new();
    for kind in [Kind::Availability, Kind::Block, Kind::Appointment] {
        let mut query = connection.prepare_cached(
            "SELECT body FROM server_row
             WHERE generation = ?1 AND kind = ?2 AND starts < ?3 AND (repeats = 1 OR ends < ?3)
               AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.kind = ?2 AND outbox.id = server_row.id)
               AND NOT EXISTS (SELECT 1 FROM overlay WHERE overlay.kind = ?2 AND overlay.id = server_row.id)",
        )?;
        let mut rows = query.query(params![generation, kind.as_str(), day.saturating_mul(DAY_S)])?;
        while let Some(row) = rows.next()?
            && found.len() < most
        {
            let row = decode(kind, &row.get::<_, String>(0)?, 0)?.row;
            if !counts_from(&row, day) {
                found.push(row);
            }
        }
    }
    Ok(found)
}

fn read_id(text: &str) -> Result<Uuid, CacheError> {
    text.parse().map_err(|_| CacheError::unreadable("a stored row's id"))
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
