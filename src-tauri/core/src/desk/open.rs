//! A signed-in account: its cache, and the tasks that keep it level with the server.

use super::badge::Badge;
use super::{Desk, DeskError, identity};
use crate::cache::{Cache, CacheError, Owner, Wait};
use crate::front::Inverses;
use crate::keys::KeyError;
use crate::outbox::sender;
use crate::sync::line::Line;
use crate::sync::status::{SetAside, SyncStatus};
use crate::sync::{listener, notice_task, pull_task};
use deskbell_clinic::wire::Account;
use deskbell_clinic::{Calendar, Kind, Row};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use tokio::task::JoinSet;

pub(super) struct Open {
    pub(super) account: Account,
    pub(super) badge: Badge,
    pub(super) line: Arc<Line>,
    pub(super) tasks: JoinSet<()>,
}

impl Open {
    /// Ends the tasks, each at its own good moment, and closes the file.
    pub(super) async fn close(self) {
        self.end_tasks().await.2.close().await;
    }

    /// Ends the tasks only: the file stays open to whoever goes on with it.
    pub(super) async fn end_tasks(mut self) -> (Account, Badge, Cache) {
        self.line.closing.cancel();
        while self.tasks.join_next().await.is_some() {}
        (self.account, self.badge, self.line.cache.clone())
    }
}

impl Desk {
    /// Goes on as whoever was signed in last. Their session may have lapsed: then what is cached is shown all the same,
    /// and they are asked to sign in again.
    pub(super) async fn take_up(&self, account: Account) -> Result<(), DeskError> {
        let badge = self.inner.badges.kept_for(&account).await?;
        self.enter(account, badge).await
    }

    /// Shows an account's cache and keeps it level from now on. Whoever was in front steps behind.
    pub(super) async fn enter(&self, account: Account, badge: Badge) -> Result<(), DeskError> {
        let mut open = self.inner.open.write().await;
        self.take_seat(&mut open, account, badge).await
    }

    /// The same, for whoever holds the place in front already.
    pub(super) async fn take_seat(
        &self,
        open: &mut Option<Open>,
        account: Account,
        badge: Badge,
    ) -> Result<(), DeskError> {
        if let Some(same) = open.as_mut().filter(|open| is_same(&open.account, &account)) {
            // The same person signed in again: their acts were held for it.
            same.badge.take_over(&badge, &account).await?;
            same.account = account.clone();
            same.line.cache.release_auth_held().await?;
            same.line.send_now.notify_one();
            same.line.pull_now.notify_one();
            self.inner.desktop.account.send_replace(Some(account));
            return Ok(());
        }
        let mut behind = self.inner.behind.lock().await;
        self.call_forward(account.account, &mut behind).await;
        // Whoever is in front stays there until this one's data is open.
        let (cache, set_aside) = self.open_cache(&account).await?;
        cache.release_auth_held().await?;
        badge.backend.entered(&cache, &account).await?;
        if let Some(other) = open.take() {
            self.step_behind(other, &mut behind).await;
        }
        // One person's way back is not another's to take.
        *self.inverses() = Inverses::default();
        *self.inner.badge.lock().unwrap_or_else(PoisonError::into_inner) = badge.clone();
        let line = Arc::new(self.new_line(&badge, cache, set_aside).await?);
        let mut tasks = JoinSet::new();
        tasks.spawn(pull_task::run(line.clone()));
        tasks.spawn(listener::listen(line.clone()));
        tasks.spawn(sender::run(line.clone()));
        tasks.spawn(notice_task::run(line.clone()));
        *open = Some(Open {
            account: account.clone(),
            badge,
            line,
            tasks,
        });
        self.inner.desktop.account.send_replace(Some(account));
        Ok(())
    }

