//! Keeping what a person did. Only when it is on the disk is the person told so.

use super::commit::Origin;
use super::error::CacheError;
use super::overlay::Ledger;
use super::table::draft;
use super::table::outbox::{self, OutboxItem, OutboxState};
use super::table::server_row;
use super::threads::Priority;
use super::{Cache, Commit};
use crate::outbox::intent::Intent;
use deskbell_clinic::{AccountId, OperationId};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

/// An act that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id, and its idempotency key.
    pub operation: OperationId,
    /// The revision that shows it.
    pub revision: u32,
}

impl Cache {
    /// Keeps acts of a person, all or none, in their order: on return they are on the disk, survive a power cut, and are
    /// seen in every read of the revision that is answered (that of the last act's commit).
    ///
    /// # Errors
    /// [`CacheError::DiskFull`] and others; then nothing was kept.
    pub async fn keep(
        &self,
        intents: Vec<Intent>,
        by: AccountId,
        acted_at: Timestamp,
    ) -> Result<Vec<Kept>, CacheError> {
        self.keep_ending_draft(intents, by, acted_at, None).await
    }

    /// The same, and the draft that they were typed as, in a window of this kind, is gone with it: a crash leaves the acts
    /// or the draft, never both.
    ///
    /// # Errors
    /// As for [`Cache::keep`].
    pub async fn keep_ending_draft(
        &self,
        intents: Vec<Intent>,
        by: AccountId,
        acted_at: Timestamp,
        window: Option<String>,
    ) -> Result<Vec<Kept>, CacheError> {
        self.inner
            .writer
            .run(Priority::Person, move |connection| {
                durably(connection, |connection| {
                    if let Some(window) = window {
                        draft::remove(connection, &window)?;
                    }
                    let mut ledger = Ledger::begin(connection)?;
                    let mut operations = Vec::with_capacity(intents.len());
                    for intent in intents {
                        operations.push(keep_one(&mut ledger, intent, by, acted_at)?);
                    }
                    let commit = ledger.finish(Origin::Own)?;
                    let revision = commit.as_ref().map_or(0, |commit| commit.revision);
                    Ok((
                        operations
                            .into_iter()
                            .map(|operation| Kept { operation, revision })
                            .collect(),
                        commit,
                    ))
                })
            })
            .await
    }
}

pub(super) fn keep_one(
    ledger: &mut Ledger<'_>,
    intent: Intent,
    by: AccountId,
    acted_at: Timestamp,
) -> Result<OperationId, CacheError> {
    let (kind, id) = intent.lane();
    let before = ledger.seen(kind, id)?;
    let operation = OperationId(Uuid::now_v7());
    depend_on_needs(ledger.connection, operation, &intent)?;
    // Meant for a row that was not on the server when it was read: our own act has made it in between, and only ours
    // can have, for we chose its id. Sent as new, the change would be taken for that act once more, and lost.
    let base_version = match (&intent, intent.base_version()) {
        (Intent::Put { .. } | Intent::Delete { .. }, None) => {
            server_row::version(ledger.connection, ledger.generation, kind, id)?
        }
        (_, known) => known,
    };
    let item = OutboxItem {
        seq: 0,
        operation,
        kind,
        id,
        base_version,
        intent,
        state: OutboxState::Queued,
        reason: String::new(),
        problem: None,
        by,
        acted_at,
        attempts: 0,
        retry_at: None,
        unsure: false,
    };
    outbox::insert(ledger.connection, &item)?;
    ledger.refold(kind, id, before.as_ref(), false)?;
    Ok(operation)
}

/// Lets an act wait for those that make the rows it names.
pub(super) fn depend_on_needs(
    connection: &Connection,
    operation: OperationId,
    intent: &Intent,
) -> Result<(), CacheError> {
    for (kind, id) in intent.needs() {
        // An edit of a row that is on the server already is nothing to wait for.
        let lane = outbox::lane(connection, kind, id)?;
        if let Some(making) = lane.iter().find(|item| item.makes()) {
            outbox::depend(connection, operation, making.operation)?;
        }
    }
    Ok(())
}

/// Runs a transaction whose commit is on the disk when it returns.
pub(super) fn durably<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<(T, Option<Commit>), CacheError>,
) -> Result<(T, Option<Commit>), CacheError> {
    connection.pragma_update(None, "synchronous", "full")?;
    let done = transact(connection, work);
    connection.pragma_update(None, "synchronous", "normal")?;
    done
}

/// Runs a transaction. A power cut may undo the last ones, never tear one: what the server said can be pulled again.
pub(super) fn transact<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<(T, Option<Commit>), CacheError>,
) -> Result<(T, Option<Commit>), CacheError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
