//! A server that answers as it is told, on a real socket.

use deskbell_clinic::wire::{Account, Change, ChangeOp, ChangesPage, Session, Written};
use deskbell_clinic::{AccountId, Block, BlockId, BlockOf, BlockReason, ClinicId, DeviceId, Repeat, Role, Row, Span};
use deskbell_core::backend::{ServerAddress, SessionKeeper, SyncApi, Timeouts};
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::secret::Secret;
use deskbell_core::sync::clock::WallClock;
use deskbell_core::sync::status::SyncStatus;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

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
        people: vec![],
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

/// Answers a request by how often its like was asked before, and the last answer for ever.
pub(crate) struct InTurn(Mutex<usize>, Vec<ResponseTemplate>);

impl InTurn {
    pub(crate) fn new(answers: impl IntoIterator<Item = ResponseTemplate>) -> Self {
        Self(Mutex::new(0), answers.into_iter().collect())
    }
}

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut asked = self.0.lock().unwrap();
        let answer = self.1[(*asked).min(self.1.len() - 1)].clone();
        *asked += 1;
        answer
    }
}

pub(crate) fn ok(body: impl serde::Serialize) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// A clinic's server without hints, which signs anybody in and answers pulls in turn.
pub(crate) async fn clinic(pulls: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/session"))
        .respond_with(ok(session(1)))
        .mount(&server)
        .await;
    Mock::given(path("/v1/hints"))
        .respond_with(problem(404, "not_found"))
        .mount(&server)
        .await;
    Mock::given(path("/v1/changes"))
        .respond_with(InTurn::new(pulls))
        .mount(&server)
        .await;
    server
}

/// A clock that only moves when it is told to.
pub(crate) struct Hands(pub(crate) Mutex<Timestamp>);

impl WallClock for Hands {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// A desk with a folder of its own.
pub(crate) struct Place {
    pub(crate) desk: Desk,
    pub(crate) folder: TempDir,
}

pub(crate) fn options(folder: &TempDir, server: &str) -> DeskOptions {
    DeskOptions::new(folder.path().to_owned(), server)
        .practice()
        .timeouts(TIMEOUTS)
}

/// A desk at that server, signed in as the operator.
pub(crate) async fn desk_at(server: &MockServer) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &server.uri())).await.unwrap();
    desk.sign_in("olivia", "password").await.unwrap();
    Place { desk, folder }
}

/// Waits until the desk stands so; fails with how it stands after ten seconds.
pub(crate) async fn until(desk: &Desk, what: &str, holds: impl Fn(&SyncStatus) -> bool) {
    let mut status = desk.status();
    let waited = tokio::time::timeout(Duration::from_secs(10), status.wait_for(|status| holds(status))).await;
    assert!(waited.is_ok(), "{what}: {:?}", desk.status().borrow().clone());
}

/// Requests of a kind that the server has got, oldest first.
pub(crate) async fn got(server: &MockServer, verb: &str, path: &str) -> Vec<Request> {
    let all = server.received_requests().await.unwrap_or_default();
    all.into_iter()
        .filter(|r| r.method.as_str() == verb && r.url.path().starts_with(path))
        .collect()
}

/// The cursors that the server was asked with, oldest first; an empty one stands for none.
pub(crate) async fn cursors(server: &MockServer) -> Vec<String> {
    let cursor = |request: &Request| {
        let since = request.url.query_pairs().find(|(name, _)| name == "since");
        since.map_or_else(String::new, |(_, value)| value.into_owned())
    };
    got(server, "GET", "/v1/changes").await.iter().map(cursor).collect()
}

/// Waits until the server has got so many requests of a kind.
pub(crate) async fn until_got(server: &MockServer, verb: &str, path: &str, many: usize) {
    let enough = async {
        while got(server, verb, path).await.len() < many {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(10), enough).await.is_ok(),
        "{many} times {verb} {path}"
    );
}

pub(crate) fn block(id: u128) -> Block {
    let (of, reason, note, repeat) = (BlockOf::Clinic, BlockReason::Holiday, String::new(), Repeat::None);
    let span = Span::of_minutes(Timestamp::now(), 60).unwrap();
    Block {
        id: BlockId(Uuid::from_u128(id)),
        of,
        span,
        reason,
        note,
        repeat,
    }
}

pub(crate) fn change(row: impl Into<Row>, version: u32) -> Change {
    let row = row.into();
    Change {
        kind: row.kind(),
        id: row.id(),
        version,
        op: ChangeOp::Put,
        body: Some(row.to_json()),
        by: None,
        device: None,
        operation: None,
        at: Timestamp::now(),
    }
}

pub(crate) fn written(row: impl Into<Row>, version: u32) -> Written {
    let row = row.into();
    Written {
        kind: row.kind(),
        id: row.id(),
        version,
        seq: 1,
        op: ChangeOp::Put,
        body: Some(row.to_json()),
    }
}
