//! What the time is. A test sets it; everyone else takes the computer's.

use jiff::Timestamp;
use std::sync::Arc;

/// A source of the time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    simulated: bool,
}

impl Clock {
    /// The computer's clock.
    pub fn system() -> Self {
        Self::saying(Timestamp::now)
    }

    /// A clock that says what `now` says.
    pub fn saying(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            now: Arc::new(now),
            simulated: false,
        }
    }

    /// The same in simulated time: the runtime's clock jumps to the next deadline whenever nothing runs on it, so the
    /// database's threads are waited for without letting it idle.
    #[must_use]
    pub fn simulated(self) -> Self {
        Self {
            simulated: true,
            ..self
        }
    }

    /// What the time is.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    pub(crate) const fn is_simulated(&self) -> bool {
        self.simulated
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
