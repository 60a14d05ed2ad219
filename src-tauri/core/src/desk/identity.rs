//! Which desk this is, and who was signed in last, so that it opens without a network.

use super::DeskError;
use deskbell_clinic::DeviceId;
use deskbell_clinic::wire::Account;
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The file's name in the desk's folder.
const FILE: &str = "identity.json";

/// This installation. The file holds no secret: the tokens are in the key store.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Made once; the server knows our own acts by it.
    pub(super) device: DeviceId,
    /// The last session of each server, most recent last.
    #[serde(default)]
    sessions: Vec<LastSession>,
    /// Whether the desk was locked when it ended: ending it is no way around the lock.
    #[serde(default)]
    pub(super) locked: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct LastSession {
    server: String,
    account: Account,
}

impl Identity {
    /// Reads the file, or makes this installation's identity at its first start.
    pub(super) fn load(folder: &Path) -> Result<Self, DeskError> {
        match std::fs::read(folder.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| unreadable(folder)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let fresh = Self {
                    device: DeviceId(Uuid::now_v7()),
                    sessions: vec![],
                    locked: false,
                };
                fresh.save(folder)?;
                Ok(fresh)
            }
            Err(_) => Err(unreadable(folder)),
        }
    }

    /// Reads the file; none at a desk that was never started.
    pub(super) fn existing(folder: &Path) -> Result<Option<Self>, DeskError> {
        match folder.join(FILE).exists() {
            true => Self::load(folder).map(Some),
            false => Ok(None),
        }
    }

    /// What each server is remembered by, and who was signed in there last.
    pub(super) fn sessions(&self) -> impl Iterator<Item = (&str, &Account)> {
        self.sessions
            .iter()
            .map(|session| (session.server.as_str(), &session.account))
    }

    /// Who was signed in to that server, unless they signed out.
    pub(super) fn last(&self, server: &str) -> Option<&Account> {
        self.sessions
            .iter()
            .find(|session| session.server == server)
            .map(|session| &session.account)
    }

    /// Remembers who is signed in to a server; with none, that nobody is.
    pub(super) fn remember(&mut self, folder: &Path, server: &str, account: Option<&Account>) -> Result<(), DeskError> {
        self.sessions.retain(|session| session.server != server);
        if let Some(account) = account {
            self.sessions.push(LastSession {
                server: server.to_owned(),
                account: account.clone(),
            });
        }
        self.save(folder)
    }

    /// Remembers whether the desk is locked.
    pub(super) fn remember_locked(&mut self, folder: &Path, locked: bool) -> Result<(), DeskError> {
        self.locked = locked;
        self.save(folder)
    }

    fn save(&self, folder: &Path) -> Result<(), DeskError> {
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(folder)?;
            let draft = folder.join("identity.json.new");
            let mut file = std::fs::File::create(&draft)?;
            file.write_all(&serde_json::to_vec_pretty(self).map_err(std::io::Error::other)?)?;
            file.sync_all()?;
            std::fs::rename(&draft, folder.join(FILE))
        };
        write().map_err(|error| {
            DeskError::new(
                "folder",
                format!("Deskbell's folder {} cannot be written: {error}", folder.display()),
            )
        })
    }
}

fn unreadable(folder: &Path) -> DeskError {
    let file = folder.join(FILE);
    DeskError::new(
        "folder",
        format!(
            "The file {} cannot be read. Move it away to start anew.",
            file.display()
        ),
    )
}

/// Where an account's cache is: by clinic and account, never by address, so that a server may move.
pub(super) fn cache_file(folder: &Path, account: &Account) -> PathBuf {
    folder.join(format!(
        "cache-{}-{}.db",
        account.clinic.uuid().simple(),
        account.account.uuid().simple()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::{AccountId, ClinicId, Role};

    fn account(n: u128) -> Account {
        Account {
            account: AccountId(Uuid::from_u128(n)),
            login: "olivia".into(),
            name: "Olivia".into(),
            role: Role::Operator,
            staff: None,
            clinic: ClinicId(Uuid::from_u128(9)),
            clinic_name: "Sample".into(),
            hints: true,
        }
    }

    #[test]
    fn a_desk_is_the_same_desk_at_its_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let first = Identity::load(folder.path()).unwrap().device;
        assert_eq!(Identity::load(folder.path()).unwrap().device, first);
    }

    #[test]
    fn each_server_remembers_its_own_last_account_and_forgets_it_at_sign_out() {
        let folder = tempfile::tempdir().unwrap();
        let mut identity = Identity::load(folder.path()).unwrap();
        identity
            .remember(folder.path(), "https://a", Some(&account(1)))
            .unwrap();
        identity
            .remember(folder.path(), "https://b", Some(&account(2)))
            .unwrap();
        identity.remember(folder.path(), "https://b", None).unwrap();
        let again = Identity::load(folder.path()).unwrap();
        assert_eq!(again.last("https://a"), Some(&account(1)));
        assert_eq!(again.last("https://b"), None);
        assert_ne!(
            cache_file(folder.path(), &account(1)),
            cache_file(folder.path(), &account(2))
        );
    }
}
