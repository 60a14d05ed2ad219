//! A person's own way to the server: the adapter with their session in it. People of one desk never share one, so that each
//! act goes out as its person's, also after another has taken the desk.

use super::DeskError;
use super::vault::Vault;
use crate::backend::{Backend, RoyalCare, ServerAddress, SessionKeeper, Speaks, SyncApi, Timeouts, Transport};
use crate::secret::Secret;
use crate::sync::clock::WallClock;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{AccountId, DeviceId};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What badges are made with.
pub(super) struct Badges {
    pub(super) address: ServerAddress,
    pub(super) speaks: Speaks,
    pub(super) device: DeviceId,
    pub(super) timeouts: Timeouts,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) clock: Arc<dyn WallClock>,
    pub(super) vault: Arc<Vault>,
}

impl Badges {
    /// Nobody's yet.
    pub(super) fn blank(&self) -> Result<Badge, DeskError> {
        let keeper = Arc::new(Keeper {
            vault: self.vault.clone(),
            whose: Mutex::new(Whose::Nobodys(None)),
        });
        let (address, timeouts) = (self.address.clone(), self.timeouts);
        let backend: Arc<dyn Backend> = match self.speaks {
            Speaks::Deskbell => Arc::new(SyncApi::carried(
                address,
                self.device,
                keeper.clone(),
                timeouts,
                self.transport.clone(),
            )?),
            Speaks::RoyalCare => Arc::new(RoyalCare::new(address, keeper.clone(), self.clock.clone(), timeouts)?),
        };
        Ok(Badge { backend, keeper })
    }

    /// Somebody's who has signed in at this desk before; with the session that is kept for them, if it still is.
    pub(super) async fn kept_for(&self, account: &Account) -> Result<Badge, DeskError> {
        let badge = self.blank()?;
        badge.belongs_to(account).await;
        if let Some(refresh) = self.vault.session_of(account.account).await? {
            badge.backend.resume(refresh);
        }
        Ok(badge)
    }
}

/// One person's way to the server.
#[derive(Clone)]
pub(super) struct Badge {
    pub(super) backend: Arc<dyn Backend>,
    keeper: Arc<Keeper>,
}

impl Badge {
    /// It has turned out whose it is: its session is kept for them from now on.
    pub(super) async fn belongs_to(&self, account: &Account) {
        let held = match std::mem::replace(&mut *self.keeper.whose(), Whose::Of(account.account)) {
            Whose::Nobodys(held) => held,
            Whose::Of(_) => None,
        };
        if let Some(session) = held {
            self.keeper.vault.keep_session(account.account, Some(session)).await;
        }
    }

    /// Takes the session of another badge of the same person over: what hangs on this one goes on with it.
    pub(super) async fn take_over(&self, other: &Self, account: &Account) -> Result<(), DeskError> {
        if Arc::ptr_eq(&self.backend, &other.backend) {
            return Ok(());
        }
        if let Some(session) = self.keeper.vault.session_of(account.account).await? {
            self.backend.resume(session);
        }
        Ok(())
    }
}

/// Keeps a badge's session under its person's name, once that is known.
struct Keeper {
    vault: Arc<Vault>,
    whose: Mutex<Whose>,
}

enum Whose {
    /// The answer to a sign-in says whose; until it is read, the session is held here.
    Nobodys(Option<Secret<String>>),
    Of(AccountId),
}

impl Keeper {
    fn whose(&self) -> MutexGuard<'_, Whose> {
        self.whose.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionKeeper for Keeper {
    fn keep(&self, refresh: Option<Secret<String>>) -> BoxFuture<'_, ()> {
        async move {
            let known = match &mut *self.whose() {
                Whose::Nobodys(held) => {
                    held.clone_from(&refresh);
                    None
                }
                Whose::Of(account) => Some(*account),
            };
            if let Some(account) = known {
                self.vault.keep_session(account, refresh).await;
            }
        }
        .boxed()
    }
}
