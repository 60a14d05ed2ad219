//! What has changed since a cursor, as one viewer may see it: one entry a row, in commit order.

use super::cursor::Cursor;
use super::{LARGEST_LOOK, Part, change};
use crate::api::problem::Fault;
use crate::store::row::{self, Stored};
use crate::store::{StoreError, change as log, reference};
use clinic::wire::{Change, ChangeOp};
use clinic::{Actor, Kind};
use deskbell_clinic as clinic;
use rusqlite::Connection;
use std::collections::HashSet;
use uuid::Uuid;

/// How many rows are looked at in one go.
const LOOK: u32 = 256;

pub(super) fn part(connection: &Connection, viewer: &Actor, cursor: &Cursor, limit: usize) -> Result<Part, Fault> {
    let mut page = Page {
        connection,
        viewer,
        since: cursor.seq,
        told: HashSet::new(),
        changes: Vec::new(),
    };
    let (mut seq, mut looked) = (cursor.seq, 0);
    'page: loop {
        let rows = row::changed_after(connection, seq, LOOK)?;
        let last_look = rows.len() < LOOK as usize;
        looked += rows.len();
        for row in rows {
            let at = row.seq;
            let entries = page.entries(row)?;
            // A row and what it refers to stay together; only a page of its own may be larger than asked.
            if !page.changes.is_empty() && page.changes.len() + entries.len() > limit {
                break 'page;
            }
            page.changes.extend(entries);
            seq = at;
        }
        if last_look || page.changes.len() >= limit || looked >= LARGEST_LOOK {
            break;
        }
    }
    Ok(Part {
        changes: page.changes,
        cursor: Cursor { seq, ..cursor.clone() },
        more: log::last(connection)? > seq && !row::changed_after(connection, seq, 1)?.is_empty(),
    })
}

struct Page<'a> {
    connection: &'a Connection,
    viewer: &'a Actor,
    since: i64,
    /// Rows that are in this page already, brought forward by a row that refers to them.
    told: HashSet<(Kind, Uuid)>,
    changes: Vec<Change>,
}

impl Page<'_> {
    /// A row's entry, behind those of the rows it refers to where these have changed later than it has.
    fn entries(&mut self, row: Stored) -> Result<Vec<Change>, StoreError> {
        let mut entries = Vec::new();
        self.collect(row, &mut entries)?;
        Ok(entries)
    }

    fn collect(&mut self, row: Stored, entries: &mut Vec<Change>) -> Result<(), StoreError> {
        if !self.told.insert((row.kind, row.id)) {
            return Ok(());
        }
        let Some(op) = self.seen_as(&row)? else {
            return Ok(());
        };
        if op == ChangeOp::Put {
            for (kind, id) in reference::from(self.connection, row.kind, row.id)? {
                if let Some(target) = row::stored(self.connection, kind, id)?.filter(|target| target.seq > row.seq) {
                    self.collect(target, entries)?;
                }
            }
        }
        entries.push(change(row, op));
        Ok(())
    }

    /// What has happened to a row in this viewer's eyes; nothing when they could not see it before and cannot now, or
    /// when only others' sight of it changed.
    fn seen_as(&self, row: &Stored) -> Result<Option<ChangeOp>, StoreError> {
        let entries = log::of_row(self.connection, row.kind, row.id, self.since)?;
        let sees = |scope: &Option<clinic::scope::Scope>| scope.as_ref().is_some_and(|s| s.includes(self.viewer));
        let saw = entries.iter().any(|entry| sees(&entry.before));
        Ok(match (&row.body, row.scope.includes(self.viewer)) {
            (Some(_), true) => {
                // A scope that always held this viewer is no news. What left and came back in between is: a first
                // sync that read the rows meanwhile did not find it.
                let no_news = entries
                    .iter()
                    .all(|entry| entry.only_scope && sees(&entry.before) && sees(&entry.after));
                (!no_news).then_some(ChangeOp::Put)
            }
            (None, true) if saw => Some(ChangeOp::Delete),
            (_, false) if saw => Some(ChangeOp::Leave),
            _ => None,
        })
    }
}
