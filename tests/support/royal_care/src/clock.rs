//! The clinic's clock. Tokens lapse, lock-outs end and "today" turns by it, so a test can move it instead of waiting.
//!
//! It follows tokio's clock: in a test with paused time it advances with that time, everywhere else with the real one.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

/// What the service reads the time from. Clones share one clock.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Set>>);

#[derive(Debug)]
struct Set {
    /// The time that was on the clock at `when`.
    at: Timestamp,
    when: Instant,
}

impl Clock {
    /// A clock that shows `at` now and goes on from there.
    #[must_use]
    pub fn from(at: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Set {
            at,
            when: Instant::now(),
        })))
    }

    /// The time on it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let set = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        set.at + SignedDuration::try_from(set.when.elapsed()).unwrap_or(SignedDuration::ZERO)
    }

    /// Puts it to `at`, from where it goes on.
    pub fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Set {
            at,
            when: Instant::now(),
        };
    }

    /// Moves it on by `by`, or back when negative.
    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now() + by);
    }
}

/// Manila has no daylight saving: its zone is this offset.
const MANILA: Offset = Offset::constant(8);

/// The wall clock in Manila at an instant.
pub(crate) fn manila(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::fixed(MANILA)).datetime()
}

/// The day in Manila at an instant.
pub(crate) fn manila_day(at: Timestamp) -> Date {
    manila(at).date()
}

/// The instant of a wall clock in Manila.
pub(crate) fn instant(at: DateTime) -> Timestamp {
    MANILA.to_timestamp(at).unwrap_or(Timestamp::MAX)
}

/// As HTTP answers print an instant: Manila's offset, microseconds unless there are none.
pub(crate) fn over_http(at: Timestamp) -> String {
    format!("{}+08:00", naive(manila(at)))
}

/// As socket messages print an instant: UTC.
pub(crate) fn over_socket(at: Timestamp) -> String {
    format!("{}+00:00", naive(at.to_zoned(TimeZone::UTC).datetime()))
}

/// As heartbeats print the time: Manila's wall clock without saying so.
pub(crate) fn naive(at: DateTime) -> String {
    match at.subsec_nanosecond() / 1000 {
        0 => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        micros => format!("{}.{micros:06}", at.strftime("%Y-%m-%dT%H:%M:%S")),
    }
}
