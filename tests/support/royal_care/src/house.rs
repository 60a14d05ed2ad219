//! What every request shares: the clinic behind its lock, the clock, the counters and the trouble on order.

use crate::clinic::Clinic;
use crate::clock::Clock;
use crate::fault::Planned;
use crate::traffic::Traffic;
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

pub(crate) struct House {
    pub(crate) clock: Clock,
    clinic: Mutex<Clinic>,
    traffic: Mutex<Traffic>,
    planned: Mutex<Vec<Planned>>,
    /// Whether the service can be reached.
    pub(crate) reachable: watch::Sender<bool>,
    /// Requests that have come and are not answered.
    pub(crate) in_flight: AtomicUsize,
}

impl House {
    pub(crate) fn new(clock: Clock, clinic: Clinic) -> Self {
        Self {
            clock,
            clinic: Mutex::new(clinic),
            traffic: Mutex::default(),
            planned: Mutex::default(),
            reachable: watch::Sender::new(true),
            in_flight: AtomicUsize::new(0),
        }
    }

    /// Waits until the service can no longer be reached.
    pub(crate) async fn gone(&self) {
        let mut reachable = self.reachable.subscribe();
        // Only a dropped sender fails, and this house holds it.
        let _ = reachable.wait_for(|reachable| !reachable).await;
    }

    // A test that panicked with a lock in hand has failed already: the others may go on.
    pub(crate) fn clinic(&self) -> MutexGuard<'_, Clinic> {
        self.clinic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn planned(&self) -> MutexGuard<'_, Vec<Planned>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
