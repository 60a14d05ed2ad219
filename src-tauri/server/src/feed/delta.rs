//! What has changed since a cursor, as one viewer may see it: one entry a row, in commit order.
//!
//! Every entry of the log is looked at, also where the row has changed again since: a viewer may have lost the row at
//! the first of two changes, and a page may end between them.

use super::cursor::Cursor;
use super::{LARGEST_LOOK, Part, change};
use crate::api::problem::Fault;
use crate::store::change::Entry;
use crate::store::row::{self, Stored};
use crate::store::{StoreError, change as log, reference};
use clinic::scope::Scope;
use clinic::wire::{Change, ChangeOp};
use clinic::{Actor, Kind};
use deskbell_clinic as clinic;
use rusqlite::Connection;
use std::collections::HashSet;
use uuid::Uuid;

/// How many entries are read in one go.
const LOOK: u32 = 256;

pub(super) fn part(connection: &Connection, viewer: &Actor, cursor: &Cursor, limit: usize) -> Result<Part, Fault> {
    let mut page = Page {
        connection,
        viewer,
        told: HashSet::new(),
        changes: Vec::new(),
    };
    let (mut seq, mut looked) = (cursor.seq, 0);
    'page: while looked < LARGEST_LOOK && page.changes.len() < limit {
        let entries = log::after(connection, seq, LOOK)?;
        if entries.is_empty() {
            break;
        }
        looked += entries.len();
        for entry in entries {
            let changes = page.tell(&entry)?;
            // A row and what it refers to stay together; only a page of its own may be larger than asked.
            if !page.changes.is_empty() && page.changes.len() + changes.len() > limit {
                break 'page;
            }
            page.changes.extend(changes);
            seq = entry.seq;
        }
    }
    Ok(Part {
        changes: page.changes,
        cursor: Cursor { seq, ..cursor.clone() },
        more: log::last(connection)? > seq && !log::after(connection, seq, 1)?.is_empty(),
    })
}

struct Page<'a> {
    connection: &'a Connection,
    viewer: &'a Actor,
    /// Rows that are in this page already, brought forward by a row that refers to them.
    told: HashSet<(Kind, Uuid)>,
    changes: Vec<Change>,
}

impl Page<'_> {
    fn sees(&self, scope: Option<&Scope>) -> bool {
        scope.is_some_and(|scope| scope.includes(self.viewer))
    }

    /// Whether an entry brought the row to this viewer: it was written, or it came into their sight.
    fn brings(&self, entry: &Entry) -> bool {
        self.sees(entry.after.as_ref()) && !(entry.only_scope && self.sees(entry.before.as_ref()))
    }

    /// Whether an entry took the row from this viewer.
    fn takes(&self, entry: &Entry) -> bool {
        self.sees(entry.before.as_ref()) && !self.sees(entry.after.as_ref())
    }

    /// What there is to tell at an entry. What a later entry of the same row tells is left to that one.
    fn tell(&mut self, entry: &Entry) -> Result<Vec<Change>, StoreError> {
        let mut changes = Vec::new();
        if !self.brings(entry) && !self.takes(entry) {
            return Ok(changes);
        }
        let Some(row) = row::stored(self.connection, entry.kind, entry.id)? else {
            return Ok(changes);
        };
        let later = log::of_row(self.connection, entry.kind, entry.id, entry.seq)?;
        let visible = row.body.is_some() && row.scope.includes(self.viewer);
        if visible && self.brings(entry) && !later.iter().any(|later| self.brings(later)) {
            self.put(row, entry.seq, &mut changes)?;
        } else if !visible && self.takes(entry) && !later.iter().any(|later| self.takes(later)) {
            // What was deleted out of others' sight has only left this viewer's.
            let op = if entry.after.is_none() {
                ChangeOp::Delete
            } else {
                ChangeOp::Leave
            };
            changes.push(change(row, op));
        }
        Ok(changes)
    }

    /// A row, behind those that it refers to and that are to be told only later than `at`.
    fn put(&mut self, row: Stored, at: i64, changes: &mut Vec<Change>) -> Result<(), StoreError> {
        if !self.told.insert((row.kind, row.id)) {
            return Ok(());
        }
        for (kind, id) in reference::from(self.connection, row.kind, row.id)? {
            let Some(target) = row::stored(self.connection, kind, id)? else {
                continue;
            };
            if target.body.is_some()
                && target.scope.includes(self.viewer)
                && log::of_row(self.connection, kind, id, at)?
                    .iter()
                    .any(|later| self.brings(later))
            {
                self.put(target, at, changes)?;
            }
        }
        changes.push(change(row, ChangeOp::Put));
        Ok(())
    }
}
