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
const PARTS: [Part; 2] = [|costs| costs.week, |costs| costs.open];

/// One week, and how the cadence does on it in each of the ways that are compared.
struct Week {
    trace: Trace,
    polling: Costs,
    unclamped: Costs,
    hinted: Costs,
    losing: Costs,
}

impl Week {
    fn of(seed: u64) -> Self {
        let trace = Trace::of(seed);
        let usual = Intervals::default();
        Self {
            polling: adaptive(&trace, &usual, Hints::None, seed),
            unclamped: adaptive(&trace, &unclamped(), Hints::None, seed),
            hinted: adaptive(&trace, &usual, Hints::Losing(0.0), seed),
            losing: adaptive(&trace, &usual, Hints::Losing(0.2), seed),
            trace,
        }
    }

    /// The fixed rule, its seconds by a factor.
    fn fixed(&self, factor: f64) -> Costs {
        by_rule(&self.trace, |_| FIXED * factor)
    }
}

/// What a baseline costs when its times are by that factor with which it is as stale as what it is compared with.
fn as_stale(ours: Cost, part: Part, baseline: impl Fn(f64) -> Costs) -> Cost {
    let mut factor = 1.0;
    // Staleness grows in proportion to the factor, but for the luck of how polls fall between changes, some three in a
    // hundred: that is averaged out over factors close by, twice, since the first guess may be far off.
    for _ in 0..2 {
        let nearby: Vec<_> = (0..9).map(|step| factor * (0.9 + 0.025 * f64::from(step))).collect();
        let slopes = nearby.iter().map(|factor| part(&baseline(*factor)).mean() / factor);
        factor = ours.mean() / (slopes.sum::<f64>() / nearby.len() as f64);
    }
    let theirs = part(&baseline(factor));
    let off = (theirs.mean() / ours.mean() - 1.0).abs();
    assert!(
        off < 0.1,
        "the baseline is {off} more or less stale, which compares nothing"
    );
    theirs
}

/// One ratio on every week: for the whole week, which is judged, and for its open hours.
fn both(
    figures: &mut Figures,
    weeks: &[Week],
    names: [&'static str; 2],
    target: f64,
    ratio: impl Fn(&Week, Part) -> f64,
) {
    for ((name, part), target) in names.into_iter().zip(PARTS).zip([Some(target), None]) {
        let values: Vec<_> = weeks.iter().map(|week| ratio(week, part)).collect();
        figures.seeds(name, "ratio", &values, target);
    }
}

pub(crate) fn measure(figures: &mut Figures) {
    let weeks: Vec<_> = SEEDS.map(Week::of).collect();
    both(
        figures,
        &weeks,
        [
            "requests ÷ fixed 15 s × 4 at equal staleness, no hints, week",
            "requests ÷ fixed 15 s × 4 at equal staleness, no hints, open hours",
        ],
        0.1,
        |week, part| {
            let ours = part(&week.polling);
            ours.requests / (as_stale(ours, part, |factor| week.fixed(factor)).requests * ENDPOINTS)
        },
    );
    both(
        figures,
        &weeks,
        [
            "requests ÷ stepwise policy at equal staleness, no hints, week",
            "requests ÷ stepwise policy at equal staleness, no hints, open hours",
        ],
        0.9,
        |week, part| {
            let ours = part(&week.polling);
            ours.requests / as_stale(ours, part, |factor| stepwise(&week.trace, factor)).requests
        },
    );
    both(
        figures,
        &weeks,
        [
            "staleness ÷ fixed interval at equal requests, unclamped, week",
            "staleness ÷ fixed interval at equal requests, unclamped, open hours",
        ],
        0.5,
        |week, part| {
            let ours = part(&week.unclamped);
            let factor = part(&week.fixed(1.0)).requests / ours.requests;
            ours.mean() / part(&week.fixed(factor)).mean()
        },
    );
    both(
        figures,
        &weeks,
        [
            "with hints: staleness ÷ fixed 15 s × 4, week",
            "with hints: staleness ÷ fixed 15 s × 4, open hours",
        ],
        0.2,
        |week, part| part(&week.hinted).mean() / part(&week.fixed(1.0)).mean(),
    );
    both(
        figures,
        &weeks,
        [
            "with hints: requests ÷ fixed 15 s × 4, week",
            "with hints: requests ÷ fixed 15 s × 4, open hours",
        ],
        0.05,
        |week, part| part(&week.hinted).requests / (part(&week.fixed(1.0)).requests * ENDPOINTS),
    );
    both(
        figures,
        &weeks,
        [
            "hints that lose 20 %: staleness ÷ polling, week",
            "hints that lose 20 %: staleness ÷ polling, open hours",
        ],
        1.0,
        |week, part| part(&week.losing).mean() / part(&week.polling).mean(),
    );
    let of = |value: fn(&Costs) -> f64| weeks.iter().map(|week| value(&week.polling)).collect::<Vec<_>>();
    figures.seeds(
        "requests, no hints, week",
        "requests",
        &of(|costs| costs.week.requests),
        None,
    );
    figures.seeds(
        "requests, no hints, open hours",
        "requests",
        &of(|costs| costs.open.requests),
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
