//! How long to leave a server alone that did not answer well. Pure: chance is an argument, uniform in 0..1.

use std::time::Duration;
use tokio::time::Instant;

/// The first wait is at most this.
pub const FIRST: Duration = Duration::from_secs(1);
/// No wait of our own choosing is longer.
pub const LONGEST: Duration = Duration::from_secs(60);

/// After the network failed: anything up to twice as long as the time before ("full jitter"), so that desks that lost a
/// server together do not find it again together. `failures` counts from 1.
pub fn after_failure(failures: u32, chance: f64) -> Duration {
    let ceiling = FIRST
        .saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX))
        .min(LONGEST);
    // Never zero: a failed request must not be repeated in the same instant.
    ceiling.mul_f64(chance.clamp(0.0, 1.0)).max(Duration::from_millis(200))
}

/// After the server asked for a pause: all of it, and up to as much again as half of our own wait ("equal jitter").
pub fn after_throttle(retry_after: Option<Duration>, failures: u32, chance: f64) -> Duration {
    let own = FIRST
        .saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX))
        .min(LONGEST);
    retry_after.unwrap_or(own / 2) + (own / 2).mul_f64(chance.clamp(0.0, 1.0))
}

/// Repeats that the desk may make without a pause in between.
const REPEATS: f64 = 10.0;
/// One more is allowed each time this has passed.
const REFILL: Duration = Duration::from_secs(5);

/// What a desk may repeat: pulls, hints and acts together. Each has a back-off of its own; this bounds their sum when
/// everything fails at once.
#[derive(Clone, Copy, Debug)]
pub struct RetryBudget {
    left: f64,
    at: Option<Instant>,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            left: REPEATS,
            at: None,
        }
    }
}

impl RetryBudget {
    /// Takes one repeat; answers how long it must wait at least.
    pub fn take(&mut self, now: Instant) -> Duration {
        let refilled = self.at.map_or(0.0, |at| {
            now.saturating_duration_since(at).as_secs_f64() / REFILL.as_secs_f64()
        });
        self.left = (self.left + refilled).min(REPEATS) - 1.0;
        self.at = Some(now);
        // What is owed has to be waited for; never longer than any other wait.
        let owed = REFILL.mul_f64((-self.left).max(0.0)).min(LONGEST);
        self.left = self.left.max(-LONGEST.as_secs_f64() / REFILL.as_secs_f64());
        owed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_wait_is_never_zero_and_never_beyond_a_minute(failures in 1_u32.., chance in 0.0..1.0) {
            let wait = after_failure(failures, chance);
            prop_assert!(wait >= Duration::from_millis(200) && wait <= LONGEST);
        }

        #[test]
        fn a_pause_the_server_asked_for_is_never_cut_short(seconds in 0_u64..3_600, failures in 0_u32.., chance in 0.0..1.0) {
            let asked = Duration::from_secs(seconds);
            prop_assert!(after_throttle(Some(asked), failures, chance) >= asked);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn many_repeats_at_once_wait_for_each_other_and_few_do_not() {
        let mut budget = RetryBudget::default();
        let now = Instant::now();
        let waits: Vec<_> = (0..12).map(|_| budget.take(now).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 10]);
        assert_eq!(budget.take(now + REFILL * 4), Duration::ZERO, "time pays what is owed");
    }

    #[test]
    fn the_ceiling_doubles_from_one_second_to_a_minute() {
        let waits: Vec<_> = (1..=8).map(|failures| after_failure(failures, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
