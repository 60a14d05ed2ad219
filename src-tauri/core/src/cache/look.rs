//! How one person's windows are arranged at this desk: in their own encrypted file, never in a web view's storage. Whose
//! rows somebody keeps on top says with whom they work.

use super::keep::transact;
use super::table::meta;
use super::threads::Priority;
use super::{Cache, CacheError, Snapshot};

impl Snapshot<'_> {
    /// What was kept last; none before that.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn look(&self) -> Result<Option<String>, CacheError> {
        meta::look(self.transaction())
    }
}

impl Cache {
    /// Keeps an arrangement. It changes nothing that windows show by themselves, so none is told.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep_look(&self, look: String) -> Result<(), CacheError> {
        let write = move |connection: &mut rusqlite::Connection| {
            transact(connection, |connection| Ok((meta::set_look(connection, &look)?, None)))
        };
        self.inner.writer.run(Priority::Person, write).await
    }
}
