//! Every state of the link is come to and left again, by what it says leaves it.
//!
//! In real time, with the shortest intervals that can be set, and all states side by side: the cache's threads are real,
//! so time must be too.

use super::{Next, Puller};
use crate::backend::{Abilities, Backend, BackendError, HintEvent, Interest, Pull, Receipt, Write};
use crate::cache::{Cache, CacheKey, Owner};
use crate::secret::Secret;
use crate::settings::Settings;
use crate::sync::cadence::{Bounds, Intervals, Safety};
use crate::sync::clock::WallClock;
use crate::sync::line::{Desktop, Line};
use crate::sync::link::{Exit, LinkState};
use crate::sync::loop_guard::BARREN_PAGES;
use crate::sync::network::{Network, Route};
use crate::sync::status::SyncStatus;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{AccountId, Actions, Actor, Appointment, ClinicId, DeviceId};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all, ready};
use futures_util::stream::{BoxStream, StreamExt, pending};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// Longer than any wait in here: intervals of 3 s, looks at the clock every 5 s, a first back-off of at most 1 s.
const PATIENCE: Duration = Duration::from_secs(30);
const SHORT: u32 = 3;

/// A server that answers pulls as it is told, and well when it was told nothing more.
struct Told {
    answers: Mutex<VecDeque<Result<Pull, BackendError>>>,
    asked: AtomicU32,
    hints: bool,
    /// While it is set, the answer after the last one told is held back: what those led to stays until it was seen,
    /// however slow the machine is.
    held: watch::Sender<bool>,
}

fn page(cursor: &str, more: bool) -> Pull {
    Pull {
        epoch: "e".into(),
        server_time: Timestamp::now(),
        changes: vec![],
        cursor: cursor.into(),
        more,
        next_poll_ms: 0,
        digest: vec![],
        people: vec![],
    }
}

impl Backend for Told {
    fn abilities(&self) -> Abilities {
        Abilities {
            deltas: true,
            tombstones: true,
            if_match: true,
            idempotency: true,
            client_ids: true,
            authorship: true,
            hints: self.hints,
            hints_tell_all: true,
            active_interval: None,
        }
    }

    fn sign_in<'a>(&'a self, _: &'a str, _: &'a Secret<String>) -> BoxFuture<'a, Result<Account, BackendError>> {
        ready(Err(BackendError::Unreachable)).boxed()
    }

    fn resume(&self, _: Secret<String>) {}

    fn renew(&self) -> BoxFuture<'_, Result<Account, BackendError>> {
        ready(Err(BackendError::Unreachable)).boxed()
    }

    fn sign_out(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn pull<'a>(&'a self, _: Option<&'a str>, _: &'a Interest) -> BoxFuture<'a, Result<Pull, BackendError>> {
        let told = self.answers.lock().unwrap().pop_front();
        let mut held = self.held.subscribe();
        async move {
            if told.is_none() {
                held.wait_for(|held| !held).await.unwrap();
            }
            self.asked.fetch_add(1, Ordering::SeqCst);
            told.unwrap_or_else(|| Ok(page("level", false)))
        }
        .boxed()
    }

    fn push<'a>(&'a self, _: &'a Write) -> BoxFuture<'a, Result<Receipt, BackendError>> {
        ready(Err(BackendError::Unreachable)).boxed()
    }

    fn actions(&self, _: &Appointment, _: &Actor, _: Timestamp) -> Actions {
        Actions::default()
    }

    fn hints(&self) -> BoxFuture<'_, Result<BoxStream<'static, HintEvent>, BackendError>> {
        ready(Ok(pending().boxed())).boxed()
    }

    fn drop_connections(&self) {}
}

/// Clocks and network that a test moves.
struct Outside {
    ahead: Mutex<SignedDuration>,
    route: Mutex<Route>,
}

impl WallClock for Outside {
    fn now(&self) -> Timestamp {
        Timestamp::now() + *self.ahead.lock().unwrap()
    }
}

impl Network for Outside {
    fn route(&self) -> Route {
        *self.route.lock().unwrap()
    }
}

/// A desk's pulling task and what it stands on.
struct Standing {
    line: Arc<Line>,
    server: Arc<Told>,
    outside: Arc<Outside>,
    _folder: TempDir,
}

