//! The one task that pulls. Whatever wakes it (a deadline, a hint, a person, a wake-up of the computer) leads to the same
//! pull, so that there is one way for rows to come in, and it may run once too often but never wrongly.

mod page;
#[cfg(test)]
mod tests;

use super::cadence::{self, ChangeRate, Situation};
use super::journal::Happening;
use super::line::Line;
use super::link::{self, LinkState};
use super::loop_guard::LoopGuard;
use super::upkeep::Upkeep;
use super::wake::{Look, Woken};
use crate::backend::BackendError;
use crate::cache::CacheError;
use jiff::SignedDuration;
use page::{Reading, Trouble};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

/// The longest sleep in one piece. The monotonic clock stands still while the computer sleeps, so a longer one would
/// oversleep by as much.
const NAP: Duration = Duration::from_secs(5);
/// After a wake-up the network needs a moment, and all desks of a clinic may wake together.
const WAKING: Duration = Duration::from_secs(2);

/// What a person is told of a conversation that goes in circles.
const CIRCLES: &str = "The clinic's server answers the same again and again. Deskbell leaves it alone for a while and tries \
                       again by itself.";

/// Pulls until the desk closes.
pub(crate) async fn run(line: Arc<Line>) {
    Puller::new(line).run().await;
}

struct Puller {
    line: Arc<Line>,
    guard: LoopGuard,
    /// Everything is being read anew, beside what is shown.
    reading: Option<Reading>,
    upkeep: Upkeep,
    rate: ChangeRate,
    rate_at: Instant,
    last_change: Option<Instant>,
    server_asks: Duration,
    failures: u32,
    /// When the current wait began; attention may shorten or lengthen it after that.
    waiting_since: Instant,
    /// The spread of the current wait, 0..1: drawn once, or each change of attention would draw again.
    chance: f64,
    next: Next,
    looked: Look,
}

/// What ends the current wait.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    /// The cadence.
    Cadence,
    /// This instant, whatever anybody wants: the server asked for it, or nothing answers.
    At(Instant),
    /// A person.
    SignIn,
}

impl Puller {
    fn new(line: Arc<Line>) -> Self {
        let now = Instant::now();
        Self {
            guard: LoopGuard::default(),
            reading: None,
            upkeep: Upkeep::new(),
            rate: ChangeRate::default(),
            rate_at: now,
            last_change: None,
            server_asks: Duration::ZERO,
            failures: 0,
            waiting_since: now,
            chance: cadence::first_phase(line.device),
            next: Next::At(now),
            looked: line.look(),
            line,
        }
    }

