//! What a look at the clocks and the network every few seconds tells: that the computer slept, that its clock was set, or
//! that it is in another network. Pure: what is seen is an argument.

use super::network::Route;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// The clocks agree to within this much.
const GAP: SignedDuration = SignedDuration::from_secs(4);

/// What happened since the last look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The wall clock went ahead of the monotonic one, which stands still while the computer sleeps. A clock that is set
    /// ahead looks alike, and is treated alike.
    Slept,
    /// The wall clock was set back: how far it is from the server's must be learnt anew.
    ClockSetBack,
    /// There is a way out, and another one than before.
    NetworkChanged,
}

/// One look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// By the monotonic clock.
    pub at: Instant,
    /// By the wall clock.
    pub wall: Timestamp,
    /// The way out.
    pub route: Route,
}

impl Look {
    /// What happened between an earlier look and this.
    pub fn since(&self, before: &Self) -> Option<Woken> {
        let monotonic =
            SignedDuration::try_from(self.at.saturating_duration_since(before.at)).unwrap_or(SignedDuration::MAX);
        let gap = self.wall.duration_since(before.wall).saturating_sub(monotonic);
        if gap > GAP {
            Some(Woken::Slept)
        } else if gap < -GAP {
            Some(Woken::ClockSetBack)
        } else if self.route.is_out() && self.route != before.route {
            Some(Woken::NetworkChanged)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    fn look(start: Instant, monotonic: u64, wall: i64, route: Route) -> Look {
        Look {
            at: start + Duration::from_secs(monotonic),
            wall: Timestamp::from_second(1_800_000_000 + wall).unwrap(),
            route,
        }
    }

    fn by(last: u8) -> Route {
        Route {
            v4: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))),
            v6: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wall_clock_ahead_of_the_monotonic_one_means_sleep_and_one_behind_that_it_was_set_back() {
        let start = Instant::now();
        let first = look(start, 0, 0, by(1));
        for (monotonic, wall, woken) in [
            (5, 5, None),
            (5, 8, None),
            (5, 10, Some(Woken::Slept)),
            (5, 8 * 3_600, Some(Woken::Slept)),
            (5, 0, Some(Woken::ClockSetBack)),
            (5, -86_400, Some(Woken::ClockSetBack)),
        ] {
            assert_eq!(
                look(start, monotonic, wall, by(1)).since(&first),
                woken,
                "{monotonic} {wall}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn another_way_out_is_a_change_and_the_loss_of_any_is_none() {
        let start = Instant::now();
        let seen = |before, now| look(start, 5, 5, now).since(&look(start, 0, 0, before));
        assert_eq!(seen(by(1), by(2)), Some(Woken::NetworkChanged));
        assert_eq!(seen(Route::default(), by(1)), Some(Woken::NetworkChanged), "it is back");
        assert_eq!(seen(by(1), Route::default()), None, "the next request finds that out");
        assert_eq!(seen(by(1), by(1)), None);
    }
}
