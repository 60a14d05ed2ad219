//! Opening the encrypted file.

use super::error::CacheError;
use super::table;
use crate::secret::Secret;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};
use std::path::Path;
use std::time::Duration;

/// Pages held by the writer, in KiB. With SQLite's own 2 MB, SQLCipher is 5 to 8 times slower.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Pages held by each reader, in KiB.
const READER_CACHE_KIB: i64 = 8 * 1024;
/// How long one connection waits for another.
const BUSY: Duration = Duration::from_secs(5);

/// The raw key of a cache file: 256 random bits, used without a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheKey(Secret<[u8; 32]>);

impl CacheKey {
    /// A key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The bytes themselves, for a file that another part of the program encrypts; never to be logged.
    pub const fn bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    fn pragma(&self, pragma: &str) -> Secret<String> {
        let mut sql = String::with_capacity(90);
        sql.push_str(pragma);
        sql.push_str(" = \"x'");
        for byte in self.0.expose() {
            sql.push_str(&format!("{byte:02x}"));
        }
        sql.push_str("'\"");
        Secret::new(sql)
    }
}

/// Every migration in order: one list entry a released schema. Forward only.
pub(super) fn migrations() -> Migrations<'static> {
    Migrations::new(vec![
        M::up(table::FIRST),
        M::up(table::id_map::TABLE),
        M::up(table::server_row::BY_END),
        M::up(table::client_index::CLIENT_INDEX),
        M::up(table::person::TABLE),
        M::up(table::draft::TABLE),
    ])
}

/// The connection that writes; makes the file and brings it to this program's schema.
pub(super) fn open_writer(path: &Path, key: &CacheKey) -> Result<Connection, CacheError> {
    let mut connection = open(
        path,
        key,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    )?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    migrations().to_latest(&mut connection).map_err(|error| match error {
        rusqlite_migration::Error::MigrationDefinition(
            rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead,
        ) => CacheError::NewerSchema,
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => CacheError::unreadable(other.to_string()),
    })?;
    Ok(connection)
}

/// Writes the whole file anew under another key, in one transaction: a kill in it leaves the file under the old one. Nobody
/// else may have it open.
pub(super) fn change_key(path: &Path, from: &CacheKey, to: &CacheKey) -> Result<(), CacheError> {
    let connection = open(path, from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // What the log still holds is under the old key.
    connection.pragma_update(None, "journal_mode", "delete")?;
    connection.execute_batch(to.pragma("PRAGMA rekey").expose())?;
    connection.close().map_err(|(_, error)| error)?;
    drop(open(path, to, OpenFlags::SQLITE_OPEN_READ_ONLY)?);
    Ok(())
}

/// A connection that only reads.
pub(super) fn open_reader(path: &Path, key: &CacheKey) -> Result<Connection, CacheError> {
    let connection = open(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open(path: &Path, key: &CacheKey, flags: OpenFlags) -> Result<Connection, CacheError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch(key.pragma("PRAGMA key").expose())?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(64);
    // The first read tells whether the key fits.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}
