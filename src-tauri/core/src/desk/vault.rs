//! The desk's secrets, by the names under which they are kept.

use super::DeskError;
use crate::backend::SessionKeeper;
use crate::cache::CacheKey;
use crate::keys::{KeyError, Keys};
use crate::secret::Secret;
use deskbell_clinic::wire::Account;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// The secrets of one desk at one server.
pub(super) struct Vault {
    keys: Keys,
    session: String,
}

impl Vault {
    /// `server` is what the server is remembered by.
    pub(super) fn new(keys: Keys, server: &str) -> Self {
        Self {
            keys,
            session: format!("session-{server}"),
        }
    }

    /// The key of an account's cache; made where there is no data yet.
    pub(super) async fn cache_key(&self, account: &Account, data_exists: bool) -> Result<CacheKey, KeyError> {
        let name = format!("{}-{}", account.clinic.uuid().simple(), account.account.uuid().simple());
        let (key, home) = self.keys.cache_key(&name, data_exists).await?;
        tracing::debug!(?home, "the cache's key was found");
        Ok(key)
    }

    /// The token of the last session with this server.
    pub(super) async fn refresh_token(&self) -> Result<Option<Secret<String>>, DeskError> {
        Ok(self.keys.load(&self.session).await?)
    }
}

impl SessionKeeper for Vault {
    fn keep(&self, refresh: Option<Secret<String>>) -> BoxFuture<'_, ()> {
        async move {
            let kept = match refresh {
                Some(token) => self.keys.store(&self.session, token).await.map(drop),
                None => self.keys.forget(&self.session).await,
            };
            if let Err(error) = kept {
                // The session goes on; only the next start will ask for a sign-in.
                tracing::warn!(%error, "the session is not kept for the next start");
            }
        }
        .boxed()
    }
}
