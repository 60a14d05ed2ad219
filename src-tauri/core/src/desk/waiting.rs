//! Acts that wait: for the network, for a sign-in, or for a person who decides.

use super::{Desk, DeskError};
use crate::cache::OutboxItem;
use crate::outbox::intent::Intent;
use crate::view::Kept;
use deskbell_clinic::OperationId;

impl Desk {
    /// Acts that the server has not confirmed, oldest first.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn outbox(&self) -> Result<Vec<OutboxItem>, DeskError> {
        Ok(self.line().await?.cache.waiting().await?)
    }

    /// Sends an act that was refused or parked once more, as it is.
    ///
    /// # Errors
    /// When it does not wait any more, or nobody is signed in.
    pub async fn retry_operation(&self, operation: OperationId) -> Result<(), DeskError> {
        let line = self.line().await?;
        line.cache.retry(operation).await?;
        line.confirm(operation);
        line.send_now.notify_one();
        Ok(())
    }

    /// Puts another wish about the same row in the place of an act that is held: what a person changed in it.
    ///
    /// # Errors
    /// `being_sent` when it may have reached the server; when it does not wait any more, or nobody is signed in.
    pub async fn amend_operation(&self, operation: OperationId, intent: Intent) -> Result<Kept, DeskError> {
        let line = self.line().await?;
        let kept = line.cache.amend(operation, intent, line.now()).await?;
        line.send_now.notify_one();
        Ok(Kept {
            operation: kept.operation,
            revision: kept.revision,
            undoable: true,
        })
    }

    /// Takes an act back that was never sent, with all that builds on it; answers whether there was one.
    ///
    /// # Errors
    /// `being_sent` when it may have reached the server: then it can only be corrected.
    pub async fn cancel_operation(&self, operation: OperationId) -> Result<bool, DeskError> {
        let line = self.line().await?;
        let cancelled = line.cache.cancel(operation).await?;
        line.send_now.notify_one();
        Ok(cancelled)
    }

    /// Gives an act up, with all that builds on it.
    ///
    /// # Errors
    /// When it is being sent right now or does not wait any more, or nobody is signed in.
    pub async fn discard_operation(&self, operation: OperationId) -> Result<(), DeskError> {
        let line = self.line().await?;
        line.cache.discard(operation).await?;
        // What stood behind it in its lane may go now.
        line.send_now.notify_one();
        Ok(())
    }
}
