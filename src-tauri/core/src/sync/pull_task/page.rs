//! One page: asked for, judged, and taken in.

use super::Puller;
use crate::backend::{BackendError, Interest, Pull};
use crate::cache::{CacheError, Pulled};
use deskbell_clinic::{Calendar, Kind, Row};
use std::time::Duration;
use tokio::time::Instant;

/// A reading of everything, begun without a cursor. It is shown only when it is whole; one that is interrupted by the end
/// of the program begins again.
#[derive(Debug, Default)]
pub(super) struct Reading {
    cursor: Option<String>,
    pages: u32,
}

/// What a page was.
pub(super) struct Page {
    /// How many rows it held.
    pub(super) changes: usize,
    /// Whether there is more right now.
    pub(super) more: bool,
    /// Whether the conversation has come on by it.
    pub(super) progress: bool,
}

/// Why there was none.
pub(super) enum Trouble {
    Backend(BackendError),
    Cache(CacheError),
    Circles,
}

impl From<BackendError> for Trouble {
    fn from(error: BackendError) -> Self {
        Trouble::Backend(error)
    }
}

impl From<CacheError> for Trouble {
    fn from(error: CacheError) -> Self {
        Trouble::Cache(error)
    }
}

impl Puller {
    /// Asks for the next page and takes it in.
    pub(super) async fn page(&mut self) -> Result<Page, Trouble> {
        let line = self.line.clone();
        let cursor = match &self.reading {
            Some(reading) => reading.cursor.clone(),
            None => line.cache.cursor().await?,
        };
        if self.guard.circles(cursor.as_deref(), Instant::now()) {
            return Err(Trouble::Circles);
        }
        if cursor.is_none() {
            self.reading = Some(Reading::default());
        }
        let hint = line.heard().unanswered.take();
        let receipts = line.cache.receipts();
        line.count_request();
        let asked_at = line.clock.now();
        let answer = line.backend.pull(cursor.as_deref(), &Interest::default()).await;
        if answer.as_ref().map_or(true, |page| page.more) {
            // The rest of what was hinted at is yet to come.
            let mut heard = line.heard();
            heard.unanswered = hint.or(heard.unanswered);
        }
        let page = match answer {
            // A cursor that the server cannot read is as good as one that expired.
            Err(BackendError::Invalid(_)) if cursor.is_some() => Err(BackendError::CursorExpired),
            answer => answer,
        }?;
        let (changes, more) = (page.changes.len(), page.more);
        // "More", at the same place or without a row, may be a circle and is no progress.
        let progress = !more || (changes > 0 && cursor.as_ref() != Some(&page.cursor));
        if self.reading.is_some() {
            self.stage(page.clone()).await?;
        } else {
            let known = line.cache.epoch().await?;
            if !known.is_empty() && known != page.epoch {
                tracing::warn!("the server's past is another one than before; everything is read anew");
                return Err(Trouble::Backend(BackendError::CursorExpired));
            }
            line.weigh_hints(&page, hint);
            self.learn(&page);
            let pulled = Pulled {
                page: page.clone(),
                device: line.device,
                first_sync: false,
                reader: line.reader(),
            };
            if line.cache.apply(pulled).await?.notices {
                line.news.notify_one();
            }
        }
        self.take_calendar(&page);
        self.server_asks = Duration::from_millis(page.next_poll_ms.into());
        line.answered(&page, asked_at);
        self.upkeep.keep_offset(&line).await?;
        if self.reading.is_none() && self.upkeep.check(&line, &page, receipts).await? {
            return Err(Trouble::Backend(BackendError::CursorExpired));
        }
        Ok(Page {
            changes,
            more,
            progress,
        })
    }

    /// Takes a page of a new reading in; the last one brings it to light.
    async fn stage(&mut self, page: Pull) -> Result<(), CacheError> {
        let Some(reading) = &mut self.reading else {
            return Ok(());
        };
        let (epoch, cursor, more) = (page.epoch.clone(), page.cursor.clone(), page.more);
        self.line.cache.stage(page, reading.pages == 0).await?;
        reading.pages += 1;
        if more {
            reading.cursor = Some(cursor);
        } else {
            tracing::info!(pages = reading.pages, "everything was read");
            self.line.cache.swap(epoch, cursor).await?;
            self.reading = None;
        }
        Ok(())
    }

    fn learn(&mut self, page: &Pull) {
        let now = Instant::now();
        let changes = u32::try_from(page.changes.len()).unwrap_or(u32::MAX);
        self.rate = self.rate.observe(changes, now.saturating_duration_since(self.rate_at));
        self.rate_at = now;
        if changes > 0 {
            self.last_change = Some(now);
        }
    }

    fn take_calendar(&self, page: &Pull) {
        let clinic = page.changes.iter().find(|change| change.kind == Kind::Clinic);
        let row = clinic.and_then(|change| Row::read(Kind::Clinic, change.body.as_ref()?).ok());
        if let Some(Row::Clinic(clinic)) = row {
            self.line
                .set_calendar(Calendar::new(&clinic.zone, clinic.opening_hours).ok());
        }
    }
}
