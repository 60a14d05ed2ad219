//! When to ask the server next.
//!
//! Asking costs; not asking shows people old facts. With changes arriving at rate λ and a person's attention w, the mean
//! cost of an interval T is c/T + w·λ·T/2, which is least at T* = sqrt(2c / (w·λ)). That is clamped to what a person in
//! that place would find prompt, raised to what the server asks for, and spread so that a clinic's desks never ask in
//! step. Pure: time and chance are arguments.

use super::attention::{Attention, Desk};
use deskbell_clinic::DeviceId;
use std::time::Duration;

/// How dear a request is, against one second of one stale change in front of an active person. With it, 20 changes an
/// hour ask every 15 seconds and 45 every 10, which is where a busy clinic's hours lie.
const COST: f64 = 0.65;
/// The change rate halves its memory in this time.
const RATE_HALF_LIFE: Duration = Duration::from_secs(300);
/// What is expected of a clinic before anything is known of it, in changes an hour: open, and closed.
const EXPECTED: (f64, f64) = (12.0, 0.5);
/// How many changes that expectation weighs as much as. Little, so that a busy or a quiet hour soon speaks for itself;
/// but without it a desk that found nothing twice would take it that nothing ever happens.
const EXPECTED_WEIGHS: f64 = 0.3;

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

/// After a change, more are likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Burst {
    /// For so many seconds the interval may fall below its bounds …
    pub lasts: u32,
    /// … to this many.
    pub shortest: u32,
}

impl Default for Burst {
    fn default() -> Self {
        Self { lasts: 30, shortest: 3 }
    }
}

/// While hints are heard, a poll only makes sure: seconds between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Safety {
    /// In front of an active person.
    pub active: u32,
    /// With a window to be seen, in opening hours.
    pub idle: u32,
    /// With none, or outside opening hours.
    pub hidden: u32,
}

impl Default for Safety {
    fn default() -> Self {
        Self {
            active: 300,
            idle: 600,
            hidden: 900,
        }
    }
}

/// The intervals without hints, and with them.
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
    /// Right after a change.
    pub burst: Burst,
    /// While hints are heard.
    pub safety: Safety,
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
            burst: Burst::default(),
            safety: Safety::default(),
        }
    }
}

impl Intervals {
    /// The same, where an active person never waits longer.
    #[must_use]
    pub fn active_at_most(mut self, longest: Duration) -> Self {
        let most = u32::try_from(longest.as_secs()).unwrap_or(u32::MAX);
        for bounds in [&mut self.desk_active, &mut self.therapist_active] {
            bounds.longest = bounds.longest.min(most);
            bounds.shortest = bounds.shortest.min(bounds.longest);
        }
        self
    }

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
    /// The rate after a poll, `elapsed` after the one before, that brought so many changes. Only polls are observed: while
    /// nobody asks, nothing is known, and that is not the same as nothing happening.
    #[must_use]
    pub fn observe(self, changes: u32, elapsed: Duration) -> Self {
        let forgotten = std::f64::consts::LN_2 * elapsed.as_secs_f64() / RATE_HALF_LIFE.as_secs_f64();
        // The changes came at any time since, and are as old as they are on average.
        let kept = if forgotten > 0.0 {
            -(-forgotten).exp_m1() / forgotten
        } else {
            1.0
        };
        Self {
            weight: self.weight * (-forgotten).exp() + f64::from(changes) * kept,
        }
    }

    /// Changes a second: what was observed, and as a weak prior what is expected of any clinic.
    pub fn per_second(self, open: bool) -> f64 {
        // A steady stream of λ gives a weight of λ · half-life / ln 2.
        let memory = RATE_HALF_LIFE.as_secs_f64() / std::f64::consts::LN_2;
        let expected = if open { EXPECTED.0 } else { EXPECTED.1 } / 3_600.0;
        (self.weight + EXPECTED_WEIGHS) / (memory + EXPECTED_WEIGHS / expected)
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
        let seconds = match situation.attention {
            Attention::Active(_) => intervals.safety.active,
            Attention::Idle(_) if situation.open => intervals.safety.idle,
            Attention::Idle(_) | Attention::Hidden => intervals.safety.hidden,
        };
        return Duration::from_secs(seconds.into());
    }
    let bounds = intervals.bounds(situation.attention, situation.open);
    let looked_at = !matches!(situation.attention, Attention::Hidden);
    let lasts = Duration::from_secs(intervals.burst.lasts.into());
    let burst = looked_at && situation.since_change.is_some_and(|since| since < lasts);
    let shortest = if burst {
        bounds.shortest.min(intervals.burst.shortest)
    } else {
        bounds.shortest
    };
    let shortest = Duration::from_secs(shortest.into());
    let longest = Duration::from_secs(bounds.longest.into());
    let best = (2.0 * COST / (situation.attention.weight() * situation.rate.per_second(situation.open))).sqrt();
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

