//! The desk: the one handle that the shell holds.
//!
//! It opens the cache of whoever was signed in last without asking the network, keeps it level with the server, and takes
//! in what people do. Everything behind it runs on tasks of its own and speaks through channels, so that no window is
//! ever waited for.

mod attend;
mod badge;
mod behind;
mod beside;
pub mod doctor;
mod erase;
mod error;
mod identity;
mod keep;
mod lock;
mod measures;
mod open;
mod options;
mod passphrase;
mod people;
mod proof;
mod rekey;
mod settings;
mod sign_in;
mod vault;
mod waiting;

pub use erase::Erased;
pub use error::DeskError;
pub use lock::{LockStage, stage_after};
pub use options::DeskOptions;
pub use people::DeskPerson;
pub use proof::Proof;

use crate::backend::{Backend, Cost, Fingerprint, Holds, Landing, ServerAddress, Speaks, SyncApi};
use crate::front::Inverses;
use crate::keys::Keys;
use crate::settings::SettingsFiles;
use crate::sync::clock::WallClock;
use crate::sync::line::{Desktop, Line};
use crate::sync::link::LinkState;
use crate::sync::network::Network;
use crate::sync::notice::Notice;
use crate::sync::status::SyncStatus;
use badge::{Badge, Badges};
use behind::BehindTheFront;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{Actions, Actor, Appointment, Step};
use identity::Identity;
use jiff::Timestamp;
use open::Open;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{RwLock, broadcast, watch};
use vault::Vault;

/// What the sample clinic is remembered by, whichever port it listens on.
const PRACTICE: &str = "sample";

