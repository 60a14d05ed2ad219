//! What the tasks of one desk share: the server, the cache, and how things stand.

use super::attention::Windows;
use super::backoff::RetryBudget;
use super::clock::WallClock;
use super::hint_loss::HintLoss;
use super::journal::{Happening, Journal};
use super::link::{self, LinkState};
use super::network::Network;
use super::notice::Notice;
use super::status::{HintState, SyncStatus};
use super::wake::Look;
use crate::backend::{Backend, BackendError, Pull};
use crate::cache::Cache;
use crate::settings::Settings;
use deskbell_clinic::rules::news::Reader;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{AccountId, Calendar, DeviceId, OperationId};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// What a desk keeps over sign-ins: what its windows say and hear.
#[derive(Clone)]
pub(crate) struct Desktop {
    pub(crate) status: watch::Sender<SyncStatus>,
    pub(crate) windows: watch::Sender<Windows>,
    pub(crate) settings: watch::Sender<Settings>,
    /// What is told at the same time comes together.
    pub(crate) notices: broadcast::Sender<Vec<Notice>>,
    /// Whoever is signed in.
    pub(crate) account: watch::Sender<Option<Account>>,
    /// What the sync did lately.
    pub(crate) journal: Arc<Journal>,
    /// The server asked not to be asked anything before, by whomever.
    held_until: Arc<Mutex<Option<Instant>>>,
    /// Accounts whose access the clinic took back: what is held of them here is to be erased.
    pub(crate) revoked: watch::Sender<Vec<AccountId>>,
}

impl Desktop {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            status: watch::Sender::new(SyncStatus::default()),
            windows: watch::Sender::new(Windows::default()),
            settings: watch::Sender::new(settings),
            notices: broadcast::Sender::new(NOTICES_KEPT),
            account: watch::Sender::new(None),
            journal: Arc::default(),
            held_until: Arc::default(),
            revoked: watch::Sender::new(vec![]),
        }
    }

    /// What stands in for it for a person whose work is sent while another is in front: no window says or hears anything.
    pub(crate) fn behind(&self, account: Account) -> Self {
        let status = SyncStatus {
            server_offset: self.status.borrow().server_offset,
            ..SyncStatus::default()
        };
        Self {
            status: watch::Sender::new(status),
            windows: watch::Sender::new(Windows::default()),
            settings: self.settings.clone(),
            notices: broadcast::Sender::new(NOTICES_KEPT),
            account: watch::Sender::new(Some(account)),
            held_until: self.held_until.clone(),
            journal: self.journal.clone(),
            revoked: self.revoked.clone(),
        }
    }
}

/// Notices that a slow listener may be behind.
const NOTICES_KEPT: usize = 64;

/// Shared by the pulling task, the listener, the sender and the desk's handle, from a sign-in to the sign-out.
pub(crate) struct Line {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) cache: Cache,
    pub(crate) clock: Arc<dyn WallClock>,
    pub(crate) device: DeviceId,
    pub(crate) desktop: Desktop,
    /// Asks for a pull. A request during a pull stays marked, and is the "again" mark.
    pub(crate) pull_now: Notify,
    /// An act was kept, or a person decided about one.
    pub(crate) send_now: Notify,
    /// The cache noted new availability.
    pub(crate) news: Notify,
    pub(crate) closing: CancellationToken,
    heard: Mutex<Heard>,
    calendar: Mutex<Option<Calendar>>,
    /// Acts that a person said to send however late it is.
    confirmed: Mutex<HashSet<OperationId>>,
    retries: Mutex<RetryBudget>,
    network: Arc<dyn Network>,
}

/// What was heard of hints. The lock is held for a few instructions only.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heard {
    /// When the first hint came that no pull has answered yet.
    pub(crate) unanswered: Option<Instant>,
    /// Listening without a gap since.
    pub(crate) listening_since: Option<Instant>,
    /// How well hints hold what they promise.
    pub(crate) loss: HintLoss,
}

