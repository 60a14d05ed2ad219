//! The desk's secrets, by the names under which they are kept.

use super::{DeskError, identity};
use crate::cache::{Cache, CacheError, CacheKey};
use crate::keys::{KeyError, Keys};
use crate::secret::Secret;
use crate::view::PassphraseAsk;
use deskbell_clinic::AccountId;
use deskbell_clinic::wire::Account;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The secrets of one desk at one server.
pub(super) struct Vault {
    keys: Keys,
    server: String,
    /// The passphrase that something could not be opened without.
    asks: Mutex<Option<PassphraseAsk>>,
}

impl Vault {
    /// `server` is what the server is remembered by.
    pub(super) fn new(keys: Keys, server: &str) -> Self {
        Self {
            keys,
            server: server.to_owned(),
            asks: Mutex::default(),
        }
    }

    /// The key of an account's cache; made where there is no data yet.
    pub(super) async fn cache_key(&self, account: &Account, data_exists: bool) -> Result<CacheKey, KeyError> {
        let found = self.keys.cache_key(&name_of(account), data_exists).await;
        if matches!(found, Err(KeyError::NeedsPassphrase)) {
            let ask = match self.keys.protected_by_passphrase().await?.is_empty() {
                true => PassphraseAsk::Choose,
                false => PassphraseAsk::Unlock,
            };
            self.ask(Some(ask));
        }
        let (key, home) = found?;
        tracing::debug!(?home, "the cache's key was found");
        Ok(key)
    }

    /// The passphrase that is asked for.
    pub(super) fn asks(&self) -> Option<PassphraseAsk> {
        *self.asks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, ask: Option<PassphraseAsk>) {
        *self.asks.lock().unwrap_or_else(PoisonError::into_inner) = ask;
    }

    /// Makes keys from this passphrase from now on, if it opens what is kept in the folder under one. Where nothing is, it is
    /// as good as any. Answers whether it was taken.
    pub(super) async fn take_passphrase(&self, folder: &Path, passphrase: Secret<String>) -> Result<bool, KeyError> {
        let (mut opens, mut stays_shut) = (false, false);
        for name in self.keys.protected_by_passphrase().await? {
            let file = identity::cache_file_of(folder, &name);
            let Some(key) = self.keys.key_by_passphrase(&name, &passphrase).await? else {
                continue;
            };
            // Reading a little shows whether the key fits. A file that is damaged elsewhere is none of this question.
            match Cache::salvage(&file, &key).await {
                Err(CacheError::NotADatabase) => stays_shut = true,
                Err(CacheError::Inaccessible(_)) => {}
                _ => opens = true,
            }
        }
        let taken = opens || !stays_shut;
        if taken {
            self.keys.hold_passphrase(Some(passphrase));
            self.ask(None);
        }
        Ok(taken)
    }

    /// Nobody knows the passphrase any more: what it protects is set aside by name, and another is asked for.
    pub(super) async fn give_passphrase_up(&self) -> Result<Vec<String>, KeyError> {
        let names = self.keys.protected_by_passphrase().await?;
        for name in &names {
            self.keys.set_salt_aside(name).await?;
        }
        self.keys.hold_passphrase(None);
        self.ask(Some(PassphraseAsk::Choose));
        Ok(names)
    }

    /// Once a passphrase protects nothing any more, the next one may be another.
    async fn let_go_of_passphrase(&self) -> Result<(), KeyError> {
        if self.keys.protected_by_passphrase().await?.is_empty() {
            self.keys.hold_passphrase(None);
        }
        Ok(())
    }

    /// A new key for an account's cache, kept beside the one in force until [`Vault::change_cache_key`] is done.
    pub(super) async fn next_cache_key(&self, account: &Account) -> Result<CacheKey, KeyError> {
        self.keys.prepare_cache_key(&name_of(account)).await
    }

    /// The new key of a change that was begun, if one was.
    pub(super) async fn prepared_cache_key(&self, account: &Account) -> Result<Option<CacheKey>, KeyError> {
        self.keys.prepared_cache_key(&name_of(account)).await
    }

    /// The file is written with this key now: it takes the place of the one before.
    pub(super) async fn change_cache_key(&self, account: &Account, key: &CacheKey) -> Result<(), KeyError> {
        self.keys.change_cache_key(&name_of(account), key).await
    }

    /// Forgets all that opens an account's data, and its session.
    pub(super) async fn forget(&self, account: &Account) -> Result<(), KeyError> {
        self.keys.forget_cache_key(&name_of(account)).await?;
        self.let_go_of_passphrase().await?;
        self.keys.forget(&self.session(account.account)).await
    }

    /// The token of a person's last session with this server.
    pub(super) async fn session_of(&self, account: AccountId) -> Result<Option<Secret<String>>, DeskError> {
        Ok(self.keys.load(&self.session(account)).await?)
    }

    /// Keeps a person's session for the next start, or with none forgets it.
    pub(super) async fn keep_session(&self, account: AccountId, token: Option<Secret<String>>) {
        let name = self.session(account);
        let kept = match token {
            Some(token) => self.keys.store(&name, token).await.map(drop),
            None => self.keys.forget(&name).await,
        };
        if let Err(error) = kept {
            // The session goes on; only the next start will ask for a sign-in.
            tracing::warn!(%error, "the session is not kept for the next start");
        }
    }

    fn session(&self, account: AccountId) -> String {
        format!("session-{}-{}", self.server, account.uuid().simple())
    }
}

/// Whether what is kept of an account opens by a passphrase only.
pub(super) fn asks_passphrase_for(folder: &Path, account: &Account) -> bool {
    Keys::is_by_passphrase(folder, &name_of(account))
}

fn name_of(account: &Account) -> String {
    format!("{}-{}", account.clinic.uuid().simple(), account.account.uuid().simple())
}
