//! What is looked after between pulls: that the cache holds what the server says it should, and that old rows go.
//!
//! A digest that does not agree means that a row was lost or changed behind our back: a damaged file, or a bug on either
//! side. Everything is read anew then, beside what is shown; rows refer to each other across kinds, so one kind alone would
//! not be whole. A digest that disagrees even then is told once, and the next new reading waits longer each time: whatever
//! is wrong, the desk never reads in circles.

use super::line::Line;
use crate::backend::Pull;
use crate::cache::CacheError;
use deskbell_clinic::digest::utc_day;
use deskbell_clinic::wire::DAYS_BACK;
use jiff::SignedDuration;
use std::time::Duration;
use tokio::time::Instant;

/// How long after a repair that did not help the next is tried; twice as long each time.
const AGAIN: Duration = Duration::from_secs(3_600);
/// Never longer.
const AGAIN_AT_LATEST: Duration = Duration::from_secs(24 * 3_600);
/// How often old rows are looked for.
const LET_GO_EVERY: Duration = Duration::from_secs(6 * 3_600);

/// What to do about a digest that disagrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Read everything anew.
    ReadAnew,
    /// It was read anew, and that did not help. `first` when that was not told yet.
    Leave {
        /// Whether it is time to tell.
        first: bool,
    },
}

/// How digests turned out so far. Pure: time is an argument.
#[derive(Clone, Copy, Debug, Default)]
pub struct Repairs {
    tried: u32,
    told: bool,
    not_before: Option<Instant>,
}

impl Repairs {
    /// The cache is level.
    pub const fn agrees(&mut self) {
        *self = Self {
            tried: 0,
            told: false,
            not_before: None,
        };
    }

    /// The cache is not.
    pub fn differs(&mut self, now: Instant) -> Repair {
        if self.not_before.is_some_and(|at| now < at) {
            let first = !self.told;
            self.told = true;
            return Repair::Leave { first };
        }
        let doubled = AGAIN.saturating_mul(1_u32.checked_shl(self.tried).unwrap_or(u32::MAX));
        self.not_before = Some(now + doubled.min(AGAIN_AT_LATEST));
        self.tried = self.tried.saturating_add(1);
        Repair::ReadAnew
    }
}

/// The pulling task's care for the cache.
pub(crate) struct Upkeep {
    repairs: Repairs,
    let_go_at: Instant,
    /// The clock's offset as it is on the disk.
    offset: Option<SignedDuration>,
}

impl Upkeep {
    pub(crate) fn new() -> Self {
        Self {
            repairs: Repairs::default(),
            let_go_at: Instant::now(),
            offset: None,
        }
    }

    /// Remembers over the end of the program how far the server's clock is ahead, when that has changed.
    pub(crate) async fn keep_offset(&mut self, line: &Line) -> Result<(), CacheError> {
        let offset = line.status().borrow().server_offset;
        if self.offset != Some(offset) {
            line.cache.keep_clock_offset(offset).await?;
            self.offset = Some(offset);
        }
        Ok(())
    }

    /// Compares the cache with the page's digest, when it has one and nothing else came in since; answers whether
    /// everything is to be read anew. `receipts` were taken in before the page was asked for.
    pub(crate) async fn check(&mut self, line: &Line, page: &Pull, receipts: u64) -> Result<bool, CacheError> {
        if page.digest.is_empty() || page.more {
            return Ok(false);
        }
        let (digest, cursor) = (page.digest.clone(), page.cursor.clone());
        let Some(differing) = line.cache.differing(digest, cursor, receipts).await? else {
            return Ok(false);
        };
        if differing.is_empty() {
            self.repairs.agrees();
            line.set_rows_differ(false);
            return Ok(false);
        }
        match self.repairs.differs(Instant::now()) {
            Repair::ReadAnew => {
                tracing::warn!(kinds = ?differing, "the cache is not as the server says; everything is read anew");
                Ok(true)
            }
            Repair::Leave { first } => {
                if first {
                    tracing::error!(kinds = ?differing, "the cache is not as the server says, also after reading it anew");
                }
                line.set_rows_differ(true);
                Ok(false)
            }
        }
    }

    /// Lets go of rows that have left the window, now and then.
    pub(crate) async fn let_go(&mut self, line: &Line) -> Result<(), CacheError> {
        if Instant::now() < self.let_go_at {
            return Ok(());
        }
        self.let_go_at = Instant::now() + LET_GO_EVERY;
        // A day more than the server looks back, so that a digest never counts what was let go.
        let before = utc_day(line.now()) - DAYS_BACK - 1;
        while line.cache.let_go(before).await? {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_digest_that_stays_wrong_is_told_once_and_repaired_ever_more_seldom() {
        let (mut repairs, mut now) = (Repairs::default(), Instant::now());
        assert_eq!(repairs.differs(now), Repair::ReadAnew);
        assert_eq!(repairs.differs(now), Repair::Leave { first: true });
        let mut waits = vec![];
        let mut waited = Duration::ZERO;
        while waits.len() < 7 {
            now += Duration::from_secs(600);
            waited += Duration::from_secs(600);
            match repairs.differs(now) {
                Repair::ReadAnew => waits.push(std::mem::take(&mut waited).as_secs() / 3_600),
                told => assert_eq!(told, Repair::Leave { first: false }, "it is told once"),
            }
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 24, 24]);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_digest_that_agrees_the_next_that_does_not_is_repaired_at_once() {
        let (mut repairs, now) = (Repairs::default(), Instant::now());
        repairs.differs(now);
        repairs.differs(now);
        repairs.agrees();
        assert_eq!(repairs.differs(now), Repair::ReadAnew);
        assert_eq!(repairs.differs(now), Repair::Leave { first: true });
    }
}
