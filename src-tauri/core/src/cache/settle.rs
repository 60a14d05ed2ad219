//! What becomes of an act: sending, confirmed, refused, held; and what a person decides about it.

use super::Cache;
use super::commit::Origin;
use super::error::CacheError;
use super::keep::{durably, transact};
use super::lost_slot;
use super::overlay::Ledger;
use super::table::outbox::{self, OutboxItem, OutboxState};
use super::table::server_row;
use super::threads::Priority;
use crate::outbox::intent::Intent;
use deskbell_clinic::wire::{ChangeOp, Problem, Written};
use deskbell_clinic::{OperationId, Row, Task, TaskOutcome};
use jiff::Timestamp;
use rusqlite::Connection;

/// What a server's answer, or the lack of one, means for an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Settlement {
    /// Done: the act leaves together with its overlay, and the server's row takes their place.
    Done(Box<Written>),
    /// Done, and there is no row any more.
    Gone,
    /// Refused: somebody else was first. A sentence, and the server's answer.
    Conflict(String, Option<Box<Problem>>),
    /// Refused: the slot is another's. As a conflict, and a task for whoever is at a desk.
    LostSlot(String, Box<Problem>, Box<Task>),
    /// It cannot go on as it is; a sentence says why.
    Parked(String),
    /// It may have arrived; it goes again, with the same key, not before the instant.
    Unknown(Timestamp),
    /// It was not done; it goes again, not before the instant.
    Again(Timestamp),
    /// It waits for a sign-in.
    AuthHeld,
}

