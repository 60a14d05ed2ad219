//! The server's database: one SQLite file, one thread that writes, a few that read.
//!
//! All writes go through one thread and an IMMEDIATE transaction each, so what a write has checked (that a slot is
//! free, that a version still holds) stays true until it commits, and the change log's order is the commit order. No
//! SQLite call is ever made on the async runtime's threads.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod attempt;
pub(crate) mod audit;
pub(crate) mod change;
pub(crate) mod columns;
mod copy;
mod desk;
pub(crate) mod digest;
pub(crate) mod idempotency;
pub(crate) mod meta;
pub(crate) mod reference;
pub(crate) mod row;
pub(crate) mod session;
mod threads;
pub(crate) mod writing;

use crate::clock::Clock;
pub(crate) use copy::copy;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use threads::Threads;
use tokio::sync::{broadcast, oneshot};
pub(crate) use writing::{Author, Commit, Ended, Writing};

/// How many readers work at once.
const READERS: usize = 3;

/// How many commits a slow listener may fall behind before it is told only that it did.
const BACKLOG: usize = 256;

/// The key that a database file is encrypted with: 256 random bits, not a passphrase.
#[derive(Clone)]
pub struct DbKey([u8; 32]);

impl DbKey {
    /// The key of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for DbKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DbKey(***)")
    }
}

/// The database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not a database, or not one that this key opens.
    #[error(
        "{} is not a Deskbell database, or its key is another one; move it away to start with an empty one, or \
         restore it from a backup",
        .0.display()
    )]
    NotADatabase(PathBuf),
    /// The file was written by a newer program.
    #[error("{} was written by a newer deskbell-server; install that version to open it", .0.display())]
    Newer(PathBuf),
    /// The folder or file cannot be used.
    #[error("{} cannot be opened: {why}", .path.display())]
    Unusable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// No clinic was set up in this database yet.
    #[error("there is no clinic in this database yet: run `deskbell-server init` or `deskbell-server sample` first")]
    NoClinic,
    /// A row in the file is not readable.
    #[error("a stored {kind} is not readable: {why}")]
    Broken {
        /// What kind of row or column.
        kind: &'static str,
        /// What does not fit; never its content.
        why: String,
    },
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// SQLite failed.
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// The one handle to the database. Cloning it is cheap.
#[derive(Clone)]
pub struct Store {
    threads: Arc<Threads>,
    commits: broadcast::Sender<Arc<Commit>>,
    ended: broadcast::Sender<Ended>,
    clock: Clock,
}

impl Store {
    /// Opens the file, makes it when there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::NotADatabase`], [`StoreError::Newer`] or [`StoreError::Unusable`], each naming the file.
    pub(crate) async fn open(path: PathBuf, key: Option<DbKey>, clock: Clock) -> Result<Self, StoreError> {
        let (answer, opened) = oneshot::channel();
        std::thread::Builder::new()
            .name("clinic-open".into())
            .spawn(move || {
                // The caller may have gone; then nobody needs the threads.
                let _ = answer.send(open_all(&path, key.as_ref()));
            })
            .map_err(|_| StoreError::Closed)?;
        let (writer, readers) = wait(opened, &clock).await.ok_or(StoreError::Closed)??;
        Ok(Self {
            threads: Arc::new(Threads::start(writer, readers)),
            commits: broadcast::Sender::new(BACKLOG),
            ended: broadcast::Sender::new(BACKLOG),
            clock,
        })
    }

    /// Runs `work` on a reader's thread, in one transaction: all it sees is of one moment.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, done) = oneshot::channel();
        self.threads.read(Box::new(move |connection| {
            let result = connection
                .transaction()
                .map_err(|error| E::from(error.into()))
                .and_then(|transaction| work(&transaction));
            let _ = answer.send(result);
        }))?;
        wait(done, &self.clock)
            .await
            .unwrap_or_else(|| Err(StoreError::Closed.into()))
    }

    /// Runs `work` on the writer's thread, in one IMMEDIATE transaction that commits when it answers `Ok` and leaves
    /// no trace when it does not. Listeners hear of the commit after it is on the disk.
    pub(crate) async fn write<T, E>(
        &self,
        author: Author,
        work: impl FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, done) = oneshot::channel();
        let (commits, ended, clock) = (self.commits.clone(), self.ended.clone(), self.clock.clone());
        self.threads.write(Box::new(move |connection| {
            let result = run_write(connection, author, &clock, work).map(|(value, commit, sessions)| {
                if let Some(commit) = commit {
                    // No listener at all is no failure.
                    let _ = commits.send(Arc::new(commit));
                }
                for session in sessions {
                    let _ = ended.send(session);
                }
                value
            });
            let _ = answer.send(result);
        }))?;
        wait(done, &self.clock)
            .await
            .unwrap_or_else(|| Err(StoreError::Closed.into()))
    }

    /// Every commit from now on.
    pub(crate) fn commits(&self) -> broadcast::Receiver<Arc<Commit>> {
        self.commits.subscribe()
    }

    /// Every session that ends or changes from now on.
    pub(crate) fn ended(&self) -> broadcast::Receiver<Ended> {
        self.ended.subscribe()
    }

    /// What the time is for this store.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Finishes what was asked, folds the write-ahead log into the file and ends the threads. Later calls answer
    /// [`StoreError::Closed`].
    pub async fn close(&self) {
        let threads = self.threads.clone();
        // Joining blocks, so it has a thread of the blocking pool.
        let _ = tokio::task::spawn_blocking(move || threads.stop()).await;
    }
}