    /// Any that the settings accept.
    fn intervals() -> impl Strategy<Value = Intervals> {
        let bounds = || (3_u32..=3_600, 3_u32..=3_600).prop_map(|(a, b)| Bounds::new(a.min(b), a.max(b)));
        let seconds = || 3_u32..=3_600;
        (
            [bounds(), bounds(), bounds(), bounds(), bounds(), bounds()],
            (0_u32..=600, seconds()),
            (seconds(), seconds(), seconds()),
        )
            .prop_map(|(bounds, (lasts, shortest), (active, idle, hidden))| Intervals {
                desk_active: bounds[0],
                desk_idle: bounds[1],
                therapist_active: bounds[2],
                therapist_idle: bounds[3],
                hidden: bounds[4],
                closed: bounds[5],
                burst: Burst { lasts, shortest },
                safety: Safety { active, idle, hidden },
            })
    }

    proptest! {
        #[test]
        fn no_interval_is_outside_its_bounds_by_more_than_the_spread(
            situation in situation(), intervals in intervals(), chance in 0.0..1.0,
        ) {
            let next = interval(&situation, &intervals, chance);
            let bounds = intervals.bounds(situation.attention, situation.open);
            let safety = [intervals.safety.active, intervals.safety.idle, intervals.safety.hidden];
            let (shortest, longest) = if situation.hinted {
                (safety.into_iter().min(), safety.into_iter().max())
            } else {
                (Some(bounds.shortest.min(intervals.burst.shortest)), Some(bounds.longest))
            };
            let seconds = |seconds: Option<u32>| Duration::from_secs(seconds.unwrap().into());
            prop_assert!(next + Duration::from_micros(1) >= seconds(shortest).mul_f64(0.9));
            prop_assert!(next <= seconds(longest).mul_f64(1.1).max(situation.server_asks) + Duration::from_micros(1));
        }

        #[test]
        fn outside_a_burst_no_interval_is_below_its_bounds(
            situation in situation(), intervals in intervals(), chance in 0.0..1.0,
        ) {
            let calm = Situation { since_change: None, hinted: false, ..situation };
            let bounds = intervals.bounds(situation.attention, situation.open);
            let next = interval(&calm, &intervals, chance) + Duration::from_micros(1);
            prop_assert!(next >= Duration::from_secs(bounds.shortest.into()).mul_f64(0.9));
        }

        #[test]
        fn the_server_is_never_asked_sooner_than_it_wants(
            situation in situation(), intervals in intervals(), chance in 0.0..1.0,
        ) {
            prop_assert!(interval(&situation, &intervals, chance) >= situation.server_asks);
        }

        #[test]
        fn what_is_observed_later_weighs_more_and_all_of_it_fades(changes in 1_u32..1_000, minutes in 1_u64..600) {
            let (some, time) = (ChangeRate::default().observe(changes, Duration::ZERO), Duration::from_secs(60 * minutes));
            let faded = some.observe(0, time);
            for open in [true, false] {
                let [some, faded, more] = [some, faded, some.observe(1, time)].map(|rate| rate.per_second(open));
                prop_assert!(faded < some && faded > 0.0 && more > faded);
            }
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
            prop_assert!(ask(true) >= ask(false).min(Duration::from_secs(270)));
        }
    }

    #[test]
    fn a_steady_stream_of_changes_is_measured_as_what_it_is_however_often_it_is_asked() {
        for seconds in [10_u32, 60, 900] {
            let steady = (0..3_600).fold(ChangeRate::default(), |rate, _| {
                rate.observe(seconds, Duration::from_secs(seconds.into()))
            });
            let measured = steady.per_second(true);
            assert!(
                (0.8..=1.0).contains(&measured),
                "{measured} of 1 a second, asked every {seconds} s"
            );
        }
    }

    #[test]
    fn a_desk_that_has_heard_of_no_change_expects_some_in_opening_hours_and_few_outside_them() {
        let unheard = ChangeRate::default();
        let an_hour = |open| unheard.per_second(open) * 3_600.0;
        assert!((1.0..12.0).contains(&an_hour(true)), "{}", an_hour(true));
        assert!((0.2..0.5).contains(&an_hour(false)), "{}", an_hour(false));
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
        assert_eq!(interval(&burst, &Intervals::default(), 0.5), Duration::from_secs(3));
    }
}
