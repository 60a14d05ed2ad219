//! Repeated measurements of one thing.

use std::time::{Duration, SystemTime};

/// Milliseconds, in order.
pub(crate) struct Times(Vec<f64>);

impl Times {
    /// Of measurements in milliseconds.
    ///
    /// # Panics
    /// Of none.
    pub(crate) fn of(mut measured: Vec<f64>) -> Self {
        assert!(!measured.is_empty(), "nothing was measured");
        measured.sort_by(f64::total_cmp);
        Self(measured)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> f64 {
        self.at(50)
    }

    /// What 95 of 100 stay within.
    pub(crate) fn p95(&self) -> f64 {
        self.at(95)
    }

    /// How many there are.
    pub(crate) fn n(&self) -> usize {
        self.0.len()
    }

    /// The nearest rank: a value that was really measured, never one between two.
    fn at(&self, percent: usize) -> f64 {
        self.0[(self.0.len() * percent).div_ceil(100) - 1]
    }
}

/// A duration in milliseconds.
pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Milliseconds since 1970, the clock that pages have as `performance.timeOrigin + performance.now()`.
pub(crate) fn now() -> f64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    ms(since.expect("it is later than 1970"))
}
