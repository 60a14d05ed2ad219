//! A server that answers as it is told, on a real socket.

use deskbell_clinic::wire::{Account, ChangesPage, Session};
use deskbell_clinic::{AccountId, ClinicId, DeviceId, Role};
use deskbell_core::backend::{ServerAddress, SessionKeeper, SyncApi, Timeouts};
use deskbell_core::secret::Secret;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub(crate) const DEVICE: DeviceId = DeviceId(Uuid::from_u128(0xD));

/// Short enough that a test of a time-out is quick, long enough for a busy machine.
pub(crate) const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    answer: Duration::from_millis(800),
    heartbeat: Duration::from_millis(800),
};

/// Remembers the refresh tokens that were kept, in order.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Mutex<Vec<Option<String>>>);

impl SessionKeeper for Kept {
    fn keep(&self, refresh: Option<Secret<String>>) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(refresh.map(|token| token.expose().clone()));
        futures_util::future::ready(()).boxed()
    }
}

pub(crate) fn adapter(server: &str) -> (SyncApi, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let address = ServerAddress::parse(server).unwrap();
    (SyncApi::new(address, DEVICE, kept.clone(), TIMEOUTS).unwrap(), kept)
}

pub(crate) fn account() -> Account {
    Account {
        account: AccountId(Uuid::from_u128(1)),
        login: "olivia".into(),
        name: "Olivia".into(),
        role: Role::Operator,
        staff: None,
        clinic: ClinicId(Uuid::from_u128(2)),
        clinic_name: "Sample".into(),
        hints: true,
    }
}

/// A session whose tokens are `access-N` and `refresh-N`.
pub(crate) fn session(n: u32) -> Session {
    Session {
        access_token: format!("access-{n}"),
        expires_at: Timestamp::MAX,
        refresh_token: format!("refresh-{n}"),
        refresh_expires_at: Timestamp::MAX,
        who: account(),
        server_time: Timestamp::UNIX_EPOCH,
    }
}

pub(crate) fn page(cursor: &str) -> ChangesPage {
    ChangesPage {
        epoch: "e1".into(),
        server_time: Timestamp::now(),
        changes: vec![],
        cursor: cursor.into(),
        more: false,
        next_poll_ms: 0,
        digest: vec![],
    }
}

pub(crate) fn problem(status: u16, code: &str) -> ResponseTemplate {
    let body = json!({"type": "about:blank", "title": "No", "status": status, "code": code});
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/problem+json")
}

/// A server that renews `refresh-0` into session 1 and answers everything else by `mocks` added later.
pub(crate) async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/session/renew"))
        .respond_with(ResponseTemplate::new(200).set_body_json(session(1)))
        .mount(&server)
        .await;
    server
}

/// A signed-in adapter of that server.
pub(crate) fn signed_in(server: &MockServer) -> (SyncApi, Arc<Kept>) {
    use deskbell_core::backend::Backend;
    let (api, kept) = adapter(&server.uri());
    api.resume(Secret::new("refresh-0".to_owned()));
    (api, kept)
}
