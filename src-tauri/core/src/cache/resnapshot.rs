//! Reading everything anew beside what is shown, and then showing it with one pointer update. No window ever sees an
//! empty table, and what a person did is kept and folded over the new rows.

use super::Cache;
use super::commit::Origin;
use super::error::CacheError;
use super::keep::transact;
use super::overlay::Ledger;
use super::table::{meta, outbox, overlay, server_row};
use super::threads::Priority;
use deskbell_clinic::wire::{ChangeOp, ChangesPage};
use deskbell_clinic::{Kind, Row};
use rusqlite::Connection;

impl Cache {
    /// Takes a page of a new reading in, beside the one that is shown. The first page drops what an earlier, unfinished
    /// new reading left.
    ///
    /// # Errors
    /// When the page holds a row that cannot be read, or the file cannot be written.
    pub async fn stage(&self, page: ChangesPage, first: bool) -> Result<(), CacheError> {
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| Ok((stage(connection, &page, first)?, None)))
            })
            .await
    }

    /// Shows the new reading, whose last page brought this epoch and cursor. Makes no activity and no notices.
    ///
    /// # Errors
    /// When the file cannot be written; then the old reading is still shown.
    pub async fn swap(&self, epoch: String, cursor: String) -> Result<(), CacheError> {
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    let generation = meta::generation(connection)? + 1;
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

fn stage(connection: &Connection, page: &ChangesPage, first: bool) -> Result<(), CacheError> {
    let shown = meta::generation(connection)?;
    if first {
        server_row::keep_only(connection, shown)?;
    }
    let next = shown + 1;
    for change in &page.changes {
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
