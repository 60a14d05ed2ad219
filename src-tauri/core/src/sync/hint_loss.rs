//! Whether hints hold what they promise: measured, not believed.
//!
//! A change that a pull brings, which was committed more than two seconds ago and was never hinted, is a lost hint. A
//! proxy that buffers, or a server that forgets us, shows in this share long before a person notices.

use std::time::Duration;

/// A hint may take so long.
pub const GRACE: Duration = Duration::from_secs(2);
/// Above this share of lost hints the desk polls as if there were none.
pub const TOO_MANY: f64 = 0.1;
/// Changes remembered; a single unlucky one among few is no verdict.
const FEWEST: f64 = 5.0;
const MEMORY: f64 = 0.98;

/// A running share of changes that came without a hint.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HintLoss {
    hinted: f64,
    lost: f64,
}

impl HintLoss {
    /// One change arrived from elsewhere. `age` is how long ago the server committed it, by its own clock.
    #[must_use]
    pub fn observe(self, hinted: bool, age: Duration) -> Self {
        let faded = Self {
            hinted: self.hinted * MEMORY,
            lost: self.lost * MEMORY,
        };
        match (hinted, age > GRACE) {
            (true, _) => Self {
                hinted: faded.hinted + 1.0,
                ..faded
            },
            (false, true) => Self {
                lost: faded.lost + 1.0,
                ..faded
            },
            // Its hint may still be on the way.
            (false, false) => self,
        }
    }

    /// The share of changes whose hint was lost, 0 to 1.
    pub fn share(self) -> f64 {
        let all = self.hinted + self.lost;
        if all > 0.0 { self.lost / all } else { 0.0 }
    }

    /// Whether hints can be relied on.
    pub fn reliable(self) -> bool {
        self.hinted + self.lost < FEWEST || self.share() <= TOO_MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATE: Duration = Duration::from_secs(3);

    #[test]
    fn more_than_a_tenth_lost_means_that_hints_are_not_relied_on() {
        let mostly = (0..100).fold(HintLoss::default(), |loss, n| loss.observe(n % 20 != 0, LATE));
        assert!(mostly.reliable(), "{}", mostly.share());
        let bad = (0..100).fold(HintLoss::default(), |loss, n| loss.observe(n % 4 != 0, LATE));
        assert!(!bad.reliable(), "{}", bad.share());
    }

    #[test]
    fn hints_that_work_again_are_relied_on_again() {
        let bad = (0..50).fold(HintLoss::default(), |loss, _| loss.observe(false, LATE));
        assert!(!bad.reliable());
        let mended = (0..200).fold(bad, |loss, _| loss.observe(true, LATE));
        assert!(mended.reliable(), "{}", mended.share());
    }

    #[test]
    fn a_change_whose_hint_may_still_come_says_nothing() {
        assert_eq!(
            HintLoss::default().observe(false, Duration::from_secs(1)),
            HintLoss::default()
        );
    }
}
