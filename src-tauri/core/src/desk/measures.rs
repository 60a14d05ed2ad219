//! What a desk measures of itself, for the picture of its health.

use super::{Desk, identity};
use crate::sync::journal::Journal;
use jiff::Timestamp;

impl Desk {
    /// What the sync did lately.
    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.desktop.journal
    }

    /// This computer's clock, right or wrong.
    pub(crate) fn here(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Of each 100 changes from elsewhere, those whose hint was lost; none while nobody is signed in, or where hints do not
    /// tell of every change.
    pub(crate) async fn hint_loss(&self) -> Option<u32> {
        let line = self.line().await.ok()?;
        let share = line.heard().loss.share();
        // Between 0 and 100 by what a share is.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let of_100 = (share * 100.0).round() as u32;
        line.backend.abilities().hints_tell_all.then_some(of_100)
    }

    /// How much room the cache takes on the disk; none while nobody is signed in.
    pub(crate) async fn cache_bytes(&self) -> Option<u64> {
        let account = self.account()?;
        let file = identity::cache_file(&self.inner.folder, &account);
        let sized = tokio::task::spawn_blocking(move || {
            let log = file.with_extension("db-wal");
            let own = std::fs::metadata(file).ok()?.len();
            Some(own + std::fs::metadata(log).map_or(0, |log| log.len()))
        });
        sized.await.ok().flatten()
    }
}
