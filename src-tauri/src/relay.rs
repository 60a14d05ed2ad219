//! One chain of change notices per window.
//!
//! Each window says what it shows (days and staff); a change goes to it when the row was there before or is there now,
//! so that the therapist who lost an appointment is told. `prev` is the last revision sent to *that* window: a window
//! that is behind it has missed a notice. The first change goes out at once, what follows within [`COALESCE`] is sent
//! together, and more than [`MOST_ITEMS`] rows are not worth listing.

use crate::events::{ChangeOrigin, ChangedKey, ClinicChanged};
use deskbell_clinic::StaffId;
use jiff::civil::Date;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long further changes wait for each other after one has gone out.
const COALESCE: Duration = Duration::from_millis(16);
/// The longest list of rows in one notice.
const MOST_ITEMS: usize = 64;

/// What a window shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interest {
    /// The first day shown.
    pub from_day: Date,
    /// The last day shown.
    pub to_day: Date,
    /// The staff shown; none means all.
    pub staff: Option<Vec<StaffId>>,
}

/// One changed row, as the relay routes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Routed {
    /// What the window is told.
    pub key: ChangedKey,
    /// Days that the row was or is on; empty means that it has none.
    pub days: Vec<Date>,
    /// Staff that the row was or is of; empty means that it has none.
    pub staff: Vec<StaffId>,
    /// Whether it repeats, and so may be on any day.
    pub repeats: bool,
}

impl Interest {
    /// Whether a window that shows this is touched by the row. Rows without day and staff (services, clients, tasks…)
    /// touch every window, since any may show their names.
    fn includes(&self, row: &Routed) -> bool {
        let of_staff = match (&self.staff, row.staff.is_empty()) {
            (Some(shown), false) => row.staff.iter().any(|id| shown.contains(id)),
            _ => true,
        };
        let on_days = row.repeats
            || row.days.is_empty()
            || row.days.iter().any(|day| self.from_day <= *day && *day <= self.to_day);
        // A window of the whole clinic lists what changed, and what needs a person, whatever day it is on.
        let listed = self.staff.is_none();
        of_staff && (on_days || listed)
    }
}

/// The notices of one window.
#[derive(Debug)]
struct Chain {
    interest: Option<Interest>,
    sent: u32,
    waiting: Option<ClinicChanged>,
    quiet_until: Option<Instant>,
}

impl Chain {
    /// A chain of a window that has not said yet what it shows: until then, everything concerns it.
    const fn new() -> Self {
        Self {
            interest: None,
            sent: 0,
            waiting: None,
            quiet_until: None,
        }
    }

    /// The window shows something else now.
    fn set_interest(&mut self, interest: Interest) {
        self.interest = Some(interest);
    }

    /// Takes a commit in. Answers the notice when it is to go out at once.
    fn offer(&mut self, commit: &CommitNotice, now: Instant) -> Option<ClinicChanged> {
        let touches = |row: &&Routed| self.interest.as_ref().is_none_or(|interest| interest.includes(row));
        let items: Vec<_> = commit.rows.iter().filter(touches).map(|row| row.key).collect();
        if items.is_empty() && !commit.overflow {
            return None;
        }
        let prev = self.sent;
        let waiting = self.waiting.get_or_insert_with(|| ClinicChanged {
            epoch: commit.epoch.clone(),
            prev,
            revision: prev,
            items: vec![],
            overflow: false,
            origin: commit.origin,
        });
        waiting.epoch.clone_from(&commit.epoch);
        waiting.revision = commit.revision;
        waiting.overflow |= commit.overflow;
        for key in items {
            waiting
                .items
                .retain(|known| (known.kind, known.id) != (key.kind, key.id));
            waiting.items.push(key);
        }
        if waiting.items.len() > MOST_ITEMS {
            waiting.overflow = true;
        }
        if waiting.overflow {
            waiting.items.clear();
        }
        self.due(now)
    }

    /// The notice that has waited long enough.
    fn due(&mut self, now: Instant) -> Option<ClinicChanged> {
        if self.quiet_until.is_some_and(|until| now < until) {
            return None;
        }
        let notice = self.waiting.take()?;
        self.sent = notice.revision;
        self.quiet_until = Some(now + COALESCE);
        Some(notice)
    }

    /// When [`Chain::due`] is worth asking again.
    fn deadline(&self) -> Option<Instant> {
        self.waiting.as_ref().and(self.quiet_until)
    }
}

