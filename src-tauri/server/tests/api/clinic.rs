//! A small clinic on a server of its own, with a clock that the test sets, and the desks that ask it.

use deskbell_clinic::wire::{ChangesPage, Problem, ProblemCode, Session, Written};
use deskbell_clinic::{
    Answer, Appointment, Assignment, Attendee, Availability, Client, ClientId, Kind, OperationId, Part, Place, Repeat,
    Resource, ResourceId, Role, Row, Service, ServiceId, Span, Staff, StaffId, Status, Wishes,
};
use deskbell_server::{Clock, Config, NewUser, Running, Server};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;

/// Nine in the morning in Manila.
pub(crate) const MORNING: &str = "2026-11-23T01:00:00Z";
pub(crate) const PASSWORD: &str = "correct horse";

/// A running server with a few rows.
pub(crate) struct TestClinic {
    pub(crate) folder: TempDir,
    pub(crate) running: Running,
    now: Arc<AtomicI64>,
    http: reqwest::Client,
    accounts: Mutex<HashSet<String>>,
    pub(crate) tina: StaffId,
    pub(crate) theo: StaffId,
    pub(crate) dov: StaffId,
    pub(crate) massage: ServiceId,
    pub(crate) room: ResourceId,
    pub(crate) clara: ClientId,
    pub(crate) carl: ClientId,
}

