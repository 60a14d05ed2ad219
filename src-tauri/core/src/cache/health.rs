//! Looking through a cache file as a whole, without changing it: for a person who asks whether it is well. Another process
//! may have it open meanwhile.

use super::{Cache, CacheError, CacheKey, connection, table};
use rusqlite::Connection;
use std::path::Path;

/// A cache file that is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// Its size in bytes, without what is still in the write-ahead log.
    pub bytes: u64,
    /// Acts in it that have not reached the server.
    pub waiting: usize,
}

impl Cache {
    /// Reads every page of a cache file: whether each is as it was written, and whether together they are a database.
    ///
    /// # Errors
    /// [`CacheError::Corrupt`] or [`CacheError::NotADatabase`] when it is damaged, and whatever keeps it from being read.
    pub async fn examine(path: &Path, key: &CacheKey) -> Result<Health, CacheError> {
        let (path, key) = (path.to_owned(), key.clone());
        let look = move || {
            let connection = connection::open_reader(&path, &key)?;
            let whole = answers(&connection, "PRAGMA cipher_integrity_check")?.is_empty()
                && answers(&connection, "PRAGMA quick_check")? == ["ok"];
            if !whole {
                return Err(CacheError::Corrupt);
            }
            let about = std::fs::metadata(&path).map_err(|error| CacheError::Inaccessible(error.to_string()))?;
            Ok(Health {
                bytes: about.len(),
                waiting: table::outbox::all(&connection)?.len(),
            })
        };
        tokio::task::spawn_blocking(look)
            .await
            .map_err(|_| CacheError::Closed)?
    }
}

fn answers(connection: &Connection, question: &str) -> Result<Vec<String>, CacheError> {
    let mut query = connection.prepare(question)?;
    let rows = query.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
