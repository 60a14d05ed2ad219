//! The threads that touch the file. SQLite never runs on the async runtime's threads. A panic in a job ends that job,
//! with its transaction rolled back, and never the thread: the jobs behind it would wait for ever.

use super::commit::Commit;
use super::connection::{self, CacheKey};
use super::error::CacheError;
use super::{Owner, table};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{broadcast, oneshot};

/// Who waits for a write: a person's act goes ahead of what the sync brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Priority {
    Person,
    Sync,
}

type WriteJob = Box<dyn FnOnce(&mut Connection) + Send>;
type ReadJob = Box<dyn FnOnce(&mut Connection) + Send>;

/// How whoever asks for a job waits for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wait {
    /// The runtime goes on with other tasks.
    #[default]
    Yielding,
    /// The runtime stands still: in simulated time a job takes no time, and jobs never overtake each other.
    StandingStill,
}

impl Wait {
    async fn wait<T: Send>(self, answered: oneshot::Receiver<T>) -> Result<T, CacheError> {
        let answer = match self {
            Wait::Yielding => answered.await.ok(),
            // A runtime's own thread may not block on a channel, so another does, and this one joins it.
            Wait::StandingStill => std::thread::scope(|scope| {
                let waiting = scope.spawn(|| answered.blocking_recv());
                waiting.join().ok().and_then(Result::ok)
            }),
        };
        answer.ok_or(CacheError::Closed)
    }
}

/// Threads that are waited for: SQLCipher's cipher library is taken down as the process ends, and a thread that still
/// closes its connection then would crash it.
#[derive(Default)]
struct Crew(Mutex<Vec<JoinHandle<()>>>);

impl Crew {
    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), CacheError> {
        let spawned = std::thread::Builder::new().name(name.into()).spawn(run);
        let thread = spawned.map_err(|error| CacheError::Inaccessible(error.to_string()))?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Waits until all have ended. Their queue must be closed before.
    fn join(&self) {
        let threads = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A job that holds the last handle to the cache drops it on its own thread, which cannot wait for itself.
            if thread.thread().id() != std::thread::current().id() && thread.join().is_err() {
                tracing::error!("a thread of the cache panicked");
            }
        }
    }
}

/// Runs a job whose panic is its own failure. Unwinding drops the job's transaction, which rolls it back, so that the
/// connection is as it was before.
fn contained<T>(job: impl FnOnce() -> Result<T, CacheError>) -> Result<T, CacheError> {
    catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|_| {
        tracing::error!("a job of the cache panicked");
        Err(CacheError::Interrupted)
    })
}

/// Jobs that wait, in two queues.
struct Queue<J> {
    state: Mutex<QueueState<J>>,
    ready: Condvar,
}

struct QueueState<J> {
    first: VecDeque<J>,
    then: VecDeque<J>,
    closed: bool,
}

impl<J> Queue<J> {
    fn new() -> Arc<Self> {
        let state = QueueState {
            first: VecDeque::new(),
            then: VecDeque::new(),
            closed: false,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            ready: Condvar::new(),
        })
    }

    fn push(&self, priority: Priority, job: J) -> Result<(), CacheError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err(CacheError::Closed);
        }
        match priority {
            Priority::Person => state.first.push_back(job),
            Priority::Sync => state.then.push_back(job),
        }
        self.ready.notify_one();
        Ok(())
    }

    /// The next job; none once the queue is closed and empty.
    fn pop(&self) -> Option<J> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = state.first.pop_front() {
                return Some(job);
            }
            if let Some(job) = state.then.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.ready.notify_all();
    }
}

/// The one thread that writes.
pub(super) struct Writer {
    queue: Arc<Queue<WriteJob>>,
    crew: Arc<Crew>,
    commits: broadcast::Sender<Commit>,
    wait: Wait,
}

impl Writer {
    pub(super) async fn start(
        path: PathBuf,
        key: CacheKey,
        owner: Owner,
        commits: broadcast::Sender<Commit>,
        wait: Wait,
    ) -> Result<Self, CacheError> {
        let queue: Arc<Queue<WriteJob>> = Queue::new();
        let (opened, opening) = oneshot::channel();
        let jobs = Arc::clone(&queue);
        let crew = Arc::<Crew>::default();
        crew.spawn("cache-writer", move || {
            let made = connection::open_writer(&path, &key).and_then(|mut connection| {
                table::meta::claim(&mut connection, owner)?;
                Ok(connection)
            });
            let mut connection = match made {
                Ok(connection) => connection,
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            let _ = opened.send(Ok(()));
            while let Some(job) = jobs.pop() {
                job(&mut connection);
            }
            if let Err((_, error)) = connection.close() {
                tracing::warn!(%error, "the cache file was not closed cleanly");
            }
        })?;
        let writer = Self {
            queue,
            crew,
            commits,
            wait,
        };
        wait.wait(opening).await??;
        Ok(writer)
    }

    /// Runs a write. What it answers beside its value is told to the listeners, after the commit and before whoever
    /// asked goes on.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        write: impl FnOnce(&mut Connection) -> Result<(T, Option<Commit>), CacheError> + Send + 'static,
    ) -> Result<T, CacheError> {
        let (answer, answered) = oneshot::channel();
        let commits = self.commits.clone();
        let job: WriteJob = Box::new(move |connection| {
            let written = contained(|| write(connection)).map(|(value, commit)| {
                if let Some(commit) = commit {
                    // No listener is no error: windows may not be open yet.
                    let _ = commits.send(commit);
                }
                value
            });
            let _ = answer.send(written);
        });
        self.queue.push(priority, job)?;
        self.wait.wait(answered).await?
    }

    pub(super) async fn close(&self) {
        self.queue.close();
        join_off_runtime(&self.crew).await;
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
        self.crew.join();
    }
}

/// A few threads that read.
pub(super) struct Readers {
    queue: Arc<Queue<ReadJob>>,
    crew: Arc<Crew>,
    wait: Wait,
}

impl Readers {
    pub(super) async fn start(path: &Path, key: &CacheKey, count: usize, wait: Wait) -> Result<Self, CacheError> {
        let readers = Self {
            queue: Queue::new(),
            crew: Arc::default(),
            wait,
        };
        for _ in 0..count {
            let (opened, opening) = oneshot::channel();
            let (path, key, jobs) = (path.to_owned(), key.clone(), Arc::clone(&readers.queue));
            readers.crew.spawn("cache-reader", move || {
                let mut connection = match connection::open_reader(&path, &key) {
                    Ok(connection) => connection,
                    Err(error) => {
                        let _ = opened.send(Err(error));
                        return;
                    }
                };
                let _ = opened.send(Ok(()));
                while let Some(job) = jobs.pop() {
                    job(&mut connection);
                }
            })?;
            wait.wait(opening).await??;
        }
        Ok(readers)
    }

    pub(super) async fn run<T: Send + 'static, E: From<CacheError> + Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (answer, answered) = oneshot::channel();
        let job: ReadJob = Box::new(move |connection| {
            let read = contained(|| Ok(read(connection)));
            let _ = answer.send(read.unwrap_or_else(|error| Err(E::from(error))));
        });
        self.queue.push(Priority::Person, job)?;
        self.wait.wait(answered).await?
    }

    pub(super) async fn close(&self) {
        self.queue.close();
        join_off_runtime(&self.crew).await;
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.close();
        self.crew.join();
    }
}

async fn join_off_runtime(crew: &Arc<Crew>) {
    let crew = Arc::clone(crew);
    if tokio::task::spawn_blocking(move || crew.join()).await.is_err() {
        tracing::error!("the cache's threads could not be waited for");
    }
}