/// What a thread answers; none when it ended instead. In simulated time the runtime stands still meanwhile.
async fn wait<T: Send>(answer: oneshot::Receiver<T>, clock: &Clock) -> Option<T> {
    if clock.is_simulated() {
        // A runtime's own thread may not block on a channel, so another does, and this one joins it.
        std::thread::scope(|scope| scope.spawn(|| answer.blocking_recv()).join())
            .ok()
            .and_then(Result::ok)
    } else {
        answer.await.ok()
    }
}

type WriteResult<T, E> = Result<(T, Option<Commit>, Vec<Ended>), E>;

fn run_write<T, E: From<StoreError>>(
    connection: &mut Connection,
    author: Author,
    clock: &Clock,
    work: impl FnOnce(&Writing<'_>) -> Result<T, E>,
) -> WriteResult<T, E> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| E::from(error.into()))?;
    let writing = Writing::new(transaction, author, clock.now());
    let value = work(&writing)?;
    let (transaction, commit, ended) = writing.finish();
    transaction.commit().map_err(|error| E::from(error.into()))?;
    Ok((value, commit, ended))
}

fn open_all(path: &Path, key: Option<&DbKey>) -> Result<(Connection, Vec<Connection>), StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Unusable {
            path: folder.to_owned(),
            why: error.to_string(),
        })?;
    }
    make_private(path).map_err(|error| StoreError::Unusable {
        path: path.to_owned(),
        why: error.to_string(),
    })?;
    let mut writer = connect(path, key)?;
    writer.pragma_update(None, "cache_size", -65_536)?;
    Migrations::new(vec![
        M::up(meta::TABLE),
        M::up(account::TABLE),
        M::up(attempt::TABLE),
        M::up(session::TABLE),
        M::up(row::TABLE),
        M::up(reference::TABLE),
        M::up(change::TABLE),
        M::up(idempotency::TABLE),
        M::up(audit::TABLE),
        M::up_with_hook(digest::TABLE, |transaction| Ok(digest::fill(transaction)?)),
        M::up(desk::TABLE),
        M::up(session::REVOKED),
        M::up(accounts::KEPT),
    ])
    .to_latest(&mut writer)
    .map_err(|error| match error {
        rusqlite_migration::Error::MigrationDefinition(
            rusqlite_migration::MigrationDefinitionError::DatabaseTooFarAhead,
        ) => StoreError::Newer(path.to_owned()),
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => StoreError::Unusable {
            path: path.to_owned(),
            why: other.to_string(),
        },
    })?;
    let readers = (0..READERS)
        .map(|_| {
            let reader = connect(path, key)?;
            reader.pragma_update(None, "cache_size", -8_192)?;
            reader.pragma_update(None, "query_only", true)?;
            Ok(reader)
        })
        .collect::<Result<_, StoreError>>()?;
    Ok((writer, readers))
}

/// Makes the file, where there is none, so that only its owner reads it; SQLite gives its log files the same rights.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map(drop)
}

fn connect(path: &Path, key: Option<&DbKey>) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).map_err(|error| unusable(path, error))?;
    unlock(&connection, key)?;
    let prepare = |connection: &Connection| {
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(())
    };
    prepare(&connection).map_err(|error| unusable(path, error))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn unlock(connection: &Connection, key: Option<&DbKey>) -> Result<(), rusqlite::Error> {
    let Some(DbKey(bytes)) = key else { return Ok(()) };
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(64);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    // A wrong key is told to the caller; SQLCipher need not write it to standard error as well.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "key", format!("x'{hex}'"))
}

fn unusable(path: &Path, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::NotADatabase(path.to_owned()),
        Some(_) => StoreError::Unusable {
            path: path.to_owned(),
            why: error.to_string(),
        },
        None => error.into(),
    }
}
