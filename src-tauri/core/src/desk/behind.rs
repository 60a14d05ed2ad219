//! Those who have left the desk to another person while acts of theirs still wait: the acts go on being sent, as theirs, with
//! their own session and out of their own cache, until none is left. Nothing is pulled for them and no window hears of them but
//! by name and number.

use super::badge::Badge;
use super::open::Open;
use super::{Desk, DeskError, identity};
use crate::cache::{Cache, OutboxItem, OutboxState};
use crate::outbox::sender;
use crate::sync::line::Line;
use crate::sync::link::LinkState;
use crate::sync::status::{LeftWork, SyncStatus};
use deskbell_clinic::AccountId;
use deskbell_clinic::wire::Account;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;

/// Who is behind whoever is in front.
pub(super) type BehindTheFront = Mutex<HashMap<AccountId, Open>>;

impl Desk {
    /// The person in front has left it to another: their windows' tasks end. What they kept and is not sent goes on being
    /// sent as theirs.
    pub(super) async fn step_behind(&self, leaving: Open, behind: &mut HashMap<AccountId, Open>) {
        let (account, badge, cache) = leaving.end_tasks().await;
        let waits = match cache.recover().await {
            Ok(()) => cache.waiting().await,
            Err(error) => Err(error),
        };
        match waits {
            Ok(waiting) if waiting.is_empty() => {
                cache.close().await;
                self.note_left_work(account.account, false);
            }
            Ok(waiting) => {
                self.note_left_work(account.account, true);
                behind.insert(account.account, self.seat_behind(account, badge, cache, &waiting));
            }
            Err(error) => {
                tracing::error!(%error, "what the person before did is sent at the next start");
                self.note_left_work(account.account, true);
                cache.close().await;
            }
        }
    }

    fn seat_behind(&self, account: Account, badge: Badge, cache: Cache, waiting: &[OutboxItem]) -> Open {
        let inner = &self.inner;
        let line = Arc::new(Line::new(
            badge.backend.clone(),
            cache,
            inner.clock.clone(),
            inner.network.clone(),
            self.identity().device,
            inner.desktop.behind(account.clone()),
        ));
        tracing::info!(account = %account.account, waiting = waiting.len(), "work that was left is sent on");
        let front = inner.desktop.status.clone();
        tell(&front, left(&account, waiting));
        let mut tasks = JoinSet::new();
        tasks.spawn(sender::run(line.clone()));
        tasks.spawn(tend(front, account.clone(), line.clone()));
        Open {
            account,
            badge,
            line,
            tasks,
        }
    }

    /// At a start: whoever had left work behind when this desk ended has it sent on.
    pub(super) async fn send_what_others_left(&self) {
        let front = self.account().map(|account| account.account);
        let left: Vec<_> = self
            .identity()
            .people(&self.inner.remembered_as)
            .filter(|person| person.left_work && Some(person.account.account) != front)
            .map(|person| person.account.clone())
            .collect();
        let mut behind = self.inner.behind.lock().await;
        for account in left {
            let name = account.account;
            if let Err(error) = self.take_up_behind(account, &mut behind).await {
                tracing::error!(%error, account = %name, "what they did waits for their next sign-in");
            }
        }
    }

    async fn take_up_behind(&self, account: Account, behind: &mut HashMap<AccountId, Open>) -> Result<(), DeskError> {
        if !identity::cache_file(&self.inner.folder, &account).exists() {
            self.note_left_work(account.account, false);
            return Ok(());
        }
        let badge = self.inner.badges.kept_for(&account).await?;
        let (cache, _) = self.open_cache(&account).await?;
        cache.release_auth_held().await?;
        badge.backend.entered(&cache, &account).await?;
        let waiting = cache.waiting().await?;
        if waiting.is_empty() {
            cache.close().await;
            self.note_left_work(account.account, false);
        } else {
            behind.insert(account.account, self.seat_behind(account, badge, cache, &waiting));
        }
        Ok(())
    }

    /// Whoever is behind is left for the next start.
    pub(super) async fn leave_all_behind(&self) {
        let behind = std::mem::take(&mut *self.inner.behind.lock().await);
        for (_, one) in behind {
            one.close().await;
        }
    }

    /// A person who was behind comes to the front, or signs out: their seat behind is given up.
    pub(super) async fn call_forward(&self, account: AccountId, behind: &mut HashMap<AccountId, Open>) {
        if let Some(seat) = behind.remove(&account) {
            seat.close().await;
        }
        self.no_longer_left_by(account);
    }

    /// Nothing of theirs waits behind any more, for whatever reason.
    pub(super) fn no_longer_left_by(&self, account: AccountId) {
        self.inner.desktop.status.send_if_modified(|status| {
            let before = status.others.len();
            status.others.retain(|other| other.account != account);
            status.others.len() != before
        });
    }

    fn note_left_work(&self, account: AccountId, left: bool) {
        let noted = self
            .identity()
            .amend(&self.inner.folder, &self.inner.remembered_as, account, |person| {
                person.left_work = left;
            });
        if let Err(error) = noted {
            tracing::warn!(%error, "whose work is to be sent at the next start is not kept");
        }
    }
}

/// Tells the front how much waits, tells the sender how the line is as the front finds it, and closes the cache when nothing
/// waits any more.
async fn tend(front: watch::Sender<SyncStatus>, account: Account, line: Arc<Line>) {
    let (mut theirs, mut ours) = (line.status().subscribe(), front.subscribe());
    loop {
        let Ok(waiting) = line.cache.waiting().await else {
            return;
        };
        tell(&front, left(&account, &waiting));
        if waiting.is_empty() {
            break;
        }
        let (connected, offset) = {
            let now = ours.borrow_and_update();
            (now.link.is_connected(), now.server_offset)
        };
        let link = if connected {
            LinkState::Polling
        } else {
            LinkState::Offline
        };
        theirs.borrow_and_update();
        line.status().send_if_modified(|status| {
            let changed = status.link != link || status.server_offset != offset;
            status.link = link;
            status.server_offset = offset;
            changed
        });
        tokio::select! {
            () = line.closing.cancelled() => return,
            // The sender says so when their session has ended.
            () = line.pull_now.notified() => {}
            changed = theirs.changed() => if changed.is_err() { return },
            changed = ours.changed() => if changed.is_err() { return },
        }
    }
    tracing::info!(account = %account.account, "nothing of theirs waits any more");
    line.closing.cancel();
    line.cache.close().await;
}

fn left(account: &Account, waiting: &[OutboxItem]) -> LeftWork {
    let count = |of: &[OutboxState]| {
        let items = waiting.iter().filter(|item| of.contains(&item.state));
        u32::try_from(items.count()).unwrap_or(u32::MAX)
    };
    LeftWork {
        account: account.account,
        name: account.name.clone(),
        waiting: u32::try_from(waiting.len()).unwrap_or(u32::MAX),
        need_you: count(&[OutboxState::Conflict, OutboxState::Parked]),
        must_sign_in: count(&[OutboxState::AuthHeld]) > 0,
    }
}

fn tell(front: &watch::Sender<SyncStatus>, left: LeftWork) {
    front.send_if_modified(|status| {
        let at = status.others.iter().position(|other| other.account == left.account);
        match at {
            Some(at) if left.waiting == 0 => drop(status.others.remove(at)),
            Some(at) if status.others[at] == left => return false,
            Some(at) => status.others[at] = left,
            None if left.waiting == 0 => return false,
            None => status.others.push(left),
        }
        true
    });
}
