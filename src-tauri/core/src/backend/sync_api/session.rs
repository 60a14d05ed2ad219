//! The session with a server: its tokens, and one renewal shared by all who find it lapsed.
//!
//! A refresh token works once. So a renewal that was begun is seen to its end on a task of its own, also when whoever
//! asked for it is gone, and the new token is kept before anything uses it.

use super::answer;
use crate::backend::http::Http;
use crate::backend::{BackendError, SessionKeeper};
use crate::secret::Secret;
use deskbell_clinic::DeviceId;
use deskbell_clinic::wire::{Account, Renew, Session as Opened, SignIn};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) struct Session {
    http: Http,
    device: DeviceId,
    keeper: Arc<dyn SessionKeeper>,
    tokens: Mutex<Tokens>,
    /// Held over a whole renewal: whoever waits for it finds a fresh session.
    renewing: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Tokens {
    access: Option<Secret<String>>,
    refresh: Option<Secret<String>>,
    /// Counts sessions, so that one who was refused can tell whether another has renewed since.
    generation: u64,
}

impl Session {
    pub(super) fn new(http: Http, device: DeviceId, keeper: Arc<dyn SessionKeeper>) -> Self {
        Self {
            http,
            device,
            keeper,
            tokens: Mutex::default(),
            renewing: tokio::sync::Mutex::default(),
        }
    }

    pub(super) const fn http(&self) -> &Http {
        &self.http
    }

    pub(super) fn generation(&self) -> u64 {
        self.tokens().generation
    }

    pub(super) fn resume(&self, refresh: Secret<String>) {
        let mut tokens = self.tokens();
        tokens.access = None;
        tokens.refresh = Some(refresh);
        tokens.generation += 1;
    }

    /// Signs in; with a one-time code as password, `chosen` is the password from then on.
    pub(super) async fn sign_in(
        &self,
        login: &str,
        password: &Secret<String>,
        chosen: Option<&Secret<String>>,
    ) -> Result<Account, BackendError> {
        let form = SignIn {
            login: login.to_owned(),
            password: password.expose().clone(),
            device_id: self.device,
            desk_name: gethostname::gethostname().into_string().ok(),
            new_password: chosen.map(|chosen| chosen.expose().clone()),
        };
        let request = self.http.request(Method::POST, "v1/session").json(&form);
        let opened = answer::read(self.http.exchange_at_once(request).await?).await?;
        Ok(self.open(opened).await)
    }

    pub(super) async fn sign_out(&self) {
        let access = {
            let mut tokens = self.tokens();
            tokens.refresh = None;
            tokens.generation += 1;
            tokens.access.take()
        };
        self.keeper.keep(None).await;
        if let Some(access) = access {
            let request = self
                .http
                .request(Method::DELETE, "v1/session")
                .bearer_auth(access.expose());
            // Offline the server's session simply lapses; here it is gone either way.
            drop(self.exchange(request).await);
        }
    }

    pub(super) async fn get<T: DeserializeOwned>(self: &Arc<Self>, path: &str) -> Result<T, BackendError> {
        self.send(|http| http.request(Method::GET, path)).await
    }

    /// Sends a request with the session's token, and once more with a fresh one when the server says it lapsed.
    pub(super) async fn send<T: DeserializeOwned>(
        self: &Arc<Self>,
        request: impl Fn(&Http) -> RequestBuilder,
    ) -> Result<T, BackendError> {
        answer::read(self.send_raw(request).await?).await
    }

    /// The same, for an answer that is read piece by piece. It is a good one of this API.
    pub(super) async fn send_raw(
        self: &Arc<Self>,
        request: impl Fn(&Http) -> RequestBuilder,
    ) -> Result<Response, BackendError> {
        let (mut access, mut generation) = self.access();
        if access.is_none() {
            self.clone().renew_after(generation).await?;
            (access, generation) = self.access();
        }
        match self.attempt(&request, access.as_ref()).await {
            Err(BackendError::AuthExpired) => {
                self.clone().renew_after(generation).await?;
                self.attempt(&request, self.access().0.as_ref()).await
            }
            answer => answer,
        }
    }

    async fn attempt(
        &self,
        request: impl Fn(&Http) -> RequestBuilder,
        access: Option<&Secret<String>>,
    ) -> Result<Response, BackendError> {
        let access = access.ok_or(BackendError::AuthExpired)?;
        answer::good(self.exchange(request(&self.http).bearer_auth(access.expose())).await?).await
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Response, BackendError> {
        self.http.exchange(request).await
    }

    /// Renews the session unless another has since the one of `generation`.
    pub(super) async fn renew_after(self: Arc<Self>, generation: u64) -> Result<(), BackendError> {
        let renewal = tokio::spawn(async move {
            let _turn = self.renewing.lock().await;
            if self.generation() != generation {
                return Ok(());
            }
            self.renew().await
        });
        renewal.await.unwrap_or(Err(BackendError::Protocol))
    }

    async fn renew(&self) -> Result<(), BackendError> {
        let refresh = self.tokens().refresh.clone().ok_or(BackendError::AuthExpired)?;
        let form = Renew {
            refresh_token: refresh.expose().clone(),
            device_id: self.device,
        };
        let request = self.http.request(Method::POST, "v1/session/renew").json(&form);
        let opened = match answer::read(self.exchange(request).await?).await {
            Ok(opened) => opened,
            Err(BackendError::AuthExpired | BackendError::BadCredentials | BackendError::Forbidden) => {
                // Refused once is refused for good: whoever asks next is told so without asking the server.
                {
                    let mut tokens = self.tokens();
                    tokens.access = None;
                    tokens.refresh = None;
                }
                self.keeper.keep(None).await;
                return Err(BackendError::AuthExpired);
            }
            Err(error) => return Err(error),
        };
        self.open(opened).await;
        tracing::debug!("the session was renewed");
        Ok(())
    }

    async fn open(&self, opened: Opened) -> Account {
        let refresh = Secret::new(opened.refresh_token);
        self.keeper.keep(Some(refresh.clone())).await;
        let mut tokens = self.tokens();
        tokens.access = Some(Secret::new(opened.access_token));
        tokens.refresh = Some(refresh);
        tokens.generation += 1;
        opened.who
    }

    fn access(&self) -> (Option<Secret<String>>, u64) {
        let tokens = self.tokens();
        (tokens.access.clone(), tokens.generation)
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
