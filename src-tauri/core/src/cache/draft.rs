//! Bookings that are being typed, kept for the next start. They are nobody's truth and no act: no window is told of them.

use super::keep::transact;
use super::table::draft;
use super::threads::Priority;
use super::{Cache, CacheError};
use jiff::Timestamp;

impl Cache {
    /// What was last typed in a window of this kind, and when.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn draft(&self, window: &str) -> Result<Option<(Timestamp, String)>, CacheError> {
        let window = window.to_owned();
        self.inner
            .readers
            .run(move |connection| draft::of(connection, &window))
            .await
    }

    /// Keeps what is being typed in a window of this kind, in place of what was; none throws it away. It survives the end
    /// of the program; a power cut may cost the last words.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep_draft(&self, window: &str, body: Option<String>, at: Timestamp) -> Result<(), CacheError> {
        let window = window.to_owned();
        let write = move |connection: &mut rusqlite::Connection| {
            transact(connection, |connection| {
                match body {
                    Some(body) => draft::put(connection, &window, at, &body)?,
                    None => draft::remove(connection, &window)?,
                }
                Ok(((), None))
            })
        };
        self.inner.writer.run(Priority::Person, write).await
    }

    /// Throws all of them away: whoever typed them leaves.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_drafts(&self) -> Result<(), CacheError> {
        let write = |connection: &mut rusqlite::Connection| {
            transact(connection, |connection| Ok((draft::remove_all(connection)?, None)))
        };
        self.inner.writer.run(Priority::Person, write).await
    }
}
