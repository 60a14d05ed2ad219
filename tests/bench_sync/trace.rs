//! A busy clinic's week, as one front desk sees it. The recipe is here and the seed is the caller's, so the same seed is
//! the same week for every policy that is measured on it.
//!
//! The clinic is open from Monday to Saturday, 9 to 21, as a massage clinic with home visits is. Bookings, moves and
//! steps come to 15 an hour, 30 in the two rushes (10 to 12 and 17 to 19), and one in two hours while it is closed
//! (clients book online at night). One act is often several rows within seconds (a new client and her booking; a move and
//! its answer), which is why changes come in bursts. At the desk, somebody works for six minutes on average, then leaves
//! the window in sight for three, and now and then something else covers it for five. At night the screen is locked.

use deskbell_core::sync::attention::{Attention, Desk};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Seconds of a week, which begins on Monday at midnight.
pub(crate) const WEEK: f64 = 7.0 * 86_400.0;

/// See the module. Times are seconds from the beginning of the week.
pub(crate) struct Trace {
    /// When something changed, in order.
    pub(crate) changes: Vec<f64>,
    /// From when on somebody looks how closely, in order; the first is at 0.
    pub(crate) attention: Vec<(f64, Attention)>,
    /// The integral of the weight of attention up to each beginning.
    weighed: Vec<f64>,
}

/// Whether the clinic is open.
pub(crate) fn is_open(at: f64) -> bool {
    let (day, hour) = (at / 86_400.0, at % 86_400.0 / 3_600.0);
    day < 6.0 && (9.0..21.0).contains(&hour)
}

fn changes_per_hour(at: f64) -> f64 {
    let hour = at % 86_400.0 / 3_600.0;
    match (is_open(at), hour) {
        (false, _) => 0.5,
        (true, hour) if (10.0..12.0).contains(&hour) || (17.0..19.0).contains(&hour) => 30.0,
        (true, _) => 15.0,
    }
}

fn waits(rng: &mut StdRng, mean: f64) -> f64 {
    -mean * (1.0 - rng.random::<f64>()).ln()
}

impl Trace {
    /// The week of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let attention = attention(&mut rng);
        let mut weighed = vec![0.0];
        for pair in attention.windows(2) {
            let before = weighed[weighed.len() - 1];
            weighed.push(before + (pair[1].0 - pair[0].0) * pair[0].1.weight());
        }
        Self {
            changes: changes(&mut rng),
            attention,
            weighed,
        }
    }

    /// How closely somebody looks.
    pub(crate) fn attention_at(&self, at: f64) -> Attention {
        self.attention[self.index(at)].1
    }

    /// When the attention next changes after an instant; never is past the week's end.
    pub(crate) fn next_look(&self, at: f64) -> f64 {
        self.attention
            .get(self.index(at) + 1)
            .map_or(f64::MAX, |(from, _)| *from)
    }

    /// Seconds between two instants, each weighed by how closely somebody looked.
    pub(crate) fn weight_between(&self, from: f64, to: f64) -> f64 {
        self.weight_until(to) - self.weight_until(from)
    }

    fn weight_until(&self, at: f64) -> f64 {
        let index = self.index(at);
        let (from, attention) = self.attention[index];
        self.weighed[index] + (at - from) * attention.weight()
    }

    fn index(&self, at: f64) -> usize {
        self.attention.partition_point(|(from, _)| *from <= at) - 1
    }
}

fn changes(rng: &mut StdRng) -> Vec<f64> {
    // Each act is 1.5 rows on average, so acts are that much rarer than changes.
    const ROWS: f64 = 1.5;
    let (mut at, mut changes) = (0.0, vec![]);
    loop {
        // Drawn at the busiest rate and thinned out.
        at += waits(rng, 3_600.0 / 30.0 * ROWS);
        if at >= WEEK {
            break;
        }
        if rng.random::<f64>() * 30.0 < changes_per_hour(at) {
            changes.push(at);
            if rng.random_bool(0.5) {
                changes.push(at + waits(rng, 6.0));
            }
        }
    }
    changes.retain(|at| *at < WEEK);
    changes.sort_by(f64::total_cmp);
    changes
}

fn attention(rng: &mut StdRng) -> Vec<(f64, Attention)> {
    let mut looks = vec![];
    let mut at = 0.0;
    while at < WEEK {
        if !is_open(at) {
            looks.push((at, Attention::Hidden));
            at = (at / 3_600.0).floor() * 3_600.0 + 3_600.0;
            continue;
        }
        // An active person stays active for two minutes after the last touch: that is in the mean.
        looks.push((at, Attention::Active(Desk::Front)));
        at += waits(rng, 360.0);
        looks.push((at, Attention::Idle(Desk::Front)));
        at += waits(rng, 180.0);
        if rng.random_bool(0.25) {
            looks.push((at, Attention::Hidden));
            at += waits(rng, 300.0);
        }
    }
    looks.retain(|(from, _)| *from < WEEK);
    looks
}
