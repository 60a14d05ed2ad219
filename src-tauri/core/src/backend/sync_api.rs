//! Deskbell's own sync API, as `deskbell-server` speaks it.

mod answer;
mod hints;
mod session;

use super::http::Http;
use super::{
    Abilities, AccountAct, Act, Backend, BackendError, Base, Fingerprint, HintEvent, Interest, Pull, Receipt,
    ServerAddress, SessionKeeper, Timeouts, Transport, Write, pin,
};
use crate::secret::Secret;
use deskbell_clinic::wire::{
    Account, AccountChanged, AccountEntry, AppointmentHistory, ChangesQuery, Export, ExportRecorded,
};
use deskbell_clinic::{Actions, Actor, Appointment, AppointmentId, DeviceId, status};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use reqwest::{Method, header};
use session::Session;
use std::sync::Arc;
use std::time::Duration;

/// The adapter. Clones share connections and session.
#[derive(Clone)]
pub struct SyncApi {
    session: Arc<Session>,
    heartbeat: Duration,
}

impl std::fmt::Debug for SyncApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncApi").finish_non_exhaustive()
    }
}

impl SyncApi {
    /// An adapter for one server; connects to nothing yet.
    ///
    /// # Errors
    /// `Certificate` when this computer's TLS cannot be set up.
    pub fn new(
        address: ServerAddress,
        device: DeviceId,
        keeper: Arc<dyn SessionKeeper>,
        timeouts: Timeouts,
    ) -> Result<Self, BackendError> {
        Self::carried(address, device, keeper, timeouts, None)
    }

    /// The same, over another transport than sockets when one is given.
    ///
    /// # Errors
    /// As for [`SyncApi::new`].
    pub fn carried(
        address: ServerAddress,
        device: DeviceId,
        keeper: Arc<dyn SessionKeeper>,
        timeouts: Timeouts,
        transport: Option<Arc<dyn Transport>>,
    ) -> Result<Self, BackendError> {
        let http = Http::new(address, timeouts)?.carried_by(transport);
        Ok(Self {
            session: Arc::new(Session::new(http, device, keeper)),
            heartbeat: timeouts.heartbeat,
        })
    }

    /// The certificate that a server shows, to be compared by a person and then pinned. Nothing is sent to it.
    pub async fn certificate_of(address: &ServerAddress) -> Option<Fingerprint> {
        pin::observe(address).await
    }
}

impl Backend for SyncApi {
    fn abilities(&self) -> Abilities {
        Abilities {
            deltas: true,
            tombstones: true,
            if_match: true,
            idempotency: true,
            client_ids: true,
            authorship: true,
            hints: true,
            hints_tell_all: true,
            active_interval: None,
        }
    }

    fn sign_in<'a>(
        &'a self,
        login: &'a str,
        password: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Account, BackendError>> {
        self.session.sign_in(login, password, None).boxed()
    }

    fn choose_password<'a>(
        &'a self,
        login: &'a str,
        code: &'a Secret<String>,
        chosen: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Account, BackendError>> {
        self.session.sign_in(login, code, Some(chosen)).boxed()
    }

    fn resume(&self, refresh: Secret<String>) {
        self.session.resume(refresh);
    }

    fn renew(&self) -> BoxFuture<'_, Result<Account, BackendError>> {
        async {
            self.session.clone().renew_after(self.session.generation()).await?;
            self.session.get("v1/session").await
        }
        .boxed()
    }

    fn sign_out(&self) -> BoxFuture<'_, ()> {
        self.session.sign_out().boxed()
    }

    fn pull<'a>(&'a self, since: Option<&'a str>, interest: &'a Interest) -> BoxFuture<'a, Result<Pull, BackendError>> {
        let query = ChangesQuery {
            since: since.map(str::to_owned),
            from: interest.from,
            limit: None,
        };
        async move {
            self.session
                .send(|http| {
                    http.request(Method::GET, "v1/changes")
                        .query(&query)
                        .header(header::CACHE_CONTROL, "no-cache")
                })
                .await
        }
        .boxed()
    }

    fn push<'a>(&'a self, write: &'a Write) -> BoxFuture<'a, Result<Receipt, BackendError>> {
        self.session.send(|http| request_of(http, write)).boxed()
    }

    fn history(&self, id: AppointmentId) -> BoxFuture<'_, Result<Option<AppointmentHistory>, BackendError>> {
        async move {
            let path = format!("v1/appointments/{id}/history");
            self.session
                .send(|http| {
                    http.request(Method::GET, &path)
                        .header(header::CACHE_CONTROL, "no-cache")
                })
                .await
                .map(Some)
        }
        .boxed()
    }

    fn record_export<'a>(&'a self, export: &'a Export) -> BoxFuture<'a, Result<bool, BackendError>> {
        async move {
            let ExportRecorded { .. } = self
                .session
                .send(|http| http.request(Method::POST, "v1/exports").json(export))
                .await?;
            Ok(true)
        }
        .boxed()
    }

    fn accounts(&self) -> BoxFuture<'_, Result<Vec<AccountEntry>, BackendError>> {
        async {
            self.session
                .send(|http| {
                    http.request(Method::GET, "v1/accounts")
                        .header(header::CACHE_CONTROL, "no-cache")
                })
                .await
        }
        .boxed()
    }

    fn change_account<'a>(&'a self, act: &'a AccountAct) -> BoxFuture<'a, Result<AccountChanged, BackendError>> {
        self.session.send(|http| request_about(http, act)).boxed()
    }

    fn actions(&self, row: &Appointment, actor: &Actor, now: Timestamp) -> Actions {
        status::actions(row, actor, now)
    }

    fn hints(&self) -> BoxFuture<'_, Result<BoxStream<'static, HintEvent>, BackendError>> {
        hints::listen(&self.session, self.heartbeat).boxed()
    }

    fn drop_connections(&self) {
        self.session.http().reconnect();
    }
}

fn request_of(http: &Http, write: &Write) -> reqwest::RequestBuilder {
    let row = format!("v1/{}/{}", write.kind, write.id);
    let request = match &write.act {
        Act::Put(body) => http.request(Method::PUT, &row).json(body),
        Act::Delete => http.request(Method::DELETE, &row),
        Act::Step(step) => http
            .request(Method::POST, &format!("v1/appointments/{}/step", write.id))
            .json(step),
        Act::Payment(body) => {
            return http
                .request(Method::POST, "v1/payments")
                .json(body)
                .header(KEY, key(write));
        }
    };
    let request = request.header(KEY, key(write));
    match write.base {
        Base::New => request.header(header::IF_NONE_MATCH, "*"),
        Base::Version(version) => request.header(header::IF_MATCH, format!("\"{version}\"")),
    }
}

fn request_about(http: &Http, act: &AccountAct) -> reqwest::RequestBuilder {
    let post = |path: &str| http.request(Method::POST, path);
    match act {
        AccountAct::Invite(invite) => post("v1/accounts").json(invite),
        AccountAct::Reset(id) => post(&format!("v1/accounts/{id}/reset")),
        AccountAct::Disable(id) => post(&format!("v1/accounts/{id}/disable")),
        AccountAct::Enable(id) => post(&format!("v1/accounts/{id}/enable")),
        AccountAct::SetRole(id, role) => post(&format!("v1/accounts/{id}/role")).json(role),
    }
}

const KEY: &str = "Idempotency-Key";

fn key(write: &Write) -> String {
    write.operation.to_string()
}
