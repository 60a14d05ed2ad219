//! A desk as its server sees it: a connection of its own, pulls, and where it is told so an open stream of hints. It keeps
//! which rows it holds and nothing else, so that many fit into one process.

use crate::times::ms;
use deskbell_clinic::wire::{ChangeOp, ChangesPage};
use deskbell_core::sync::backoff;
use futures_util::StreamExt as _;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How a desk learns of changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// By the server's hints.
    Hints,
    /// By asking every so many seconds, spread by a tenth to either side as the cadence does.
    Polls(f64),
}

/// Milliseconds of every answer to `changes` that all desks got.
pub(crate) type Answers = Arc<Mutex<Vec<f64>>>;

pub(crate) struct LightDesk {
    http: reqwest::Client,
    url: String,
    token: String,
    cursor: Option<String>,
    /// Versions by id.
    pub(crate) rows: HashMap<Uuid, u32>,
    answers: Answers,
}

impl LightDesk {
    /// A desk that has read everything there is.
    pub(crate) async fn open(url: &str, token: &str, answers: Answers) -> Self {
        let mut desk = Self {
            http: reqwest::Client::new(),
            url: url.to_owned(),
            token: token.to_owned(),
            cursor: None,
            rows: HashMap::new(),
            answers: Answers::default(),
        };
        desk.pull().await.expect("the server answers");
        // The first reading is not what a desk does all day.
        desk.answers = answers;
        desk
    }

    /// Asks for what changed until there is no more.
    pub(crate) async fn pull(&mut self) -> reqwest::Result<()> {
        loop {
            let since = self.cursor.as_ref().map(|cursor| format!("?since={cursor}"));
            let url = format!("{}/v1/changes{}", self.url, since.unwrap_or_default());
            let asked = Instant::now();
            let answer = self.http.get(url).bearer_auth(&self.token).send().await?;
            let page: ChangesPage = answer.error_for_status()?.json().await?;
            self.answers.lock().expect("no desk panics").push(ms(asked.elapsed()));
            for change in page.changes {
                match change.op {
                    ChangeOp::Put => self.rows.insert(change.id, change.version),
                    _ => self.rows.remove(&change.id),
                };
            }
            self.cursor = Some(page.cursor);
            if !page.more {
                return Ok(());
            }
        }
    }

    /// Goes on until told to stop, through whatever happens to the server, and gives the desk back.
    pub(crate) async fn work(mut self, way: Way, stop: CancellationToken) -> Self {
        let mut failures = 0;
        while !stop.is_cancelled() {
            let went_well = match way {
                Way::Hints => self.listen(&stop).await,
                Way::Polls(seconds) => {
                    let pause = Duration::from_secs_f64(seconds * (0.9 + 0.2 * rand::random::<f64>()));
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = tokio::time::sleep(pause) => {}
                    }
                    self.pull().await
                }
            };
            failures = if went_well.is_ok() { 0 } else { failures + 1 };
            if failures > 0 {
                let pause = backoff::after_failure(failures, rand::random());
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
        self
    }

    /// Pulls once it hears, and at each hint, until the stream ends.
    async fn listen(&mut self, stop: &CancellationToken) -> reqwest::Result<()> {
        let request = self.http.get(format!("{}/v1/hints", self.url)).bearer_auth(&self.token);
        let answer = request.send().await?.error_for_status()?;
        self.pull().await?;
        let mut stream = answer.bytes_stream();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                part = stream.next() => match part {
                    // Heartbeats are comments; whatever else comes means that there is something.
                    Some(part) => if !part?.starts_with(b":") { self.pull().await? },
                    None => return Ok(()),
                },
            }
        }
    }
}