impl TestClinic {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| ()).await
    }

    /// With other settings than the usual.
    pub(crate) async fn open_with(settings: impl FnOnce(&mut Config)) -> Self {
        // A second test in the same process finds it installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(instant(MORNING).as_millisecond()));
        let mut config = config(&folder, &now);
        settings(&mut config);
        let server = Server::open(config).await.unwrap();
        server.init("Test clinic", "Asia/Manila", "PHP").await.unwrap();
        server.add_user(user("ada", Role::Admin, None)).await.unwrap();
        let running = server.start().await.unwrap();
        let http = reqwest::Client::builder().gzip(true).build().unwrap();
        let mut clinic = Self {
            folder,
            running,
            now,
            http,
            accounts: Mutex::default(),
            tina: id(),
            theo: id(),
            dov: id(),
            massage: id(),
            room: id(),
            clara: id(),
            carl: id(),
        };
        clinic.furnish().await;
        clinic
    }

    async fn furnish(&mut self) {
        let ada = self.sign_in("ada").await;
        let staff = |id, name: &str, role| Staff {
            id,
            name: name.into(),
            role,
            services: vec![],
            hue: 10,
            gender: None,
            active: true,
        };
        let client = |id, name: &str| Client {
            id,
            name: name.into(),
            phones: vec![],
            address: String::new(),
            wishes: Wishes::default(),
            alert: String::new(),
            notes: String::new(),
        };
        let rows: [Row; 7] = [
            staff(self.tina, "Tina", Role::Therapist).into(),
            staff(self.theo, "Theo", Role::Therapist).into(),
            staff(self.dov, "Dov", Role::Driver).into(),
            Service {
                id: self.massage,
                name: "Massage".into(),
                minutes: 60,
                price_cents: 90_000,
                buffer_before: 0,
                buffer_after: 0,
                active: true,
            }
            .into(),
            Resource {
                id: self.room,
                name: "Room 1".into(),
                capacity: 1,
                services: vec![],
            }
            .into(),
            client(self.clara, "Clara Canary").into(),
            client(self.carl, "Carl Canary").into(),
        ];
        for row in rows {
            ada.create(&row).await;
        }
    }

    /// The server's clock.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::SeqCst)).unwrap()
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        self.now
            .fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Stops the server and starts it again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.running.shutdown().await;
        let server = Server::open(config(&self.folder, &self.now)).await.unwrap();
        Self {
            running: server.start().await.unwrap(),
            ..self
        }
    }

    /// Asks until the cursor in the path has expired, for at most five seconds.
    pub(crate) async fn eventually_expires(&self, desk: &Desk, path: &str) -> bool {
        let expired = async {
            while desk.get(path).await.status != StatusCode::GONE {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), expired)
            .await
            .is_ok()
    }

    /// Signs in a person of the small clinic; makes their account when it is the first time.
    pub(crate) async fn sign_in(&self, login: &str) -> Desk {
        self.account(login).await;
        let device = Uuid::now_v7();
        let answer = self.try_sign_in(login, PASSWORD, device).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let session: Session = serde_json::from_value(answer.body).unwrap();
        Desk {
            http: self.http.clone(),
            url: self.running.url(),
            device,
            session,
        }
    }

    pub(crate) async fn try_sign_in(&self, login: &str, password: &str, device: Uuid) -> Heard {
        let request = self.http.post(format!("{}/v1/session", self.running.url()));
        heard(request.json(&json!({"login": login, "password": password, "device_id": device}))).await
    }

    /// Somebody who has not signed in.
    pub(crate) fn stranger(&self) -> reqwest::Client {
        self.http.clone()
    }

    async fn account(&self, login: &str) {
        let (role, staff) = match login {
            "olga" => (Role::Operator, None),
            "tina" => (Role::Therapist, Some(self.tina)),
            "theo" => (Role::Therapist, Some(self.theo)),
            "dov" => (Role::Driver, Some(self.dov)),
            _ => return,
        };
        // As the program does beside a running server.
        if self.accounts.lock().unwrap().insert(login.to_owned()) {
            let beside = Server::open(config(&self.folder, &self.now)).await.unwrap();
            beside.add_user(user(login, role, staff)).await.unwrap();
            beside.store().close().await;
        }
    }

    /// From so many minutes after the morning, so many minutes long.
    pub(crate) fn span(&self, from: i64, minutes: u32) -> Span {
        Span::of_minutes(instant(MORNING) + SignedDuration::from_mins(from), minutes).unwrap()
    }

    pub(crate) fn hours(&self, staff: StaffId, span: Span) -> Availability {
        Availability {
            id: id(),
            staff,
            span,
            services: vec![],
            note: String::new(),
            repeat: Repeat::None,
        }
    }

    pub(crate) fn booking(&self, staff: StaffId, client: ClientId, span: Span) -> Appointment {
        Appointment {
            id: id(),
            series: None,
            clients: vec![Attendee {
                client,
                arrived_at: None,
            }],
            assignments: vec![Assignment {
                staff,
                part: Part::Therapist,
                answer: Answer::Accepted,
            }],
            services: vec![self.massage],
            span,
            place: Place::Anywhere,
            status: Status::Confirmed,
            step: None,
            notes: String::new(),
            reason: None,
            answer_due: None,
            overlap_accepted: None,
            history: vec![],
        }
    }
}

pub(crate) fn user(login: &str, role: Role, staff: Option<StaffId>) -> NewUser {
    NewUser {
        login: login.into(),
        name: format!("{login} of the desk"),
        password: PASSWORD.into(),
        role,
        staff,
    }
}

pub(crate) fn config(folder: &TempDir, now: &Arc<AtomicI64>) -> Config {
    let mut config = Config::new(folder.path(), SocketAddr::from(([127, 0, 0, 1], 0)));
    let now = now.clone();
    config.clock = Clock::saying(move || Timestamp::from_millisecond(now.load(Ordering::SeqCst)).unwrap());
    config
}

