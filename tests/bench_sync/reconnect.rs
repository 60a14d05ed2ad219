//! A server that was away comes back, and all desks find it again: how many of them in the same second.

use crate::figures::Figures;
use deskbell_core::sync::backoff::after_failure;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Seconds that the server is away: long enough for every desk's back-off to have grown to its longest.
const AWAY: f64 = 300.0;
/// A desk that found the server pulls and connects to its hints.
const REQUESTS: u32 = 2;

/// The most requests that the server gets in any second after it is back.
fn peak(desks: u32, rng: &mut StdRng) -> f64 {
    let mut seconds = [0_u32; 64];
    for _ in 0..desks {
        // A desk notices at its next poll, somewhere in its interval.
        let (mut at, mut failures) = (rng.random::<f64>() * 15.0, 0);
        while at < AWAY {
            failures += 1;
            at += after_failure(failures, rng.random()).as_secs_f64();
        }
        // A back-off is never longer than a minute.
        let second = usize::try_from((at - AWAY) as u64).map_or(63, |second| second.min(63));
        seconds[second] += REQUESTS;
    }
    f64::from(seconds.into_iter().max().unwrap_or(0))
}

pub(crate) fn measure(figures: &mut Figures) {
    const GROWTH: f64 = 500.0 / 20.0;
    let grows: Vec<_> = (0..12)
        .map(|seed| {
            let mut rng = StdRng::seed_from_u64(seed);
            // The peak of few desks is a matter of luck: the mean of many returns of the server.
            let mut mean = |desks| (0..100).map(|_| peak(desks, &mut rng)).sum::<f64>() / 100.0;
            let (few, many) = (mean(20), mean(500));
            many / few / GROWTH
        })
        .collect();
    figures.seeds(
        "reconnect peak, 20 → 500 desks: growth ÷ growth of the desks",
        "ratio",
        &grows,
        Some(0.5),
    );
}
