//! How to take back what was done here a moment ago. Remembered in memory only: after a restart, history is the way.

use crate::desk::Desk;
use crate::outbox::intent::Intent;
use deskbell_clinic::OperationId;
use std::collections::VecDeque;

/// Acts whose way back is remembered.
const REMEMBERED: usize = 100;

/// What takes recent acts back, once they were sent. Before that they are simply cancelled.
#[derive(Debug, Default)]
pub(crate) struct Inverses(VecDeque<(OperationId, Intent)>);

impl Desk {
    /// Remembers what takes an act back.
    pub(super) fn remember_inverse(&self, operation: OperationId, inverse: Intent) {
        let mut inverses = self.inverses();
        if inverses.0.len() == REMEMBERED {
            inverses.0.pop_front();
        }
        inverses.0.push_back((operation, inverse));
    }

    /// What takes an act back, when it is remembered. Answered once: an act is undone once.
    pub(super) fn inverse_of(&self, operation: OperationId) -> Option<Intent> {
        let mut inverses = self.inverses();
        let at = inverses.0.iter().position(|(known, _)| *known == operation)?;
        inverses.0.remove(at).map(|(_, inverse)| inverse)
    }
}
