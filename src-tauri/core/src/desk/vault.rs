//! Where the desk's secrets are: the key of each cache, and the token that takes a session up again.
//!
//! They are in the system's key store. Only the sample clinic, whose people are invented, keeps them in files beside its
//! cache, so that it can be tried where there is no key store.

use super::DeskError;
use crate::backend::SessionKeeper;
use crate::cache::CacheKey;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deskbell_clinic::wire::Account;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// By this name the system's key store lists what is Deskbell's.
const SERVICE: &str = "deskbell";

/// The secrets of one desk at one server.
pub(super) struct Vault {
    server: String,
    place: Place,
}

enum Place {
    /// The system's key store. Its calls block.
    KeyStore,
    /// Files in this folder; for the sample clinic only.
    Files(PathBuf),
}

impl Vault {
    pub(super) fn new(folder: &Path, server: &str, practice: bool) -> Self {
        let place = if practice {
            Place::Files(folder.to_owned())
        } else {
            Place::KeyStore
        };
        Self {
            server: server.to_owned(),
            place,
        }
    }

    /// The key of an account's cache; made at its first use.
    pub(super) async fn cache_key(self: &Arc<Self>, account: &Account) -> Result<CacheKey, DeskError> {
        let name = format!("cache-{}-{}", account.clinic, account.account);
        self.blocking(move |vault| {
            if let Some(kept) = vault.get(&name)? {
                let bytes = STANDARD
                    .decode(kept.expose())
                    .ok()
                    .and_then(|bytes| bytes.try_into().ok());
                return bytes
                    .map(CacheKey::new)
                    .ok_or_else(|| unusable("the key that is kept there is not Deskbell's"));
            }
            let mut bytes = [0; 32];
            OsRng
                .try_fill_bytes(&mut bytes)
                .map_err(|error| unusable(&error.to_string()))?;
            // Kept before it is used: a cache whose key is lost is lost with it.
            vault.set(&name, &Secret::new(STANDARD.encode(bytes)))?;
            Ok(CacheKey::new(bytes))
        })
        .await
    }

    /// The token of the last session with this server.
    pub(super) async fn refresh_token(self: &Arc<Self>) -> Result<Option<Secret<String>>, DeskError> {
        self.blocking(|vault| vault.get(&vault.session_name())).await
    }

    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let vault = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&vault)).await;
        done.unwrap_or_else(|_| Err(unusable("it failed unexpectedly")))
    }

    fn session_name(&self) -> String {
        format!("session-{}", self.server)
    }

    fn get(&self, name: &str) -> Result<Option<Secret<String>>, DeskError> {
        match &self.place {
            Place::KeyStore => match entry(name)?.get_password() {
                Ok(kept) => Ok(Some(Secret::new(kept))),
                Err(keyring::v1::Error::NoEntry) => Ok(None),
                Err(error) => Err(unusable(&error.to_string())),
            },
            Place::Files(folder) => match std::fs::read_to_string(file(folder, name)) {
                Ok(kept) => Ok(Some(Secret::new(kept))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(unusable(&error.to_string())),
            },
        }
    }

    fn set(&self, name: &str, secret: &Secret<String>) -> Result<(), DeskError> {
        match &self.place {
            Place::KeyStore => entry(name)?
                .set_password(secret.expose())
                .map_err(|error| unusable(&error.to_string())),
            Place::Files(folder) => {
                let path = file(folder, name);
                let draft = path.with_extension("new");
                std::fs::write(&draft, secret.expose())
                    .and_then(|()| std::fs::rename(&draft, &path))
                    .map_err(|error| unusable(&error.to_string()))
            }
        }
    }

    fn remove(&self, name: &str) -> Result<(), DeskError> {
        match &self.place {
            Place::KeyStore => match entry(name)?.delete_credential() {
                Ok(()) | Err(keyring::v1::Error::NoEntry) => Ok(()),
                Err(error) => Err(unusable(&error.to_string())),
            },
            Place::Files(folder) => match std::fs::remove_file(file(folder, name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unusable(&error.to_string())),
                _ => Ok(()),
            },
        }
    }
}

impl SessionKeeper for Vault {
    fn keep(&self, refresh: Option<&Secret<String>>) {
        let name = self.session_name();
        let kept = match refresh {
            Some(token) => self.set(&name, token),
            None => self.remove(&name),
        };
        if let Err(error) = kept {
            // The session goes on; only the next start will ask for a sign-in.
            tracing::warn!(%error, "the session is not kept for the next start");
        }
    }
}

fn entry(name: &str) -> Result<keyring::v1::Entry, DeskError> {
    keyring::v1::Entry::new(SERVICE, name).map_err(|error| unusable(&error.to_string()))
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("sample-{name}.secret"))
}

fn unusable(why: &str) -> DeskError {
    DeskError::new(
        "no_key_store",
        format!("This computer's key store cannot be used ({why}). Unlock it and try again."),
    )
}
