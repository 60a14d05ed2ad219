//! Every way in which bytes from outside are read, each as a function of bytes that must not panic, hang or take what is
//! no good for good. The fuzz targets call these, and so does the replay of the corpus on stable Rust.
//!
//! What a server says is not given to a parser of its own but to the whole adapter, over a transport that answers with the
//! bytes: the content type, the status and the stream's framing are part of what can go wrong.

use deskbell_clinic::{DeviceId, OperationId, Row};
use deskbell_core::backend::{
    Act, Backend, BackendError, Base, HintEvent, Interest, ServerAddress, SessionKeeper, SyncApi, Timeouts, Transport,
    Write,
};
use deskbell_core::link::Link;
use deskbell_core::secret::Secret;
use deskbell_core::settings::{Settings, SettingsFiles};
use futures_util::future::{BoxFuture, ready};
use futures_util::{FutureExt, StreamExt, stream};
use std::sync::Arc;
use uuid::Uuid;

/// Answers a renewal with a session, and everything else with these bytes.
struct Answering {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
}

/// Read by the adapter as a session of somebody.
const SESSION: &str = r#"{"access_token":"a","expires_at":"2100-01-01T00:00:00Z","refresh_token":"r",
    "refresh_expires_at":"2100-01-01T00:00:00Z","server_time":"2026-11-23T01:00:00Z","who":{
    "account":"00000000-0000-0000-0000-000000000001","login":"olga","name":"Olga","role":"operator","staff":null,
    "clinic":"00000000-0000-0000-0000-000000000002","clinic_name":"Sample","hints":true}}"#;

impl Transport for Answering {
    fn carry(&self, request: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, BackendError>> {
        let (status, kind, body) = match request.url().path() {
            "/v1/session/renew" => (200, "application/json", SESSION.as_bytes().to_vec()),
            _ => (self.status, self.kind, self.body.clone()),
        };
        // In two pieces, so that no reader can count on getting it whole.
        let (first, rest) = body.split_at(body.len() / 2);
        let pieces = [first.to_vec(), rest.to_vec()].map(Ok::<_, std::io::Error>);
        let answer = axum::http::Response::builder()
            .status(status)
            .header("content-type", kind)
            .body(reqwest::Body::wrap_stream(stream::iter(pieces)));
        ready(answer.map(Into::into).map_err(|_| BackendError::Protocol)).boxed()
    }
}

struct Forgetful;

impl SessionKeeper for Forgetful {
    fn keep(&self, _: Option<Secret<String>>) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

fn adapter(status: u16, kind: &'static str, body: &[u8]) -> SyncApi {
    let address = ServerAddress::parse("http://127.0.0.1:9").expect("an address of the loopback");
    let body = body.to_vec();
    let transport = Arc::new(Answering { status, kind, body });
    let (device, keeper) = (DeviceId(Uuid::nil()), Arc::new(Forgetful));
    let api = SyncApi::carried(address, device, keeper, Timeouts::default(), Some(transport));
    let api = api.expect("an adapter that connects to nothing");
    api.resume(Secret::new("r".to_owned()));
    api
}

fn now<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

/// A page of changes, and each row in it. Answers how many rows were read.
pub(crate) fn changes(bytes: &[u8]) -> Result<usize, BackendError> {
    let page = now(adapter(200, "application/json", bytes).pull(None, &Interest::default()))?;
    let rows = page
        .changes
        .iter()
        .filter_map(|change| Row::read(change.kind, change.body.as_ref()?).ok());
    Ok(rows.count())
}

/// A refusal: its status is in the first two bytes. It is never taken for a success.
pub(crate) fn problem(bytes: &[u8]) -> BackendError {
    let (status, body) = match bytes {
        [high, low, body @ ..] => (400 + u16::from_be_bytes([*high, *low]) % 200, body),
        _ => (500, bytes),
    };
    let write = Write {
        operation: OperationId(Uuid::nil()),
        kind: deskbell_clinic::Kind::Block,
        id: Uuid::nil(),
        base: Base::New,
        act: Act::Delete,
        repeated: false,
    };
    match now(adapter(status, "application/problem+json", body).push(&write)) {
        Ok(_) => panic!("a refusal was taken for a success"),
        Err(error) => error,
    }
}

/// A stream of hints. Answers what was heard.
pub(crate) fn hints(bytes: &[u8]) -> Vec<HintEvent> {
    let api = adapter(200, "text/event-stream", bytes);
    now(async move {
        match api.hints().await {
            Ok(events) => events.collect().await,
            Err(_) => vec![],
        }
    })
}

/// A settings file. What is read can be written and read again, and is the same.
pub(crate) fn settings(bytes: &[u8]) -> Option<Settings> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("settings.toml"), bytes).expect("a temporary file");
    let files = SettingsFiles::of_folder(folder.path());
    let settings = files.load().ok()?.settings;
    let mut other = settings.clone();
    other.sync.hints = !other.sync.hints;
    for wanted in [&other, &settings] {
        files.save(wanted).expect("what was read can be amended");
        assert_eq!(files.load().ok().as_ref().map(|held| &held.settings), Some(wanted));
    }
    Some(settings)
}

/// A link that another program hands over; none when it is none of ours.
pub(crate) fn link(bytes: &[u8]) -> Option<Link> {
    let link: Link = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    assert_eq!(
        link.to_string().parse(),
        Ok(link),
        "a link that is written is read as the same"
    );
    Some(link)
}
