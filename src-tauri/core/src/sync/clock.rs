//! Time and chance, as an argument: tests, a computer's clock that is wrong, and a simulation all need them to be one.

use jiff::Timestamp;

/// What time it is on this computer, and what chance says.
pub trait WallClock: Send + Sync + 'static {
    /// Now, by this computer's clock, right or wrong.
    fn now(&self) -> Timestamp;

    /// A number for spreading waits, uniform in 0..1. A simulation draws it from its seed.
    fn chance(&self) -> f64 {
        rand::random()
    }

    /// Whether time is simulated. The runtime's clock then jumps to the next deadline whenever nothing runs on it, so
    /// work on the cache's threads must be waited for without letting it idle.
    fn is_simulated(&self) -> bool {
        false
    }
}

/// The computer's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl WallClock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