impl Cache {
    /// The oldest act that can be sent now, marked as being sent, on the disk, before it is answered here: a process that
    /// is killed while sending finds it as unknown. Windows are not told: to a person it is as unsent as before, and its
    /// outcome, told within moments, would else redraw every window twice.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn claim_next(&self, now: Timestamp) -> Result<Option<OutboxItem>, CacheError> {
        self.inner
            .writer
            .run(Priority::Person, move |connection| {
                let due = |item: &OutboxItem| {
                    matches!(item.state, OutboxState::Queued | OutboxState::Unknown)
                        && item.retry_at.is_none_or(|at| at <= now)
                };
                if !outbox::heads(connection)?.iter().any(due) {
                    return Ok((None, None));
                }
                durably(connection, |connection| {
                    let Some(mut item) = outbox::heads(connection)?.into_iter().find(due) else {
                        return Ok((None, None));
                    };
                    outbox::set_state(connection, item.operation, OutboxState::Sending, "", None, None)?;
                    outbox::count_attempt(connection, item.operation)?;
                    item.unsure = item.state == OutboxState::Unknown;
                    item.state = OutboxState::Sending;
                    item.attempts += 1;
                    Ok((Some(item), None))
                })
            })
            .await
    }

    /// When an act that waits for its time can be sent; none when none waits for a time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_wakeup(&self) -> Result<Option<Timestamp>, CacheError> {
        let heads = self.inner.readers.run(|connection| outbox::heads(connection)).await?;
        let waiting = heads
            .into_iter()
            .filter(|item| matches!(item.state, OutboxState::Queued | OutboxState::Unknown));
        Ok(waiting.map(|item| item.retry_at.unwrap_or(Timestamp::UNIX_EPOCH)).min())
    }

    /// Every act that waits, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn waiting(&self) -> Result<Vec<OutboxItem>, CacheError> {
        self.inner.readers.run(|connection| outbox::all(connection)).await
    }

    /// Records what became of an act. A receipt, the retirement of the act and of its overlay, and the server's row are
    /// one transaction: nothing flickers, and no overlay stays for ever. An act that is retired already (its change came
    /// with a pull) is left alone.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn settle(&self, operation: OperationId, settlement: Settlement) -> Result<(), CacheError> {
        self.inner.receipts.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.change_act(operation, move |ledger, item| match settlement {
            Settlement::Done(written) => retire(ledger, item, Some(&written)),
            Settlement::Gone => {
                lost_slot::end(ledger, item, TaskOutcome::Done)?;
                for generation in [ledger.generation, ledger.generation + 1] {
                    server_row::delete(ledger.connection, generation, item.kind, item.id)?;
                }
                outbox::delete(ledger.connection, item.operation)
            }
            Settlement::Conflict(reason, problem) => refuse(ledger, item, &reason, problem.as_deref()),
            Settlement::LostSlot(reason, problem, task) => {
                refuse(ledger, item, &reason, Some(&problem))?;
                lost_slot::raise(ledger, item, *task)
            }
            Settlement::Parked(reason) => outbox::set_state(
                ledger.connection,
                item.operation,
                OutboxState::Parked,
                &reason,
                None,
                None,
            ),
            Settlement::Unknown(at) => outbox::set_state(
                ledger.connection,
                item.operation,
                OutboxState::Unknown,
                "",
                None,
                Some(at),
            ),
            Settlement::Again(at) => outbox::set_state(
                ledger.connection,
                item.operation,
                OutboxState::Queued,
                "",
                None,
                Some(at),
            ),
            Settlement::AuthHeld => {
                outbox::set_state(ledger.connection, item.operation, OutboxState::AuthHeld, "", None, None)
            }
        })
        .await
        .map(drop)
    }

    /// Takes an act back that was never sent; answers whether there was one to take back.
    ///
    /// # Errors
    /// [`CacheError::BeingSent`] when it was sent or is being sent: then it can only be corrected.
    pub async fn cancel(&self, operation: OperationId) -> Result<bool, CacheError> {
        self.change_act(operation, |ledger, item| {
            if matches!(
                item.state,
                OutboxState::Sending | OutboxState::Unknown | OutboxState::Acked
            ) {
                return Err(CacheError::BeingSent);
            }
            drop_with_dependents(ledger, item)
        })
        .await
    }

    /// Gives an act up, and with it what waited for it. One that may have arrived is only forgotten here.
    ///
    /// # Errors
    /// [`CacheError::BeingSent`] while it is being sent, [`CacheError::NoSuchOperation`] when it is not there.
    pub async fn discard(&self, operation: OperationId) -> Result<(), CacheError> {
        let found = self.change_act(operation, |ledger, item| {
            if item.state == OutboxState::Sending {
                return Err(CacheError::BeingSent);
            }
            drop_with_dependents(ledger, item)
        });
        if found.await? {
            Ok(())
        } else {
            Err(CacheError::NoSuchOperation)
        }
    }

    /// Sends an act again that was refused or parked, on top of the row as it is now.
    ///
    /// # Errors
    /// [`CacheError::NoSuchOperation`] when it is not there.
    pub async fn retry(&self, operation: OperationId) -> Result<(), CacheError> {
        let found = self.change_act(operation, |ledger, item| {
            if matches!(item.state, OutboxState::Sending) {
                return Err(CacheError::BeingSent);
            }
            if let Some(known) = server_row::get(ledger.connection, ledger.generation, item.kind, item.id)? {
                outbox::rebase(ledger.connection, item.kind, item.id, known.version)?;
            }
            outbox::set_state(ledger.connection, item.operation, OutboxState::Queued, "", None, None)
        });
        if found.await? {
            Ok(())
        } else {
            Err(CacheError::NoSuchOperation)
        }
    }

    /// Somebody signed in again: what waited for that goes on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn release_auth_held(&self) -> Result<(), CacheError> {
        self.move_all(OutboxState::AuthHeld, OutboxState::Queued).await
    }

    /// What was being sent when whoever sent it ended: whether it arrived is not known.
    pub(crate) async fn recover(&self) -> Result<(), CacheError> {
        self.move_all(OutboxState::Sending, OutboxState::Unknown).await
    }

    async fn move_all(&self, from: OutboxState, to: OutboxState) -> Result<(), CacheError> {
        self.inner
            .writer
            .run(Priority::Person, move |connection| {
                durably(connection, |connection| {
                    let mut ledger = Ledger::begin(connection)?;
                    for item in outbox::all(connection)?.into_iter().filter(|item| item.state == from) {
                        let seen = ledger.seen(item.kind, item.id)?;
                        outbox::set_state(connection, item.operation, to, "", None, None)?;
                        ledger.refold(item.kind, item.id, seen.as_ref(), false)?;
                    }
                    Ok(((), ledger.finish(Origin::Own)?))
                })
            })
            .await
    }

    /// Changes one act and folds its row anew; answers whether the act was there.
    async fn change_act(
        &self,
        operation: OperationId,
        change: impl FnOnce(&mut Ledger<'_>, &OutboxItem) -> Result<(), CacheError> + Send + 'static,
    ) -> Result<bool, CacheError> {
        self.inner
            .writer
            .run(Priority::Person, move |connection| {
                durably(connection, |connection| {
                    let Some(item) = outbox::get(connection, operation)? else {
                        return Ok((false, None));
                    };
                    let mut ledger = Ledger::begin(connection)?;
                    let seen = ledger.seen(item.kind, item.id)?;
                    change(&mut ledger, &item)?;
                    ledger.refold(item.kind, item.id, seen.as_ref(), false)?;
                    Ok((true, ledger.finish(Origin::Own)?))
                })
            })
            .await
    }

    /// Marks notices as shown by the desktop.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn mark_shown(&self, keys: Vec<String>, now: Timestamp) -> Result<(), CacheError> {
        self.inner
            .writer
            .run(Priority::Sync, move |connection| {
                transact(connection, |connection| {
                    super::table::notification::mark_shown(connection, &keys, now)?;
                    Ok(((), None))
                })
            })
            .await
    }
}

