//! What the clinic's people do meanwhile: bookings are made and taken through their steps, by the accounts whose steps they
//! are, each save a request of its own.

use deskbell_royal_care_stand_in::{PASSWORD, StandIn};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A booking's life: who takes which step.
const LIFE: [(Who, &str); 9] = [
    (Who::Therapist, "therapist_confirm"),
    (Who::Driver, "driver_confirm"),
    (Who::Staff, "start_appointment"),
    (Who::Driver, "start_journey"),
    (Who::Driver, "arrive_at_location"),
    (Who::Driver, "drop_off_therapist"),
    (Who::Therapist, "start_session"),
    (Who::Therapist, "mark_awaiting_payment"),
    (Who::Staff, "mark_completed"),
];

#[derive(Clone, Copy)]
enum Who {
    Therapist,
    Driver,
    /// The operator with the service's own staff flag.
    Staff,
}

/// The bookings of this day: therapist and driver by name and number. Nothing else is booked for them today.
const PEOPLE: [(&str, i64, &str, i64); 3] = [
    ("th02", 5, "dr02", 35),
    ("th04", 7, "dr04", 37),
    ("th06", 9, "dr06", 39),
];

/// A day in the clinic, one save after the other.
pub(crate) struct Day<'a> {
    clinic: &'a StandIn,
    client: Client,
    tokens: HashMap<String, String>,
    /// Whose work half of the bookings are.
    operator: &'a str,
    saves: usize,
    booking: i64,
}

impl<'a> Day<'a> {
    pub(crate) async fn begin(clinic: &'a StandIn, operator: &'a str) -> Self {
        let mut day = Self {
            clinic,
            client: Client::new(),
            tokens: HashMap::new(),
            operator,
            saves: 0,
            booking: 0,
        };
        let people = PEOPLE
            .iter()
            .flat_map(|(therapist, _, driver, _)| [*therapist, *driver]);
        for account in people.chain(["op1", operator]) {
            let body = json!({ "username": account, "password": PASSWORD });
            let answer = day.post(None, "/api/auth/login/", &body).await;
            day.tokens
                .insert(account.to_owned(), answer["token"].as_str().unwrap().to_owned());
        }
        day
    }

    /// The next save: a new booking, or the next step of the one before.
    pub(crate) async fn save(&mut self) {
        let (turn, step) = (self.saves / (LIFE.len() + 1), self.saves % (LIFE.len() + 1));
        self.saves += 1;
        let (therapist, therapist_id, driver, driver_id) = PEOPLE[turn % PEOPLE.len()];
        if step == 0 {
            let today = self
                .clinic
                .clock()
                .now()
                .to_zoned(jiff::tz::TimeZone::get("Asia/Manila").unwrap())
                .date();
            let booking = json!({
                "client": 1, "therapist": therapist_id, "driver": driver_id, "services": [1], "date": today.to_string(),
                "start_time": "11:00", "end_time": "12:00", "location": "1 Test St, Pasig",
            });
            let operator = if turn % 2 == 0 { "op1" } else { self.operator };
            let made = self
                .post(Some(operator), "/api/scheduling/appointments/", &booking)
                .await;
            self.booking = made["id"].as_i64().unwrap();
            return;
        }
        let (who, action) = LIFE[step - 1];
        let account = match who {
            Who::Therapist => therapist,
            Who::Driver => driver,
            Who::Staff => "op1",
        };
        let payment = json!({ "payment_method": "cash", "payment_amount": "500" });
        let path = format!("/api/scheduling/appointments/{}/{action}/", self.booking);
        self.post(Some(account), &path, &payment).await;
    }

    async fn post(&self, account: Option<&str>, path: &str, body: &Value) -> Value {
        let mut request = self.client.post(format!("{}{path}", self.clinic.url()));
        if let Some(account) = account {
            request = request.header("authorization", format!("Token {}", self.tokens[account]));
        }
        let body = body.to_string();
        let answer = request
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }
}
