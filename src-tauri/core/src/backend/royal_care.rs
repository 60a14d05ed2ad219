//! The Royal Care (Guitara) scheduling service, a Django REST API, as it is.
//!
//! It has no deltas, no versions, no tombstones and no idempotency; it answers dear lists, some of its answers lie, and a
//! change of hours is told to nobody. So it is read by heat ([`heat`]) and compared with the cache
//! ([`super::snapshot_diff`]), hints of its WebSocket name bookings to read again ([`hints`]), and whatever is written is
//! read once more before it counts ([`push`]).

mod heat;
mod hints;
mod http;
mod ids;
mod meter;
mod pull;
mod push;
mod reader;
mod rows;
mod session;
mod shape;
mod site;
mod status;
mod steps;

use super::http::{Http, Timeouts};
use super::{
    Abilities, Backend, BackendError, Cost, HintEvent, Holds, Interest, Landing, Pull, Receipt, ServerAddress,
    SessionKeeper, Write,
};
use crate::cache::{Cache, CacheError};
use crate::secret::Secret;
use crate::sync::clock::WallClock;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{Actions, Actor, Appointment, Status, Step};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use hints::Named;
use jiff::Timestamp;
use pull::Puller;
use push::Pusher;
use session::Session;
use site::Site;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Others' hours of today are promised within 15 seconds; the spread of the interval and the answer's own time come on top
/// of this.
const ACTIVE_INTERVAL: Duration = Duration::from_secs(12);

/// The adapter. Clones share session and account.
#[derive(Clone)]
pub struct RoyalCare {
    session: Arc<Session>,
    named: Named,
    site: Arc<Mutex<Option<Arc<Site>>>>,
    silence: Duration,
}

impl std::fmt::Debug for RoyalCare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoyalCare").finish_non_exhaustive()
    }
}

impl RoyalCare {
    /// An adapter for one server; connects to nothing yet.
    ///
    /// # Errors
    /// `Certificate` when this computer's TLS cannot be set up.
    pub fn new(
        address: ServerAddress,
        keeper: Arc<dyn SessionKeeper>,
        clock: Arc<dyn WallClock>,
        timeouts: Timeouts,
    ) -> Result<Self, BackendError> {
        let origin = address.to_string();
        let server = http::Server::new(Http::new(address, timeouts)?);
        Ok(Self {
            session: Arc::new(Session::new(server, origin, keeper, clock)),
            named: Named::default(),
            site: Arc::default(),
            silence: timeouts.heartbeat,
        })
    }

    /// The signed-in account's part.
    fn site(&self) -> Result<Arc<Site>, BackendError> {
        let site = self.site.lock().unwrap_or_else(PoisonError::into_inner).clone();
        site.ok_or(BackendError::AuthExpired)
    }
}

impl Backend for RoyalCare {
    fn abilities(&self) -> Abilities {
        Abilities {
            deltas: false,
            tombstones: false,
            if_match: false,
            idempotency: false,
            client_ids: false,
            authorship: false,
            hints: true,
            hints_tell_all: false,
            active_interval: Some(ACTIVE_INTERVAL),
        }
    }

    fn sign_in<'a>(
        &'a self,
        login: &'a str,
        password: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Account, BackendError>> {
        self.session.sign_in(login, password).boxed()
    }

    fn resume(&self, kept: Secret<String>) {
        self.session.resume(&kept);
    }

    fn renew(&self) -> BoxFuture<'_, Result<Account, BackendError>> {
        self.session.check().boxed()
    }

    fn sign_out(&self) -> BoxFuture<'_, ()> {
        self.session.sign_out().boxed()
    }

    fn pull<'a>(
        &'a self,
        since: Option<&'a str>,
        _interest: &'a Interest,
    ) -> BoxFuture<'a, Result<Pull, BackendError>> {
        async move {
            let site = self.site()?;
            let puller = Puller {
                session: &self.session,
                site: &site,
                named: &self.named,
            };
            puller.page(since).await
        }
        .boxed()
    }

    fn push<'a>(&'a self, write: &'a Write) -> BoxFuture<'a, Result<Receipt, BackendError>> {
        async move {
            let site = self.site()?;
            let pusher = Pusher::new(&self.session, &site, &self.named).await?;
            pusher.push(write).await
        }
        .boxed()
    }

    fn entered<'a>(&'a self, cache: &'a Cache, account: &'a Account) -> BoxFuture<'a, Result<(), CacheError>> {
        async move {
            let site = Site::open(cache, account, self.session.user()).await?;
            *self.site.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(site));
            Ok(())
        }
        .boxed()
    }

    fn holds(&self) -> Holds {
        Holds {
            repeats: false,
            hours_notes: false,
            overrides: false,
            desk_lists: false,
            corrections: false,
            call_backs: false,
            visits: true,
            series: false,
            setup: false,
            begins: Status::Requested,
        }
    }

    fn landing(&self, row: &Appointment, step: Step) -> Option<Landing> {
        steps::landing(row, step)
    }

    fn session_ends(&self) -> Option<Timestamp> {
        self.session.ends()
    }

    fn cost(&self) -> Option<Cost> {
        Some(self.session.server().cost())
    }

    fn actions(&self, row: &Appointment, actor: &Actor, _now: Timestamp) -> Actions {
        steps::actions(row, &self.session.asker(actor))
    }

    fn hints(&self) -> BoxFuture<'_, Result<BoxStream<'static, HintEvent>, BackendError>> {
        hints::listen(&self.session, &self.named, self.silence).boxed()
    }

    fn drop_connections(&self) {
        self.session.server().http().reconnect();
    }
}