/// The desk. Clones share it.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    settings_files: SettingsFiles,
    address: ServerAddress,
    speaks: Speaks,
    /// By what the server is remembered: its address, or that it is the sample clinic.
    remembered_as: String,
    clock: Arc<dyn WallClock>,
    network: Arc<dyn Network>,
    badges: Badges,
    /// The way to the server of whoever is in front of the desk, or was last.
    badge: Mutex<Badge>,
    vault: Arc<Vault>,
    identity: Mutex<Identity>,
    desktop: Desktop,
    /// The sample clinic.
    practises: bool,
    watch: lock::Watch,
    /// What takes recent acts back.
    inverses: Mutex<Inverses>,
    /// Whoever is signed in. Written at sign-in, sign-out and when another person takes the desk.
    open: RwLock<Option<Open>>,
    /// Those whose work is still being sent while somebody else is in front. Locked after `open`, never before.
    behind: BehindTheFront,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk")
            .field("server", &self.inner.address)
            .finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens a desk: with the cache of whoever was signed in last, and without a network when there is none.
    ///
    /// # Errors
    /// When the address is none to send to, the folder cannot be used, or the cache cannot be opened with the key that
    /// this computer keeps for it. Where that takes a passphrase, the desk opens with nobody in front and asks for it.
    pub async fn open(options: DeskOptions) -> Result<Self, DeskError> {
        let in_force = options.settings.load()?;
        if !in_force.overruled.is_empty() {
            tracing::warn!(settings = ?in_force.overruled, "this computer's settings overrule the person's");
        }
        let settings = in_force.settings;
        let mut address = ServerAddress::parse(&options.server)?;
        if settings.server.as_deref() == Some(options.server.as_str())
            && let Some(pin) = &settings.certificate
        {
            address = address.pinned(pin.parse()?);
        }
        let remembered_as = if options.practice {
            PRACTICE.to_owned()
        } else {
            address.to_string()
        };
        let identity = Identity::load(&options.folder)?;
        let keys = match (options.practice, settings.passphrase) {
            (true, _) => Keys::beside(options.folder.clone()),
            (false, true) => Keys::by_passphrase(options.folder.clone()),
            (false, false) => Keys::of_desktop(options.folder.clone()),
        };
        let vault = Arc::new(Vault::new(keys, &remembered_as));
        let badges = Badges {
            address: address.clone(),
            speaks: options.speaks,
            device: identity.device,
            timeouts: options.timeouts,
            transport: options.transport,
            clock: options.clock.clone(),
            vault: vault.clone(),
        };
        let badge = Mutex::new(badges.blank()?);
        let was_locked = identity.locked && identity.last(&remembered_as).is_some();
        let watch = lock::Watch::new(was_locked, options.clock.now());
        let inner = Inner {
            folder: options.folder,
            settings_files: options.settings,
            address,
            speaks: options.speaks,
            remembered_as,
            clock: options.clock,
            network: options.network,
            badges,
            badge,
            vault,
            identity: Mutex::new(identity),
            desktop: Desktop::new(settings),
            practises: options.practice,
            watch,
            inverses: Mutex::default(),
            open: RwLock::new(None),
            behind: BehindTheFront::default(),
        };
        let desk = Self { inner: Arc::new(inner) };
        desk.go_on().await?;
        Ok(desk)
    }

    /// Who goes on at a server once the desk is open, as this computer remembers it; none where a passphrase is asked for
    /// first.
    pub fn remembered(folder: &Path, server: &str) -> Option<Account> {
        let address = ServerAddress::parse(server).ok()?.to_string();
        let last = Identity::load(folder).ok()?.last(&address).cloned();
        last.filter(|account| !vault::asks_passphrase_for(folder, account))
    }

    /// The server's address.
    pub fn server(&self) -> &ServerAddress {
        &self.inner.address
    }

    /// Whether it is the sample clinic's.
    pub fn practises(&self) -> bool {
        self.inner.practises
    }

    /// What the server speaks.
    pub fn speaks(&self) -> Speaks {
        self.inner.speaks
    }

    /// The certificate that a server shows, to be compared by a person and then pinned.
    pub async fn certificate_of(address: &str) -> Result<Option<Fingerprint>, DeskError> {
        Ok(SyncApi::certificate_of(&ServerAddress::parse(address)?).await)
    }

    /// Who is signed in.
    pub fn account(&self) -> Option<Account> {
        self.inner.desktop.account.borrow().clone()
    }

    /// What the person who is signed in may do with an appointment now.
    pub fn actions(&self, row: &Appointment) -> Actions {
        let Some(account) = self.account() else {
            return Actions::default();
        };
        let actor = Actor {
            account: account.account,
            role: account.role,
            staff: account.staff,
        };
        self.backend().actions(row, &actor, self.now())
    }

    /// What the clinic's server has room for.
    pub fn holds(&self) -> Holds {
        self.backend().holds()
    }

    /// Where a step leads at a server with steps of its own.
    pub(crate) fn landing(&self, row: &Appointment, step: Step) -> Option<Landing> {
        self.backend().landing(row, step)
    }

    /// What the server's answers have cost within the last hour, where that is worth showing.
    pub fn cost(&self) -> Option<Cost> {
        self.backend().cost()
    }

    /// When the session ends and a person must sign in again; none where it renews itself.
    pub fn session_ends(&self) -> Option<Timestamp> {
        self.backend().session_ends()
    }

    /// The server's clock, as well as this computer knows it.
    pub fn now(&self) -> Timestamp {
        let now = self.inner.clock.now();
        now.checked_add(self.inner.desktop.status.borrow().server_offset)
            .unwrap_or(now)
    }

    /// How fresh everything is.
    pub fn status(&self) -> watch::Receiver<SyncStatus> {
        self.inner.desktop.status.subscribe()
    }

    pub(crate) fn amend_status(&self, change: impl FnOnce(&mut SyncStatus)) {
        self.inner.desktop.status.send_modify(change);
    }

    /// What happened elsewhere and is worth telling; what is told at the same time comes together.
    pub fn notices(&self) -> broadcast::Receiver<Vec<Notice>> {
        self.inner.desktop.notices.subscribe()
    }

    /// Ends all tasks and closes the caches; the sessions stay for the next start.
    pub async fn close(&self) {
        self.leave().await;
        self.leave_all_behind().await;
    }

    fn backend(&self) -> Arc<dyn Backend> {
        self.badge().backend
    }

    fn badge(&self) -> Badge {
        self.inner.badge.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn line(&self) -> Result<Arc<Line>, DeskError> {
        self.inner
            .open
            .read()
            .await
            .as_ref()
            .map(|open| open.line.clone())
            .ok_or_else(DeskError::signed_out)
    }

    pub(crate) fn inverses(&self) -> MutexGuard<'_, Inverses> {
        self.inner.inverses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn identity(&self) -> MutexGuard<'_, Identity> {
        self.inner.identity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn leave(&self) {
        let open = self.inner.open.write().await.take();
        self.inner.desktop.account.send_replace(None);
        if let Some(open) = open {
            open.close().await;
        }
        self.nobody_in_front();
    }

    fn nobody_in_front(&self) {
        self.inner.desktop.account.send_replace(None);
        self.inner.desktop.status.send_modify(|status| {
            *status = SyncStatus {
                link: LinkState::Closed,
                requests: status.requests,
                others: std::mem::take(&mut status.others),
                ..SyncStatus::default()
            };
        });
    }
}
