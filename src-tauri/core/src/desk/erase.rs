//! What becomes of a person's data at this desk when they leave it for good: the key goes first, then the file, so that
//! nothing can be read from the moment it is decided.
//!
//! When the clinic takes a desk's access back (the computer is stolen, or given away), what was not sent is listed before:
//! what it was, and for when, without a client's name, since whoever is in front of the desk may be anybody.

use super::{Desk, DeskError, identity};
use crate::cache::{CacheError, OutboxItem};
use deskbell_clinic::wire::Account;
use deskbell_clinic::{Calendar, Kind, Row};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// What was erased because the clinic took a person's access back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Whose.
    pub name: String,
    /// Whether they were in front of the desk.
    pub in_front: bool,
    /// What of theirs was not sent, a line each: `Booking for 2026-11-25 19:30, made 2026-11-24 05:58`.
    pub unsent: Vec<String>,
    /// Where the same lines are kept; none when nothing was unsent, or the disk did not take it.
    pub list: Option<PathBuf>,
}

impl Desk {
    /// Waits until the clinic takes a person's access at this desk back, and erases what is held of them.
    pub async fn erased(&self) -> Erased {
        let mut revoked = self.inner.desktop.revoked.subscribe();
        loop {
            let next = revoked.borrow_and_update().first().copied();
            if let Some(account) = next {
                let erased = self.erase_revoked(account).await;
                self.inner
                    .desktop
                    .revoked
                    .send_modify(|revoked| revoked.retain(|known| *known != account));
                if let Some(erased) = erased {
                    return erased;
                }
            } else if revoked.changed().await.is_err() {
                // The desk holds the other end itself.
                std::future::pending::<()>().await;
            }
        }
    }

    async fn erase_revoked(&self, account: deskbell_clinic::AccountId) -> Option<Erased> {
        let mut open = self.inner.open.write().await;
        let in_front = open.as_ref().is_some_and(|open| open.account.account == account);
        let seat = match in_front {
            true => open.take()?,
            false => self.inner.behind.lock().await.remove(&account)?,
        };
        let waiting = seat.line.cache.waiting().await.unwrap_or_default();
        let calendar = seat.line.calendar();
        let unsent: Vec<_> = waiting
            .iter()
            .map(|item| unsent_line(item, calendar.as_ref()))
            .collect();
        let account = seat.account.clone();
        let list = keep_list(&self.inner.folder, &account, &unsent, self.now());
        if let Err(error) = self.inner.vault.forget(&account).await {
            tracing::error!(%error, "a key could not be forgotten; its file goes all the same");
        }
        seat.close().await;
        if let Err(error) = self.erase_files(&account) {
            tracing::error!(%error, "data could not be deleted; its key is gone");
        }
        if let Err(error) = self
            .identity()
            .forget(&self.inner.folder, &self.inner.remembered_as, account.account)
        {
            tracing::error!(%error, "who was at this desk could not be forgotten");
        }
        self.no_longer_left_by(account.account);
        tracing::warn!(
            unsent = unsent.len(),
            "the clinic took this desk's access back; its data was erased"
        );
        if in_front {
            self.nobody_in_front();
            self.opened();
        }
        Some(Erased {
            name: account.name,
            in_front,
            unsent,
            list,
        })
    }

    /// Forgets the key of an account's data and its session, and deletes the data.
    pub(super) async fn erase(&self, account: &Account) -> Result<(), DeskError> {
        self.inner.vault.forget(account).await?;
        self.erase_files(account)
    }

    fn erase_files(&self, account: &Account) -> Result<(), DeskError> {
        let file = identity::cache_file(&self.inner.folder, account);
        for suffix in ["", "-wal", "-shm", "-journal"] {
            for aside in ["", ".damaged"] {
                let mut path = file.as_os_str().to_owned();
                path.push(suffix);
                path.push(aside);
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(CacheError::Inaccessible(error.to_string()).into());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// What an act was, without anybody's name.
fn unsent_line(item: &OutboxItem, calendar: Option<&Calendar>) -> String {
    let what = match item.kind {
        Kind::Appointment => "Booking",
        Kind::Availability => "Hours",
        Kind::Block => "Blocked time",
        Kind::Client => "Client",
        Kind::Payment => "Payment",
        Kind::Waiting => "Waiting list",
        Kind::Task => "Task",
        Kind::Clinic | Kind::Staff | Kind::Service | Kind::Resource => "Clinic",
    };
    let span = match item.intent.row() {
        Some(Row::Appointment(row)) => Some(row.span),
        Some(Row::Availability(row)) => Some(row.span),
        Some(Row::Block(row)) => Some(row.span),
        _ => None,
    };
    let time = |at: Timestamp| match calendar {
        Some(calendar) => format!("{} {}", calendar.day_of(at), calendar.time_of(at).strftime("%H:%M")),
        None => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    };
    let made = time(item.acted_at);
    match span {
        Some(span) => format!("{what} for {}, made {made}", time(span.start())),
        None => format!("{what}, made {made}"),
    }
}

/// Keeps the list where the person who looks after the computer finds it.
fn keep_list(folder: &Path, account: &Account, unsent: &[String], now: Timestamp) -> Option<PathBuf> {
    if unsent.is_empty() {
        return None;
    }
    let path = folder.join(format!("not-sent-{}.txt", now.strftime("%Y-%m-%d-%H%M%S")));
    let text = format!(
        "The clinic took back the access of {} at this desk, and what the desk held was erased.\n\
         This was not sent to the clinic. Names are left out; enter it again where it is still needed.\n\n{}\n",
        account.name,
        unsent.join("\n")
    );
    match std::fs::write(&path, text) {
        Ok(()) => Some(path),
        Err(error) => {
            tracing::error!(%error, "the list of what was not sent could not be kept");
            None
        }
    }
}
