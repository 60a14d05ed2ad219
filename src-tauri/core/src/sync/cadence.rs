//! When to ask the server next.
//!
//! Asking costs; not asking shows people old facts. With changes arriving at rate λ and a person's attention w, the mean
//! cost of an interval T is c/T + w·λ·T/2, which is least at T* = sqrt(2c / (w·λ)). That is clamped to what a person in
//! that place would find prompt, raised to what the server asks for, and spread so that a clinic's desks never ask in
//! step. Pure: time and chance are arguments.

use super::attention::{Attention, Desk};
use deskbell_clinic::DeviceId;
use std::time::Duration;

/// How dear a request is, against one second of one stale change in front of an active person. With it, a change every
/// 20 seconds asks every 10.
const COST: f64 = 2.5;
/// The change rate halves its memory in this time.
const RATE_HALF_LIFE: Duration = Duration::from_secs(300);
/// After a change, more are likely: for so long the interval may fall to [`BURST_FLOOR`].
pub const BURST: Duration = Duration::from_secs(30);
/// The shortest interval there is.
pub const BURST_FLOOR: Duration = Duration::from_secs(3);
/// While hints are heard, a poll only makes sure: active, idle, hidden or closed.
pub const SAFETY: [Duration; 3] = [
    Duration::from_secs(300),
    Duration::from_secs(600),
    Duration::from_secs(900),
];

/// From the shortest to the longest interval, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Never sooner, except in a burst.
    pub shortest: u32,
    /// Never later.
    pub longest: u32,
}

impl Bounds {
    /// From `shortest` to `longest` seconds.
    pub const fn new(shortest: u32, longest: u32) -> Self {
        Self { shortest, longest }
    }
}

/// The intervals without hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intervals {
    /// The board or the calendar in front of an active person.
    pub desk_active: Bounds,
    /// The same, left alone.
    pub desk_idle: Bounds,
    /// A therapist's own day, in use.
    pub therapist_active: Bounds,
    /// The same, left alone.
    pub therapist_idle: Bounds,
    /// No window to be seen.
    pub hidden: Bounds,
    /// Outside opening hours.
    pub closed: Bounds,
}

impl Default for Intervals {
    fn default() -> Self {
        Self {
            desk_active: Bounds::new(10, 15),
            desk_idle: Bounds::new(20, 30),
            therapist_active: Bounds::new(15, 15),
            therapist_idle: Bounds::new(30, 30),
            hidden: Bounds::new(60, 300),
            closed: Bounds::new(300, 900),
        }
    }
}

impl Intervals {
    /// The bounds that hold for an attention.
    pub const fn bounds(&self, attention: Attention, open: bool) -> Bounds {
        // A person who works after hours is still a person who looks.
        match (attention, open) {
            (Attention::Active(Desk::Front), _) => self.desk_active,
            (Attention::Active(Desk::Therapist), _) => self.therapist_active,
            (_, false) => self.closed,
            (Attention::Idle(Desk::Front), true) => self.desk_idle,
            (Attention::Idle(Desk::Therapist), true) => self.therapist_idle,
            (Attention::Hidden, true) => self.hidden,
        }
    }
}

/// The observed rate of changes, forgetting by half every five minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChangeRate {
    weight: f64,
}

impl ChangeRate {
    /// The rate after `elapsed` more, in which `changes` came.
    #[must_use]
    pub fn observe(self, changes: u32, elapsed: Duration) -> Self {
        let decay = 0.5_f64.powf(elapsed.as_secs_f64() / RATE_HALF_LIFE.as_secs_f64());
        Self {
            weight: self.weight * decay + f64::from(changes),
        }
    }

    /// Changes a second.
    pub fn per_second(self) -> f64 {
        // A steady stream of λ gives a weight of λ · half-life / ln 2.
        self.weight * std::f64::consts::LN_2 / RATE_HALF_LIFE.as_secs_f64()
    }
}

/// All that the next interval depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation {
    /// Who looks.
    pub attention: Attention,
    /// Whether the clinic is open.
    pub open: bool,
    /// The rate of changes so far.
    pub rate: ChangeRate,
    /// How long ago the last change came, if any did.
    pub since_change: Option<Duration>,
    /// Whether hints are heard, and hold what they promise.
    pub hinted: bool,
    /// The server asks not to be asked sooner.
    pub server_asks: Duration,
}

/// The time from one answer to the next request. `chance` is uniform in 0..1 and spreads it by a tenth to either side;
/// what the server asks for is never undercut.
pub fn interval(situation: &Situation, intervals: &Intervals, chance: f64) -> Duration {
    let spread = 0.9 + 0.2 * chance.clamp(0.0, 1.0);
    steady(situation, intervals).mul_f64(spread).max(situation.server_asks)
}

