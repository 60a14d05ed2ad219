//! A signed-in person at a desk: what they ask, and what they hear.

use crate::clinic::id;
use deskbell_clinic::wire::{Change, ChangesPage, Problem, ProblemCode, Session, Written};
use deskbell_clinic::{Appointment, Kind, OperationId, Row};
use deskbell_server::Running;
use jiff::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

/// A signed-in person at a desk.
pub(crate) struct Desk {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
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
    pub(crate) changes: Vec<Change>,
    pub(crate) cursor: String,
    pub(crate) pages: usize,
}

impl Pulled {
    pub(crate) fn of(&self, kind: Kind) -> Vec<&Change> {
        self.changes.iter().filter(|change| change.kind == kind).collect()
    }

    pub(crate) fn place(&self, id: Uuid) -> Option<usize> {
        self.changes.iter().position(|change| change.id == id)
    }
}
