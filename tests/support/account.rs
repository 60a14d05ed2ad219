//! A person signed in to the server past the application: the other end of the clinic in a test's story. Bodies are
//! raw JSON, so that a test sees what really goes over the wire.

use deskbell_clinic::Kind;
use deskbell_clinic::wire::{Change, ChangeOp, ChangesPage, Session};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which state of a row a write expects.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expect {
    /// None: `If-None-Match: *`.
    New,
    /// This version: `If-Match`.
    Version(u32),
}

/// A server's answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The JSON body, or null when there was none.
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    ///
    /// # Panics
    /// When the server refused; the message has what it said.
    pub(crate) fn accepted(self) -> Value {
        assert!(
            self.status.is_success(),
            "the server refused: {} {:#}",
            self.status,
            self.body
        );
        self.body
    }

    /// The problem's code, such as `slot_taken`.
    ///
    /// # Panics
    /// When the server accepted.
    pub(crate) fn refused(&self) -> &str {
        assert!(!self.status.is_success(), "the server accepted: {:#}", self.body);
        self.body["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no problem code in {:#}", self.body))
    }
}

/// See the module.
pub(crate) struct Account {
    http: reqwest::Client,
    url: String,
    session: Session,
}

impl Account {
    /// Signs in as a device of its own.
    ///
    /// # Panics
    /// When the server refuses.
    pub(crate) async fn sign_in(url: &str, login: &str, password: &str) -> Self {
        // The client wants a TLS provider chosen even for plain loopback; a second choice is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::new();
        let asked = json!({ "login": login, "password": password, "device_id": Uuid::now_v7() });
        let request = http.post(format!("{url}/v1/session")).json(&asked);
        let session = answer_to(request).await.accepted();
        let session = serde_json::from_value(session).expect("a session as in the wire types");
        Self {
            http,
            url: url.to_owned(),
            session,
        }
    }

    /// The session that the server gave.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// The staff member that this account is.
    ///
    /// # Panics
    /// When it is none.
    pub(crate) fn staff(&self) -> Uuid {
        self.session.who.staff.expect("this account is a staff member's").uuid()
    }

    /// Writes a row under a new idempotency key.
    pub(crate) async fn put(&self, kind: Kind, id: Uuid, row: &Value, expect: Expect) -> Answer {
        let path = format!("/v1/{kind}/{id}");
        answer_to(self.write(Method::PUT, &path, Some(expect)).json(row)).await
    }

    /// Writes a new row under this idempotency key; false when nothing answered, which says nothing of what was done.
    ///
    /// # Panics
    /// When the server refuses.
    pub(crate) async fn put_new_under(&self, key: Uuid, kind: Kind, id: Uuid, row: &Value) -> bool {
        let request = self.request(Method::PUT, &format!("/v1/{kind}/{id}"));
        let request = request
            .header("Idempotency-Key", key.to_string())
            .header("If-None-Match", "*");
        match request.json(row).send().await {
            Ok(answer) => {
                assert!(answer.status().is_success(), "the server refused: {}", answer.status());
                true
            }
            Err(_) => false,
        }
    }

    /// Deletes a row at `version`.
    pub(crate) async fn delete(&self, kind: Kind, id: Uuid, version: u32) -> Answer {
        let path = format!("/v1/{kind}/{id}");
        answer_to(self.write(Method::DELETE, &path, Some(Expect::Version(version)))).await
    }

    /// Posts to a path, such as `/v1/appointments/{id}/step`.
    pub(crate) async fn post(&self, path: &str, body: &Value, expect: Option<Expect>) -> Answer {
        answer_to(self.write(Method::POST, path, expect).json(body)).await
    }

    /// Asks for a path.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer_to(self.request(Method::GET, path)).await
    }

    /// Adds this account's own availability once; returns its id. `start` and `end` are RFC 3339 instants.
    pub(crate) async fn add_availability(&self, start: jiff::Timestamp, end: jiff::Timestamp) -> Uuid {
        let id = Uuid::now_v7();
        self.put(Kind::Availability, id, &self.availability(id, start, end), Expect::New)
            .await
            .accepted();
        id
    }

    /// A row of this account's own availability, not repeated, for all services.
    pub(crate) fn availability(&self, id: Uuid, start: jiff::Timestamp, end: jiff::Timestamp) -> Value {
        json!({
            "id": id, "staff": self.staff(), "span": { "start": start, "end": end },
            "services": [], "note": "", "repeat": { "every": "none" },
        })
    }

    /// Every row of a kind that this account may see now, by id, with its version.
    pub(crate) async fn rows(&self, kind: Kind) -> BTreeMap<Uuid, (u32, Value)> {
        let mut rows = BTreeMap::new();
        for change in self.changes().await.into_iter().filter(|change| change.kind == kind) {
            match (change.op, change.body) {
                (ChangeOp::Put, Some(body)) => rows.insert(change.id, (change.version, body)),
                _ => rows.remove(&change.id),
            };
        }
        rows
    }

    /// All changes from the beginning, page by page.
    pub(crate) async fn changes(&self) -> Vec<Change> {
        let mut all = Vec::new();
        let mut path = "/v1/changes".to_owned();
        loop {
            let page: ChangesPage =
                serde_json::from_value(self.get(&path).await.accepted()).expect("a page as in the wire types");
            all.extend(page.changes);
            if !page.more {
                return all;
            }
            path = format!("/v1/changes?since={}", page.cursor);
        }
    }

    fn write(&self, method: Method, path: &str, expect: Option<Expect>) -> RequestBuilder {
        let request = self
            .request(method, path)
            .header("Idempotency-Key", Uuid::now_v7().to_string());
        match expect {
            Some(Expect::New) => request.header("If-None-Match", "*"),
            Some(Expect::Version(version)) => request.header("If-Match", format!("\"{version}\"")),
            None => request,
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.session.access_token)
    }
}

async fn answer_to(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("the server answers");
    let status = response.status();
    let text = response.text().await.expect("a body");
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("not JSON ({error}): {text}"))
    };
    Answer { status, body }
}
