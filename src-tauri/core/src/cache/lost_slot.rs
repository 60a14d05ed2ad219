//! The task of a lost slot, kept and ended in the same transaction as what becomes of its act.

use super::error::CacheError;
use super::keep::keep_one;
use super::overlay::Ledger;
use super::table::outbox::{self, OutboxItem, OutboxState};
use super::table::server_row;
use crate::outbox::intent::Intent;
use crate::outbox::lost::task_id;
use deskbell_clinic::{Kind, Row, Task, TaskOutcome};

/// Keeps the task, unless the act has raised it before.
pub(super) fn raise(ledger: &mut Ledger<'_>, item: &OutboxItem, task: Task) -> Result<(), CacheError> {
    if ledger.seen(Kind::Task, task.id.uuid())?.is_some() {
        return Ok(());
    }
    keep_one(ledger, Intent::put(task, None), item.by, item.acted_at).map(drop)
}

/// The act has found its end, and with it the task, when it raised one: taken back where it was not sent yet, else done.
pub(super) fn end(ledger: &mut Ledger<'_>, item: &OutboxItem, outcome: TaskOutcome) -> Result<(), CacheError> {
    let id = task_id(item.operation).uuid();
    let Some(Row::Task(mut task)) = ledger.seen(Kind::Task, id)? else {
        return Ok(());
    };
    let waiting = outbox::lane(ledger.connection, Kind::Task, id)?;
    if let [only] = waiting.as_slice()
        && only.makes()
        && matches!(only.state, OutboxState::Queued | OutboxState::AuthHeld)
    {
        outbox::delete(ledger.connection, only.operation)?;
        return ledger.refold(Kind::Task, id, Some(&Row::Task(task)), false);
    }
    if task.outcome.is_some() {
        return Ok(());
    }
    task.outcome = Some(outcome);
    let base = server_row::version(ledger.connection, ledger.generation, Kind::Task, id)?;
    keep_one(ledger, Intent::put(task, base), item.by, item.acted_at).map(drop)
}