impl Line {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        cache: Cache,
        clock: Arc<dyn WallClock>,
        network: Arc<dyn Network>,
        device: DeviceId,
        desktop: Desktop,
    ) -> Self {
        Self {
            backend,
            cache,
            clock,
            device,
            desktop,
            pull_now: Notify::new(),
            send_now: Notify::new(),
            news: Notify::new(),
            closing: CancellationToken::new(),
            heard: Mutex::default(),
            calendar: Mutex::default(),
            confirmed: Mutex::default(),
            retries: Mutex::default(),
            network,
        }
    }

    pub(crate) const fn status(&self) -> &watch::Sender<SyncStatus> {
        &self.desktop.status
    }

    /// The server's clock, as well as this computer knows it.
    pub(crate) fn now(&self) -> Timestamp {
        let offset = self.status().borrow().server_offset;
        let now = self.clock.now();
        now.checked_add(offset).unwrap_or(now)
    }

    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_calendar(&self, calendar: Option<Calendar>) {
        *self.calendar.lock().unwrap_or_else(PoisonError::into_inner) = calendar;
    }

    /// The clinic's zone and hours, once known.
    pub(crate) fn calendar(&self) -> Option<Calendar> {
        self.calendar.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who is told of bookings here.
    pub(crate) fn reader(&self) -> Reader {
        let account = self.desktop.account.borrow();
        account
            .as_ref()
            .map_or(Reader::Nobody, |account| Reader::of(account.role, account.staff))
    }

    /// The server says anew who is signed in: their role may have changed.
    pub(crate) fn told_account(&self, account: Account) {
        self.desktop.account.send_if_modified(|known| match known {
            Some(known) if known.account == account.account && *known != account => {
                *known = account;
                true
            }
            _ => false,
        });
    }

    /// How long to wait before a request that repeats a failed one: `own` by its own reckoning, longer when the desk as a
    /// whole repeats too much.
    pub(crate) fn retry_after(&self, own: Duration) -> Duration {
        let mut budget = self.retries.lock().unwrap_or_else(PoisonError::into_inner);
        own.max(budget.take(Instant::now()))
    }

    /// How the clocks and the network look.
    pub(crate) fn look(&self) -> Look {
        Look {
            at: Instant::now(),
            wall: self.clock.now(),
            route: self.network.route(),
        }
    }

    /// A request of any kind was answered by a wish for a pause: nothing else goes out before it is over either, whatever
    /// anybody presses.
    pub(crate) fn hold(&self, error: &BackendError) {
        let BackendError::TooMany {
            retry_after: Some(pause),
        } = error
        else {
            return;
        };
        let until = Instant::now() + *pause;
        {
            let mut held = self.desktop.held_until.lock().unwrap_or_else(PoisonError::into_inner);
            *held = Some(held.map_or(until, |known| known.max(until)));
        }
        if self.status().borrow().link.is_connected() {
            self.failed(error);
            // Whoever was told, the pulling task finds out how things stand once the pause is over.
            self.pull_now.notify_one();
        }
    }

    /// The server may have said that this account's access at this desk was taken back.
    pub(crate) fn heed(&self, error: &BackendError) {
        let account = self.desktop.account.borrow().as_ref().map(|account| account.account);
        if let (BackendError::Revoked, Some(account)) = (error, account) {
            self.desktop.revoked.send_if_modified(|revoked| {
                let news = !revoked.contains(&account);
                if news {
                    revoked.push(account);
                }
                news
            });
        }
    }

    /// Until when the server asked to be left alone; none when that is over.
    pub(crate) fn held_until(&self) -> Option<Instant> {
        let held = *self.desktop.held_until.lock().unwrap_or_else(PoisonError::into_inner);
        held.filter(|until| Instant::now() < *until)
    }

    /// Waits until the pause that the server asked for is over.
    pub(crate) async fn rest(&self) {
        while let Some(until) = self.held_until() {
            sleep_until(until).await;
        }
    }

    /// A person looked at an act and said to send it.
    pub(crate) fn confirm(&self, operation: OperationId) {
        self.confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(operation);
    }

    /// Whether a person said to send an act however late it is.
    pub(crate) fn confirmed(&self, operation: OperationId) -> bool {
        self.confirmed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&operation)
    }

    /// Whether hints are heard, hold what they promise, and tell of every change: only then polls are to make sure only.
    pub(crate) fn hinted(&self) -> bool {
        self.backend.abilities().hints_tell_all && self.status().borrow().hints == HintState::Heard
    }

    /// Counts a request that goes out.
    pub(crate) fn count_request(&self) {
        self.note(Happening::Asked);
        self.status().send_modify(|status| status.requests += 1);
    }

    /// Writes down what happened, for whoever looks how the sync does.
    pub(crate) fn note(&self, what: Happening) {
        self.desktop.journal.note(self.clock.now(), what);
    }

    /// The server answered a pull. `asked_at` is when, by this computer's clock.
    pub(crate) fn answered(&self, page: &Pull, asked_at: Timestamp) {
        let now = self.clock.now();
        // The answer was made about half-way between asking and hearing.
        let half = now.duration_since(asked_at) / 2;
        let offset = page.server_time.duration_since(now.checked_sub(half).unwrap_or(now));
        let link = match (page.more, self.hinted()) {
            (true, _) => LinkState::Reading,
            (false, true) => LinkState::Live,
            (false, false) => LinkState::Polling,
        };
        self.status().send_modify(|status| {
            // A steady offset is left alone: a clock that trembles by milliseconds would reorder a person's acts.
            if (status.server_offset - offset).abs() > SignedDuration::from_millis(250) {
                status.server_offset = offset;
            }
            status.link = link;
            status.last_success = Some(page.server_time);
            status.offline_since = None;
            status.problem = None;
        });
    }

    /// A request failed: how things stand now.
    pub(crate) fn failed(&self, error: &BackendError) {
        let link = link::after(error);
        let problem = (link != LinkState::Reading).then(|| error.to_string());
        self.stands(link, problem);
    }

    /// How the desk stands with its server, and what a person can do about it.
    pub(crate) fn stands(&self, link: LinkState, problem: Option<String>) {
        let now = self.now();
        self.status().send_modify(|status| {
            status.problem = problem;
            if link.is_connected() {
                status.offline_since = None;
            } else {
                status.offline_since.get_or_insert(now);
            }
            status.link = link;
        });
    }

    /// A change from elsewhere that nobody hinted at is a lost hint, if the desk was listening when it was made.
    /// `hint` is when the first one came that led to this pull.
    pub(crate) fn weigh_hints(&self, page: &Pull, hint: Option<Instant>) {
        if !self.backend.abilities().hints_tell_all {
            return;
        }
        let (loss, reliable) = {
            let mut heard = self.heard();
            let Some(since) = heard.listening_since else { return };
            let hint = hint.or(heard.unanswered).map(|hint| hint.elapsed());
            for change in page.changes.iter().filter(|change| change.device != Some(self.device)) {
                let age = Duration::try_from(page.server_time.duration_since(change.at)).unwrap_or_default();
                if age < since.elapsed() {
                    heard.loss = heard.loss.observe(age, hint);
                }
            }
            (heard.loss.share(), heard.loss.reliable())
        };
        if !reliable && self.hinted() {
            tracing::warn!(lost_share = loss, "too many hints are lost; the desk polls");
        }
        self.set_hints(if reliable {
            HintState::Heard
        } else {
            HintState::Unreliable
        });
    }

    /// Whether the cache and the server disagree for good.
    pub(crate) fn set_rows_differ(&self, differ: bool) {
        self.status()
            .send_if_modified(|status| std::mem::replace(&mut status.rows_differ, differ) != differ);
    }

    /// Hints are heard, or not any more: what the link is called follows.
    pub(crate) fn set_hints(&self, hints: HintState) {
        let tell_all = self.backend.abilities().hints_tell_all;
        self.status().send_if_modified(|status| {
            let link = match (&status.link, hints) {
                (LinkState::Polling, HintState::Heard) if tell_all => LinkState::Live,
                (LinkState::Live, HintState::Off | HintState::Connecting | HintState::Unreliable) => LinkState::Polling,
                (link, _) => link.clone(),
            };
            let changed = status.hints != hints || status.link != link;
            status.hints = hints;
            status.link = link;
            changed
        });
    }
}