/// The chains of all open windows.
#[derive(Debug, Default)]
pub(crate) struct Chains {
    windows: HashMap<String, Chain>,
    /// The revision of the last commit that was offered.
    offered: u32,
}

impl Chains {
    /// A window is being opened. Its chain begins before its script runs, so that no commit falls between.
    pub(crate) fn open(&mut self, label: &str) {
        self.windows.entry(label.to_owned()).or_insert_with(Chain::new);
    }

    /// A window is gone.
    pub(crate) fn close(&mut self, label: &str) {
        self.windows.remove(label);
    }

    /// Another person's cache is shown from now on, which counts its own revisions.
    pub(crate) fn begin_anew(&mut self) {
        self.offered = 0;
        for chain in self.windows.values_mut() {
            *chain = Chain::new();
        }
    }

    /// A window shows something else now. Answers the last revision that was offered before: what a window read at an
    /// older one may lack a change that went by while it was not yet watching.
    pub(crate) fn watch(&mut self, label: &str, interest: Interest) -> u32 {
        self.windows
            .entry(label.to_owned())
            .or_insert_with(Chain::new)
            .set_interest(interest);
        self.offered
    }

    /// Offers a commit to every window. Answers the notices that go out at once, with their windows.
    pub(crate) fn offer(&mut self, commit: &CommitNotice, now: Instant) -> Vec<(String, ClinicChanged)> {
        self.offered = commit.revision;
        let offered = self.windows.iter_mut();
        offered
            .filter_map(|(label, chain)| Some((label.clone(), chain.offer(commit, now)?)))
            .collect()
    }

    /// The notices that have waited long enough.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<(String, ClinicChanged)> {
        self.windows
            .iter_mut()
            .filter_map(|(label, chain)| Some((label.clone(), chain.due(now)?)))
            .collect()
    }

    /// When [`Chains::due`] is worth asking again.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.windows.values().filter_map(Chain::deadline).min()
    }
}

/// A commit of the cache, as the relay needs it.
#[derive(Clone, Debug)]
pub(crate) struct CommitNotice {
    pub epoch: String,
    pub revision: u32,
    pub rows: Vec<Routed>,
    pub overflow: bool,
    pub origin: ChangeOrigin,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::KeyOp;
    use deskbell_clinic::Kind;
    use jiff::civil::date;
    use uuid::Uuid;

    fn staff(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }

    fn row(id: u128, days: &[Date], of: &[StaffId]) -> Routed {
        let key = ChangedKey {
            kind: Kind::Availability,
            id: Uuid::from_u128(id),
            op: KeyOp::Put,
            left: false,
        };
        Routed {
            key,
            days: days.to_vec(),
            staff: of.to_vec(),
            repeats: false,
        }
    }

    fn commit(revision: u32, rows: Vec<Routed>) -> CommitNotice {
        CommitNotice {
            epoch: "e".into(),
            revision,
            rows,
            overflow: false,
            origin: ChangeOrigin::Elsewhere,
        }
    }

    fn monday() -> Date {
        date(2026, 11, 23)
    }

    fn watching(shown: Option<Vec<StaffId>>) -> Chain {
        let mut chain = Chain::new();
        chain.set_interest(Interest {
            from_day: monday(),
            to_day: monday(),
            staff: shown,
        });
        chain
    }

