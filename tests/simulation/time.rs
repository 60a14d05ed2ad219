//! The world's time. The runtime's clock is paused, so it stands still while anything runs and jumps to the next deadline
//! when nothing does; the wall clocks follow it, each with what it is wrong by.

use deskbell_core::sync::clock::WallClock;
use deskbell_core::sync::network::{Network, Route};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// Monday, nine in the morning in Manila.
pub(crate) const MORNING: &str = "2026-11-23T01:00:00Z";

/// The true time, as the server knows it.
pub(crate) struct WorldTime {
    runtime: Handle,
    start: Instant,
    /// Milliseconds that passed while every desk's computer slept.
    slept: AtomicI64,
}

impl WorldTime {
    /// Begins now, in a runtime whose clock is paused.
    pub(crate) fn begin() -> Arc<Self> {
        Arc::new(Self {
            runtime: Handle::current(),
            start: Instant::now(),
            slept: AtomicI64::new(0),
        })
    }

    /// Virtual time since the beginning, without sleeps. Also right on the databases' threads, which are outside the
    /// runtime.
    pub(crate) fn elapsed(&self) -> Duration {
        let _inside = self.runtime.enter();
        self.start.elapsed()
    }

    pub(crate) fn now(&self) -> Timestamp {
        let morning: Timestamp = MORNING.parse().expect("a constant");
        let slept = SignedDuration::from_millis(self.slept.load(Ordering::SeqCst));
        morning + SignedDuration::try_from(self.elapsed()).expect("a simulation is short") + slept
    }

    /// All desks' computers sleep: the wall clocks go on, the monotonic one does not.
    pub(crate) fn sleep(&self, time: SignedDuration) {
        let millis = i64::try_from(time.as_millis()).expect("a night");
        self.slept.fetch_add(millis, Ordering::SeqCst);
    }
}

/// Chance that depends on the instant and on what it is drawn for, and not on who drew before: which of several tasks
/// that are woken at one instant runs first is tokio's own, unseeded choice.
pub(crate) fn drawn(seed: u64, at: Duration, what: &str) -> StdRng {
    let mut hasher = DefaultHasher::new();
    (seed, at.as_millis(), what).hash(&mut hasher);
    StdRng::seed_from_u64(hasher.finish())
}

/// One desk's computer: its clock may be wrong, and its chance is the seed's.
pub(crate) struct DeskClock {
    world: Arc<WorldTime>,
    wrong_by: AtomicI64,
    seed: u64,
}

impl DeskClock {
    pub(crate) fn new(world: &Arc<WorldTime>, seed: u64) -> Arc<Self> {
        Arc::new(Self {
            world: world.clone(),
            wrong_by: AtomicI64::new(0),
            seed,
        })
    }

    /// Somebody sets the computer's clock, to so much before or after the true time.
    pub(crate) fn set(&self, wrong_by: SignedDuration) {
        let millis = i64::try_from(wrong_by.as_millis()).expect("a day");
        self.wrong_by.store(millis, Ordering::SeqCst);
    }
}

/// A cable that nobody touches.
pub(crate) struct Cable;

impl Network for Cable {
    fn route(&self) -> Route {
        Route {
            v4: Some(Ipv4Addr::LOCALHOST.into()),
            v6: None,
        }
    }
}

impl WallClock for DeskClock {
    fn now(&self) -> Timestamp {
        self.world.now() + SignedDuration::from_millis(self.wrong_by.load(Ordering::SeqCst))
    }

    fn chance(&self) -> f64 {
        drawn(self.seed, self.world.elapsed(), "chance").random()
    }

    fn is_simulated(&self) -> bool {
        true
    }
}
