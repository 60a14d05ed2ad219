//! A signed-in account: its cache, and the tasks that keep it level with the server.

use super::{Desk, DeskError, identity};
use crate::cache::{Cache, CacheError, Owner, Wait};
use crate::keys::KeyError;
use crate::outbox::sender;
use crate::sync::line::Line;
use crate::sync::status::{SetAside, SyncStatus};
use crate::sync::{listener, notice_task, pull_task};
use deskbell_clinic::wire::Account;
use deskbell_clinic::{Calendar, Kind, Row};
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

pub(super) struct Open {
    pub(super) account: Account,
    pub(super) line: Arc<Line>,
    tasks: JoinSet<()>,
}

impl Open {
    /// Ends the tasks, each at its own good moment, and closes the file.
    pub(super) async fn close(mut self) {
        self.line.closing.cancel();
        while self.tasks.join_next().await.is_some() {}
        self.line.cache.close().await;
    }
}

impl Desk {
    /// Goes on as whoever was signed in last. Their session may have lapsed: then what is cached is shown all the same,
    /// and they are asked to sign in again.
    pub(super) async fn take_up(&self, account: Account) -> Result<(), DeskError> {
        if let Some(refresh) = self.inner.vault.refresh_token().await? {
            self.inner.backend.resume(refresh);
        }
        self.enter(account).await
    }

    /// Shows an account's cache and keeps it level from now on.
    pub(super) async fn enter(&self, account: Account) -> Result<(), DeskError> {
        let mut open = self.inner.open.write().await;
        if let Some(same) = open.as_mut().filter(|open| is_same(&open.account, &account)) {
            // The same person signed in again: their acts were held for it.
            same.account = account.clone();
            same.line.cache.release_auth_held().await?;
            same.line.send_now.notify_one();
            same.line.pull_now.notify_one();
            self.inner.desktop.account.send_replace(Some(account));
            return Ok(());
        }
        if let Some(other) = open.take() {
            other.close().await;
        }
        let line = Arc::new(self.new_line(&account).await?);
        let mut tasks = JoinSet::new();
        tasks.spawn(pull_task::run(line.clone()));
        tasks.spawn(listener::listen(line.clone()));
        tasks.spawn(sender::run(line.clone()));
        tasks.spawn(notice_task::run(line.clone()));
        *open = Some(Open {
            account: account.clone(),
            line,
            tasks,
        });
        self.inner.desktop.account.send_replace(Some(account));
        Ok(())
    }

    async fn new_line(&self, account: &Account) -> Result<Line, DeskError> {
        let inner = &self.inner;
        let (cache, set_aside) = self.open_cache(account).await?;
        cache.release_auth_held().await?;
        inner.backend.entered(&cache, account).await?;
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
                ..SyncStatus::default()
            };
        });
        let line = Line::new(
            inner.backend.clone(),
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
    async fn open_cache(&self, account: &Account) -> Result<(Cache, Option<SetAside>), DeskError> {
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
        match Cache::open_waiting(&file, &key, owner, wait).await {
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
fn set_aside(file: &Path) -> Result<(), DeskError> {
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