    #[test]
    fn the_first_change_goes_out_at_once_and_what_follows_is_sent_together() {
        let mut chain = watching(None);
        let start = Instant::now();
        let first = chain
            .offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), start)
            .unwrap();
        assert_eq!((first.prev, first.revision), (0, 8));
        assert_eq!(
            chain.offer(&commit(9, vec![row(2, &[monday()], &[staff(1)])]), start),
            None
        );
        assert_eq!(
            chain.offer(&commit(10, vec![row(2, &[monday()], &[staff(1)])]), start),
            None
        );
        let second = chain.due(chain.deadline().unwrap()).unwrap();
        assert_eq!(
            (second.prev, second.revision, second.items.len()),
            (8, 10, 1),
            "one row, named once"
        );
    }

    #[test]
    fn a_change_of_another_therapist_or_day_does_not_reach_a_window_and_leaves_no_gap() {
        let mut chain = watching(Some(vec![staff(1)]));
        let now = Instant::now();
        assert_eq!(
            chain.offer(&commit(8, vec![row(1, &[monday()], &[staff(2)])]), now),
            None
        );
        assert_eq!(
            chain.offer(&commit(9, vec![row(1, &[date(2026, 12, 1)], &[staff(1)])]), now),
            None
        );
        let own = chain
            .offer(&commit(10, vec![row(1, &[monday()], &[staff(1)])]), now)
            .unwrap();
        assert_eq!(own.prev, 0, "what this window was not to see is no gap in its chain");
    }

    #[test]
    fn the_therapist_who_lost_a_row_is_told_as_well_as_the_one_who_got_it() {
        let moved = commit(8, vec![row(1, &[monday()], &[staff(1), staff(2)])]);
        for shown in [1, 2] {
            assert!(
                watching(Some(vec![staff(shown)]))
                    .offer(&moved, Instant::now())
                    .is_some()
            );
        }
    }

    #[test]
    fn a_row_that_moved_to_another_day_is_told_to_the_window_of_the_day_it_left() {
        let moved = commit(8, vec![row(1, &[monday(), date(2026, 12, 1)], &[staff(1)])]);
        let mut left = watching(Some(vec![staff(1)]));
        assert!(left.offer(&moved, Instant::now()).is_some());
        let mut neither = Chain::new();
        neither.set_interest(Interest {
            from_day: date(2026, 11, 24),
            to_day: date(2026, 11, 30),
            staff: Some(vec![staff(1)]),
        });
        assert_eq!(
            neither.offer(&moved, Instant::now()),
            None,
            "days between are not touched"
        );
    }

    #[test]
    fn what_asks_for_a_new_reading_swallows_the_rows_that_wait_and_those_that_follow_it() {
        let mut chain = watching(None);
        let now = Instant::now();
        chain
            .offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), now)
            .unwrap();
        assert_eq!(
            chain.offer(&commit(9, vec![row(2, &[monday()], &[staff(1)])]), now),
            None
        );
        let overflow = CommitNotice {
            overflow: true,
            ..commit(10, vec![])
        };
        assert_eq!(chain.offer(&overflow, now), None);
        assert_eq!(
            chain.offer(&commit(11, vec![row(3, &[monday()], &[staff(1)])]), now),
            None
        );
        let notice = chain.due(now + COALESCE).unwrap();
        assert_eq!((notice.prev, notice.revision), (8, 11));
        assert!(notice.overflow && notice.items.is_empty());
    }

    #[test]
    fn each_window_has_a_chain_of_its_own_and_one_that_was_closed_has_none() {
        let mut chains = Chains::default();
        chains.open("operator");
        chains.open("therapist");
        let start = Instant::now();
        let interest = Interest {
            from_day: monday(),
            to_day: monday(),
            staff: Some(vec![staff(2)]),
        };
        chains.watch("therapist", interest);
        let told = chains.offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), start);
        assert_eq!(told.len(), 1, "the therapist is not concerned");
        let later = start + COALESCE;
        let mut told = chains.offer(&commit(9, vec![row(2, &[monday()], &[staff(2)])]), later);
        told.sort_by(|a, b| a.0.cmp(&b.0));
        let prevs: Vec<_> = told
            .iter()
            .map(|(label, notice)| (label.as_str(), notice.prev))
            .collect();
        assert_eq!(
            prevs,
            [("operator", 8), ("therapist", 0)],
            "each goes on from its own last"
        );
        chains.close("therapist");
        let told = chains.offer(&commit(10, vec![row(3, &[monday()], &[staff(2)])]), later + COALESCE);
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn a_change_between_a_windows_first_reading_and_its_watching_is_not_missed() {
        let mut chains = Chains::default();
        chains.open("operator");
        let told = chains.offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), Instant::now());
        assert_eq!(
            told.len(),
            1,
            "a window that has not said what it shows is told of everything"
        );
        let interest = Interest {
            from_day: date(2026, 12, 1),
            to_day: date(2026, 12, 1),
            staff: None,
        };
        assert_eq!(
            chains.watch("operator", interest),
            8,
            "what went by meanwhile can be asked for"
        );
    }

    #[test]
    fn a_window_of_the_whole_clinic_hears_of_other_days_for_its_lists() {
        let elsewhere = commit(8, vec![row(1, &[date(2026, 12, 1)], &[staff(1)])]);
        assert!(watching(None).offer(&elsewhere, Instant::now()).is_some());
    }

    #[test]
    fn more_rows_than_are_worth_listing_ask_for_a_new_reading() {
        let rows = (0..65).map(|n| row(n, &[monday()], &[staff(1)])).collect();
        let notice = watching(None).offer(&commit(8, rows), Instant::now()).unwrap();
        assert!(notice.overflow && notice.items.is_empty());
    }
}
