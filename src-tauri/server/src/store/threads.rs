//! The threads that SQLite runs on.

use super::StoreError;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

/// What a thread does with its connection.
pub(super) type Job = Box<dyn FnOnce(&mut Connection) + Send>;

enum Message {
    Run(Job),
    Stop,
}

/// One writer and several readers, each thread with a connection of its own.
pub(super) struct Threads {
    writer: mpsc::Sender<Message>,
    readers: mpsc::Sender<Message>,
    reader_count: usize,
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Threads {
    pub(super) fn start(writer: Connection, readers: Vec<Connection>) -> Self {
        let (to_writer, writer_jobs) = mpsc::channel();
        let (to_readers, reader_jobs) = mpsc::channel();
        let reader_jobs = Arc::new(Mutex::new(reader_jobs));
        let reader_count = readers.len();
        let mut running = vec![spawn("clinic-writer", writer, Arc::new(Mutex::new(writer_jobs)))];
        running.extend(
            readers
                .into_iter()
                .map(|reader| spawn("clinic-reader", reader, reader_jobs.clone())),
        );
        Self {
            writer: to_writer,
            readers: to_readers,
            reader_count,
            running: Mutex::new(running.into_iter().flatten().collect()),
        }
    }

    pub(super) fn read(&self, job: Job) -> Result<(), StoreError> {
        self.readers.send(Message::Run(job)).map_err(|_| StoreError::Closed)
    }

    pub(super) fn write(&self, job: Job) -> Result<(), StoreError> {
        self.writer.send(Message::Run(job)).map_err(|_| StoreError::Closed)
    }

    /// Waits for what was asked before; blocks.
    pub(super) fn stop(&self) {
        // A thread that has ended already needs no message.
        for _ in 0..self.reader_count {
            let _ = self.readers.send(Message::Stop);
        }
        let _ = self.writer.send(Message::Stop);
        let running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in running {
            let _ = thread.join();
        }
    }
}

fn spawn(name: &str, mut connection: Connection, jobs: Arc<Mutex<mpsc::Receiver<Message>>>) -> Option<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            loop {
                // The lock is held while waiting: whoever has it takes the next job, the others queue for the lock.
                let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                match next {
                    // A panic in a job loses that request (its transaction rolls back), not the thread.
                    Ok(Message::Run(job)) => {
                        if catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() {
                            tracing::error!("a database job panicked; it was rolled back");
                        }
                    }
                    Ok(Message::Stop) | Err(_) => return,
                }
            }
        })
        .map_err(|error| tracing::error!(%error, "a database thread could not be started"))
        .ok()
}
