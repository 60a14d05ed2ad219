//! Where the desk's secrets are: the key of each cache file, and the token that takes a session up again.
//!
//! A ladder: the desktop's secret service, else the kernel's keyring, else a passphrase that a person types. Never a
//! plain file; only the sample clinic, whose people are invented, keeps its secrets beside its file.

mod beside;
#[cfg(target_os = "linux")]
mod kernel;
mod passphrase;
mod service;
mod whole_file;

use crate::cache::CacheKey;
use crate::secret::Secret;
use rand::TryRngCore;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Which rung of the ladder holds a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHome {
    /// The desktop's secret service (GNOME Keyring, KWallet, Keychain, Credential Manager).
    SecretService,
    /// The Linux kernel's keyring: survives a sign-out, not a restart of the computer.
    KernelKeyring,
    /// Nowhere: it is made from a passphrase each time.
    Passphrase,
    /// A file beside the data, readable by this user only. The sample clinic's.
    BesideFile,
}

/// Why a secret cannot be had, as a sentence a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is a keyring, and it is locked.
    #[error(
        "Your keyring is locked. Unlock it (sign in to the desktop again, or open your password manager), then try again."
    )]
    Locked,
    /// No rung of the ladder holds on this computer without a passphrase.
    #[error("A passphrase protects what Deskbell keeps on this computer. Type it first.")]
    NeedsPassphrase,
    /// The data is there and its key is not.
    #[error(
        "The key to the clinic’s data on this computer is gone. The data can be fetched again from the clinic; what was not sent is lost with the key."
    )]
    KeyLost,
    /// What was found is no key.
    #[error("The key to the clinic’s data on this computer is damaged.")]
    Damaged,
    /// The store failed.
    #[error("The keyring does not answer: {0}")]
    Store(String),
}

/// Where to look for secrets.
#[derive(Clone, Debug)]
pub struct Keys {
    place: Place,
    /// What a person typed, for as long as the program runs.
    passphrase: Arc<Mutex<Option<Secret<String>>>>,
}

#[derive(Clone, Debug)]
enum Place {
    Desktop {
        /// Where the salts of passphrases are kept.
        folder: PathBuf,
        /// Whether the keyrings are given anything.
        fills_keyrings: bool,
    },
    Beside(PathBuf),
}

impl Keys {
    /// The desktop's ladder. `folder` holds the salt, should it come to a passphrase.
    pub fn of_desktop(folder: PathBuf) -> Self {
        Self::at(Place::Desktop {
            folder,
            fills_keyrings: true,
        })
    }

    /// The same, but nothing new is kept in a keyring: what is made from now on opens by a passphrase only. What a keyring
    /// holds already is still found.
    pub fn by_passphrase(folder: PathBuf) -> Self {
        Self::at(Place::Desktop {
            folder,
            fills_keyrings: false,
        })
    }

    /// Files in a folder, for the sample clinic only.
    pub fn beside(folder: PathBuf) -> Self {
        Self::at(Place::Beside(folder))
    }

    fn at(place: Place) -> Self {
        Self {
            place,
            passphrase: Arc::default(),
        }
    }

    /// From now on, keys that no keyring holds are made from this passphrase; with none they cannot be had.
    pub fn hold_passphrase(&self, passphrase: Option<Secret<String>>) {
        *self.passphrase.lock().unwrap_or_else(PoisonError::into_inner) = passphrase;
    }

