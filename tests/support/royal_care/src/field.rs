//! Reading what a client sent, as the framework behind the service does: the same words for the same mistakes.

use jiff::civil::{Date, Time};
use serde_json::{Map, Value, json};

pub(crate) const REQUIRED: &str = "This field is required.";
const BAD_DATE: &str = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.";
const BAD_TIME: &str = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";

/// The fields that were refused so far, with their reasons.
#[derive(Default)]
pub(crate) struct Refused(Map<String, Value>);

impl Refused {
    pub(crate) fn add(&mut self, field: &str, text: impl Into<String>) {
        self.0.insert(field.to_owned(), json!([text.into()]));
    }

    /// The body of the `400`, when anything was refused.
    pub(crate) fn into_body(self) -> Option<Value> {
        (!self.0.is_empty()).then_some(Value::Object(self.0))
    }
}

/// One request's fields, read one after the other; what is wrong with them gathers in `refused`.
pub(crate) struct Fields<'a> {
    sent: &'a Value,
    /// A partial write misses nothing.
    partial: bool,
    pub(crate) refused: Refused,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(sent: &'a Value, partial: bool) -> Self {
        Self {
            sent,
            partial,
            refused: Refused::default(),
        }
    }

    /// The field as sent; a missing one that the call must have is refused.
    fn present(&mut self, name: &str, required: bool) -> Option<&'a Value> {
        let value = self.sent.get(name);
        if value.is_none() && required && !self.partial {
            self.refused.add(name, REQUIRED);
        }
        value
    }

    pub(crate) fn date(&mut self, name: &str, required: bool) -> Option<Date> {
        let value = self.present(name, required)?;
        let read = value.as_str().and_then(parse_date);
        if read.is_none() {
            self.refused.add(name, BAD_DATE);
        }
        read
    }

    pub(crate) fn time(&mut self, name: &str, required: bool) -> Option<Time> {
        let value = self.present(name, required)?;
        let read = value.as_str().and_then(parse_time);
        if read.is_none() {
            self.refused.add(name, BAD_TIME);
        }
        read
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        let value = self.present(name, false)?;
        let read = match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            _ => None,
        };
        if read.is_none() {
            self.refused.add(name, "Must be a valid boolean.");
        }
        read
    }

    /// Text; `null` is the same as absent text.
    pub(crate) fn text(&mut self, name: &str, required: bool) -> Option<Option<String>> {
        match self.present(name, required)? {
            Value::Null if required => {
                self.refused.add(name, "This field may not be null.");
                None
            }
            Value::Null => Some(None),
            Value::String(text) if text.is_empty() && required => {
                self.refused.add(name, "This field may not be blank.");
                None
            }
            Value::String(text) => Some(Some(text.clone())),
            Value::Number(number) => Some(Some(number.to_string())),
            _ => {
                self.refused.add(name, "Not a valid string.");
                None
            }
        }
    }

    /// A reference to another row, for which `exists` answers. The outer `None` is "not sent", the inner one `null`.
    pub(crate) fn reference(
        &mut self,
        name: &str,
        required: bool,
        exists: impl Fn(i64) -> bool,
    ) -> Option<Option<i64>> {
        let value = self.present(name, required)?;
        if value.is_null() {
            if required {
                self.refused.add(name, "This field may not be null.");
                return None;
            }
            return Some(None);
        }
        match primary_key(value, &exists) {
            Ok(id) => Some(Some(id)),
            Err(text) => {
                self.refused.add(name, text);
                None
            }
        }
    }

    /// A list of references.
    pub(crate) fn references(&mut self, name: &str, required: bool, exists: impl Fn(i64) -> bool) -> Option<Vec<i64>> {
        let value = self.present(name, required)?;
        let Some(list) = value.as_array() else {
            self.refused.add(name, "Expected a list of items but got type \"str\".");
            return None;
        };
        let read: Result<Vec<i64>, String> = list.iter().map(|value| primary_key(value, &exists)).collect();
        match read {
            Ok(ids) => Some(ids),
            Err(text) => {
                self.refused.add(name, text);
                None
            }
        }
    }

    /// One of a fixed list of words.
    pub(crate) fn choice(&mut self, name: &str, choices: &[&'static str]) -> Option<&'static str> {
        let value = self.present(name, false)?;
        let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let known = choices.iter().copied().find(|choice| *choice == word);
        if known.is_none() {
            self.refused.add(name, format!("\"{word}\" is not a valid choice."));
        }
        known
    }
}

fn primary_key(value: &Value, exists: &impl Fn(i64) -> bool) -> Result<i64, String> {
    let id = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match id {
        Some(id) if exists(id) => Ok(id),
        Some(id) => Err(format!("Invalid pk \"{id}\" - object does not exist.")),
        None => Err("Incorrect type. Expected pk value, received str.".to_owned()),
    }
}

/// A day as the service reads it.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let dashed = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if dashed { text.parse().ok() } else { None }
}

/// A time as the service reads it: seconds and their fraction may be left out, and there is no 24:00.
pub(crate) fn parse_time(text: &str) -> Option<Time> {
    let (clock, fraction) = text
        .split_once('.')
        .map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut parts = clock
        .split(':')
        .map(|part| if part.len() <= 2 { part.parse::<i8>().ok() } else { None });
    let hour = parts.next()??;
    let minute = parts.next()??;
    let second = match parts.next() {
        Some(second) => second?,
        None if fraction.is_some() => return None,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    let nanos = match fraction {
        None => 0,
        Some(digits) if (1..=6).contains(&digits.len()) => format!("{digits:0<9}").parse().ok()?,
        Some(_) => return None,
    };
    Time::new(hour, minute, second, nanos).ok()
}

/// A time as the service writes it.
pub(crate) fn print_time(time: Time) -> String {
    match time.subsec_nanosecond() / 1000 {
        0 => time.strftime("%H:%M:%S").to_string(),
        micros => format!("{}.{micros:06}", time.strftime("%H:%M:%S")),
    }
}
