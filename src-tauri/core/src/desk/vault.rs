//! The desk's secrets, by the names under which they are kept.

use super::DeskError;
use crate::cache::CacheKey;
use crate::keys::{KeyError, Keys};
use crate::secret::Secret;
use deskbell_clinic::AccountId;
use deskbell_clinic::wire::Account;

/// The secrets of one desk at one server.
pub(super) struct Vault {
    keys: Keys,
    server: String,
}

impl Vault {
    /// `server` is what the server is remembered by.
    pub(super) fn new(keys: Keys, server: &str) -> Self {
        Self {
            keys,
            server: server.to_owned(),
        }
    }

    /// The key of an account's cache; made where there is no data yet.
    pub(super) async fn cache_key(&self, account: &Account, data_exists: bool) -> Result<CacheKey, KeyError> {
        let (key, home) = self.keys.cache_key(&name_of(account), data_exists).await?;
        tracing::debug!(?home, "the cache's key was found");
        Ok(key)
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

fn name_of(account: &Account) -> String {
    format!("{}-{}", account.clinic.uuid().simple(), account.account.uuid().simple())
}