    async fn new_line(&self, badge: &Badge, cache: Cache, set_aside: Option<SetAside>) -> Result<Line, DeskError> {
        let inner = &self.inner;
        let clinic = cache
            .read(|snapshot| snapshot.rows(Kind::Clinic))
            .await?
            .into_iter()
            .next();
        let device = self.identity().device;
        let kept_offset = cache.clock_offset().await?;
        inner.desktop.status.send_modify(|status| {
            *status = SyncStatus {
                requests: status.requests,
                // What this process has heard itself is newer.
                server_offset: if status.server_offset.is_zero() {
                    kept_offset
                } else {
                    status.server_offset
                },
                set_aside: set_aside.or(status.set_aside),
                others: std::mem::take(&mut status.others),
                ..SyncStatus::default()
            };
        });
        let line = Line::new(
            badge.backend.clone(),
            cache,
            inner.clock.clone(),
            inner.network.clone(),
            device,
            inner.desktop.clone(),
        );
        if let Some(Row::Clinic(clinic)) = clinic.map(|seen| seen.row) {
            line.set_calendar(Calendar::new(&clinic.zone, clinic.opening_hours).ok());
        }
        Ok(line)
    }

    /// Opens an account's cache. One that is damaged, or whose key is gone, is set aside: what can still be read of its
    /// outbox is kept in a new one, and everything else comes again from the server.
    pub(super) async fn open_cache(&self, account: &Account) -> Result<(Cache, Option<SetAside>), DeskError> {
        let vault = &self.inner.vault;
        let file = identity::cache_file(&self.inner.folder, account);
        let owner = Owner {
            clinic: account.clinic,
            account: account.account,
        };
        let (key, lost) = match vault.cache_key(account, file.exists()).await {
            Err(error @ (KeyError::KeyLost | KeyError::Damaged)) => {
                tracing::error!(%error, "the cache is set aside");
                set_aside(&file)?;
                (vault.cache_key(account, false).await?, Some(SetAside::Unreadable))
            }
            key => (key?, None),
        };
        let wait = match self.inner.clock.is_simulated() {
            true => Wait::StandingStill,
            false => Wait::Yielding,
        };
        let opened = match Cache::open_waiting(&file, &key, owner, wait).await {
            // A change of its key may have been cut off after the file was written anew.
            Err(CacheError::NotADatabase) => match vault.prepared_cache_key(account).await? {
                Some(next) => match Cache::open_waiting(&file, &next, owner, wait).await {
                    Ok(cache) => {
                        vault.change_cache_key(account, &next).await?;
                        Ok(cache)
                    }
                    Err(_) => Err(CacheError::NotADatabase),
                },
                None => Err(CacheError::NotADatabase),
            },
            opened => opened,
        };
        match opened {
            Err(error @ (CacheError::Corrupt | CacheError::NotADatabase)) => {
                let salvaged = Cache::salvage(&file, &key).await.ok();
                let what = salvaged.as_ref().map_or(SetAside::Unreadable, |acts| {
                    SetAside::TakenOver(u32::try_from(acts.len()).unwrap_or(u32::MAX))
                });
                tracing::error!(%error, unsent = ?what, "the cache is set aside");
                set_aside(&file)?;
                let cache = Cache::open_waiting(&file, &key, owner, wait).await?;
                for item in salvaged.unwrap_or_default() {
                    cache.keep(vec![item.intent], item.by, item.acted_at).await?;
                }
                Ok((cache, Some(what)))
            }
            cache => Ok((cache?, lost)),
        }
    }
}

/// Moves a file and what SQLite keeps beside it out of the way; it is not deleted, since somebody may yet repair it.
pub(super) fn set_aside(file: &Path) -> Result<(), DeskError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut from = file.as_os_str().to_owned();
        from.push(suffix);
        let mut to = from.clone();
        to.push(".damaged");
        match std::fs::rename(&from, &to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(CacheError::Inaccessible(error.to_string()).into());
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_same(a: &Account, b: &Account) -> bool {
    (a.clinic, a.account) == (b.clinic, b.account)
}
