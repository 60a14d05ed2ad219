//! The lock: after a time without input, or at once when asked, the desk answers nothing until its person is back.
//!
//! Who comes back proves that they are who they say (`proof`), also without a network.

use super::Desk;
use crate::settings::LockSettings;
use jiff::Timestamp;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// A sleeping computer's monotonic clock stands still, so the wall clock is looked at as often as this.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// How the desk stands towards whoever is in front of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockStage {
    /// It answers.
    #[default]
    Open,
    /// It answers, and locks in so many seconds unless somebody touches it.
    Warning {
        /// In steps of ten, rounded up.
        seconds: u32,
    },
    /// It answers nothing about the clinic.
    Locked,
}

/// What the time since the last input means, and when to look again; none when time alone changes nothing.
pub fn stage_after(idle: Duration, rule: LockSettings) -> (LockStage, Option<Duration>) {
    if rule.after_minutes == 0 {
        return (LockStage::Open, None);
    }
    let after = Duration::from_secs(u64::from(rule.after_minutes) * 60);
    let warn = after.saturating_sub(Duration::from_secs(u64::from(rule.warn_seconds)));
    let Some(left) = after.checked_sub(idle).filter(|left| !left.is_zero()) else {
        return (LockStage::Locked, None);
    };
    if idle < warn {
        return (LockStage::Open, Some(warn - idle));
    }
    let tens = u32::try_from(left.as_millis().div_ceil(10_000)).unwrap_or(u32::MAX);
    let next = left - Duration::from_secs(u64::from(tens.saturating_sub(1)) * 10);
    (LockStage::Warning { seconds: tens * 10 }, Some(next))
}

/// The watch over one desk's windows.
pub(super) struct Watch {
    stage: watch::Sender<LockStage>,
    touched: Mutex<Touched>,
    touched_now: Notify,
    /// One try at a time: several at once would each be counted from the same number.
    pub(super) trying: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy)]
struct Touched {
    at: Instant,
    wall: Timestamp,
}

impl Watch {
    pub(super) fn new(locked: bool, now: Timestamp) -> Self {
        let stage = if locked { LockStage::Locked } else { LockStage::Open };
        Self {
            stage: watch::Sender::new(stage),
            touched: Mutex::new(Touched {
                at: Instant::now(),
                wall: now,
            }),
            touched_now: Notify::new(),
            trying: tokio::sync::Mutex::default(),
        }
    }

    fn touch(&self, wall: Timestamp) {
        *self.touched.lock().unwrap_or_else(PoisonError::into_inner) = Touched {
            at: Instant::now(),
            wall,
        };
    }

    /// The longer of what the two clocks say: one stands still while the computer sleeps, the other can be set back.
    fn idle(&self, now: Timestamp) -> Duration {
        let touched = *self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        let wall = Duration::try_from(now.duration_since(touched.wall)).unwrap_or_default();
        wall.max(touched.at.elapsed())
    }

    fn set(&self, stage: LockStage) -> bool {
        self.stage
            .send_if_modified(|now| std::mem::replace(now, stage) != stage)
    }
}

impl Desk {
    /// How the desk stands towards whoever is in front of it.
    pub fn lock_stage(&self) -> watch::Receiver<LockStage> {
        self.inner.watch.stage.subscribe()
    }

    /// Whether it answers nothing now.
    pub fn is_locked(&self) -> bool {
        *self.inner.watch.stage.borrow() == LockStage::Locked
    }

    /// Somebody touched a window. Nothing opens a locked desk but [`Desk::come_in`].
    pub fn touch(&self) {
        if self.is_locked() {
            return;
        }
        self.inner.watch.touch(self.inner.clock.now());
        self.inner.watch.set(LockStage::Open);
        self.inner.watch.touched_now.notify_one();
    }

    /// Locks at once, also for the next start. With nobody signed in there is nothing to lock.
    pub fn lock(&self) {
        if self.account().is_some() && self.inner.watch.set(LockStage::Locked) {
            self.remember_locked(true);
            tracing::info!("locked");
        }
    }

    /// When it locks where the settings say nothing.
    pub(super) fn lock_unless_set(&self) -> LockSettings {
        match self.inner.practises {
            // Its people are invented, and whoever tries it has typed no password.
            true => LockSettings::NEVER,
            false => LockSettings::default(),
        }
    }

    /// Warns and locks as time goes by without input, for as long as the desk is there.
    pub async fn watch_idle(&self) {
        let watch = &self.inner.watch;
        loop {
            let set = self.inner.desktop.settings.borrow().lock;
            let rule = set.unwrap_or(self.lock_unless_set());
            let mut next = None;
            if self.account().is_some() && !self.is_locked() {
                let (stage, again) = stage_after(watch.idle(self.inner.clock.now()), rule);
                next = again;
                match stage {
                    LockStage::Locked => self.lock(),
                    other => drop(watch.set(other)),
                }
            }
            tokio::select! {
                () = tokio::time::sleep(next.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN)) => {}
                () = watch.touched_now.notified() => {}
            }
        }
    }

    /// The person is here: they have just proved it, or have left for good.
    pub(super) fn opened(&self) {
        self.inner.watch.touch(self.inner.clock.now());
        if self.inner.watch.set(LockStage::Open) {
            self.remember_locked(false);
        }
    }

    fn remember_locked(&self, locked: bool) {
        if let Err(error) = self.identity().remember_locked(&self.inner.folder, locked) {
            // The lock holds all the same; only the next start would not know.
            tracing::warn!(%error, "the lock is not kept for the next start");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: LockSettings = LockSettings {
        after_minutes: 10,
        warn_seconds: 60,
    };

    fn after(seconds: u64) -> (LockStage, Option<Duration>) {
        stage_after(Duration::from_secs(seconds), RULE)
    }

    #[test]
    fn it_warns_a_minute_ahead_counts_down_in_tens_and_locks() {
        assert_eq!(after(0), (LockStage::Open, Some(Duration::from_secs(540))));
        assert_eq!(after(539), (LockStage::Open, Some(Duration::from_secs(1))));
        let warned = |seconds| LockStage::Warning { seconds };
        assert_eq!(after(540), (warned(60), Some(Duration::from_secs(10))));
        assert_eq!(after(555), (warned(50), Some(Duration::from_secs(5))));
        assert_eq!(after(599), (warned(10), Some(Duration::from_secs(1))));
        assert_eq!(after(600), (LockStage::Locked, None));
        assert_eq!(after(80_000), (LockStage::Locked, None));
    }

    #[test]
    fn a_desk_that_never_locks_by_itself_stays_open() {
        let far = Duration::from_secs(1_000_000);
        assert_eq!(stage_after(far, LockSettings::NEVER), (LockStage::Open, None));
    }
}