    async fn run(&mut self) {
        let line = self.line.clone();
        let (mut windows, mut settings) = (line.desktop.windows.subscribe(), line.desktop.settings.subscribe());
        loop {
            let deadline = self.deadline();
            let nap = Instant::now() + NAP;
            tokio::select! {
                biased;
                () = line.closing.cancelled() => break,
                () = line.pull_now.notified() => {
                    if self.must_wait() {
                        // Asked for now, it is made good as soon as the pause is over.
                        if let Some(until) = line.held_until() && self.next == Next::Cadence {
                            self.next = Next::At(until);
                        }
                        continue;
                    }
                }
                changed = windows.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    continue;
                }
                changed = settings.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    continue;
                }
                () = sleep_until(deadline.map_or(nap, |deadline| deadline.min(nap))) => {
                    if self.woke() {
                        continue;
                    }
                    if deadline.is_none_or(|deadline| Instant::now() < deadline) {
                        continue;
                    }
                }
            }
            tokio::select! {
                () = line.closing.cancelled() => break,
                () = self.level() => {}
            }
        }
        line.status().send_modify(|status| {
            status.link = LinkState::Closed;
            status.next_poll_at = None;
        });
    }

    /// Whether somebody's wish to pull now has to wait: the server asked for a pause, or the talk went in circles.
    fn must_wait(&self) -> bool {
        let paused = matches!(
            self.line.status().borrow().link,
            LinkState::Throttled | LinkState::Halted
        );
        self.line.held_until().is_some() || (paused && matches!(self.next, Next::At(at) if Instant::now() < at))
    }

    /// Whether the computer slept, its clock was set or its network changed. Then one pull follows, not quite at once: the
    /// network needs a moment, and all desks of a clinic may wake together.
    fn woke(&mut self) -> bool {
        let before = std::mem::replace(&mut self.looked, self.line.look());
        let Some(woken) = self.looked.since(&before) else {
            return false;
        };
        tracing::info!(?woken, "a pull is due");
        if woken != Woken::ClockSetBack {
            self.line.backend.drop_connections();
        }
        if self.next == Next::SignIn {
            return true;
        }
        if woken == Woken::Slept {
            self.line.stands(LinkState::Suspended, None);
        }
        self.next = Next::At(Instant::now() + WAKING.mul_f64(self.line.clock.chance()));
        true
    }

    /// When the current wait ends, by what is known now; told to the windows too.
    fn deadline(&self) -> Option<Instant> {
        let now = Instant::now();
        let interval = self.interval(now);
        let at = match self.next {
            Next::Cadence => {
                // Attention that fades by time alone makes the wait longer: that is seen at the next nap's end.
                Some(self.waiting_since + interval)
            }
            Next::At(at) => Some(at),
            Next::SignIn => None,
        };
        let at = at.map(|at| self.line.held_until().map_or(at, |held| held.max(at)));
        let wall = self.line.now();
        let next_poll_at = at.and_then(|at| wall.checked_add(at.saturating_duration_since(now)).ok());
        self.line.status().send_if_modified(|status| {
            let moved = match (status.next_poll_at, next_poll_at) {
                (Some(a), Some(b)) => a.duration_since(b).abs() > SignedDuration::from_millis(500),
                (a, b) => a != b,
            };
            if moved || status.interval != interval {
                status.next_poll_at = next_poll_at;
                status.interval = interval;
            }
            moved
        });
        at
    }

    fn interval(&self, now: Instant) -> Duration {
        let situation = Situation {
            attention: self.line.desktop.windows.borrow().attention(now),
            open: self
                .line
                .calendar()
                .is_none_or(|calendar| calendar.is_open(self.line.now())),
            rate: self.rate,
            since_change: self.last_change.map(|at| now.saturating_duration_since(at)),
            hinted: self.line.hinted(),
            server_asks: self.server_asks,
        };
        let mut intervals = self.line.desktop.settings.borrow().sync.intervals;
        if let Some(longest) = self.line.backend.abilities().active_interval {
            intervals = intervals.active_at_most(longest);
        }
        cadence::interval(&situation, &intervals, self.chance)
    }

    /// Pulls page after page until the cache is level with the server, or something is in the way.
    async fn level(&mut self) {
        loop {
            let began = Instant::now();
            let span = tracing::info_span!(
                "pull",
                duration_ms = tracing::field::Empty,
                changes = tracing::field::Empty
            );
            let outcome = self.page().instrument(span.clone()).await;
            span.record(
                "duration_ms",
                u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            );
            self.waiting_since = Instant::now();
            self.chance = self.line.clock.chance();
            match outcome {
                Ok(page) => {
                    span.record("changes", page.changes);
                    self.line.note(Happening::Polled {
                        took: began.elapsed(),
                        changes: u32::try_from(page.changes).unwrap_or(u32::MAX),
                    });
                    if page.progress {
                        self.failures = 0;
                    }
                    self.next = Next::Cadence;
                    if self.guard.is_barren(page.changes, page.more) {
                        self.halt();
                        return;
                    }
                    if !page.more {
                        if let Err(error) = self.upkeep.let_go(&self.line).await {
                            self.cache_failed(&error);
                        }
                        return;
                    }
                }
                Err(Trouble::Backend(BackendError::CursorExpired)) => {
                    self.line.failed(&BackendError::CursorExpired);
                    self.reading = Some(Reading::default());
                }
                Err(Trouble::Backend(error)) => {
                    span.in_scope(|| tracing::warn!(code = error.code(), "the pull brought nothing"));
                    self.put_off(&error);
                    return;
                }
                Err(Trouble::Cache(error)) => {
                    self.cache_failed(&error);
                    return;
                }
                Err(Trouble::Circles) => {
                    self.halt();
                    return;
                }
            }
        }
    }

    /// The server gives the same place again and again: it is left alone for a while.
    fn halt(&mut self) {
        tracing::warn!("the server gives the same place again and again; it is left alone for a while");
        self.failures += 1;
        self.line.stands(LinkState::Halted, Some(CIRCLES.to_owned()));
        let pause = super::backoff::after_throttle(None, self.failures, self.chance);
        self.next = Next::At(Instant::now() + self.line.retry_after(pause));
    }

    fn put_off(&mut self, error: &BackendError) {
        self.failures += 1;
        self.line.note(Happening::Failed(error.code()));
        self.line.hold(error);
        self.line.heed(error);
        self.line.failed(error);
        self.next = match link::retry_in(error, self.failures, self.chance) {
            Some(wait) => Next::At(Instant::now() + self.line.retry_after(wait)),
            None => Next::SignIn,
        };
    }

    /// The cache could not take a page: a full disk may have room again, so it is tried again like a lost network.
    fn cache_failed(&mut self, error: &CacheError) {
        self.failures += 1;
        tracing::error!(%error, "what the server sent could not be kept");
        self.line
            .status()
            .send_modify(|status| status.problem = Some(error.to_string()));
        self.next = Next::At(Instant::now() + super::backoff::after_failure(self.failures, self.chance));
    }
}
