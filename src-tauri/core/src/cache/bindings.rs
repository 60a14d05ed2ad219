//! Remembering whose id is whose, for servers that make their own.

use super::keep::transact;
use super::table::id_map::{self, Binding};
use super::threads::Priority;
use super::{Cache, CacheError};

impl Cache {
    /// Every row's two ids, at a server that makes its own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn bindings(&self) -> Result<Vec<Binding>, CacheError> {
        self.inner.readers.run(|connection| id_map::all(connection)).await
    }

    /// Binds rows to their ids at the server; an earlier binding of either side ends. Before the rows themselves are taken
    /// in, so that a row never changes its id.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing was bound.
    pub async fn bind(&self, bindings: Vec<Binding>) -> Result<(), CacheError> {
        if bindings.is_empty() {
            return Ok(());
        }
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    for binding in &bindings {
                        id_map::bind(connection, binding)?;
                    }
                    Ok(((), None))
                })
            })
            .await
    }
}
