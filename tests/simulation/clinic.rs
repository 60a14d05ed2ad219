//! The clinic of every run: a server's folder and the desks' folders, made once and copied for each seed, since hashing
//! passwords is dearer than everything else in a run.

use crate::time::{MORNING, WorldTime};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use deskbell_clinic::wire::Session;
use deskbell_clinic::{
    Client, ClientId, DeviceId, Kind, Resource, Role, Row, Service, ServiceId, Staff, StaffId, Wishes,
};
use deskbell_core::backend::{BackendError, Transport};
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_server::{Clock, Config, NewUser, Server, Unplugged};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse";

/// Who sits where: two desks of one account, one of another, and a therapist's.
pub(crate) const DESKS: [&str; 4] = ["olga", "olga", "otto", "tina"];
/// Every account that has a desk.
pub(crate) const ACCOUNTS: [&str; 3] = ["olga", "otto", "tina"];
/// An address that nobody listens at: the desks are given another way to the server.
pub(crate) const NOWHERE: &str = "http://127.0.0.1:9";

pub(crate) const TINA: StaffId = StaffId(Uuid::from_u128(0x11));
pub(crate) const THERAPISTS: [StaffId; 3] = [TINA, StaffId(Uuid::from_u128(0x12)), StaffId(Uuid::from_u128(0x13))];
pub(crate) const MASSAGE: ServiceId = ServiceId(Uuid::from_u128(0x21));
pub(crate) const CLIENTS: [ClientId; 3] = [
    ClientId(Uuid::from_u128(0x31)),
    ClientId(Uuid::from_u128(0x32)),
    ClientId(Uuid::from_u128(0x33)),
];

/// The folders to copy.
pub(crate) struct Template {
    folder: TempDir,
    /// For whoever looks on: a session of each account, in the order of [`ACCOUNTS`], and last the admin's.
    pub(crate) witnesses: Vec<(DeviceId, String)>,
}

impl Template {
    /// Made at the first call of a process.
    pub(crate) fn get() -> &'static Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        TEMPLATE.get_or_init(|| {
            let making = || {
                let mut runtime = tokio::runtime::Builder::new_current_thread();
                runtime.enable_all().build().expect("a runtime").block_on(make())
            };
            // On a thread of its own: whoever asks may be inside a runtime.
            std::thread::spawn(making).join().expect("the clinic can be made")
        })
    }

    /// A copy of all folders.
    pub(crate) fn copy(&self) -> TempDir {
        let copy = tempfile::tempdir_in(ram()).expect("a temporary folder");
        copy_folder(self.folder.path(), copy.path());
        copy
    }
}

/// Where writing waits for no disk, when there is such a place: what is tested here is not the disk.
fn ram() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a file");
        }
    }
}

pub(crate) fn server_folder(root: &Path) -> PathBuf {
    root.join("server")
}

pub(crate) fn desk_folder(root: &Path, desk: usize) -> PathBuf {
    root.join(format!("desk-{desk}"))
}

/// Opens the server in its folder, by the world's time.
pub(crate) async fn open_server(root: &Path, time: &Arc<WorldTime>, refresh: SignedDuration) -> Server {
    let time = time.clone();
    let mut config = Config::new(server_folder(root), ([127, 0, 0, 1], 0).into());
    config.clock = Clock::saying(move || time.now()).simulated();
    config.refresh_lifetime = refresh;
    Server::open(config).await.expect("the server's folder is good")
}

