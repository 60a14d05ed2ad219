//! Which rows this desk has written since a question was asked.

use deskbell_clinic::Kind;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// When a question was asked, in the order of our questions and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// Our own writes. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Writes(Arc<Mutex<Ledger>>);

#[derive(Debug, Default)]
struct Ledger {
    turn: u64,
    under_way: HashMap<(Kind, Uuid), u32>,
    ended: HashMap<(Kind, Uuid), u64>,
}

/// Ended writes are remembered up to so many; a question is answered long before as many follow it.
const REMEMBERED: usize = 4_096;

impl Writes {
    /// A question is about to be asked.
    pub fn begin(&self) -> Mark {
        let mut ledger = self.ledger();
        ledger.turn += 1;
        Mark(ledger.turn)
    }

    /// A row is about to be written; the write lasts until what is answered here is dropped.
    #[must_use]
    pub fn writing(&self, kind: Kind, id: Uuid) -> Writing {
        *self.ledger().under_way.entry((kind, id)).or_default() += 1;
        Writing {
            writes: self.clone(),
            key: (kind, id),
        }
    }

    /// Whether an answer to a question of then may be older than what we wrote to the row.
    pub fn touched(&self, key: (Kind, Uuid), asked: Mark) -> bool {
        let ledger = self.ledger();
        ledger.under_way.contains_key(&key) || ledger.ended.get(&key).is_some_and(|ended| *ended >= asked.0)
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A write under way.
#[derive(Debug)]
pub struct Writing {
    writes: Writes,
    key: (Kind, Uuid),
}

impl Drop for Writing {
    fn drop(&mut self) {
        let mut ledger = self.writes.ledger();
        if let Some(under_way) = ledger.under_way.get_mut(&self.key) {
            *under_way -= 1;
            if *under_way == 0 {
                ledger.under_way.remove(&self.key);
            }
        }
        ledger.turn += 1;
        let turn = ledger.turn;
        ledger.ended.insert(self.key, turn);
        if ledger.ended.len() > REMEMBERED {
            let old = turn.saturating_sub(REMEMBERED as u64);
            ledger.ended.retain(|_, ended| *ended > old);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: (Kind, Uuid) = (Kind::Availability, Uuid::nil());

    #[test]
    fn a_question_asked_before_a_write_was_answered_says_nothing_of_its_row() {
        let writes = Writes::default();
        let before = writes.begin();
        let writing = writes.writing(ROW.0, ROW.1);
        let during = writes.begin();
        assert!(writes.touched(ROW, before) && writes.touched(ROW, during));
        drop(writing);
        assert!(writes.touched(ROW, before) && writes.touched(ROW, during));
        let after = writes.begin();
        assert!(!writes.touched(ROW, after), "a question asked afterwards knows of it");
        assert!(!writes.touched((Kind::Client, Uuid::nil()), before));
    }
}