/// Somebody else was first: the act waits for a person, with what the server says beside it.
fn refuse(ledger: &Ledger<'_>, item: &OutboxItem, reason: &str, problem: Option<&Problem>) -> Result<(), CacheError> {
    if let Some(current) = problem.and_then(|problem| problem.current.as_ref()) {
        store(ledger, current)?;
    }
    outbox::set_state(
        ledger.connection,
        item.operation,
        OutboxState::Conflict,
        reason,
        problem,
        None,
    )
}

/// The act is done: it goes, the server's row is as the receipt says, and what follows in its lane builds on that.
pub(super) fn retire(ledger: &mut Ledger<'_>, item: &OutboxItem, written: Option<&Written>) -> Result<(), CacheError> {
    lost_slot::end(ledger, item, TaskOutcome::Done)?;
    outbox::delete(ledger.connection, item.operation)?;
    if let Some(written) = written {
        // A row that was changed and is not here any more left with a pull since. The receipt is older than that, and
        // would bring it back for good; should the row be there after all, the next pull brings it.
        let known = server_row::version(ledger.connection, ledger.generation, written.kind, written.id)?;
        if known.is_some() || item.base_version.is_none() {
            store(ledger, written)?;
        }
        outbox::rebase(ledger.connection, item.kind, item.id, written.version)?;
    }
    Ok(())
}

/// Takes over what a receipt says of a row, unless something newer is known. A new reading that is being filled gets it
/// too: it may have passed the row's place already, and the row would be missing once it is shown.
fn store(ledger: &Ledger<'_>, written: &Written) -> Result<(), CacheError> {
    store_in(ledger.connection, ledger.generation, written)?;
    let filling = ledger.generation + 1;
    if server_row::any(ledger.connection, filling)? {
        store_in(ledger.connection, filling, written)?;
    }
    Ok(())
}

fn store_in(connection: &Connection, generation: u32, written: &Written) -> Result<(), CacheError> {
    let known = server_row::version(connection, generation, written.kind, written.id)?;
    if known.is_some_and(|known| known > written.version) {
        return Ok(());
    }
    match (written.op, &written.body) {
        (ChangeOp::Put, Some(body)) => {
            let row = Row::read(written.kind, body).map_err(|_| CacheError::unreadable("a receipt"))?;
            server_row::put(connection, generation, &row, written.version)
        }
        (ChangeOp::Put, None) => Ok(()),
        (ChangeOp::Delete | ChangeOp::Leave, _) => server_row::delete(connection, generation, written.kind, written.id),
    }
}

/// Drops an act and whatever needs it, however far removed: a new client, the booking that names them, and the payment
/// for that booking. One that was left would be free to be sent, for a row that will never be.
fn drop_with_dependents(ledger: &mut Ledger<'_>, item: &OutboxItem) -> Result<(), CacheError> {
    let mut going = vec![item.clone()];
    while let Some(item) = going.pop() {
        let mut next = outbox::dependents(ledger.connection, item.operation)?;
        next.extend(steps_of_what_never_was(ledger, &item)?);
        lost_slot::end(ledger, &item, TaskOutcome::NotNeeded)?;
        let seen = ledger.seen(item.kind, item.id)?;
        // Deleted before what needs it is looked at: whatever the file says, nothing is visited twice.
        outbox::delete(ledger.connection, item.operation)?;
        ledger.refold(item.kind, item.id, seen.as_ref(), false)?;
        for operation in next {
            going.extend(outbox::get(ledger.connection, operation)?);
        }
    }
    Ok(())
}

/// Acts on a row that only `item` would have made, up to one that makes it again.
fn steps_of_what_never_was(ledger: &Ledger<'_>, item: &OutboxItem) -> Result<Vec<OperationId>, CacheError> {
    if !item.makes() || server_row::get(ledger.connection, ledger.generation, item.kind, item.id)?.is_some() {
        return Ok(vec![]);
    }
    let later = outbox::lane(ledger.connection, item.kind, item.id)?
        .into_iter()
        .filter(|other| other.seq > item.seq)
        .take_while(|other| matches!(other.intent, Intent::Step { .. } | Intent::Delete { .. }));
    Ok(later.map(|other| other.operation).collect())
}