async fn make() -> Template {
    let folder = tempfile::tempdir_in(ram()).expect("a temporary folder");
    // The sessions of the template outlive any run.
    let long = SignedDuration::from_hours(24 * 365);
    let time = WorldTime::begin();
    let server = open_server(folder.path(), &time, long).await;
    server
        .init("Simulated clinic", "Asia/Manila", "PHP")
        .await
        .expect("an empty folder");
    add(&server, "ada", Role::Admin, None).await;
    let unplugged = server.start_unplugged().await.expect("a clinic");
    let ada = Clerk::sign_in(unplugged.router(), "ada").await;
    for row in furniture() {
        ada.create(&row).await;
    }
    unplugged.shutdown().await;
    let server = open_server(folder.path(), &time, long).await;
    add(&server, "olga", Role::Operator, None).await;
    add(&server, "otto", Role::Operator, None).await;
    add(&server, "tina", Role::Therapist, Some(TINA)).await;
    let unplugged = server.start_unplugged().await.expect("a clinic");
    let mut witnesses = vec![];
    for login in ACCOUNTS.into_iter().chain(["ada"]) {
        let clerk = Clerk::sign_in(unplugged.router(), login).await;
        witnesses.push((clerk.device, clerk.session.refresh_token));
    }
    for (index, login) in DESKS.into_iter().enumerate() {
        sign_in_once(folder.path(), index, login, &unplugged).await;
    }
    unplugged.shutdown().await;
    Template { folder, witnesses }
}

async fn add(server: &Server, login: &str, role: Role, staff: Option<StaffId>) {
    let user = NewUser {
        login: login.into(),
        name: login.into(),
        password: PASSWORD.into(),
        role,
        staff,
    };
    server.add_user(user).await.expect("a new account");
}

/// Leaves a folder behind in which that person is signed in.
async fn sign_in_once(root: &Path, index: usize, login: &str, server: &Unplugged) {
    let options = DeskOptions::new(desk_folder(root, index), NOWHERE)
        .practice()
        .transport(Arc::new(Straight(server.router())));
    let desk = Desk::open(options).await.expect("an empty folder");
    desk.sign_in(login, PASSWORD).await.expect("the password is right");
    let mut status = desk.status();
    let read = status.wait_for(|status| status.last_success.is_some());
    read.await.expect("the desk lives");
    desk.close().await;
}

/// The way to the server without any weather.
pub(crate) struct Straight(pub(crate) Router);

