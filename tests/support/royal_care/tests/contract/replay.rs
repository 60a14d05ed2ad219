//! Replaying one recorded call and holding the answer against the recorded one.

use crate::compare::{Shape, differences};
use crate::desk::{Answer, Desk};
use crate::recorded::Exchange;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deskbell_royal_care_stand_in::PASSWORD;
use reqwest::Method;
use serde_json::Value;

/// Who makes a call, and how they show it.
#[derive(Clone, Copy)]
pub(crate) enum By {
    Nobody,
    Token(&'static str),
    Bearer(&'static str),
    Basic(&'static str),
    /// A token that was never given out.
    Forged,
}

/// How closely an answer is held.
#[derive(Clone, Copy)]
pub(crate) enum Hold {
    /// Every value, but for what no two runs share.
    Values,
    /// Every value but the named fields'.
    ValuesBut(&'static [&'static str]),
    /// Every value of a list of hours, whose rows of one day and time have no order among them.
    TiesInAnyOrder,
    /// Its fields and the kinds of its values: the rows are other ones.
    Kinds,
}

/// The head's lines that tell a client how to treat an answer.
const TELLING: [&str; 6] = [
    "content-type",
    "cache-control",
    "vary",
    "allow",
    "www-authenticate",
    "location",
];
/// What the service never sends.
const NEVER: [&str; 4] = ["etag", "last-modified", "content-encoding", "date"];

pub(crate) async fn shown(desk: &Desk, by: By) -> Option<String> {
    match by {
        By::Nobody => None,
        By::Token(account) => Some(format!("Token {}", desk.token(account).await)),
        By::Bearer(account) => Some(format!("Bearer {}", desk.token(account).await)),
        By::Basic(account) => Some(format!("Basic {}", STANDARD.encode(format!("{account}:{PASSWORD}")))),
        By::Forged => Some(format!("Token {}", "f".repeat(64))),
    }
}

/// Replays the file's call, with `instead` in place of what was sent, and panics at what differs.
pub(crate) async fn replay(desk: &Desk, file: &str, by: By, hold: Hold, instead: Option<&str>) {
    let recorded = Exchange::read(file);
    let method: Method = recorded.method.parse().expect("a method");
    let sent = instead.map(str::to_owned).or_else(|| recorded.sent.clone());
    let ours = desk
        .send(shown(desk, by).await.as_deref(), method, &recorded.target, sent)
        .await;
    let found = held(&recorded, &ours, hold);
    assert!(
        found.is_empty(),
        "{file} differs:\n  {}\nfrom what was recorded",
        found.join("\n  ")
    );
}

fn held(recorded: &Exchange, ours: &Answer, hold: Hold) -> Vec<String> {
    let mut found = Vec::new();
    if recorded.status != ours.status {
        return vec![format!(
            "status {}, {} was recorded; {}",
            ours.status, recorded.status, ours.body
        )];
    }
    for name in TELLING {
        let theirs = recorded
            .head
            .iter()
            .find(|(line, _)| line == name)
            .map(|(_, value)| value.as_str());
        let mine = ours.head.get(name).and_then(|value| value.to_str().ok());
        if theirs != mine {
            found.push(format!("{name}: {mine:?}, {theirs:?} was recorded"));
        }
    }
    for name in NEVER.into_iter().filter(|name| ours.head.contains_key(*name)) {
        found.push(format!("{name} is sent"));
    }
    let Ok(theirs) = serde_json::from_str::<Value>(&recorded.body) else {
        if recorded.body != ours.body.trim() {
            found.push(format!("the page is {:?}, {:?} was recorded", ours.body, recorded.body));
        }
        return found;
    };
    match hold {
        Hold::Values => found.extend(differences(&theirs, &ours.json(), &[])),
        Hold::ValuesBut(loose) => found.extend(differences(&theirs, &ours.json(), loose)),
        Hold::TiesInAnyOrder => {
            let ours = ours.json();
            let order = |list: &Value| -> Vec<(Value, Value)> {
                let rows = list.as_array().expect("a list").iter();
                rows.map(|row| (row["date"].clone(), row["start_time"].clone()))
                    .collect()
            };
            if order(&theirs) != order(&ours) {
                found.push("the days and times come in another order".to_owned());
            }
            found.extend(differences(&by_id(&theirs), &by_id(&ours), &[]));
        }
        Hold::Kinds => {
            let mut shape = Shape::default();
            shape.learn("", &theirs);
            // A booking's row has more states than one list shows: they are learned from the flow too.
            for act in crate::recorded::flow() {
                let body: Value = serde_json::from_str(&act.body).unwrap_or_default();
                let row = body.get("appointment").unwrap_or(&body);
                if row.get("formatted_date").is_some() {
                    shape.learn(".results[]", row);
                }
            }
            found.extend(shape.strangers("", &ours.json()));
        }
    }
    found
}

fn by_id(list: &Value) -> Value {
    let mut rows = list.as_array().expect("a list").clone();
    rows.sort_by_key(|row| row["id"].as_i64());
    Value::Array(rows)
}
