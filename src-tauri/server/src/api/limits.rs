//! How much one may ask. A desk that runs wild, or somebody who tries sign-ins one after the other, is told when to come
//! back, before anything is read from the disk or a password is hashed; everybody else is answered as ever.

use super::problem::Fault;
use crate::app::App;
use crate::clock::Clock;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How much is answered, and how long is waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a request may take to say what it asks for, and a connection may wait for the next one.
    pub slowest_head: Duration,
    /// How long an answer may stand still because whoever asked does not read it. A stream of hints too: a desk that is
    /// there takes what comes.
    pub slowest_read: Duration,
    /// Requests a second of one session in the long run. A desk asks every few seconds, and sends an act at once.
    pub session_per_second: NonZeroU32,
    /// Requests that one session may make at once, as a desk does whose acts of a whole day offline are sent.
    pub session_burst: NonZeroU32,
    /// Sign-ins and renewals a minute that come from one address, in the long run. Not counted where the server listens on
    /// its own computer only: there everybody has the same address.
    pub address_per_minute: NonZeroU32,
    /// Sign-ins and renewals at once from one address, as after a power cut, when the desks of a whole clinic come back.
    pub address_burst: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            slowest_head: Duration::from_secs(20),
            slowest_read: Duration::from_secs(30),
            session_per_second: number(50),
            session_burst: number(1_000),
            address_per_minute: number(60),
            address_burst: number(300),
        }
    }
}

type Keyed<K> = RateLimiter<K, DefaultKeyedStateStore<K>, Time, NoOpMiddleware<Duration>>;

/// Counts what is asked.
pub(crate) struct Meter {
    sessions: Keyed<Uuid>,
    addresses: Option<Keyed<IpAddr>>,
    time: Time,
}

impl Meter {
    /// `by_address` says whether addresses tell people apart.
    pub(crate) fn new(limits: Limits, by_address: bool, clock: Clock) -> Self {
        let time = Time {
            clock,
            begun: Instant::now(),
        };
        let sessions = Quota::per_second(limits.session_per_second).allow_burst(limits.session_burst);
        let addresses = Quota::per_minute(limits.address_per_minute).allow_burst(limits.address_burst);
        Self {
            sessions: RateLimiter::new(sessions, DefaultKeyedStateStore::default(), time.clone()),
            addresses: by_address.then(|| RateLimiter::new(addresses, DefaultKeyedStateStore::default(), time.clone())),
            time,
        }
    }

    /// Counts a request of a session.
    pub(super) fn session(&self, session: Uuid) -> Result<(), Fault> {
        self.sessions.check_key(&session).map_err(|until| self.too_many(&until))
    }

    /// Counts a request of somebody who is not signed in yet.
    fn address(&self, address: IpAddr) -> Result<(), Fault> {
        match &self.addresses {
            Some(addresses) => addresses.check_key(&address).map_err(|until| self.too_many(&until)),
            None => Ok(()),
        }
    }

    /// Forgets whoever has not asked for long.
    pub(crate) fn tidy(&self) {
        self.sessions.retain_recent();
        self.sessions.shrink_to_fit();
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
            addresses.shrink_to_fit();
        }
    }

    fn too_many(&self, until: &governor::NotUntil<Duration>) -> Fault {
        Fault::too_many(until.wait_time_from(governor::clock::Clock::now(&self.time)))
    }
}

/// Somebody whom no session names: the request was counted by where it comes from.
pub(super) struct Stranger;

impl FromRequestParts<App> for Stranger {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        // Within the process there is no address, and nobody else either.
        if let Some(ConnectInfo(address)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            app.meter.address(address.ip())?;
        }
        Ok(Self)
    }
}

/// Time that only goes on: a computer's clock that is set back would shut everybody out until it has caught up.
#[derive(Clone, Debug)]
struct Time {
    clock: Clock,
    begun: Instant,
}

impl governor::clock::Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        if self.clock.is_simulated() {
            Duration::try_from(self.clock.now().as_duration()).unwrap_or_default()
        } else {
            self.begun.elapsed()
        }
    }
}