impl Transport for Straight {
    fn carry(&self, request: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, BackendError>> {
        let asked = http_request(&request);
        let router = self.0.clone();
        async move {
            let Ok(answer) = router.oneshot(asked).await;
            let (parts, body) = answer.into_parts();
            let body = reqwest::Body::wrap_stream(body.into_data_stream());
            Ok(axum::http::Response::from_parts(parts, body).into())
        }
        .boxed()
    }
}

fn http_request(request: &reqwest::Request) -> Request<Body> {
    let url = request.url();
    let path = url
        .query()
        .map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    let mut asked = Request::new(Body::from(body.to_vec()));
    *asked.method_mut() = request.method().clone();
    *asked.uri_mut() = path.parse().expect("a path of the API");
    *asked.headers_mut() = request.headers().clone();
    asked
}

fn furniture() -> Vec<Row> {
    let mut rows: Vec<Row> = vec![
        Service {
            id: MASSAGE,
            name: "Massage".into(),
            minutes: 60,
            price_cents: 90_000,
            buffer_before: 0,
            buffer_after: 0,
            active: true,
        }
        .into(),
        Resource {
            id: Uuid::from_u128(0x41).into(),
            name: "Room 1".into(),
            capacity: 2,
            services: vec![],
        }
        .into(),
    ];
    for id in THERAPISTS {
        let (name, role) = (format!("Therapist {}", id.uuid()), Role::Therapist);
        let staff = Staff {
            id,
            name,
            role,
            services: vec![],
            hue: 10,
            gender: None,
            active: true,
        };
        rows.push(staff.into());
    }
    rows.extend(CLIENTS.into_iter().map(|id| client(id, "Clara").into()));
    rows
}

pub(crate) fn client(id: ClientId, name: &str) -> Client {
    Client {
        id,
        name: name.into(),
        phones: vec![],
        address: String::new(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    }
}

/// Somebody who speaks to the server directly, without a desk or weather in between.
pub(crate) struct Clerk {
    router: Router,
    pub(crate) device: DeviceId,
    session: Session,
}

impl Clerk {
    async fn sign_in(router: Router, login: &str) -> Self {
        let device = DeviceId(Uuid::now_v7());
        let form = json!({"login": login, "password": PASSWORD, "device_id": device});
        let session = send(&router, "POST", "/v1/session", None, &form).await;
        Self {
            router,
            device,
            session: serde_json::from_value(session).expect("a session"),
        }
    }

    /// Takes up a session of the template.
    pub(crate) async fn resume(router: Router, (device, refresh): &(DeviceId, String)) -> Self {
        let form = json!({"refresh_token": refresh, "device_id": device});
        let session = send(&router, "POST", "/v1/session/renew", None, &form).await;
        Self {
            router,
            device: *device,
            session: serde_json::from_value(session).expect("a session"),
        }
    }

    /// The same person with a fresh session: one lasts for a quarter of an hour.
    pub(crate) async fn renewed(self) -> Self {
        Self::resume(self.router, &(self.device, self.session.refresh_token)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        send(
            &self.router,
            "GET",
            path,
            Some(&self.session.access_token),
            &Value::Null,
        )
        .await
    }

    pub(crate) async fn create(&self, row: &Row) {
        self.put(row, None).await;
    }

    /// Writes a row over the version that is there, or as a new one.
    pub(crate) async fn put(&self, row: &Row, version: Option<u32>) {
        let path = format!("/v1/{}/{}", row.kind(), row.id());
        let precondition = match version {
            None => ("if-none-match", "*".to_owned()),
            Some(version) => ("if-match", format!("\"{version}\"")),
        };
        let request = Request::builder()
            .method("PUT")
            .uri(path)
            .header("authorization", format!("Bearer {}", self.session.access_token))
            .header("idempotency-key", Uuid::now_v7().to_string())
            .header(precondition.0, precondition.1)
            .header("content-type", "application/json");
        let request = request.body(Body::from(row.to_json().to_string())).expect("a request");
        answer_of(&self.router, request).await;
    }

    /// Where the change log is now.
    pub(crate) async fn cursor(&self) -> String {
        let mut since = None::<String>;
        loop {
            let path = since.map_or_else(
                || "/v1/changes".to_owned(),
                |since| format!("/v1/changes?since={since}"),
            );
            let page = self.get(&path).await;
            let cursor = page["cursor"].as_str().expect("a cursor").to_owned();
            if page["more"] == false {
                return cursor;
            }
            since = Some(cursor);
        }
    }

    /// How many bytes an answer has.
    pub(crate) async fn bytes(&self, path: &str) -> f64 {
        self.get(path).await.to_string().len() as f64
    }

    /// How many bytes all pages together have.
    pub(crate) async fn bytes_of_everything(&self) -> f64 {
        let (mut bytes, mut path) = (0.0, "/v1/changes".to_owned());
        loop {
            let page = self.get(&path).await;
            bytes += page.to_string().len() as f64;
            if page["more"] == false {
                return bytes;
            }
            path = format!("/v1/changes?since={}", page["cursor"].as_str().expect("a cursor"));
        }
    }

    /// Everything of this account, as a new desk would read it: kind, id, version and body.
    pub(crate) async fn everything(&self) -> Vec<(Kind, Uuid, u32, Value)> {
        let (mut rows, mut since) = (vec![], None::<String>);
        loop {
            let path = since.map_or_else(
                || "/v1/changes".to_owned(),
                |since| format!("/v1/changes?since={since}"),
            );
            let page: deskbell_clinic::wire::ChangesPage =
                serde_json::from_value(self.get(&path).await).expect("a page");
            rows.extend(
                page.changes
                    .into_iter()
                    .map(|change| (change.kind, change.id, change.version, change.body.unwrap_or_default())),
            );
            if !page.more {
                return rows;
            }
            since = Some(page.cursor);
        }
    }
}

async fn send(router: &Router, method: &str, path: &str, token: Option<&str>, body: &Value) -> Value {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    answer_of(router, request.body(body).expect("a request")).await
}

async fn answer_of(router: &Router, request: Request<Body>) -> Value {
    let what = format!("{} {}", request.method(), request.uri());
    let Ok(answer) = router.clone().oneshot(request).await;
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("a body");
    assert!(
        status.is_success(),
        "{what}: {status} {}",
        String::from_utf8_lossy(&bytes)
    );
    serde_json::from_slice(&bytes).expect("JSON")
}

/// The morning of every run, for rows that are dated.
pub(crate) fn morning() -> jiff::Timestamp {
    MORNING.parse().expect("a constant")
}
