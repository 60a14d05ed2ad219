//! The ways to ask that are compared, and how each does on a week: the cadence itself, as the engine calls it, and the
//! baselines. Staleness is what the cadence minimises: the seconds from a change to the poll that brings it, each weighed
//! by how closely somebody looked.

use crate::trace::{Trace, WEEK, is_open};
use deskbell_core::sync::attention::Attention;
use deskbell_core::sync::cadence::{self, Bounds, ChangeRate, Intervals, Situation};
use deskbell_core::sync::hint_loss::HintLoss;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::time::Duration;

/// As the engine: attention that fades by time alone is seen at the end of a nap.
const NAP: f64 = 5.0;
/// From a commit to the hint being heard and the pull answered, over a local network.
const HINT: f64 = 0.3;

/// What a policy cost and gave, over a part of the week.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) requests: f64,
    /// The sum over changes of weighed seconds.
    pub(crate) staleness: f64,
    pub(crate) changes: f64,
}

impl Cost {
    /// Weighed seconds that a change is late.
    pub(crate) fn mean(&self) -> f64 {
        self.staleness / self.changes.max(1.0)
    }
}

/// The whole week, and its open hours alone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Costs {
    pub(crate) week: Cost,
    pub(crate) open: Cost,
}

impl Costs {
    fn parts(&mut self, at: f64) -> impl Iterator<Item = &mut Cost> {
        let open = is_open(at).then_some(&mut self.open);
        [Some(&mut self.week), open].into_iter().flatten()
    }

    fn ask(&mut self, at: f64) {
        self.parts(at).for_each(|cost| cost.requests += 1.0);
    }

    fn bring(&mut self, trace: &Trace, change: f64, at: f64) {
        let late = trace.weight_between(change, at.min(WEEK));
        self.parts(change).for_each(|cost| {
            cost.staleness += late;
            cost.changes += 1.0;
        });
    }
}

/// Polls by a fixed rule: seconds by how closely somebody looks.
pub(crate) fn by_rule(trace: &Trace, seconds: impl Fn(Attention) -> f64) -> Costs {
    let mut costs = Costs::default();
    let (mut at, mut seen) = (0.0, 0);
    while at < WEEK {
        costs.ask(at);
        while trace.changes.get(seen).is_some_and(|change| *change <= at) {
            costs.bring(trace, trace.changes[seen], at);
            seen += 1;
        }
        let since = at;
        let wait = seconds(trace.attention_at(at));
        assert!(wait.is_finite() && wait > 0.0, "{wait} s is no interval");
        at += wait;
        // A closer look shortens the wait at once, for every policy alike.
        let mut look = trace.next_look(since);
        while look < at {
            at = at.min((since + seconds(trace.attention_at(look))).max(look));
            look = trace.next_look(look);
        }
    }
    trace.changes[seen..]
        .iter()
        .for_each(|change| costs.bring(trace, *change, WEEK));
    costs
}

/// The stepwise policy of the comparison, all its times by one factor.
pub(crate) fn stepwise(trace: &Trace, factor: f64) -> Costs {
    by_rule(trace, |attention| {
        factor
            * match attention {
                Attention::Active(_) => 12.5,
                Attention::Idle(_) => 25.0,
                Attention::Hidden => 60.0,
            }
    })
}

/// Whether hints come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Hints {
    None,
    /// This share of them is lost.
    Losing(f64),
}

/// The cadence without clamps: only its rule.
pub(crate) fn unclamped() -> Intervals {
    let any = Bounds::new(1, 86_400);
    Intervals {
        desk_active: any,
        desk_idle: any,
        therapist_active: any,
        therapist_idle: any,
        hidden: any,
        closed: any,
        ..Intervals::default()
    }
}

/// The engine's own rule, asked as the pulling task asks it.
pub(crate) fn adaptive(trace: &Trace, intervals: &Intervals, hints: Hints, seed: u64) -> Costs {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut costs = Costs::default();
    let mut loss = HintLoss::default();
    let (mut rate, mut rate_at, mut last_change) = (ChangeRate::default(), 0.0, None::<f64>);
    let (mut at, mut seen, mut hinted_up_to) = (0.0_f64, 0, -1.0_f64);
    // Each change draws once whether its hint is lost.
    let lost: Vec<bool> = (trace.changes.iter())
        .map(|_| match hints {
            Hints::None => true,
            Hints::Losing(share) => rng.random::<f64>() < share,
        })
        .collect();
    while at < WEEK {
        costs.ask(at);
        let asked_before = hinted_up_to;
        let mut brought = 0;
        while trace.changes.get(seen).is_some_and(|change| *change <= at) {
            let change = trace.changes[seen];
            costs.bring(trace, change, at);
            if hints != Hints::None {
                let age = Duration::from_secs_f64((at - change).max(0.0));
                loss = loss.observe(age, (asked_before >= at).then_some(Duration::ZERO));
            }
            (seen, brought) = (seen + 1, brought + 1);
        }
        rate = rate.observe(brought, Duration::from_secs_f64(at - rate_at));
        rate_at = at;
        if brought > 0 {
            last_change = Some(at);
        }
        let chance = rng.random();
        let hinted = hints != Hints::None && loss.reliable();
        let wait = |now: f64, rate: ChangeRate| {
            let situation = Situation {
                attention: trace.attention_at(now),
                open: is_open(now),
                rate,
                since_change: last_change.map(|change| Duration::from_secs_f64(now - change)),
                hinted,
                server_asks: Duration::ZERO,
            };
            cadence::interval(&situation, intervals, chance).as_secs_f64()
        };
        // Waits as the task does: to the deadline, looking again at each nap's end and each change of attention.
        let (mut now, mut next) = (at, at + wait(at, rate));
        let hint = (seen..trace.changes.len())
            .find(|change| !lost[*change])
            .map(|change| trace.changes[change] + HINT);
        while now < next {
            now = next.min(now + NAP).min(trace.next_look(now));
            if hint.is_some_and(|hint| hint <= now) {
                break;
            }
            next = (at + wait(now, rate)).max(now);
        }
        match hint.filter(|hint| *hint <= now) {
            Some(hint) => {
                at = hint.max(at);
                hinted_up_to = at;
            }
            None => at = now,
        }
    }
    trace.changes[seen..]
        .iter()
        .for_each(|change| costs.bring(trace, *change, WEEK));
    costs
}
