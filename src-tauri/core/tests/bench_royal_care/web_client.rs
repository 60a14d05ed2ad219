//! The service's own web client, as it was watched: what each tab asks for by its timers, and what it asks for again at
//! every message about a booking. The pattern is replayed, not the program; it asks no more than was measured.

use deskbell_royal_care_stand_in::{PASSWORD, StandIn};
use futures_util::StreamExt;
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

const TODAY: &str = "/api/scheduling/appointments/today/";
const UPCOMING: &str = "/api/scheduling/appointments/upcoming/";
const PAGE: &str = "/api/scheduling/appointments/";
const PENDING: &str = "/api/scheduling/appointments/pending/";
const REJECTED: &str = "/api/scheduling/appointments/rejected/?page_size=100";
const NOTIFICATIONS: &str = "/api/scheduling/notifications/";

/// What a tab shows.
#[derive(Clone, Copy)]
pub(crate) enum Tab {
    /// The operator's dashboard.
    Operator,
    /// The schedule's availability view.
    Scheduling,
}

impl Tab {
    /// What it asks for by itself, and every how many seconds that reaches the wire: the browser's cache answers the rest.
    fn timers(self) -> &'static [(&'static str, u64)] {
        match self {
            Tab::Operator => &[(TODAY, 300), (NOTIFICATIONS, 300)],
            Tab::Scheduling => &[(PAGE, 30), (TODAY, 30), (UPCOMING, 60)],
        }
    }

    /// What it asks for at each message about a booking: its queries, which are made stale twice.
    fn at_a_message(self) -> &'static [&'static str] {
        match self {
            Tab::Operator => &[
                UPCOMING,
                TODAY,
                PAGE,
                PENDING,
                REJECTED,
                NOTIFICATIONS,
                UPCOMING,
                TODAY,
                PAGE,
            ],
            Tab::Scheduling => &[UPCOMING, TODAY, PAGE, UPCOMING, TODAY, PAGE],
        }
    }
}

/// Open tabs. They close when dropped.
pub(crate) struct WebClient {
    _tabs: JoinSet<()>,
}

impl WebClient {
    pub(crate) async fn open(clinic: &StandIn, tabs: &[(&str, Tab)]) -> Self {
        let mut open = JoinSet::new();
        for (account, tab) in tabs {
            let browser = Browser::sign_in(clinic, account).await;
            for (path, seconds) in tab.timers() {
                open.spawn(browser.clone().every(path, Duration::from_secs(*seconds)));
            }
            let address = format!(
                "ws://{}/ws/scheduling/appointments/?token={}",
                clinic.address(),
                browser.token
            );
            let (mut socket, _) = connect_async(address).await.unwrap();
            let tab = *tab;
            open.spawn(async move {
                while let Some(Ok(message)) = socket.next().await {
                    if about_a_booking(&message) {
                        for path in tab.at_a_message() {
                            browser.get(path).await;
                        }
                    }
                }
            });
        }
        Self { _tabs: open }
    }
}

fn about_a_booking(message: &Message) -> bool {
    let kind = message
        .to_text()
        .ok()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let kind = kind.as_ref().and_then(|message| message["type"].as_str());
    kind.is_some_and(|kind| !matches!(kind, "initial_data" | "notification" | "heartbeat_response"))
}

#[derive(Clone)]
struct Browser {
    client: Client,
    url: String,
    token: String,
}

impl Browser {
    async fn sign_in(clinic: &StandIn, account: &str) -> Self {
        let (client, url) = (Client::new(), clinic.url());
        let body = json!({ "username": account, "password": PASSWORD }).to_string();
        let request = client
            .post(format!("{url}/api/auth/login/"))
            .header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap().text().await.unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        Self {
            client,
            url,
            token: answer["token"].as_str().unwrap().to_owned(),
        }
    }

    async fn every(self, path: &'static str, period: Duration) {
        let mut timer = interval_at(Instant::now() + period, period);
        loop {
            timer.tick().await;
            self.get(path).await;
        }
    }

    async fn get(&self, path: &str) {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request
            .header("authorization", format!("Token {}", self.token))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.bytes().await.unwrap();
    }
}
