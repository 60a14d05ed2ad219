//! Changes out of whole answers, for servers that only ever say how everything is.
//!
//! Such a server has no "since", no versions and no word for what was deleted. What it says is compared, row by row, with
//! what the cache holds of it, and what differs becomes a change like any other server's. The dangerous part is what is
//! *not* in an answer: a row counts as deleted only when it is missing from an answer that is provably whole, and a second
//! question confirms it. An answer that failed, was cut short or is a web page says nothing about any row.
//!
//! A question that was asked before one of our own writes was answered may tell of the time before it. Rows that were
//! written meanwhile are left out of it; the next answer tells of them.

mod adopt;
mod writes;

pub use adopt::{adopt, same, unresolved};
pub use writes::{Mark, Writes, Writing};

use crate::backend::BackendError;
use crate::cache::{Cache, CacheError};
use deskbell_clinic::wire::{Change, ChangeOp};
use deskbell_clinic::{Kind, OperationId, Row, Span};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Missing rows that are asked about one by one for one answer. Each costs a request; the rest waits for the next answer.
const MOST_CONFIRMED: usize = 20;

/// Rows as a server tells them, and what of the clinic they are all of.
#[derive(Clone, Debug)]
pub struct Listing {
    /// When it was asked for: what we wrote since is left out.
    pub begun: Mark,
    /// Its rows, under our ids.
    pub rows: Vec<Told>,
    /// Rows that it holds and that cannot be shown. They are not missing.
    pub unreadable: Vec<(Kind, Uuid)>,
    /// What it is provably all of. None: it tells of its rows, and nothing of any other.
    pub whole: Option<Scope>,
}

/// One row as a server tells it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The row.
    pub row: Row,
    /// Our own act that made it, found again by what it says.
    pub made_by: Option<OperationId>,
    /// It was told of beside another row: it counts where nothing is known of it, and changes nothing.
    pub beside: bool,
}

impl From<Row> for Told {
    fn from(row: Row) -> Self {
        Self {
            row,
            made_by: None,
            beside: false,
        }
    }
}

impl Told {
    /// A row that was told of beside another.
    pub const fn beside(row: Row) -> Self {
        Self {
            row,
            made_by: None,
            beside: true,
        }
    }
}

/// A part of the clinic that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// Rows of these kinds.
    pub kinds: Vec<Kind>,
    /// That begin within this time; none means all.
    pub begins: Option<Span>,
    /// This row alone.
    pub only: Option<Uuid>,
}

impl Scope {
    /// All rows of a kind.
    pub fn all(kind: Kind) -> Self {
        Self::between(vec![kind], None)
    }

    /// Rows of these kinds that begin within a time.
    pub const fn between(kinds: Vec<Kind>, begins: Option<Span>) -> Self {
        Self {
            kinds,
            begins,
            only: None,
        }
    }

    /// One row.
    pub fn one(kind: Kind, id: Uuid) -> Self {
        Self {
            only: Some(id),
            ..Self::all(kind)
        }
    }
}

/// What a second question says of a row that was missing.
#[derive(Clone, Debug)]
pub enum Again {
    /// It is there, and is so now.
    There(Box<Row>),
    /// It is gone.
    Gone,
    /// It cannot be told: the row stays as it is.
    Unsure,
}

/// The server, to be asked a second time for one row.
pub trait AskAgain: Sync {
    /// How a row is now that was missing where it should have been; `row` is as it was last known.
    fn ask_again<'a>(&'a self, row: &'a Row) -> BoxFuture<'a, Result<Again, BackendError>>;
}

/// Compares answers with one account's cache.
#[derive(Clone, Debug)]
pub struct SnapshotDiff {
    cache: Cache,
    writes: Writes,
}

impl SnapshotDiff {
    /// For the account whose cache this is.
    pub fn new(cache: Cache) -> Self {
        Self {
            cache,
            writes: Writes::default(),
        }
    }

    /// The account's cache.
    pub const fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Our own writes. A question is begun here before it is asked, and a write before it is sent.
    pub const fn writes(&self) -> &Writes {
        &self.writes
    }

