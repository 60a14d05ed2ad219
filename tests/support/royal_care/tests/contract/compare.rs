//! Comparing an answer with the recorded one: value by value, but for what no two runs share; or, where the rows are other
//! ones, by the kinds of its values.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Fields that differ from run to run. Their kind is compared, and the form of a time.
const LOOSE: [&str; 12] = [
    "timestamp",
    "token",
    "connection_id",
    "date_joined",
    "created_at",
    "updated_at",
    "response_deadline",
    "pickup_request_time",
    "estimated_pickup_time",
    "rejection_id",
    "rejection",
    "rejection_details.id",
];

/// What differs between a recorded value and ours, value by value. Fields named in `loose` too may differ in value.
pub(crate) fn differences(recorded: &Value, ours: &Value, loose: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    compare(recorded, ours, "", "", loose, &mut found);
    found
}

fn compare(recorded: &Value, ours: &Value, path: &str, field: &str, loose: &[&str], found: &mut Vec<String>) {
    match (recorded, ours) {
        (Value::Object(theirs), Value::Object(mine)) => {
            for name in theirs.keys().filter(|name| !mine.contains_key(*name)) {
                found.push(format!("{path}.{name} is missing"));
            }
            for name in mine.keys().filter(|name| !theirs.contains_key(*name)) {
                found.push(format!("{path}.{name} was not recorded"));
            }
            for (name, value) in theirs {
                if let Some(other) = mine.get(name) {
                    compare(value, other, &format!("{path}.{name}"), name, loose, found);
                }
            }
        }
        (Value::Array(theirs), Value::Array(mine)) => {
            if theirs.len() != mine.len() {
                found.push(format!(
                    "{path} has {} items, {} were recorded",
                    mine.len(),
                    theirs.len()
                ));
            }
            for (place, (value, other)) in theirs.iter().zip(mine).enumerate() {
                compare(value, other, &format!("{path}[{place}]"), field, loose, found);
            }
        }
        (recorded, ours) if recorded == ours => {}
        (recorded, ours) => {
            let differs = LOOSE.contains(&field)
                || loose.contains(&field)
                || field.ends_with("_at")
                || LOOSE.iter().any(|name| name.contains('.') && path.ends_with(name));
            if kind(recorded) != kind(ours) || !(differs || whereabouts_only(recorded, ours)) {
                found.push(format!("{path} is {ours}, {recorded} was recorded"));
            } else if let (Some(theirs), Some(mine)) = (clock_form(recorded), clock_form(ours))
                && theirs != mine
            {
                found.push(format!("{path} is written {mine}, {theirs} was recorded"));
            }
        }
    }
}

/// Links carry the address of the server that was asked.
fn whereabouts_only(recorded: &Value, ours: &Value) -> bool {
    let place = |value: &Value| {
        let rest = value.as_str()?.strip_prefix("http://127.0.0.1:")?.to_owned();
        rest.split_once('/').map(|(_, target)| target.to_owned())
    };
    place(recorded).is_some() && place(recorded) == place(ours)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// How an instant is written, its digits aside; none when the text is no instant.
fn clock_form(value: &Value) -> Option<String> {
    let text = value
        .as_str()
        .filter(|text| text.len() >= 19 && text.as_bytes()[10] == b'T')?;
    Some(
        text.chars()
            .map(|character| if character.is_ascii_digit() { '9' } else { character })
            .collect(),
    )
}

/// The kinds of values that were recorded at each place of an answer, and the fields of each object.
#[derive(Default)]
pub(crate) struct Shape {
    kinds: BTreeMap<String, BTreeSet<&'static str>>,
    fields: BTreeMap<String, BTreeSet<String>>,
}

impl Shape {
    /// Learns from a value that stands at `path`.
    pub(crate) fn learn(&mut self, path: &str, value: &Value) {
        self.kinds.entry(path.to_owned()).or_default().insert(kind(value));
        match value {
            Value::Object(fields) => {
                self.fields
                    .entry(path.to_owned())
                    .or_default()
                    .extend(fields.keys().cloned());
                for (name, value) in fields {
                    self.learn(&format!("{path}.{name}"), value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(&format!("{path}[]"), item)),
            _ => {}
        }
    }

    /// What of a value was never recorded so.
    pub(crate) fn strangers(&self, path: &str, value: &Value) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.look(path, value, &mut found);
        found
    }

    fn look(&self, path: &str, value: &Value, found: &mut BTreeSet<String>) {
        if !self.kinds.get(path).is_some_and(|kinds| kinds.contains(kind(value))) {
            found.insert(format!(
                "{path} is a {}, recorded are {:?}",
                kind(value),
                self.kinds.get(path)
            ));
            return;
        }
        match value {
            Value::Object(fields) => {
                let mine: BTreeSet<String> = fields.keys().cloned().collect();
                let theirs = &self.fields[path];
                if mine != *theirs {
                    let differing: Vec<&String> = mine.symmetric_difference(theirs).collect();
                    found.insert(format!("{path} differs in its fields {differing:?}"));
                }
                for (name, value) in fields.iter().filter(|(name, _)| theirs.contains(*name)) {
                    self.look(&format!("{path}.{name}"), value, found);
                }
            }
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.look(&format!("{path}[]"), item, found)),
            _ => {}
        }
    }
}