    /// The caches whose keys are made from a passphrase, by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn protected_by_passphrase(&self) -> Result<Vec<String>, KeyError> {
        let Place::Desktop { folder, .. } = self.place.clone() else {
            return Ok(vec![]);
        };
        blocking(move || passphrase::salted(&folder)).await
    }

    /// Whether the key of the cache called `name`, whose files are in `folder`, is made from a passphrase.
    pub fn is_by_passphrase(folder: &Path, name: &str) -> bool {
        salt_file(folder, &format!("cache-{name}")).exists()
    }

    /// The key that a passphrase makes for the cache called `name`, right or wrong; none where its key is not made so.
    ///
    /// # Errors
    /// When the salt cannot be read.
    pub async fn key_by_passphrase(
        &self,
        name: &str,
        passphrase: &Secret<String>,
    ) -> Result<Option<CacheKey>, KeyError> {
        let Place::Desktop { folder, .. } = &self.place else {
            return Ok(None);
        };
        let (salt, passphrase) = (salt_file(folder, &format!("cache-{name}")), passphrase.clone());
        blocking(move || match passphrase::derive(&passphrase, &salt, true) {
            Ok(key) => Ok(Some(CacheKey::new(key))),
            Err(KeyError::KeyLost) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Sets the salt of a cache aside whose passphrase nobody knows: with it and the passphrase, the file could still be read.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub async fn set_salt_aside(&self, name: &str) -> Result<(), KeyError> {
        let Place::Desktop { folder, .. } = &self.place else {
            return Ok(());
        };
        let salt = salt_file(folder, &format!("cache-{name}"));
        blocking(move || passphrase::set_aside(&salt)).await
    }

    /// The key of the cache called `name`, made when there is none and `data_exists` is false.
    ///
    /// # Errors
    /// [`KeyError::KeyLost`] when there is data and no key, and whatever keeps a store from answering.
    pub async fn cache_key(&self, name: &str, data_exists: bool) -> Result<(CacheKey, KeyHome), KeyError> {
        let (keys, name) = (self.clone(), format!("cache-{name}"));
        blocking(move || keys.find_or_make_key(&name, data_exists)).await
    }

    /// A new key for the cache called `name`, kept beside the one in force: until the file is written with it, that one opens
    /// it, and from then on this one.
    ///
    /// # Errors
    /// [`KeyError::NeedsPassphrase`] where keys are made from a passphrase and none is kept; when no store takes it.
    pub async fn prepare_cache_key(&self, name: &str) -> Result<CacheKey, KeyError> {
        let (keys, name) = (self.clone(), prepared(name));
        blocking(move || {
            let bytes = fresh()?;
            keys.write(&name, encode(&bytes).as_bytes())?;
            Ok(CacheKey::new(bytes))
        })
        .await
    }

    /// The key of a change that was begun and not ended.
    ///
    /// # Errors
    /// When a store that may hold it does not answer.
    pub async fn prepared_cache_key(&self, name: &str) -> Result<Option<CacheKey>, KeyError> {
        let (keys, name) = (self.clone(), prepared(name));
        blocking(move || keys.read(&name)?.map(|(bytes, _)| key_of(&bytes)).transpose()).await
    }

    /// Ends a change: the file is written with this key.
    ///
    /// # Errors
    /// When the store does not take it; then the key that was prepared is still there.
    pub async fn change_cache_key(&self, name: &str, key: &CacheKey) -> Result<(), KeyError> {
        let (keys, next, name, key) = (self.clone(), prepared(name), format!("cache-{name}"), key.clone());
        blocking(move || {
            keys.write(&name, encode(key.bytes()).as_bytes())?;
            keys.erase(&next)?;
            keys.forget_salt(&name)
        })
        .await
    }

    /// Forgets the key of a cache, and all from which it could be made.
    ///
    /// # Errors
    /// When a store that may hold it does not answer.
    pub async fn forget_cache_key(&self, name: &str) -> Result<(), KeyError> {
        let (keys, next, name) = (self.clone(), prepared(name), format!("cache-{name}"));
        blocking(move || {
            keys.erase(&name)?;
            keys.erase(&next)?;
            keys.forget_salt(&name)
        })
        .await
    }

    /// Keeps a short secret (at most 2,000 bytes: one system holds no more).
    ///
    /// # Errors
    /// When no store takes it. A passphrase alone keeps nothing: then this answers [`KeyError::NeedsPassphrase`].
    pub async fn store(&self, name: &str, secret: Secret<String>) -> Result<KeyHome, KeyError> {
        let (keys, name) = (self.clone(), name.to_owned());
        blocking(move || keys.write(&name, secret.expose().as_bytes())).await
    }

    /// A secret that was kept; none when there is none.
    ///
    /// # Errors
    /// When a store that may hold it does not answer.
    pub async fn load(&self, name: &str) -> Result<Option<Secret<String>>, KeyError> {
        let (keys, name) = (self.clone(), name.to_owned());
        let found = blocking(move || keys.read(&name)).await?;
        let text = found
            .map(|(bytes, _)| String::from_utf8(bytes).map_err(|_| KeyError::Damaged))
            .transpose()?;
        Ok(text.map(Secret::new))
    }

    /// Forgets a secret on every rung.
    ///
    /// # Errors
    /// When a store that may hold it does not answer.
    pub async fn forget(&self, name: &str) -> Result<(), KeyError> {
        let (keys, name) = (self.clone(), name.to_owned());
        blocking(move || keys.erase(&name)).await
    }

    fn find_or_make_key(&self, name: &str, data_exists: bool) -> Result<(CacheKey, KeyHome), KeyError> {
        if let Some((bytes, home)) = self.read(name)? {
            return Ok((key_of(&bytes)?, home));
        }
        if let Place::Desktop { folder, .. } = &self.place {
            let salt = salt_file(folder, name);
            let held = self.passphrase.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(passphrase) = held {
                let key = passphrase::derive(&passphrase, &salt, data_exists)?;
                return Ok((CacheKey::new(key), KeyHome::Passphrase));
            }
            if data_exists && salt.exists() {
                return Err(KeyError::NeedsPassphrase);
            }
        }
        if data_exists {
            return Err(KeyError::KeyLost);
        }
        let bytes = fresh()?;
        let home = self.write(name, encode(&bytes).as_bytes())?;
        Ok((CacheKey::new(bytes), home))
    }

    fn read(&self, name: &str) -> Result<Option<(Vec<u8>, KeyHome)>, KeyError> {
        let folder = match &self.place {
            Place::Beside(folder) => return Ok(beside::read(folder, name)?.map(|bytes| (bytes, KeyHome::BesideFile))),
            Place::Desktop { folder, .. } => folder,
        };
        match service::read(&scoped(folder, name)) {
            Ok(Some(bytes)) => return Ok(Some((bytes, KeyHome::SecretService))),
            Ok(None) | Err(service::Failure::Absent) => {}
            Err(failure) => return Err(failure.into()),
        }
        #[cfg(target_os = "linux")]
        if let Some(bytes) = kernel::read(&scoped(folder, name))? {
            return Ok(Some((bytes, KeyHome::KernelKeyring)));
        }
        Ok(None)
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<KeyHome, KeyError> {
        let folder = match &self.place {
            Place::Beside(folder) => return beside::write(folder, name, secret).map(|()| KeyHome::BesideFile),
            Place::Desktop {
                fills_keyrings: false, ..
            } => return Err(KeyError::NeedsPassphrase),
            Place::Desktop { folder, .. } => folder,
        };
        match service::write(&scoped(folder, name), secret) {
            Ok(()) => return Ok(KeyHome::SecretService),
            Err(service::Failure::Absent) => {}
            Err(failure) => return Err(failure.into()),
        }
        #[cfg(target_os = "linux")]
        if kernel::write(&scoped(folder, name), secret)? {
            return Ok(KeyHome::KernelKeyring);
        }
        Err(KeyError::NeedsPassphrase)
    }

    fn erase(&self, name: &str) -> Result<(), KeyError> {
        let folder = match &self.place {
            Place::Beside(folder) => return beside::erase(folder, name),
            Place::Desktop { folder, .. } => folder,
        };
        match service::erase(&scoped(folder, name)) {
            Ok(()) | Err(service::Failure::Absent) => {}
            Err(failure) => return Err(failure.into()),
        }
        #[cfg(target_os = "linux")]
        kernel::erase(&scoped(folder, name))?;
        Ok(())
    }

    fn forget_salt(&self, name: &str) -> Result<(), KeyError> {
        match &self.place {
            Place::Desktop { folder, .. } => passphrase::forget(&salt_file(folder, name)),
            Place::Beside(_) => Ok(()),
        }
    }
}

fn salt_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{}", passphrase::SALT))
}

/// Two profiles of one user have secrets of their own: the folder is part of the name.
fn scoped(folder: &Path, name: &str) -> String {
    format!("{name}@{}", folder.display())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeyError> + Send + 'static,
) -> Result<T, KeyError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| KeyError::Store("it was interrupted".to_owned()))?
}

/// The name under which the key of a change is kept until the change is done.
fn prepared(name: &str) -> String {
    format!("cache-{name}-next")
}

fn fresh() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    rand::rngs::OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| KeyError::Store(error.to_string()))?;
    Ok(bytes)
}

fn key_of(kept: &[u8]) -> Result<CacheKey, KeyError> {
    let bytes = <[u8; 32]>::try_from(decode(kept)?).map_err(|_| KeyError::Damaged)?;
    Ok(CacheKey::new(bytes))
}

/// Stores hold text more reliably than bytes.
fn encode(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

fn decode(text: &[u8]) -> Result<Vec<u8>, KeyError> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD_NO_PAD
        .decode(text)
        .map_err(|_| KeyError::Damaged)
}
