//! How to take back what was done here a moment ago. Remembered in memory only: after a restart, history is the way.

use crate::desk::Desk;
use crate::outbox::intent::Intent;
use deskbell_clinic::OperationId;
use std::collections::VecDeque;

/// Acts whose way back is remembered.
const REMEMBERED: usize = 100;

/// What takes recent acts back, once they were sent. Before that they are simply cancelled.
#[derive(Debug, Default)]
pub(crate) struct Inverses(VecDeque<Vec<(OperationId, Intent)>>);

impl Desk {
    /// Remembers what takes an act back.
    pub(super) fn remember_inverse(&self, operation: OperationId, inverse: Intent) {
        self.remember_together(vec![(operation, inverse)]);
    }

    /// Remembers what takes acts back that were done as one, and are known by the first of them.
    pub(super) fn remember_together(&self, acts: Vec<(OperationId, Intent)>) {
        let mut inverses = self.inverses();
        if inverses.0.len() == REMEMBERED {
            inverses.0.pop_front();
        }
        inverses.0.push_back(acts);
    }

    /// What takes an act and all that was done with it back, in the order they were done; empty when that is not
    /// remembered. Answered once: an act is undone once.
    pub(super) fn inverses_of(&self, operation: OperationId) -> Vec<(OperationId, Intent)> {
        let mut inverses = self.inverses();
        let named = |acts: &Vec<(OperationId, Intent)>| acts.first().is_some_and(|(known, _)| *known == operation);
        let at = inverses.0.iter().position(named);
        at.and_then(|at| inverses.0.remove(at)).unwrap_or_default()
    }
}
