//! The threads that touch the file. SQLite never runs on the async runtime's threads.

use super::commit::Commit;
use super::connection::{self, CacheKey};
use super::error::CacheError;
use super::{Owner, table};
use rusqlite::Connection;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::sync::{broadcast, oneshot};

/// Who waits for a write: a person's act goes ahead of what the sync brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Priority {
    Person,
    Sync,
}

type WriteJob = Box<dyn FnOnce(&mut Connection) -> Option<Commit> + Send>;
type ReadJob = Box<dyn FnOnce(&mut Connection) + Send>;

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
    ended: tokio::sync::Mutex<Option<oneshot::Receiver<()>>>,
}

impl Writer {
    pub(super) async fn start(
        path: PathBuf,
        key: CacheKey,
        owner: Owner,
        commits: broadcast::Sender<Commit>,
    ) -> Result<Self, CacheError> {
        let queue: Arc<Queue<WriteJob>> = Queue::new();
        let (opened, opening) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let jobs = Arc::clone(&queue);
        spawn("cache-writer", move || {
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
                if let Some(commit) = job(&mut connection) {
                    // No listener is no error: windows may not be open yet.
                    let _ = commits.send(commit);
                }
            }
            if let Err((_, error)) = connection.close() {
                tracing::warn!(%error, "the cache file was not closed cleanly");
            }
            let _ = end.send(());
        })?;
        opening.await.map_err(|_| CacheError::Closed)??;
        Ok(Self {
            queue,
            ended: tokio::sync::Mutex::new(Some(ended)),
        })
    }

    /// Runs a write. What it answers beside its value is told to the listeners, after the commit.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        write: impl FnOnce(&mut Connection) -> Result<(T, Option<Commit>), CacheError> + Send + 'static,
    ) -> Result<T, CacheError> {
        let (answer, answered) = oneshot::channel();
        let job: WriteJob = Box::new(move |connection| match write(connection) {
            Ok((value, commit)) => {
                let _ = answer.send(Ok(value));
                commit
            }
            Err(error) => {
                let _ = answer.send(Err(error));
                None
            }
        });
        self.queue.push(priority, job)?;
        answered.await.map_err(|_| CacheError::Closed)?
    }

    pub(super) async fn close(&self) {
        self.queue.close();
        if let Some(ended) = self.ended.lock().await.take() {
            let _ = ended.await;
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// A few threads that read.
pub(super) struct Readers {
    queue: Arc<Queue<ReadJob>>,
}

impl Readers {
    pub(super) async fn start(path: &Path, key: &CacheKey, count: usize) -> Result<Self, CacheError> {
        let queue: Arc<Queue<ReadJob>> = Queue::new();
        for _ in 0..count {
            let (opened, opening) = oneshot::channel();
            let (path, key, jobs) = (path.to_owned(), key.clone(), Arc::clone(&queue));
            spawn("cache-reader", move || {
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
            opening.await.map_err(|_| CacheError::Closed)??;
        }
        Ok(Self { queue })
    }

    pub(super) async fn run<T: Send + 'static, E: From<CacheError> + Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let (answer, answered) = oneshot::channel();
        let job: ReadJob = Box::new(move |connection| {
            let _ = answer.send(read(connection));
        });
        self.queue.push(Priority::Person, job)?;
        answered.await.map_err(|_| E::from(CacheError::Closed))?
    }

    pub(super) fn close(&self) {
        self.queue.close();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), CacheError> {
    let spawned = std::thread::Builder::new().name(name.into()).spawn(run);
    spawned
        .map(drop)
        .map_err(|error| CacheError::Inaccessible(error.to_string()))
}
