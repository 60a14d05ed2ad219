//! Copies of the clinic, and putting one back.
//!
//! A copy that is made by hand keeps the database's own key, or none. Those that the server makes by itself every night are
//! encrypted with a key of their own, which does not lie with them: so they can be taken off the computer, which is what
//! makes them a backup. Each is read back before an older one goes.

mod key;
mod nightly;

pub use key::BackupKey;
pub(crate) use nightly::keep_making;

use crate::serve::{FILE, blocking};
use crate::store::{self, DbKey, meta};
use crate::{Config, Server, ServerError};
use jiff::civil::Time;
use std::io;
use std::path::{Path, PathBuf};

/// How copies are made every night.
#[derive(Clone, Debug)]
pub struct Backups {
    /// Where they lie; made when it is not there.
    pub folder: PathBuf,
    /// The file of their key; made when it is not there.
    pub key: PathBuf,
    /// When, by the clinic's clock. A server that was off then makes the copy when it is on again.
    pub at: Time,
    /// How many are kept.
    pub keep: usize,
}

impl Server {
    /// Writes a copy of the whole database, of one moment; a server may run meanwhile. With a key the copy is encrypted
    /// with that, else as the database is.
    ///
    /// # Errors
    /// When there is no database or no clinic in it, a file of that name exists, or it cannot be written.
    pub async fn back_up(&self, to: PathBuf, key: Option<BackupKey>) -> Result<(), ServerError> {
        self.store().read(|connection| meta::get(connection).map(drop)).await?;
        if to.exists() {
            return Err(ServerError::Refused(format!(
                "{} exists already; name a new file",
                to.display()
            )));
        }
        let (path, own) = (self.config().data_dir.join(FILE), self.config().key.clone());
        blocking(move || {
            let new = key.map(DbKey::from).or_else(|| own.clone());
            Ok(store::copy(&path, own.as_ref(), &to, new.as_ref())?)
        })
        .await
    }

    /// Opens a database that is set back to a copy, whose key is given when it has one of its own. What is there now is kept
    /// beside it. Desks notice, read everything anew, and ask before they send what was done on top of what is no more. No
    /// server may run on the folder meanwhile.
    ///
    /// # Errors
    /// When the copy is no database with a clinic in it, the key is another one, or the files cannot be moved.
    pub async fn restore(config: Config, from: PathBuf, key: Option<BackupKey>) -> Result<Self, ServerError> {
        let (folder, own) = (config.data_dir.clone(), config.key.clone());
        blocking(move || {
            let copied_with = key.map(DbKey::from).or_else(|| own.clone());
            put_back(&folder, own.as_ref(), &from, copied_with.as_ref())
        })
        .await?;
        let server = Self::open(config).await?;
        server.begin_epoch().await?;
        Ok(server)
    }
}

/// Puts a copy in the database's place, checked before anything is moved.
fn put_back(folder: &Path, key: Option<&DbKey>, from: &Path, copied_with: Option<&DbKey>) -> Result<(), ServerError> {
    if !from.is_file() {
        return Err(ServerError::Refused(format!("there is no file {}", from.display())));
    }
    let fail = |error: io::Error| ServerError::Refused(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(fail)?;
    let draft = folder.join("clinic.db.restoring");
    match std::fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fail(error)),
        _ => {}
    }
    // By way of the database, which reads the copy whole and refuses what is none.
    store::copy(from, copied_with, &draft, key)?;
    for suffix in ["", "-wal", "-shm"] {
        let (now, before) = (
            folder.join(format!("{FILE}{suffix}")),
            folder.join(format!("{FILE}.before-restore{suffix}")),
        );
        match std::fs::rename(now, before) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fail(error)),
            _ => {}
        }
    }
    std::fs::rename(&draft, folder.join(FILE)).map_err(fail)
}