pub(crate) fn id<T: From<Uuid>>() -> T {
    Uuid::now_v7().into()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A signed-in person at a desk.
pub(crate) struct Desk {
    http: reqwest::Client,
    url: String,
    pub(crate) device: Uuid,
    pub(crate) session: Session,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Heard {
    pub(crate) fn written(self) -> Written {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        serde_json::from_value(self.body).unwrap()
    }

    /// The problem, which says its own status and is labelled as one.
    pub(crate) fn problem(self, status: u16, code: ProblemCode) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem: Problem = serde_json::from_value(self.body).unwrap();
        assert_eq!((problem.status, problem.code), (status, code));
        problem
    }
}

pub(crate) async fn heard(request: reqwest::RequestBuilder) -> Heard {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    Heard {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

impl Desk {
    /// The desk of an answered sign-in.
    pub(crate) fn new(running: &Running, signed_in: &Heard) -> Self {
        Self::at(&running.url(), signed_in)
    }

    /// The same, on a server of another process.
    pub(crate) fn at(url: &str, signed_in: &Heard) -> Self {
        assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.body);
        Self {
            http: reqwest::Client::new(),
            url: url.to_owned(),
            device: Uuid::now_v7(),
            session: serde_json::from_value(signed_in.body.clone()).unwrap(),
        }
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.session.access_token)
    }

    pub(crate) async fn get(&self, path: &str) -> Heard {
        heard(self.ask(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Heard {
        let request = self
            .ask(Method::POST, path)
            .header("idempotency-key", Uuid::now_v7().to_string());
        heard(request.json(body)).await
    }

    /// Writes a row under a key of its own; version 0 means a new one.
    pub(crate) async fn put(&self, row: &Row, version: u32) -> Heard {
        self.put_as(id(), row, version).await
    }

    pub(crate) async fn put_as(&self, operation: OperationId, row: &Row, version: u32) -> Heard {
        let request = self
            .ask(Method::PUT, &format!("/v1/{}/{}", row.kind(), row.id()))
            .header("idempotency-key", operation.to_string());
        let request = match version {
            0 => request.header("if-none-match", "*"),
            version => request.header("if-match", format!("\"{version}\"")),
        };
        heard(request.json(&row.to_json())).await
    }

    pub(crate) async fn create(&self, row: &Row) -> Written {
        let heard = self.put(row, 0).await;
        assert_eq!(heard.status, StatusCode::CREATED, "{}", heard.body);
        heard.written()
    }

    pub(crate) async fn delete(&self, kind: Kind, id: Uuid, version: u32) -> Heard {
        let request = self
            .ask(Method::DELETE, &format!("/v1/{kind}/{id}"))
            .header("idempotency-key", Uuid::now_v7().to_string())
            .header("if-match", format!("\"{version}\""));
        heard(request).await
    }

    pub(crate) async fn step(&self, appointment: &Appointment, step: &str, more: &Value, at: Timestamp) -> Heard {
        let mut body = json!({"step": step, "acted_at": at});
        if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
            body.extend(more.clone());
        }
        self.post(&format!("/v1/appointments/{}/step", appointment.id), &body)
            .await
    }

    pub(crate) async fn page(&self, since: Option<&str>, limit: u16) -> ChangesPage {
        let since = since.map(|since| format!("&since={since}")).unwrap_or_default();
        let heard = self.get(&format!("/v1/changes?limit={limit}{since}")).await;
        assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
        serde_json::from_value(heard.body).unwrap()
    }

    /// All that is new since a cursor, page by page.
    pub(crate) async fn pull(&self, since: Option<&str>, limit: u16) -> Pulled {
        let mut pulled = Pulled::default();
        let mut since = since.map(str::to_owned);
        loop {
            let page = self.page(since.as_deref(), limit).await;
            pulled.pages += 1;
            pulled.changes.extend(page.changes);
            pulled.cursor.clone_from(&page.cursor);
            if !page.more {
                return pulled;
            }
            assert_ne!(
                since.as_deref(),
                Some(page.cursor.as_str()),
                "a page with more moves on"
            );
            since = Some(page.cursor);
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Pulled {
    pub(crate) changes: Vec<deskbell_clinic::wire::Change>,
    pub(crate) cursor: String,
    pub(crate) pages: usize,
}

impl Pulled {
    pub(crate) fn of(&self, kind: Kind) -> Vec<&deskbell_clinic::wire::Change> {
        self.changes.iter().filter(|change| change.kind == kind).collect()
    }

    pub(crate) fn place(&self, id: Uuid) -> Option<usize> {
        self.changes.iter().position(|change| change.id == id)
    }
}
