//! How values stand in columns: ids as 16 bytes, instants as milliseconds since 1970, scopes as JSON.

use super::StoreError;
use clinic::scope::Scope;
use deskbell_clinic as clinic;
use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Row, RowIndex};
use uuid::Uuid;

pub(crate) fn id<I: RowIndex>(row: &Row<'_>, column: I) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

pub(crate) fn optional_id<I: RowIndex, T: From<Uuid>>(row: &Row<'_>, column: I) -> rusqlite::Result<Option<T>> {
    Ok(row
        .get::<_, Option<[u8; 16]>>(column)?
        .map(|bytes| Uuid::from_bytes(bytes).into()))
}

pub(crate) fn instant<I: RowIndex>(row: &Row<'_>, column: I) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, error.into()))
}

pub(crate) fn optional_instant<I: RowIndex>(row: &Row<'_>, column: I) -> rusqlite::Result<Option<Timestamp>> {
    row.get::<_, Option<i64>>(column)?
        .map(Timestamp::from_millisecond)
        .transpose()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, error.into()))
}

/// Reads a value of an enum that has a text form.
pub(crate) fn text<I: RowIndex, T: std::str::FromStr>(row: &Row<'_>, column: I) -> rusqlite::Result<T> {
    row.get::<_, String>(column)?.parse().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Text, "not one of the words this program knows".into())
    })
}

pub(crate) fn json<I: RowIndex, T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: I,
) -> rusqlite::Result<Option<T>> {
    row.get::<_, Option<String>>(column)?
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))
}

pub(crate) fn scope_text(scope: &Scope) -> Result<String, StoreError> {
    serde_json::to_string(scope).map_err(|error| StoreError::Broken {
        kind: "scope",
        why: error.to_string(),
    })
}
