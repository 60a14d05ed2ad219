//! Which desk this is, and who was signed in last, so that it opens without a network.

use super::DeskError;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{AccountId, DeviceId};
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
    /// Everybody who works at this desk, whoever is in front.
    #[serde(default)]
    people: Vec<Person>,
    /// Whether the desk was locked when it ended: ending it is no way around the lock.
    #[serde(default)]
    pub(super) locked: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct LastSession {
    server: String,
    account: Account,
}

/// Somebody who has signed in at this desk with their password, and has not signed out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Person {
    server: String,
    pub(super) account: Account,
    /// Whether a PIN lets them in; what it is compared with is in their own encrypted cache.
    #[serde(default)]
    pub(super) has_pin: bool,
    /// Acts of theirs waited when another took the desk: they are sent on from the next start too.
    #[serde(default)]
    pub(super) left_work: bool,
}

impl Person {
    fn new(server: &str, account: &Account) -> Self {
        Self {
            server: server.to_owned(),
            account: account.clone(),
            has_pin: false,
            left_work: false,
        }
    }
}

impl Identity {
    /// Reads the file, or makes this installation's identity at its first start.
    pub(super) fn load(folder: &Path) -> Result<Self, DeskError> {
        match std::fs::read(folder.join(FILE)) {
            Ok(bytes) => serde_json::from_slice::<Self>(&bytes)
                .map(Self::with_everybody)
                .map_err(|_| unreadable(folder)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let fresh = Self {
                    device: DeviceId(Uuid::now_v7()),
                    sessions: vec![],
                    people: vec![],
                    locked: false,
                };
                fresh.save(folder)?;
                Ok(fresh)
            }
            Err(_) => Err(unreadable(folder)),
        }
    }

    /// A file of before people were remembered names only who is in front.
    fn with_everybody(mut self) -> Self {
        for session in &self.sessions {
            let (server, account) = (&session.server, &session.account);
            let is_theirs = |person: &Person| person.server == *server && person.account.account == account.account;
            if !self.people.iter().any(is_theirs) {
                self.people.push(Person::new(server, account));
            }
        }
        self
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

    /// Everybody who works at this desk with that server, in the order in which they came.
    pub(super) fn people(&self, server: &str) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| person.server == server)
    }

    /// Remembers who is in front of the desk, and that they work here.
    pub(super) fn remember(&mut self, folder: &Path, server: &str, account: &Account) -> Result<(), DeskError> {
        self.sessions.retain(|session| session.server != server);
        self.sessions.push(LastSession {
            server: server.to_owned(),
            account: account.clone(),
        });
        let is_theirs = |person: &&mut Person| person.server == server && person.account.account == account.account;
        match self.people.iter_mut().find(is_theirs) {
            Some(known) => known.account = account.clone(),
            None => self.people.push(Person::new(server, account)),
        }
        self.save(folder)
    }

    /// Changes what is remembered of a person who works here.
    pub(super) fn amend(
        &mut self,
        folder: &Path,
        server: &str,
        account: AccountId,
        change: impl FnOnce(&mut Person),
    ) -> Result<(), DeskError> {
        let is_theirs = |person: &&mut Person| person.server == server && person.account.account == account;
        if let Some(person) = self.people.iter_mut().find(is_theirs) {
            change(person);
        }
        self.save(folder)
    }

    /// Forgets a person who has signed out.
    pub(super) fn forget(&mut self, folder: &Path, server: &str, account: AccountId) -> Result<(), DeskError> {
        let is_theirs = |theirs: &str, known: &Account| theirs == server && known.account == account;
        self.sessions
            .retain(|session| !is_theirs(&session.server, &session.account));
        self.people.retain(|person| !is_theirs(&person.server, &person.account));
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
    let name = format!("{}-{}", account.clinic.uuid().simple(), account.account.uuid().simple());
    cache_file_of(folder, &name)
}

/// The same, by the name that its key has too.
pub(super) fn cache_file_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("cache-{name}.db"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::{ClinicId, Role};

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
        let (first, second) = (account(1), account(2));
        identity.remember(folder.path(), "https://a", &first).unwrap();
        identity.remember(folder.path(), "https://b", &second).unwrap();
        identity.forget(folder.path(), "https://b", second.account).unwrap();
        let again = Identity::load(folder.path()).unwrap();
        assert_eq!(again.last("https://a"), Some(&account(1)));
        assert_eq!(again.last("https://b"), None);
        assert_ne!(
            cache_file(folder.path(), &account(1)),
            cache_file(folder.path(), &account(2))
        );
    }
    #[test]
    fn people_of_one_desk_stay_on_its_list_whoever_is_in_front_until_they_sign_out() {
        let folder = tempfile::tempdir().unwrap();
        let mut identity = Identity::load(folder.path()).unwrap();
        for n in [1, 2, 1] {
            identity.remember(folder.path(), "https://a", &account(n)).unwrap();
        }
        let set_pin = |person: &mut Person| person.has_pin = true;
        identity
            .amend(folder.path(), "https://a", account(2).account, set_pin)
            .unwrap();
        let mut again = Identity::load(folder.path()).unwrap();
        let people: Vec<_> = again
            .people("https://a")
            .map(|p| (p.account.account, p.has_pin))
            .collect();
        assert_eq!(people, [(account(1).account, false), (account(2).account, true)]);
        assert_eq!(again.last("https://a"), Some(&account(1)));
        assert_eq!(again.people("https://b").count(), 0);
        again.forget(folder.path(), "https://a", account(2).account).unwrap();
        assert_eq!(again.last("https://a"), Some(&account(1)), "who is in front stays");
        assert_eq!(again.people("https://a").count(), 1);
    }
}