async fn standing(answers: Vec<Result<Pull, BackendError>>, hints: bool, seconds: u32) -> Standing {
    let folder = tempfile::tempdir().unwrap();
    let owner = Owner {
        clinic: ClinicId(Uuid::from_u128(1)),
        account: AccountId(Uuid::from_u128(2)),
    };
    let key = CacheKey::new([1; 32]);
    let cache = Cache::open(&folder.path().join("cache.db"), &key, owner).await.unwrap();
    let server = Arc::new(Told {
        answers: Mutex::new(answers.into()),
        asked: AtomicU32::new(0),
        hints,
        held: watch::Sender::new(false),
    });
    let outside = Arc::new(Outside {
        ahead: Mutex::new(SignedDuration::ZERO),
        route: Mutex::new(Route {
            v4: Some([10, 0, 0, 1].into()),
            v6: None,
        }),
    });
    let mut settings = Settings::default();
    settings.sync.intervals = Intervals {
        hidden: Bounds::new(seconds, seconds),
        safety: Safety {
            active: seconds,
            idle: seconds,
            hidden: seconds,
        },
        ..Intervals::default()
    };
    let line = Line::new(
        server.clone(),
        cache,
        outside.clone(),
        outside.clone(),
        DeviceId(Uuid::from_u128(3)),
        Desktop::new(settings),
    );
    Standing {
        line: Arc::new(line),
        server,
        outside,
        _folder: folder,
    }
}

impl Standing {
    /// Runs until the desk closes.
    fn run(&self) -> tokio::task::JoinHandle<()> {
        let line = self.line.clone();
        tokio::spawn(async move {
            tokio::join!(super::run(line.clone()), crate::sync::listener::listen(line));
        })
    }

    async fn until(&self, what: &str, holds: impl Fn(&SyncStatus) -> bool) {
        let mut status = self.line.status().subscribe();
        let waited = timeout(PATIENCE, status.wait_for(|status| holds(status))).await;
        assert!(waited.is_ok(), "{what}: {:?}", self.line.status().borrow().clone());
    }

