//! Whether hints hold what they promise: measured, not believed.
//!
//! A change that a pull brings, which was committed more than two seconds ago and was never hinted, is a lost hint. A
//! proxy that buffers, or a server that forgets us, shows in this share long before a person notices.

use std::time::Duration;

/// A hint may take so long.
pub const GRACE: Duration = Duration::from_secs(2);
/// Above this share of lost hints the desk polls as if there were none …
pub const TOO_MANY: f64 = 0.1;
/// … until it has fallen to this. Between the two a share of few changes is mostly luck, and going to and fro would leave
/// the desk to unreliable hints half of the time.
pub const FEW: f64 = 0.02;
/// So many lost ones are remembered before they are a verdict: one or two among few are bad luck.
const FEWEST: f64 = 2.5;
const MEMORY: f64 = 0.98;

/// A running share of changes that came without a hint.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HintLoss {
    hinted: f64,
    lost: f64,
    doubted: bool,
}

impl HintLoss {
    /// One change arrived from elsewhere. `age` is how long ago the server committed it, by its own clock; `heard` how
    /// long ago the first hint came that led to this pull, if any did. A change that had waited for longer than a hint may
    /// take when that one came was hinted by none of its own: another's only brought it along.
    #[must_use]
    pub fn observe(self, age: Duration, heard: Option<Duration>) -> Self {
        let hinted = match heard {
            Some(heard) => age <= heard + GRACE,
            // Its hint may still be on the way.
            None if age <= GRACE => return self,
            None => false,
        };
        let one = |of: bool| if of { 1.0 } else { 0.0 };
        let mut next = Self {
            hinted: self.hinted * MEMORY + one(hinted),
            lost: self.lost * MEMORY + one(!hinted),
            doubted: self.doubted,
        };
        next.doubted = if self.doubted {
            next.share() > FEW
        } else {
            next.lost >= FEWEST && next.share() > TOO_MANY
        };
        next
    }

    /// The share of changes whose hint was lost, 0 to 1.
    pub fn share(self) -> f64 {
        let all = self.hinted + self.lost;
        if all > 0.0 { self.lost / all } else { 0.0 }
    }

    /// Whether hints can be relied on.
    pub const fn reliable(self) -> bool {
        !self.doubted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATE: Duration = Duration::from_secs(3);
    const SOON: Duration = Duration::from_millis(100);

    fn after(loss: HintLoss, hinted: impl IntoIterator<Item = bool>) -> HintLoss {
        hinted
            .into_iter()
            .fold(loss, |loss, hinted| loss.observe(LATE, hinted.then_some(LATE)))
    }

    #[test]
    fn more_than_a_tenth_lost_means_that_hints_are_not_relied_on() {
        let mostly = after(HintLoss::default(), (0..100).map(|n| n % 20 != 0));
        assert!(mostly.reliable(), "{}", mostly.share());
        let bad = after(HintLoss::default(), (0..100).map(|n| n % 4 != 0));
        assert!(!bad.reliable(), "{}", bad.share());
    }

    #[test]
    fn one_or_two_lost_among_the_first_are_no_verdict_and_three_are() {
        let unlucky = after(HintLoss::default(), [false, true, false, true]);
        assert!(unlucky.reliable(), "{}", unlucky.share());
        assert!(!after(unlucky, [false]).reliable());
    }

    #[test]
    fn hints_that_were_doubted_are_relied_on_again_only_once_hardly_any_is_lost() {
        let bad = after(HintLoss::default(), [false; 50]);
        assert!(!bad.reliable());
        let better = after(bad, (0..400).map(|n| n % 20 != 0));
        assert!(!better.reliable(), "{}", better.share());
        let mended = after(better, [true; 200]);
        assert!(mended.reliable(), "{}", mended.share());
    }

    #[test]
    fn a_change_whose_hint_may_still_come_says_nothing() {
        assert_eq!(
            HintLoss::default().observe(Duration::from_secs(1), None),
            HintLoss::default()
        );
    }

    #[test]
    fn a_change_that_only_came_along_with_anothers_hint_was_not_hinted() {
        let old = Duration::from_secs(60);
        assert!((HintLoss::default().observe(old, Some(SOON)).share() - 1.0).abs() < f64::EPSILON);
        // Its own hint is that old too: the pull had to wait.
        assert!(HintLoss::default().observe(old, Some(old)).share() < f64::EPSILON);
    }
}
