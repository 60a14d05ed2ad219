//! What was read lately, kept decoded in memory and brought up to each revision by the change log.
//!
//! A commit makes SQLite drop what a reader had in its page cache, so that after every change each window's question would
//! decrypt and parse some hundred pages again, of which one row is new. What is kept here is never a second truth: it is of
//! one revision, told by the change log which rows to read again, and forgotten when the log cannot tell.

use super::commit::ChangesSince;
use super::error::CacheError;
use super::read::ViewRow;
use deskbell_clinic::{Kind, Row, Span, StaffId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Lists that are kept. Three windows ask some ten; a person who leafs through days asks more.
const MOST_LISTS: usize = 48;
/// Single rows that are kept: the clients whom those lists name.
const MOST_ROWS: usize = 4_096;

/// A list that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Listed {
    /// Every row of a kind.
    All(Kind),
    /// Rows that share time with a span, and repeating ones that may; of these staff, when any are named.
    Between(Kind, Span, Option<Vec<StaffId>>),
}

impl Listed {
    /// Whether the list may be kept: not that of all clients, appointments or payments, which grow with the clinic.
    pub(super) const fn is_small(&self) -> bool {
        match self {
            Self::All(kind) => !matches!(kind, Kind::Client | Kind::Appointment | Kind::Payment),
            Self::Between(..) => true,
        }
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::All(kind) | Self::Between(kind, ..) => *kind,
        }
    }

    /// Whether a row belongs on the list.
    pub(super) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::All(kind) => row.kind() == *kind,
            Self::Between(kind, span, staff) => {
                let in_time = row.span().is_some_and(|own| {
                    let begun = own.start() < span.end();
                    begun && (own.overlaps(*span) || super::table::server_row::repeats(row))
                });
                row.kind() == *kind && in_time && staff.as_ref().is_none_or(|staff| is_of(row, staff))
            }
        }
    }
}

/// Whether a row is on the line of one of these staff. What belongs to nobody is on everyone's.
pub(super) fn is_of(row: &Row, staff: &[StaffId]) -> bool {
    match row {
        Row::Availability(row) => staff.contains(&row.staff),
        Row::Appointment(row) => row.staff().any(|id| staff.contains(&id)),
        _ => true,
    }
}

/// What the readers of a cache remember together.
#[derive(Default)]
pub(super) struct Memory(Mutex<Remembered>);

/// What is remembered, all of it of one revision of one reading of the server.
#[derive(Default)]
struct Remembered {
    revision: u32,
    generation: u32,
    lists: HashMap<Listed, Kept>,
    rows: HashMap<(Kind, Uuid), Option<ViewRow>>,
    /// Counts askings, so that the list asked for longest ago is forgotten first.
    clock: u64,
}

struct Kept {
    rows: Arc<Vec<ViewRow>>,
    asked: u64,
}

impl Memory {
    /// Brings what is remembered to the revision of a reader, who tells what changed and reads rows again. A reader of an
    /// older revision leaves it as it is, and will find nothing in it.
    pub(super) fn advance(
        &self,
        revision: u32,
        generation: u32,
        since: impl FnOnce(u32) -> Result<ChangesSince, CacheError>,
        read: impl Fn(Kind, Uuid) -> Result<Option<ViewRow>, CacheError>,
    ) -> Result<(), CacheError> {
        let mut known = self.lock();
        if (known.revision, known.generation) == (revision, generation) || known.revision > revision {
            return Ok(());
        }
        if known.lists.is_empty() && known.rows.is_empty() {
            known.begin(revision, generation);
            return Ok(());
        }
        let brought = if known.generation == generation {
            since(known.revision).and_then(|changes| known.take(&changes, &read))
        } else {
            Ok(false)
        };
        if !matches!(brought, Ok(true)) {
            known.begin(revision, generation);
        }
        known.revision = revision;
        brought.map(drop)
    }

    /// A list of the revision that a reader sees, if it is remembered.
    pub(super) fn list(&self, revision: u32, listed: &Listed) -> Option<Arc<Vec<ViewRow>>> {
        let mut known = self.lock();
        known.clock += 1;
        let (of, clock) = (known.revision, known.clock);
        let kept = known.lists.get_mut(listed).filter(|_| of == revision)?;
        kept.asked = clock;
        Some(kept.rows.clone())
    }

    /// Remembers a list, unless the memory has gone on from the revision it was read at.
    pub(super) fn keep_list(&self, revision: u32, listed: Listed, rows: Arc<Vec<ViewRow>>) {
        let mut known = self.lock();
        if known.revision != revision {
            return;
        }
        if known.lists.len() >= MOST_LISTS
            && let Some(oldest) = known.lists.iter().min_by_key(|(_, kept)| kept.asked)
        {
            let oldest = oldest.0.clone();
            known.lists.remove(&oldest);
        }
        let asked = known.clock;
        known.lists.insert(listed, Kept { rows, asked });
    }

    /// One row of the revision that a reader sees, if it is remembered; the inner none is a row that is not there.
    pub(super) fn row(&self, revision: u32, kind: Kind, id: Uuid) -> Option<Option<ViewRow>> {
        let known = self.lock();
        known
            .rows
            .get(&(kind, id))
            .filter(|_| known.revision == revision)
            .cloned()
    }

    /// Remembers one row, unless the memory has gone on from the revision it was read at.
    pub(super) fn keep_row(&self, revision: u32, kind: Kind, id: Uuid, row: Option<ViewRow>) {
        let mut known = self.lock();
        if known.revision != revision {
            return;
        }
        if known.rows.len() >= MOST_ROWS {
            known.rows.clear();
        }
        known.rows.insert((kind, id), row);
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        // A panic while it was brought up to date may have left half of it old.
        self.0.lock().unwrap_or_else(|poisoned| {
            let mut known = PoisonError::into_inner(poisoned);
            *known = Remembered::default();
            self.0.clear_poison();
            known
        })
    }
}

impl Remembered {
    fn begin(&mut self, revision: u32, generation: u32) {
        self.lists.clear();
        self.rows.clear();
        (self.revision, self.generation) = (revision, generation);
    }

    /// Reads again what changed. False when the log cannot tell.
    fn take(
        &mut self,
        changes: &ChangesSince,
        read: impl Fn(Kind, Uuid) -> Result<Option<ViewRow>, CacheError>,
    ) -> Result<bool, CacheError> {
        if changes.overflow {
            return Ok(false);
        }
        for item in &changes.items {
            let now = read(item.kind, item.id)?;
            for (listed, kept) in self.lists.iter_mut().filter(|(listed, _)| listed.kind() == item.kind) {
                replace(listed, &mut kept.rows, item.id, now.as_ref());
            }
            if let Some(row) = self.rows.get_mut(&(item.kind, item.id)) {
                *row = now;
            }
        }
        Ok(true)
    }
}

/// Puts a row as it is now in place of what a list has of it.
fn replace(listed: &Listed, rows: &mut Arc<Vec<ViewRow>>, id: Uuid, now: Option<&ViewRow>) {
    let now = now.filter(|seen| listed.holds(&seen.row));
    let at = rows.iter().position(|seen| seen.row.id() == id);
    match (at, now) {
        (None, None) => {}
        (Some(at), Some(now)) => {
            if let Some(place) = Arc::make_mut(rows).get_mut(at) {
                *place = now.clone();
            }
        }
        (Some(at), None) => {
            Arc::make_mut(rows).remove(at);
        }
        (None, Some(now)) => Arc::make_mut(rows).push(now.clone()),
    }
}
