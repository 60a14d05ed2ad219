//! Reading everything anew beside what is shown, and then showing it with one pointer update. No window ever sees an
//! empty table, and what a person did is kept and folded over the new rows.

use super::Cache;
use super::apply::MOST_AT_ONCE;
use super::commit::Origin;
use super::error::CacheError;
use super::keep::transact;
use super::overlay::Ledger;
use super::table::outbox::OutboxState;
use super::table::{meta, outbox, overlay, person, server_row};
use super::threads::Priority;
use deskbell_clinic::wire::{Change, ChangeOp, ChangesPage};
use deskbell_clinic::{Kind, Row};
use rusqlite::Connection;
use std::sync::Arc;

/// Why an act waits for a person after the server's past has changed.
const RESTORED: &str =
    "The clinic's server was set back to an earlier state. See how this stands now, then send or discard it.";

impl Cache {
    /// Takes a page of a new reading in, beside the one that is shown. The first page drops what an earlier, unfinished
    /// new reading left.
    ///
    /// # Errors
    /// When the page holds a row that cannot be read, or the file cannot be written.
    pub async fn stage(&self, page: ChangesPage, first: bool) -> Result<(), CacheError> {
        let (mut rest, mut first) = (page.changes, first);
        let people = Arc::new(page.people);
        loop {
            let next = rest.split_off(rest.len().min(MOST_AT_ONCE));
            let (part, last) = (std::mem::replace(&mut rest, next), rest.is_empty());
            let people = Arc::clone(&people);
            let staged = self.inner.writer.run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    person::put(connection, &people)?;
                    Ok((stage(connection, &part, first)?, None))
                })
            });
            staged.await?;
            first = false;
            if last {
                return Ok(());
            }
        }
    }

    /// Shows the new reading, whose last page brought this epoch and cursor. Makes no activity and no notices.
    ///
    /// With another epoch the server's past is another one: a version number may mean another row than the one a person
    /// saw. An act that waits goes on where the row is the same as then; where it is not, a person looks first.
    ///
    /// # Errors
    /// When the file cannot be written; then the old reading is still shown.
    pub async fn swap(&self, epoch: String, cursor: String) -> Result<(), CacheError> {
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    let generation = meta::generation(connection)? + 1;
                    let known_epoch = meta::epoch(connection)?;
                    if !known_epoch.is_empty() && known_epoch != epoch {
                        check_bases(connection, generation - 1, generation)?;
                    }
                    meta::set_generation(connection, generation)?;
                    server_row::keep_only(connection, generation)?;
                    meta::set_epoch(connection, &epoch)?;
                    meta::set_cursor(connection, &cursor)?;
                    let mut ledger = Ledger::begin(connection)?;
                    for item in outbox::all(connection)? {
                        ledger.refold(item.kind, item.id, None, false)?;
                    }
                    drop_orphans(connection)?;
                    ledger.overflow();
                    Ok(((), ledger.finish(Origin::Resnapshot)?))
                })
            })
            .await
    }
}

/// Lets the acts that wait build on the rows of the new past, where those are the rows that the person saw.
fn check_bases(connection: &Connection, before: u32, after: u32) -> Result<(), CacheError> {
    for item in outbox::all(connection)? {
        if item.base_version.is_none() {
            continue;
        }
        let seen = server_row::get(connection, before, item.kind, item.id)?;
        let now = server_row::get(connection, after, item.kind, item.id)?;
        match (seen, now) {
            (Some(seen), Some(now)) if seen.row == now.row => {
                outbox::set_base(connection, item.operation, now.version)?;
            }
            _ if item.state.is_seen() => {
                outbox::set_state(connection, item.operation, OutboxState::Parked, RESTORED, None, None)?;
            }
            // It waits for a person already.
            _ => {}
        }
    }
    Ok(())
}

fn stage(connection: &Connection, changes: &[Change], first: bool) -> Result<(), CacheError> {
    let shown = meta::generation(connection)?;
    if first {
        server_row::keep_only(connection, shown)?;
    }
    let next = shown + 1;
    for change in changes {
        // An act's receipt may have brought something newer meanwhile.
        let known = server_row::version(connection, next, change.kind, change.id)?;
        if known.is_some_and(|known| known > change.version) {
            continue;
        }
        match (change.op, &change.body) {
            (ChangeOp::Put, Some(body)) => {
                let row = Row::read(change.kind, body)
                    .map_err(|_| CacheError::unreadable(format!("a {} from the server", change.kind)))?;
                server_row::put(connection, next, &row, change.version)?;
            }
            (ChangeOp::Put, None) => return Err(CacheError::unreadable("a change without its row")),
            (ChangeOp::Delete | ChangeOp::Leave, _) => server_row::delete(connection, next, change.kind, change.id)?,
        }
    }
    Ok(())
}

/// An overlay without an act cannot be; should one be left by an older program, the server's row is shown again.
fn drop_orphans(connection: &Connection) -> Result<(), CacheError> {
    for kind in Kind::ALL {
        for row in overlay::all(connection, kind)? {
            if outbox::get(connection, row.operation)?.is_none() {
                overlay::delete(connection, row.kind, row.id)?;
            }
        }
    }
    Ok(())
}
