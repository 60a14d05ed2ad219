//! The people of one desk: who works at it, and how one takes it over from another, also without a network.
//!
//! Each has a cache and a session of their own, so nobody is ever shown what only another may see, and each act goes out as
//! its person's.

use super::badge::Badge;
use super::proof::Proof;
use super::{Desk, DeskError};
use crate::cache::Cache;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{AccountId, Role};

/// Somebody who works at this desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskPerson {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether a PIN lets them in.
    pub has_pin: bool,
    /// Whether they are in front of the desk.
    pub in_front: bool,
}

impl Desk {
    /// Who works at this desk: signed in here with a password once, and not signed out. In the order in which they came.
    pub fn people(&self) -> Vec<DeskPerson> {
        let front = self.account().map(|account| account.account);
        let person = |person: &super::identity::Person| DeskPerson {
            account: person.account.account,
            name: person.account.name.clone(),
            role: person.account.role,
            has_pin: person.has_pin,
            in_front: Some(person.account.account) == front,
        };
        self.identity().people(&self.inner.remembered_as).map(person).collect()
    }

    /// A person of this desk comes to it: back to what they left locked, or in the place of another, whose acts go on being
    /// sent as theirs. Asks nothing of the network unless only the server can say whether the password is right.
    ///
    /// # Errors
    /// `wrong_pin`, `needs_password` when the PIN does not count, `wrong_password`, `unlock_held` after too many wrong ones;
    /// `no_such_person` for somebody who does not work here; and what keeps their cache from being opened.
    pub async fn come_in(&self, who: AccountId, proof: Proof) -> Result<(), DeskError> {
        let _one_at_a_time = self.inner.watch.trying.lock().await;
        match self.account().filter(|account| account.account == who) {
            Some(account) => {
                let cache = &self.line().await?.cache;
                self.prove(&account, &self.badge(), cache, &proof).await?;
                tracing::info!("unlocked");
            }
            None => self.take_the_desk(who, &proof).await?,
        }
        self.opened();
        Ok(())
    }

    /// Waits until the clinic has given whoever is in front of the desk another role.
    pub async fn another_role(&self) {
        let mut accounts = self.inner.desktop.account.subscribe();
        let role = |account: &Option<Account>| account.as_ref().map(|account| (account.account, account.role));
        let mut before = role(&accounts.borrow_and_update());
        while accounts.changed().await.is_ok() {
            let now = role(&accounts.borrow_and_update());
            match (before, now) {
                (Some((who, had)), Some((still, has))) if who == still && had != has => return,
                _ => before = now,
            }
        }
        // The desk has ended, and with it everything that waits.
        std::future::pending::<()>().await;
    }

    async fn take_the_desk(&self, who: AccountId, proof: &Proof) -> Result<(), DeskError> {
        let known = self
            .identity()
            .people(&self.inner.remembered_as)
            .find(|person| person.account.account == who)
            .map(|person| person.account.clone());
        let nobody = || DeskError::new("no_such_person", "They are not signed in at this desk any more.");
        let account = known.ok_or_else(nobody)?;
        let (badge, cache, borrowed) = self.means_of(&account).await?;
        let proven = self.prove(&account, &badge, &cache, proof).await;
        if !borrowed {
            cache.close().await;
        }
        proven?;
        self.enter(account.clone(), badge).await?;
        self.remember_in_front(&account).await?;
        tracing::info!(account = %account.account, "took the desk");
        Ok(())
    }

    /// The badge and the cache of somebody who is not in front, and whether the cache is in use.
    async fn means_of(&self, account: &Account) -> Result<(Badge, Cache, bool), DeskError> {
        let behind = self.inner.behind.lock().await;
        let seat = behind.get(&account.account);
        if let Some(seat) = seat.filter(|seat| !seat.line.closing.is_cancelled()) {
            return Ok((seat.badge.clone(), seat.line.cache.clone(), true));
        }
        let badge = self.inner.badges.kept_for(account).await?;
        let (cache, _) = self.open_cache(account).await?;
        Ok((badge, cache, false))
    }

    /// Remembers who is in front for the next start, and whether a PIN lets them in.
    pub(super) async fn remember_in_front(&self, account: &Account) -> Result<(), DeskError> {
        let has_pin = self.line().await?.cache.door().await?.pin.is_some();
        self.identity()
            .remember(&self.inner.folder, &self.inner.remembered_as, account)?;
        self.note_pin(account.account, has_pin)
    }

    pub(super) fn note_pin(&self, account: AccountId, has_pin: bool) -> Result<(), DeskError> {
        let server = &self.inner.remembered_as;
        self.identity()
            .amend(&self.inner.folder, server, account, |person| person.has_pin = has_pin)
    }

    /// The badge that a sign-in under this name goes by: that of the person who is here under it, or a blank one.
    pub(super) async fn badge_of_login(&self, login: &str) -> Result<Badge, DeskError> {
        let is_theirs = |account: &Account| account.login.eq_ignore_ascii_case(login);
        if self.account().is_some_and(|account| is_theirs(&account)) {
            return Ok(self.badge());
        }
        let behind = self.inner.behind.lock().await;
        match behind.values().find(|seat| is_theirs(&seat.account)) {
            Some(seat) => Ok(seat.badge.clone()),
            None => self.inner.badges.blank(),
        }
    }
}
