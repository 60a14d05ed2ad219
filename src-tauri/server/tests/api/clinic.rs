//! A small clinic on a server of its own, with a clock that the test sets, and the desks that ask it.

use crate::desk::{Desk, Heard, heard};
use deskbell_clinic::wire::Session;
use deskbell_clinic::{
    Answer, Appointment, Assignment, Attendee, Availability, Client, ClientId, Part, Place, Repeat, Resource,
    ResourceId, Role, Row, Service, ServiceId, Span, Staff, StaffId, Status, Wishes,
};
use deskbell_server::{Clock, Config, NewUser, Running, Server};
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::json;
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
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

    /// Stops the server; with its folder, and the settings to open it again.
    pub(crate) async fn stop(self) -> (TempDir, Config) {
        self.running.shutdown().await;
        let config = config(&self.folder, &self.now);
        (self.folder, config)
    }

    /// Stops the server and starts it again on what the file held when it was copied.
    pub(crate) async fn set_back_to(self, copy: &Path) -> Self {
        self.running.shutdown().await;
        let restored = Server::restore(config(&self.folder, &self.now), copy.to_owned(), None).await;
        Self {
            running: restored.unwrap().start().await.unwrap(),
            ..self
        }
    }

    /// The same database as another process opens it while the server runs.
    pub(crate) async fn beside(&self) -> Server {
        Server::open(config(&self.folder, &self.now)).await.unwrap()
    }

    /// Copies the database while the server runs.
    pub(crate) async fn back_up(&self, to: &Path) {
        let beside = self.beside().await;
        beside.back_up(to.to_owned(), None).await.unwrap();
        beside.store().close().await;
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
            call_back: String::new(),
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
