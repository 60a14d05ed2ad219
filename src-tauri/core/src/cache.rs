//! The local cache: what this desk knows, on disk and encrypted, so that a window paints at once, online or not.
//!
//! The server's truth and the person's intent never share a table: `server_row` holds what the server said, `overlay`
//! what a person did and the server has not confirmed, and a view is the one folded over the other. One writer thread
//! owns the only connection that writes; a person's write goes ahead of an apply. Readers each see one consistent
//! revision. Whatever belongs together (rows, retired acts, overlays, change log, notices, cursor) is one transaction:
//! with the cursor committed apart, a kill leaves a broken cache.

mod amend;
mod apply;
mod bindings;
mod commit;
mod connection;
mod door;
mod draft;
mod error;
mod health;
mod keep;
mod level;
mod look;
mod lost_slot;
mod memory;
mod overlay;
mod read;
mod resnapshot;
mod settle;
mod table;
#[cfg(test)]
mod tests;
mod threads;

pub use apply::{Applied, Pulled};
pub use commit::{ChangeItem, ChangesSince, Commit, Op, Origin};
pub use connection::CacheKey;
pub use door::Door;
pub(crate) use door::PIN_TRIES;
pub use error::CacheError;
pub use health::Health;
pub use keep::Kept;
pub use read::{Snapshot, ViewRow};
pub use settle::Settlement;
pub use table::activity::{Activity, ActivityWhat};
pub use table::id_map::Binding;
pub use table::notification::{DueBooking, DueHours, DueNotice};
pub use table::outbox::{OutboxItem, OutboxState};
pub use threads::Wait;

use deskbell_clinic::{AccountId, ClinicId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use threads::{Readers, Writer};
use tokio::sync::broadcast;

/// Readers at work at the same time.
const READERS: usize = 3;
/// Commits that a slow listener may be behind before it must read everything again.
const COMMITS_KEPT: usize = 256;

/// Whose cache it is. A cache belongs to a clinic and an account, never to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The clinic.
    pub clinic: ClinicId,
    /// The account.
    pub account: AccountId,
}

/// A handle to the cache; clones share it. The last one to go closes the file.
#[derive(Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Writer,
    readers: Readers,
    memory: Arc<memory::Memory>,
    commits: broadcast::Sender<Commit>,
    /// Answers to acts that were taken in.
    receipts: AtomicU64,
    path: PathBuf,
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

impl Cache {
    /// Opens the cache, making it where there is none. Acts that were being sent when the last process ended become
    /// [`OutboxState::Unknown`]: whether they arrived is not known.
    ///
    /// # Errors
    /// When the file is no cache or the key is not its own ([`CacheError::NotADatabase`]), it was written by a newer
    /// program, belongs to somebody else, or the disk does not let it be.
    pub async fn open(path: &Path, key: &CacheKey, owner: Owner) -> Result<Self, CacheError> {
        Self::open_waiting(path, key, owner, Wait::default()).await
    }

    /// The same, with a say in how its work is waited for.
    ///
    /// # Errors
    /// As for [`Cache::open`].
    pub async fn open_waiting(path: &Path, key: &CacheKey, owner: Owner, wait: Wait) -> Result<Self, CacheError> {
        let (commits, _) = broadcast::channel(COMMITS_KEPT);
        let writer = Writer::start(path.to_owned(), key.clone(), owner, commits.clone(), wait).await?;
        let readers = Readers::start(path, key, READERS, wait).await?;
        let cache = Self {
            inner: Arc::new(Inner {
                writer,
                readers,
                memory: Arc::default(),
                commits,
                receipts: AtomicU64::new(0),
                path: path.to_owned(),
            }),
        };
        cache.recover().await?;
        Ok(cache)
    }

    /// Every commit from now on, as keys of what became stale.
    pub fn commits(&self) -> broadcast::Receiver<Commit> {
        self.inner.commits.subscribe()
    }

    /// Ends all work on the file and closes it. Later calls answer [`CacheError::Closed`]. The writer goes last: the last
    /// connection to go is the one that folds the write-ahead log into the file, and a reader cannot.
    pub async fn close(&self) {
        self.inner.readers.close().await;
        self.inner.writer.close().await;
    }

    /// Writes a cache file that nobody has open anew under another key. Whole or not at all, whenever the power goes.
    ///
    /// # Errors
    /// When the file is not under the key `from`, or the disk does not let it be.
    pub async fn change_key(path: &Path, from: &CacheKey, to: &CacheKey) -> Result<(), CacheError> {
        let (path, from, to) = (path.to_owned(), from.clone(), to.clone());
        tokio::task::spawn_blocking(move || connection::change_key(&path, &from, &to))
            .await
            .map_err(|_| CacheError::Closed)?
    }

    /// Acts that were kept in a cache file that can no longer be used as a whole; what can be read of them.
    ///
    /// # Errors
    /// When nothing at all can be read.
    pub async fn salvage(path: &Path, key: &CacheKey) -> Result<Vec<OutboxItem>, CacheError> {
        let (path, key) = (path.to_owned(), key.clone());
        let read = move || {
            let connection = connection::open_reader(&path, &key)?;
            table::outbox::all(&connection)
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| CacheError::Closed)?
    }
}
