//! What the server's answers cost, over the last hour: such a server is dear, and a clinic may want to know.

use crate::backend::Cost;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What is shown is of this time.
const HOUR: Duration = Duration::from_secs(3_600);
/// Counted together.
const GRAIN: Duration = Duration::from_secs(10);

/// A sum over the last hour.
#[derive(Debug)]
pub(super) struct Meter {
    began: Instant,
    grains: Mutex<VecDeque<Grain>>,
}

#[derive(Clone, Copy, Debug)]
struct Grain {
    at: Instant,
    requests: u32,
    bytes: u64,
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            grains: Mutex::default(),
        }
    }
}

impl Meter {
    pub(super) fn count(&self, requests: u32, bytes: u64) {
        let now = Instant::now();
        let mut grains = self.grains.lock().unwrap_or_else(PoisonError::into_inner);
        match grains.back_mut() {
            Some(grain) if now.saturating_duration_since(grain.at) < GRAIN => {
                grain.requests += requests;
                grain.bytes += bytes;
            }
            _ => grains.push_back(Grain {
                at: now,
                requests,
                bytes,
            }),
        }
        while grains
            .front()
            .is_some_and(|grain| now.saturating_duration_since(grain.at) > HOUR)
        {
            grains.pop_front();
        }
    }

    pub(super) fn cost(&self) -> Cost {
        let now = Instant::now();
        let grains = self.grains.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = grains
            .iter()
            .filter(|grain| now.saturating_duration_since(grain.at) <= HOUR);
        let sum = recent.fold(Cost::default(), |sum, grain| Cost {
            requests: sum.requests + grain.requests,
            bytes: sum.bytes + grain.bytes,
            ..sum
        });
        Cost {
            over: now.saturating_duration_since(self.began).min(HOUR),
            ..sum
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_older_than_an_hour_is_not_counted() {
        let meter = Meter::default();
        meter.count(1, 1_000);
        tokio::time::advance(Duration::from_secs(1_800)).await;
        meter.count(2, 500);
        let cost = meter.cost();
        assert_eq!((cost.requests, cost.bytes), (3, 1_500));
        assert_eq!(cost.over, Duration::from_secs(1_800));
        tokio::time::advance(Duration::from_secs(2_000)).await;
        let cost = meter.cost();
        assert_eq!((cost.requests, cost.bytes, cost.over), (2, 500, HOUR));
    }
}
