//! How long to leave a server alone that did not answer well. Pure: chance is an argument, uniform in 0..1.

use std::time::Duration;

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

    #[test]
    fn the_ceiling_doubles_from_one_second_to_a_minute() {
        let waits: Vec<_> = (1..=8).map(|failures| after_failure(failures, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
