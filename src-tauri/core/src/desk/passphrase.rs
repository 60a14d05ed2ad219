//! The passphrase of a desk that keeps no key in a keyring: its people share it, it is asked for at each start, and it is kept
//! nowhere.

use super::open::set_aside;
use super::{Desk, DeskError, identity};
use crate::secret::Secret;
use crate::view::PassphraseAsk;

/// The fewest characters of a new passphrase. Whoever has the files may try as many as they like.
const SHORTEST: usize = 12;

impl Desk {
    /// Goes on as whoever was signed in last, and with what others left. Where that takes a passphrase, it waits for it.
    pub(super) async fn go_on(&self) -> Result<(), DeskError> {
        let last = self.identity().last(&self.inner.remembered_as).cloned();
        if let Some(account) = last {
            match self.take_up(account).await {
                Err(error) if error.code() == "needs_passphrase" => {
                    tracing::info!("a passphrase is asked for");
                    return Ok(());
                }
                taken => taken?,
            }
        }
        self.send_what_others_left().await;
        Ok(())
    }

    /// The passphrase that is asked for; none where nothing waits for one.
    pub fn passphrase_asked(&self) -> Option<PassphraseAsk> {
        self.inner.vault.asks()
    }

    /// Takes the passphrase that is asked for, and goes on as whoever was signed in last.
    ///
    /// # Errors
    /// `wrong_passphrase` when it does not open what is kept here, `bad_input` when a new one is too short or none is asked
    /// for, and what keeps a cache from being opened.
    pub async fn give_passphrase(&self, passphrase: Secret<String>) -> Result<(), DeskError> {
        let Some(ask) = self.passphrase_asked() else {
            return Err(DeskError::bad_input("No passphrase is asked for."));
        };
        if ask == PassphraseAsk::Choose && passphrase.expose().chars().count() < SHORTEST {
            return Err(DeskError::bad_input(format!(
                "A passphrase has at least {SHORTEST} characters. Four words are easy to keep."
            )));
        }
        if !self.inner.vault.take_passphrase(&self.inner.folder, passphrase).await? {
            return Err(DeskError::new(
                "wrong_passphrase",
                "That is not the passphrase of this desk.",
            ));
        }
        match self.account() {
            Some(_) => Ok(()),
            None => self.go_on().await,
        }
    }

    /// Nobody knows the passphrase any more: what it protects is set aside, and a new one is asked for. Everything comes again
    /// from the clinic; what was not sent does not.
    ///
    /// # Errors
    /// `bad_input` when none is asked for or somebody is in front of the desk; when a file cannot be moved.
    pub async fn give_passphrase_up(&self) -> Result<(), DeskError> {
        if self.passphrase_asked() != Some(PassphraseAsk::Unlock) || self.account().is_some() {
            return Err(DeskError::bad_input("No passphrase is asked for."));
        }
        for name in self.inner.vault.give_passphrase_up().await? {
            set_aside(&identity::cache_file_of(&self.inner.folder, &name))?;
        }
        tracing::warn!("the passphrase was given up, and what it protects set aside");
        Ok(())
    }
}
