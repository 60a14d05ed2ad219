//! A copy of the whole database, of one moment, under another key or none: for backups, and for putting one back.

use super::{DbKey, StoreError, make_private, unlock, unusable};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Writes a copy, whole and of one moment, also while a server writes to the original. The copy is read back before this
/// returns.
///
/// # Errors
/// [`StoreError::NotADatabase`] when the key does not open the original, [`StoreError::NoClinic`] when nothing was set up
/// in it, [`StoreError::Unusable`] when a file cannot be read or written.
pub(crate) fn copy(from: &Path, key: Option<&DbKey>, to: &Path, new_key: Option<&DbKey>) -> Result<(), StoreError> {
    check(from, key)?;
    make_private(to).map_err(|error| StoreError::Unusable {
        path: to.to_owned(),
        why: error.to_string(),
    })?;
    export(from, key, to, new_key).map_err(|error| unusable(to, error))?;
    check(to, new_key)
}

/// Reads a database whole, without changing it: every page, and that there is a clinic in it.
///
/// # Errors
/// As [`copy`].
pub(crate) fn check(path: &Path, key: Option<&DbKey>) -> Result<(), StoreError> {
    let fail = |error| unusable(path, error);
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(fail)?;
    unlock(&connection, key).map_err(fail)?;
    connection
        .query_row("SELECT only FROM meta", [], |_| Ok(()))
        .map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => StoreError::NoClinic,
            rusqlite::Error::SqliteFailure(_, Some(why)) if why.starts_with("no such table") => StoreError::NoClinic,
            error => fail(error),
        })?;
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(fail)?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(StoreError::Unusable {
        path: path.to_owned(),
        why: verdict,
    })
}

fn export(from: &Path, key: Option<&DbKey>, to: &Path, new_key: Option<&DbKey>) -> Result<(), rusqlite::Error> {
    let mut connection = Connection::open(to)?;
    unlock(&connection, new_key)?;
    // What is copied stays as it is, so it is opened to be read only.
    let name = format!("file:{}?mode=ro", escaped(from));
    let key = key.map(|DbKey(bytes)| bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")));
    let key = key.map_or_else(String::new, |hex| format!("x'{hex}'"));
    connection.execute("ATTACH ?1 AS original KEY ?2", [&name, &key])?;
    let transaction = connection.transaction()?;
    transaction.query_row("SELECT sqlcipher_export('main', 'original')", [], |_| Ok(()))?;
    let version: i64 = transaction.pragma_query_value(Some("original"), "user_version", |row| row.get(0))?;
    transaction.pragma_update(Some("main"), "user_version", version)?;
    transaction.commit()
}

/// A path as it is written in a URI.
fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => escaped.push(char::from(*byte)),
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}
