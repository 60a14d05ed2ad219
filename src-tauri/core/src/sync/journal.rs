//! What the sync did within the last hour, for a person who wonders whether it works: when it asked, what it was told, what
//! failed and how long answers took. It holds counts and codes; it has no place for anything personal.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How far back it goes.
pub const SPAN: SignedDuration = SignedDuration::from_hours(1);
/// The most that is kept; a desk that does more within an hour loses the oldest.
const MOST: usize = 8_192;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A request went out.
    Asked,
    /// The server answered a pull.
    Polled {
        /// How long that took.
        took: Duration,
        /// Rows that were new here.
        changes: u32,
    },
    /// The server confirmed an act.
    Sent {
        /// How long that took.
        took: Duration,
    },
    /// The server hinted at a change.
    Hinted,
    /// A request failed, with the code of why.
    Failed(&'static str),
}

/// What happened when, by this computer's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// The last hour. The lock is held for a few instructions only.
#[derive(Debug, Default)]
pub struct Journal(Mutex<VecDeque<Entry>>);

impl Journal {
    /// Writes down what happened now.
    pub fn note(&self, at: Timestamp, what: Happening) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == MOST {
            entries.pop_front();
        }
        entries.push_back(Entry { at, what });
    }

    /// What happened within the hour before `now`, oldest first. What a clock that was wrong put into the future is left
    /// out.
    pub fn within(&self, now: Timestamp) -> Vec<Entry> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while entries
            .front()
            .is_some_and(|entry| now.duration_since(entry.at) >= SPAN)
        {
            entries.pop_front();
        }
        let mut within: Vec<_> = entries
            .iter()
            .filter(|entry| entry.at <= now && now.duration_since(entry.at) < SPAN)
            .copied()
            .collect();
        within.sort_by_key(|entry| entry.at);
        within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    #[test]
    fn an_hour_is_kept_whatever_the_clock_did() {
        let journal = Journal::default();
        for minute in [0, 10, 200, 59, 60] {
            journal.note(at(minute), Happening::Asked);
        }
        let minutes = |now| -> Vec<_> {
            let entries = journal.within(at(now)).into_iter();
            entries.map(|entry| entry.at.as_second() / 60).collect()
        };
        assert_eq!(
            minutes(61),
            [10, 59, 60],
            "one is older than an hour and one lies ahead"
        );
        assert_eq!(minutes(205), [200]);
    }

    #[test]
    fn a_desk_that_does_very_much_forgets_the_oldest() {
        let journal = Journal::default();
        for _ in 0..MOST {
            journal.note(at(0), Happening::Hinted);
        }
        journal.note(at(1), Happening::Asked);
        let entries = journal.within(at(1));
        assert_eq!(entries.len(), MOST);
        assert_eq!(entries.last().map(|entry| entry.what), Some(Happening::Asked));
    }
}
