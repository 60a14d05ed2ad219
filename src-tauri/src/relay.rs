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
mod tests;
