//! Coming to a desk by name and password, and leaving it for good.

use super::badge::Badge;
use super::beside::in_fields_words;
use super::{Desk, DeskError};
use crate::secret::Secret;
use deskbell_clinic::wire::Account;

impl Desk {
    /// Signs a person in. Whoever else was in front of the desk leaves the windows first; what they kept goes on being
    /// sent as theirs.
    ///
    /// # Errors
    /// When name or password are wrong, the server cannot be reached, or the cache cannot be opened.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<Account, DeskError> {
        let (login, password) = (login.trim(), Secret::new(password.to_owned()));
        let badge = self.badge_of_login(login).await?;
        let account = badge.backend.sign_in(login, &password).await?;
        self.welcome(account, badge, &password).await
    }

    /// Signs in with a one-time code, and makes what the person chose their password.
    ///
    /// # Errors
    /// As for [`Desk::sign_in`]; `bad_input` for what cannot be a password, and `code_expired`.
    pub async fn choose_password(&self, login: &str, code: &str, chosen: &str) -> Result<Account, DeskError> {
        let (login, code, chosen) = (
            login.trim(),
            Secret::new(code.to_owned()),
            Secret::new(chosen.to_owned()),
        );
        let badge = self.badge_of_login(login).await?;
        let account = badge.backend.choose_password(login, &code, &chosen).await;
        let welcomed = self.welcome(account.map_err(in_fields_words)?, badge, &chosen).await;
        // The code is spent, whatever keeps the person out now.
        welcomed.map_err(|error| {
            let sentence = format!(
                "Your password is chosen: sign in with it from now on. {}",
                error.sentence()
            );
            DeskError::new(error.code(), sentence)
        })
    }

    /// Somebody has shown their password: the desk is theirs.
    async fn welcome(&self, account: Account, badge: Badge, password: &Secret<String>) -> Result<Account, DeskError> {
        badge.belongs_to(&account).await;
        self.enter(account.clone(), badge).await?;
        self.remember_in_front(&account).await?;
        self.fit_door(password).await?;
        self.opened();
        tracing::info!(account = %account.account, "signed in");
        Ok(account)
    }

    /// Signs out, and leaves nothing readable: the data's key goes, then the data. Without `force`, only when nothing waits to
    /// be sent; with it, what waits stays in this account's cache, which is kept with its key, and is sent at its next
    /// sign-in here.
    ///
    /// # Errors
    /// `work_waiting` when acts wait and `force` is not given.
    pub async fn sign_out(&self, force: bool) -> Result<(), DeskError> {
        let waiting = self.line().await?.cache.waiting().await?.len();
        if waiting > 0 && !force {
            return Err(DeskError::work_waiting(waiting));
        }
        self.line().await?.cache.forget_drafts().await?;
        let account = self.account().ok_or_else(DeskError::signed_out)?;
        self.leave().await;
        self.backend().sign_out().await;
        if waiting == 0 {
            self.erase(&account).await?;
        }
        self.identity()
            .forget(&self.inner.folder, &self.inner.remembered_as, account.account)?;
        self.opened();
        tracing::info!("signed out");
        Ok(())
    }
}
