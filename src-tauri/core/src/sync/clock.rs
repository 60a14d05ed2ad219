//! The wall clock, as an argument: tests and a computer's clock that is wrong both need it to be one.

use jiff::Timestamp;

/// What time it is on this computer.
pub trait WallClock: Send + Sync + 'static {
    /// Now, by this computer's clock, right or wrong.
    fn now(&self) -> Timestamp;
}

/// The computer's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl WallClock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
