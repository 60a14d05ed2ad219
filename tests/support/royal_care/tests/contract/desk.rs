//! A client for the contract: it signs in when it must, follows no redirect and reads answers as they came.

use deskbell_royal_care_stand_in::{Opening, PASSWORD, StandIn, recorded_at};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::sync::Mutex;

/// A stand-in that opened when the exchanges were recorded, and who is signed in to it.
pub(crate) struct Desk {
    pub(crate) clinic: StandIn,
    client: Client,
    tokens: Mutex<HashMap<String, String>>,
}

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Desk {
    pub(crate) async fn open() -> Self {
        // The HTTP client wants one to be there, also for plain connections; a second installation is refused and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clinic = Opening::at(recorded_at()).open().await.expect("a free port");
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self {
            clinic,
            client,
            tokens: Mutex::default(),
        }
    }

    /// The account's token, signing it in the first time.
    pub(crate) async fn token(&self, username: &str) -> String {
        if let Some(token) = self.tokens.lock().await.get(username) {
            return token.clone();
        }
        let body = json!({ "username": username, "password": PASSWORD });
        let answer = self
            .send(None, Method::POST, "/api/auth/login/", Some(body.to_string()))
            .await;
        let token = answer.json()["token"].as_str().expect("a token").to_owned();
        self.tokens.lock().await.insert(username.to_owned(), token.clone());
        token
    }

    /// Asks as an account.
    pub(crate) async fn ask(&self, username: &str, method: Method, target: &str, body: Option<&Value>) -> Answer {
        let shown = format!("Token {}", self.token(username).await);
        self.send(Some(&shown), method, target, body.map(Value::to_string))
            .await
    }

    /// Asks with this `Authorization`, or none.
    pub(crate) async fn send(&self, shown: Option<&str>, method: Method, target: &str, body: Option<String>) -> Answer {
        let mut request = self.client.request(method, format!("{}{target}", self.clinic.url()));
        if let Some(shown) = shown {
            request = request.header("authorization", shown);
        }
        if let Some(body) = body {
            let form = !body.starts_with(['{', '[']);
            let kind = if form {
                "application/x-www-form-urlencoded"
            } else {
                "application/json"
            };
            request = request.header("content-type", kind).body(body);
        }
        let response = request.send().await.expect("an answer");
        Answer {
            status: response.status().as_u16(),
            head: response.headers().clone(),
            body: response.text().await.expect("a body"),
        }
    }
}
