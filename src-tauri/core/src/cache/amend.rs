//! Another wish in an act's place: what a person makes of one that is held.

use super::commit::Origin;
use super::error::CacheError;
use super::keep::{depend_on_needs, durably};
use super::lost_slot;
use super::overlay::Ledger;
use super::table::outbox::{self, OutboxState};
use super::table::server_row;
use super::threads::Priority;
use super::{Cache, Kept};
use crate::outbox::intent::Intent;
use deskbell_clinic::{OperationId, TaskOutcome};
use jiff::Timestamp;
use uuid::Uuid;

impl Cache {
    /// Puts another wish about the same row in the place of one that was not sent or was refused, on top of the row as it
    /// is now; what waits for the one waits for the other. It has a key of its own: to the server it is another act.
    ///
    /// # Errors
    /// [`CacheError::BeingSent`] when it may have reached the server, [`CacheError::NoSuchOperation`] when it does not wait
    /// any more or the wish is about another row.
    pub async fn amend(&self, operation: OperationId, intent: Intent, acted_at: Timestamp) -> Result<Kept, CacheError> {
        self.inner
            .writer
            .run(Priority::Person, move |connection| {
                durably(connection, |connection| {
                    let Some(item) =
                        outbox::get(connection, operation)?.filter(|item| (item.kind, item.id) == intent.lane())
                    else {
                        return Err(CacheError::NoSuchOperation);
                    };
                    if matches!(
                        item.state,
                        OutboxState::Sending | OutboxState::Unknown | OutboxState::Acked
                    ) {
                        return Err(CacheError::BeingSent);
                    }
                    let mut ledger = Ledger::begin(connection)?;
                    let before = ledger.seen(item.kind, item.id)?;
                    let amended = OperationId(Uuid::now_v7());
                    lost_slot::end(&mut ledger, &item, TaskOutcome::Done)?;
                    let base = server_row::version(connection, ledger.generation, item.kind, item.id)?;
                    outbox::replace(connection, operation, amended, &intent, base, acted_at)?;
                    depend_on_needs(connection, amended, &intent)?;
                    ledger.refold(item.kind, item.id, before.as_ref(), false)?;
                    let commit = ledger.finish(Origin::Own)?;
                    let revision = commit.as_ref().map_or(0, |commit| commit.revision);
                    let kept = Kept {
                        operation: amended,
                        revision,
                    };
                    Ok((kept, commit))
                })
            })
            .await
    }
}
