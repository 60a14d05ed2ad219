//! Requests and staleness of the cadence against the baselines, on the same weeks.

use crate::figures::Figures;
use crate::policy::{Cost, Costs, Hints, adaptive, by_rule, stepwise, unclamped};
use crate::trace::Trace;
use deskbell_core::sync::cadence::Intervals;

/// The weeks that are measured.
const SEEDS: std::ops::Range<u64> = 1..13;
/// A fixed rule asks each kind by itself.
const ENDPOINTS: f64 = 4.0;
/// The fixed rule's seconds.
const FIXED: f64 = 15.0;

type Part = fn(&Costs) -> Cost;
const WEEK: Part = |costs| costs.week;
const OPEN: Part = |costs| costs.open;

/// The factor on a baseline's times with which it is exactly as stale as what it is compared with.
fn as_stale(ours: Cost, part: Part, baseline: impl Fn(f64) -> Costs) -> Cost {
    let (mut low, mut high) = (0.05, 20.0);
    for _ in 0..18 {
        let middle = f64::sqrt(low * high);
        if part(&baseline(middle)).mean() < ours.mean() {
            low = middle;
        } else {
            high = middle;
        }
    }
    part(&baseline(f64::sqrt(low * high)))
}

/// Measures one ratio on every week, for the whole week (judged) and its open hours.
fn both(figures: &mut Figures, names: [&'static str; 2], target: f64, ratio: impl Fn(&Trace, u64, Part) -> f64) {
    for ((name, part), target) in names.into_iter().zip([WEEK, OPEN]).zip([Some(target), None]) {
        let values: Vec<_> = SEEDS.map(|seed| ratio(&Trace::of(seed), seed, part)).collect();
        figures.seeds(name, "ratio", &values, target);
    }
}

pub(crate) fn measure(figures: &mut Figures) {
    let usual = Intervals::default();
    let fixed = |trace: &Trace, factor: f64| by_rule(trace, |_| FIXED * factor);
    both(
        figures,
        [
            "requests ÷ fixed 15 s × 4 at equal staleness, no hints, week",
            "requests ÷ fixed 15 s × 4 at equal staleness, no hints, open hours",
        ],
        0.1,
        |trace, seed, part| {
            let ours = part(&adaptive(trace, &usual, Hints::None, seed));
            ours.requests / (as_stale(ours, part, |factor| fixed(trace, factor)).requests * ENDPOINTS)
        },
    );
    both(
        figures,
        [
            "requests ÷ stepwise policy at equal staleness, no hints, week",
            "requests ÷ stepwise policy at equal staleness, no hints, open hours",
        ],
        0.9,
        |trace, seed, part| {
            let ours = part(&adaptive(trace, &usual, Hints::None, seed));
            ours.requests / as_stale(ours, part, |factor| stepwise(trace, factor)).requests
        },
    );
    both(
        figures,
        [
            "staleness ÷ fixed interval at equal requests, unclamped, week",
            "staleness ÷ fixed interval at equal requests, unclamped, open hours",
        ],
        0.5,
        |trace, seed, part| {
            let ours = part(&adaptive(trace, &unclamped(), Hints::None, seed));
            let unit = part(&fixed(trace, 1.0));
            let same = part(&fixed(trace, unit.requests / ours.requests));
            ours.mean() / same.mean()
        },
    );
    let hinted = |trace: &Trace, seed| adaptive(trace, &usual, Hints::Losing(0.0), seed);
    both(
        figures,
        [
            "with hints: staleness ÷ fixed 15 s × 4, week",
            "with hints: staleness ÷ fixed 15 s × 4, open hours",
        ],
        0.2,
        |trace, seed, part| part(&hinted(trace, seed)).mean() / part(&fixed(trace, 1.0)).mean(),
    );
    both(
        figures,
        [
            "with hints: requests ÷ fixed 15 s × 4, week",
            "with hints: requests ÷ fixed 15 s × 4, open hours",
        ],
        0.05,
        |trace, seed, part| part(&hinted(trace, seed)).requests / (part(&fixed(trace, 1.0)).requests * ENDPOINTS),
    );
    both(
        figures,
        [
            "hints that lose 20 %: staleness ÷ polling, week",
            "hints that lose 20 %: staleness ÷ polling, open hours",
        ],
        1.0,
        |trace, seed, part| {
            let losing = part(&adaptive(trace, &usual, Hints::Losing(0.2), seed));
            losing.mean() / part(&adaptive(trace, &usual, Hints::None, seed)).mean()
        },
    );
    let costs: Vec<_> = SEEDS
        .map(|seed| adaptive(&Trace::of(seed), &usual, Hints::None, seed))
        .collect();
    let of = |value: fn(&Costs) -> f64| costs.iter().map(value).collect::<Vec<_>>();
    figures.seeds(
        "requests a week, no hints",
        "requests",
        &of(|costs| costs.week.requests),
        None,
    );
    figures.seeds(
        "weighed staleness, no hints, week",
        "s",
        &of(|costs| costs.week.mean()),
        None,
    );
    figures.seeds(
        "weighed staleness, no hints, open hours",
        "s",
        &of(|costs| costs.open.mean()),
        None,
    );
}
