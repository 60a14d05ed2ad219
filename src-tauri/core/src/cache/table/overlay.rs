//! What a person did and the server has not confirmed, folded over the server's row.

use super::server_row::decode;
use crate::cache::CacheError;
use deskbell_clinic::{Kind, OperationId, Row};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// What is to be seen instead of the server's row.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::cache) struct OverlayRow {
    pub kind: Kind,
    pub id: Uuid,
    /// The newest act in it.
    pub operation: OperationId,
    /// The row as it is to be seen; none when it was removed.
    pub row: Option<Row>,
}

pub(in crate::cache) fn put(connection: &Connection, overlay: &OverlayRow) -> Result<(), CacheError> {
    let body = overlay.row.as_ref().map(serde_json::to_string).transpose()?;
    let mut write = connection.prepare_cached(
        "INSERT INTO overlay (kind, id, operation, body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (kind, id) DO UPDATE SET operation = excluded.operation, body = excluded.body",
    )?;
    write.execute(params![
        overlay.kind.as_str(),
        overlay.id.to_string(),
        overlay.operation.to_string(),
        body
    ])?;
    Ok(())
}

pub(in crate::cache) fn delete(connection: &Connection, kind: Kind, id: Uuid) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached("DELETE FROM overlay WHERE kind = ?1 AND id = ?2")?;
    write.execute(params![kind.as_str(), id.to_string()])?;
    Ok(())
}

pub(in crate::cache) fn get(connection: &Connection, kind: Kind, id: Uuid) -> Result<Option<OverlayRow>, CacheError> {
    let mut query = connection.prepare_cached("SELECT id, operation, body FROM overlay WHERE kind = ?1 AND id = ?2")?;
    let found = query.query_row(params![kind.as_str(), id.to_string()], raw);
    found.optional()?.map(|raw| read(kind, raw)).transpose()
}

/// Every overlay of a kind: as many as acts wait, so few.
pub(in crate::cache) fn all(connection: &Connection, kind: Kind) -> Result<Vec<OverlayRow>, CacheError> {
    let mut query = connection.prepare_cached("SELECT id, operation, body FROM overlay WHERE kind = ?1")?;
    let rows = query.query_map([kind.as_str()], raw)?;
    rows.map(|row| row.map_err(CacheError::from).and_then(|row| read(kind, row)))
        .collect()
}

type Raw = (String, String, Option<String>);

fn raw(row: &rusqlite::Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read(kind: Kind, (id, operation, body): Raw) -> Result<OverlayRow, CacheError> {
    Ok(OverlayRow {
        kind,
        id: id.parse().map_err(|_| CacheError::unreadable("an overlay's id"))?,
        operation: operation
            .parse()
            .map_err(|_| CacheError::unreadable("an overlay's act"))?,
        row: body
            .map(|body| decode(kind, &body, 0).map(|seen| seen.row))
            .transpose()?,
    })
}
