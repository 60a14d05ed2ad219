//! What a person did, kept before anybody hears of it; and what is read back from the cache.

use super::{Desk, DeskError};
use crate::cache::{ChangesSince, Commit, Snapshot};
use crate::outbox::intent::Intent;
use crate::view::Kept;
use tokio::sync::broadcast;

impl Desk {
    /// Keeps what a person did. When this answers, it survives a crash; the server hears of it as soon as it can.
    ///
    /// # Errors
    /// When nobody is signed in, or it cannot be kept (a full disk).
    pub async fn keep(&self, intent: Intent) -> Result<Kept, DeskError> {
        let kept = self.keep_all(vec![intent]).await?;
        kept.into_iter()
            .next()
            .ok_or_else(|| DeskError::bad_input("There is nothing to keep."))
    }

    /// Keeps several acts together, in this order: all of them, or none.
    ///
    /// # Errors
    /// As for [`Desk::keep`].
    pub async fn keep_all(&self, intents: Vec<Intent>) -> Result<Vec<Kept>, DeskError> {
        self.keep_ending_draft(intents, None).await
    }

    /// The same, and with it the draft that was typed in a window of this kind is gone.
    pub(crate) async fn keep_ending_draft(
        &self,
        intents: Vec<Intent>,
        window: Option<&str>,
    ) -> Result<Vec<Kept>, DeskError> {
        let line = self.line().await?;
        let by = self.account().ok_or_else(DeskError::signed_out)?.account;
        let window = window.map(str::to_owned);
        let kept = line.cache.keep_ending_draft(intents, by, line.now(), window).await?;
        line.send_now.notify_one();
        let shown = |kept: crate::cache::Kept| Kept {
            operation: kept.operation,
            revision: kept.revision,
            undoable: true,
        };
        Ok(kept.into_iter().map(shown).collect())
    }

    /// Reads from the cache, in one read transaction: everything it sees is of one revision.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Snapshot<'_>) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        self.line().await?.cache.read(query).await
    }

    /// What has changed since a revision of the cache.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn changes_since(&self, revision: u32) -> Result<ChangesSince, DeskError> {
        Ok(self.line().await?.cache.changes_since(revision).await?)
    }

    /// Every commit of the cache from now on; ends at the sign-out.
    pub fn commits(&self) -> broadcast::Receiver<Commit> {
        let open = self.inner.open.try_read();
        let commits = open
            .ok()
            .and_then(|open| open.as_ref().map(|open| open.line.cache.commits()));
        // With nobody signed in there is nothing to commit: a channel that has ended.
        commits.unwrap_or_else(|| broadcast::channel(1).1)
    }
}