    async fn until_asked(&self, what: &str, more_than: u32) {
        let asked = async {
            while self.server.asked.load(Ordering::SeqCst) <= more_than {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(PATIENCE, asked).await.is_ok(), "{what}: asked again");
    }
}

/// What brings a desk into a state, after which the server is well again.
fn way_to(state: &LinkState) -> (Vec<Result<Pull, BackendError>>, bool) {
    let level = || Ok(page("level", false));
    let failing = |error| (vec![level(), Err(error)], false);
    match state {
        LinkState::Starting | LinkState::Closed => (vec![], false),
        LinkState::Polling | LinkState::Suspended => (vec![level()], false),
        LinkState::Live => (vec![level()], true),
        LinkState::Reading => (vec![Ok(page("1", true)), Ok(page("2", true))], false),
        LinkState::Offline => failing(BackendError::Unreachable),
        LinkState::Captive => failing(BackendError::NotJson),
        LinkState::Throttled => failing(BackendError::TooMany {
            retry_after: Some(Duration::from_secs(1)),
        }),
        LinkState::Halted => {
            let barren = (0..=BARREN_PAGES).map(|n| Ok(page(&n.to_string(), true)));
            ([level()].into_iter().chain(barren).collect(), false)
        }
        LinkState::Untrusted => failing(BackendError::Certificate),
        LinkState::AuthHeld => failing(BackendError::AuthExpired),
    }
}

/// Comes to the state and sees that it is left by its timer, or by the one event that it names.
async fn come_and_go(state: LinkState) {
    let (answers, hints) = way_to(&state);
    let desk = standing(answers, hints, SHORT).await;
    desk.server.held.send_replace(true);
    assert_eq!(desk.line.status().borrow().link, LinkState::Starting);
    let mut seen = desk.line.status().subscribe();
    let running = desk.run();
    let name = format!("{state:?}");
    match &state {
        LinkState::Starting => {}
        LinkState::Suspended => {
            desk.until(&name, |status| status.link == LinkState::Polling).await;
            *desk.outside.ahead.lock().unwrap() += SignedDuration::from_hours(8);
        }
        LinkState::Closed => desk.line.closing.cancel(),
        _ => {}
    }
    if state != LinkState::Starting {
        let came = timeout(PATIENCE, seen.wait_for(|status| status.link == state)).await;
        assert!(
            came.is_ok(),
            "{name} was not come to: {:?}",
            desk.line.status().borrow().clone()
        );
    }
    let asked = desk.server.asked.load(Ordering::SeqCst);
    match state.exits() {
        [Exit::SignIn] => {
            desk.until("nothing is promised", |status| status.next_poll_at.is_none())
                .await;
            desk.server.held.send_replace(false);
            tokio::time::sleep(Duration::from_secs(6)).await;
            assert_eq!(
                desk.server.asked.load(Ordering::SeqCst),
                asked,
                "only a person can go on"
            );
            // As a sign-in does.
            desk.line.pull_now.notify_one();
        }
        [Exit::Reopened] => {
            timeout(PATIENCE, running).await.expect("the task ends").unwrap();
            return;
        }
        exits => {
            assert!(exits.contains(&Exit::Timer), "{name} has no timer");
            desk.until("a deadline is set", |status| status.next_poll_at.is_some())
                .await;
            assert_eq!(desk.line.status().borrow().link, state, "nothing was answered since");
            desk.server.held.send_replace(false);
        }
    }
    desk.until_asked(&name, asked).await;
    desk.until(&name, |status| {
        status.link == if hints { LinkState::Live } else { LinkState::Polling }
    })
    .await;
    desk.line.closing.cancel();
    timeout(PATIENCE, running).await.expect("the task ends").unwrap();
}

#[tokio::test]
async fn every_state_is_come_to_and_left_by_its_timer_or_by_the_event_it_names() {
    join_all(LinkState::ALL.map(come_and_go)).await;
}

#[tokio::test]
async fn a_person_may_cut_short_every_wait_but_a_pause_that_was_asked_for_or_breaks_a_circle() {
    for state in LinkState::ALL {
        let desk = standing(vec![], false, 3_600).await;
        let mut puller = Puller::new(desk.line.clone());
        puller.next = Next::At(Instant::now() + Duration::from_secs(60));
        desk.line.status().send_modify(|status| status.link = state.clone());
        let paused = matches!(state, LinkState::Throttled | LinkState::Halted);
        assert_eq!(puller.must_wait(), paused, "{state:?}");
        assert!(!(paused && state.exits().contains(&Exit::Refresh)), "{state:?}");
        desk.line.hold(&BackendError::TooMany {
            retry_after: Some(Duration::from_secs(5)),
        });
        assert!(
            puller.must_wait(),
            "a pause that the server asked for holds in {state:?} too"
        );
    }
}

#[tokio::test]
async fn a_refresh_and_another_network_lead_to_a_pull_long_before_the_next_poll() {
    let desk = standing(vec![], false, 3_600).await;
    let running = desk.run();
    desk.until("level", |status| {
        status.link == LinkState::Polling && status.next_poll_at.is_some()
    })
    .await;
    let asked = desk.server.asked.load(Ordering::SeqCst);
    desk.line.pull_now.notify_one();
    desk.until_asked("a refresh", asked).await;
    desk.outside.route.lock().unwrap().v4 = Some([10, 0, 7, 7].into());
    desk.until_asked("another network", asked + 1).await;
    *desk.outside.ahead.lock().unwrap() -= SignedDuration::from_hours(24);
    desk.until_asked("a clock set back", asked + 2).await;
    desk.until("the clinic's time is known again", |status| {
        (status.server_offset - SignedDuration::from_hours(24)).abs() < SignedDuration::from_secs(2)
    })
    .await;
    desk.line.closing.cancel();
    timeout(PATIENCE, running).await.expect("the task ends").unwrap();
    assert_eq!(
        desk.server.asked.load(Ordering::SeqCst),
        asked + 3,
        "each costs one pull"
    );
}

#[tokio::test]
async fn a_pause_that_an_act_was_answered_with_holds_for_pulls_too() {
    let desk = standing(vec![], false, 3_600).await;
    let running = desk.run();
    desk.until("level", |status| {
        status.link == LinkState::Polling && status.next_poll_at.is_some()
    })
    .await;
    let (asked, began) = (desk.server.asked.load(Ordering::SeqCst), Instant::now());
    desk.line.hold(&BackendError::TooMany {
        retry_after: Some(Duration::from_secs(2)),
    });
    desk.until("the windows see it", |status| status.link == LinkState::Throttled)
        .await;
    while began.elapsed() < Duration::from_millis(1_500) {
        desk.line.pull_now.notify_one();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        desk.server.asked.load(Ordering::SeqCst),
        asked,
        "whatever a person presses"
    );
    desk.until_asked("after the pause", asked).await;
    assert!(began.elapsed() >= Duration::from_secs(2));
    desk.line.closing.cancel();
    timeout(PATIENCE, running).await.expect("the task ends").unwrap();
}

#[tokio::test]
async fn a_server_that_promises_more_for_ever_is_left_alone_wherever_it_says_that_the_desk_is() {
    for place in [|n: u32| n.to_string(), |_| "the same".to_owned()] {
        let endless = (0..500).map(|n| Ok(page(&place(n), true))).collect();
        let desk = standing(endless, false, SHORT).await;
        let running = desk.run();
        desk.until("left alone", |status| status.link == LinkState::Halted)
            .await;
        assert!(desk.server.asked.load(Ordering::SeqCst) < 100);
        desk.line.closing.cancel();
        timeout(PATIENCE, running).await.expect("the task ends").unwrap();
    }
}