fn steady(situation: &Situation, intervals: &Intervals) -> Duration {
    if situation.hinted {
        return SAFETY[match situation.attention {
            Attention::Active(_) => 0,
            Attention::Idle(_) if situation.open => 1,
            Attention::Idle(_) | Attention::Hidden => 2,
        }];
    }
    let bounds = intervals.bounds(situation.attention, situation.open);
    let looked_at = !matches!(situation.attention, Attention::Hidden);
    let burst = looked_at && situation.since_change.is_some_and(|since| since < BURST);
    let shortest = if burst {
        BURST_FLOOR
    } else {
        Duration::from_secs(bounds.shortest.into())
    };
    let longest = Duration::from_secs(bounds.longest.into());
    let best = (2.0 * COST / (situation.attention.weight() * situation.rate.per_second())).sqrt();
    let best = Duration::try_from_secs_f64(best).unwrap_or(longest);
    best.clamp(shortest.min(longest), longest)
}

/// Where in its first interval a desk begins, in 0..1: desks switched on together do not ask together.
pub fn first_phase(device: DeviceId) -> f64 {
    let bytes = device.uuid().into_bytes();
    // The last bytes of a UUID of any version are random.
    f64::from(u16::from_be_bytes([bytes[14], bytes[15]])) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attention() -> impl Strategy<Value = Attention> {
        prop::sample::select(vec![
            Attention::Active(Desk::Front),
            Attention::Active(Desk::Therapist),
            Attention::Idle(Desk::Front),
            Attention::Idle(Desk::Therapist),
            Attention::Hidden,
        ])
    }

    fn situation() -> impl Strategy<Value = Situation> {
        (
            attention(),
            any::<bool>(),
            0_u32..5_000,
            prop::option::of(0_u64..600),
            any::<bool>(),
            0_u64..120,
        )
            .prop_map(|(attention, open, changes, since, hinted, asks)| Situation {
                attention,
                open,
                rate: ChangeRate::default().observe(changes, Duration::ZERO),
                since_change: since.map(Duration::from_secs),
                hinted,
                server_asks: Duration::from_secs(asks),
            })
    }

    proptest! {
        #[test]
        fn no_interval_is_outside_its_bounds_by_more_than_the_spread(situation in situation(), chance in 0.0..1.0) {
            let intervals = Intervals::default();
            let next = interval(&situation, &intervals, chance);
            let bounds = intervals.bounds(situation.attention, situation.open);
            let longest = if situation.hinted { SAFETY[2] } else { Duration::from_secs(bounds.longest.into()) };
            prop_assert!(next >= BURST_FLOOR.mul_f64(0.9));
            prop_assert!(next <= longest.mul_f64(1.1).max(situation.server_asks) + Duration::from_micros(1));
        }

        #[test]
        fn the_server_is_never_asked_sooner_than_it_wants(situation in situation(), chance in 0.0..1.0) {
            prop_assert!(interval(&situation, &Intervals::default(), chance) >= situation.server_asks);
        }

        #[test]
        fn more_attention_never_polls_slower(situation in situation(), chance in 0.0..1.0) {
            let ask = |attention| interval(&Situation { attention, ..situation }, &Intervals::default(), chance);
            for desk in [Desk::Front, Desk::Therapist] {
                prop_assert!(ask(Attention::Active(desk)) <= ask(Attention::Idle(desk)));
                prop_assert!(ask(Attention::Idle(desk)) <= ask(Attention::Hidden));
            }
        }

        #[test]
        fn more_changes_never_poll_slower(situation in situation(), chance in 0.0..1.0, more in 1_u32..100) {
            let busier = Situation { rate: situation.rate.observe(more, Duration::ZERO), ..situation };
            let intervals = Intervals::default();
            prop_assert!(interval(&busier, &intervals, chance) <= interval(&situation, &intervals, chance));
        }

        #[test]
        fn hints_never_make_the_desk_ask_more_often(situation in situation(), chance in 0.0..1.0) {
            let ask = |hinted| interval(&Situation { hinted, ..situation }, &Intervals::default(), chance);
            // Outside opening hours the two may be alike: 300 to 900 s either way.
            prop_assert!(ask(true) >= ask(false).min(SAFETY[0].mul_f64(0.9)));
        }
    }

    #[test]
    fn a_steady_stream_of_changes_is_measured_as_what_it_is() {
        let steady = (0..3_600).fold(ChangeRate::default(), |rate, _| {
            rate.observe(1, Duration::from_secs(10))
        });
        assert!((steady.per_second() - 0.1).abs() < 0.005, "{}", steady.per_second());
    }

    #[test]
    fn a_quiet_desk_in_use_asks_every_fifteen_seconds_and_a_busy_one_every_ten() {
        let quiet = Situation {
            attention: Attention::Active(Desk::Front),
            open: true,
            rate: ChangeRate::default(),
            since_change: None,
            hinted: false,
            server_asks: Duration::ZERO,
        };
        assert_eq!(interval(&quiet, &Intervals::default(), 0.5), Duration::from_secs(15));
        let busy = Situation {
            rate: quiet.rate.observe(500, Duration::ZERO),
            ..quiet
        };
        assert_eq!(interval(&busy, &Intervals::default(), 0.5), Duration::from_secs(10));
        let burst = Situation {
            since_change: Some(Duration::from_secs(4)),
            ..busy
        };
        assert_eq!(interval(&burst, &Intervals::default(), 0.5), BURST_FLOOR);
    }
}
