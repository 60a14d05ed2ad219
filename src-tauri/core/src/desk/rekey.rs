//! Another key for a person's data: when somebody may have seen the one in force.
//!
//! Whenever the power goes, one of the two keys opens the file: the new one is kept beside the old before the file is
//! written anew, which is one transaction, and takes its place after. A start that finds the file under the key that was
//! prepared ends the change.

use super::{Desk, DeskError, identity};
use crate::keys::KeyError;
use deskbell_clinic::wire::Account;

impl Desk {
    /// Gives the data of the person in front of the desk another key. It is closed for that moment.
    ///
    /// # Errors
    /// When nobody is signed in, the key is made from a passphrase, or the disk does not let it be; then the old key holds.
    pub async fn change_key(&self) -> Result<(), DeskError> {
        let mut open = self.inner.open.write().await;
        let seat = open.take().ok_or_else(DeskError::signed_out)?;
        let (account, badge, cache) = seat.end_tasks().await;
        cache.close().await;
        let changed = self.write_under_new_key(&account).await;
        // Whichever key holds now: the person goes on.
        self.take_seat(&mut open, account, badge).await?;
        if changed.is_ok() {
            tracing::info!("the data has another key");
        }
        changed
    }

    async fn write_under_new_key(&self, account: &Account) -> Result<(), DeskError> {
        let vault = &self.inner.vault;
        let file = identity::cache_file(&self.inner.folder, account);
        let from = vault.cache_key(account, true).await?;
        let to = match vault.next_cache_key(account).await {
            Err(KeyError::NeedsPassphrase) => {
                return Err(DeskError::new(
                    "needs_passphrase",
                    "On this computer the key is made from the passphrase. To choose another, sign out and sign in again.",
                ));
            }
            key => key?,
        };
        crate::cache::Cache::change_key(&file, &from, &to).await?;
        Ok(vault.change_cache_key(account, &to).await?)
    }
}