    /// What the answer changes, kind by kind so that a row comes after what it refers to.
    ///
    /// # Errors
    /// When the server cannot be asked a second time at all, or the cache cannot be read.
    pub async fn changes(
        &self,
        listing: Listing,
        now: Timestamp,
        server: &impl AskAgain,
    ) -> Result<Vec<Change>, BackendError> {
        let (told, missing) = self.compare(&listing).await?;
        let mut changes: Vec<Change> = told.into_iter().filter_map(|told| told.change(now)).collect();
        for (row, version) in missing.into_iter().take(MOST_CONFIRMED) {
            let key = (row.kind(), row.id());
            let answer = server.ask_again(&row).await?;
            // Asked just now: only what we are writing at this moment may be newer.
            if self.writes.touched(key, listing.begun) {
                continue;
            }
            match answer {
                Again::There(there) if *there == row => {}
                Again::There(there) => changes.push(put(&there, version + 1, None, now)),
                Again::Gone => changes.push(gone(key, version + 1, now)),
                Again::Unsure => {}
            }
        }
        changes.sort_by_key(|change| change.kind);
        Ok(changes)
    }

    /// Every row of a first reading as a change, whatever is known already: it is filled in beside what is shown.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn everything(&self, listing: Listing, now: Timestamp) -> Result<Vec<Change>, BackendError> {
        let (told, _) = self.compare(&listing).await?;
        let mut changes: Vec<_> = told
            .into_iter()
            .map(|told| put(&told.row, told.version(), told.made_by, now))
            .collect();
        changes.sort_by_key(|change| change.kind);
        Ok(changes)
    }

    /// The answer's rows beside what is known of them, and the rows that it should hold and does not.
    async fn compare(&self, listing: &Listing) -> Result<(Vec<Compared>, Vec<(Row, u32)>), BackendError> {
        let keys: Vec<_> = listing.rows.iter().map(|told| key(&told.row)).collect();
        let whole = listing.whole.clone();
        let (mut known, due) = self
            .cache
            .read(move |snapshot| {
                let mut due = Vec::new();
                if let Some(scope) = &whole {
                    for kind in &scope.kinds {
                        match scope.only {
                            Some(id) => due.extend(snapshot.truth_of(*kind, id)?),
                            None => due.extend(snapshot.truth(*kind, scope.begins)?),
                        }
                    }
                }
                let mut known = HashMap::new();
                for (kind, id) in keys {
                    if let Some(truth) = snapshot.truth_of(kind, id)? {
                        known.insert((kind, id), truth);
                    }
                }
                Ok::<_, CacheError>((known, due))
            })
            .await?;
        let settled = |key| !self.writes.touched(key, listing.begun);
        let mut present: HashSet<_> = listing.unreadable.iter().copied().collect();
        let mut compared: Vec<Compared> = Vec::with_capacity(listing.rows.len());
        for told in &listing.rows {
            let key = key(&told.row);
            // The same row may be told of twice, beside others that refer to it.
            let news = !told.beside || !known.contains_key(&key);
            if present.insert(key) && news && settled(key) {
                compared.push(Compared {
                    row: told.row.clone(),
                    made_by: told.made_by,
                    known: known.remove(&key),
                });
            }
        }
        let missing = due
            .into_iter()
            .filter(|(row, _)| !present.contains(&key(row)) && settled(key(row)));
        Ok((compared, missing.collect()))
    }
}

/// A told row beside what is known of it.
struct Compared {
    row: Row,
    made_by: Option<OperationId>,
    known: Option<(Row, u32)>,
}

impl Compared {
    /// The row's version: ours, since the server has none. It counts the changes that this desk has seen.
    fn version(&self) -> u32 {
        match &self.known {
            Some((known, version)) => version + u32::from(*known != self.row),
            None => 1,
        }
    }

    fn change(self, now: Timestamp) -> Option<Change> {
        let same = self.known.as_ref().is_some_and(|(known, _)| *known == self.row);
        (!same || self.made_by.is_some()).then(|| put(&self.row, self.version(), self.made_by, now))
    }
}

fn key(row: &Row) -> (Kind, Uuid) {
    (row.kind(), row.id())
}

fn put(row: &Row, version: u32, made_by: Option<OperationId>, at: Timestamp) -> Change {
    Change {
        kind: row.kind(),
        id: row.id(),
        version,
        op: ChangeOp::Put,
        body: Some(row.to_json()),
        by: None,
        device: None,
        operation: made_by,
        at,
    }
}

fn gone((kind, id): (Kind, Uuid), version: u32, at: Timestamp) -> Change {
    Change {
        kind,
        id,
        version,
        op: ChangeOp::Delete,
        body: None,
        by: None,
        device: None,
        operation: None,
        at,
    }
}

impl From<CacheError> for BackendError {
    fn from(error: CacheError) -> Self {
        BackendError::Here(error.to_string())
    }
}
