//! Somebody at another desk: asks the service past the adapter.

use deskbell_royal_care_stand_in::{PASSWORD, StandIn};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) struct Other {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Other {
    pub(crate) async fn sign_in(clinic: &StandIn, login: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::new();
        let body = json!({ "username": login, "password": PASSWORD });
        let request = http.post(format!("{}/api/auth/login/", clinic.url())).json(&body);
        let opened: Value = request.send().await.unwrap().json().await.unwrap();
        Self {
            http,
            url: clinic.url(),
            token: opened["token"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self
            .http
            .request(method, format!("{}/api/scheduling/{path}", self.url))
            .header("Authorization", format!("Token {}", self.token))
            .json(body);
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or(Value::Null))
    }

    /// One of the service's own steps.
    pub(crate) async fn step(&self, booking: u64, name: &str) -> StatusCode {
        let path = format!("appointments/{booking}/{name}/");
        self.ask(Method::POST, &path, &json!({ "rejection_reason": "Sick" }))
            .await
            .0
    }
}
