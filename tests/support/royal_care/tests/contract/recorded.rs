//! Reading the recordings: one file a call, and two that hold a whole afternoon.

use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// Where they lie.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/royal_care"))
}

pub(crate) fn text(file: &str) -> String {
    let path = folder().join(file);
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .replace('\r', "")
}

/// One request and its answer.
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) sent: Option<String>,
    pub(crate) status: u16,
    pub(crate) head: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Exchange {
    /// The file is `### METHOD target  sent`, the answer's head, an empty line and the answer's body.
    pub(crate) fn read(file: &str) -> Self {
        let text = text(file);
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let asked = lines
            .next()
            .and_then(|line| line.strip_prefix("### "))
            .expect("a request line");
        let (request, sent) = asked.split_once("  ").unwrap_or((asked, ""));
        let (method, target) = request.split_once(' ').expect("a method and a target");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .expect("a status line");
        Self {
            method: method.to_owned(),
            target: target.trim().to_owned(),
            sent: Some(sent.trim().to_owned()).filter(|sent| !sent.is_empty()),
            status: status.parse().expect("a status"),
            head: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
                .collect(),
            body: body.trim().to_owned(),
        }
    }
}

/// One act of `flow.txt`: `### label METHOD target sent`, then `status bytesB body`.
pub(crate) struct Act {
    pub(crate) label: String,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) sent: Option<String>,
    pub(crate) status: u16,
    pub(crate) body: String,
}

pub(crate) fn flow() -> Vec<Act> {
    let text = text("flow.txt");
    text.split("### ").skip(1).map(act).collect()
}

fn act(block: &str) -> Act {
    let (asked, answered) = block.split_once('\n').expect("an answer");
    let at = asked.find(" /api/").expect("a target");
    let (label, method) = asked[..at].rsplit_once(' ').expect("a method");
    let (target, sent) = asked[at + 1..].split_once(' ').unwrap_or((&asked[at + 1..], "null"));
    let (status, rest) = answered.split_once(' ').expect("a status");
    let (_, body) = rest.split_once("B ").unwrap_or((rest, ""));
    Act {
        label: label.to_owned(),
        method: method.to_owned(),
        target: target.to_owned(),
        sent: Some(sent.to_owned()).filter(|sent| sent != "null"),
        status: status.parse().expect("a status"),
        body: body.trim().to_owned(),
    }
}

/// One message of `ws_flow.log`: `time account bytesB message`.
pub(crate) struct Heard {
    pub(crate) account: String,
    pub(crate) bytes: usize,
    pub(crate) message: Value,
}

pub(crate) fn heard() -> Vec<Heard> {
    let text = text("ws_flow.log");
    let read = |line: &str| {
        let mut parts = line.splitn(4, ' ').skip(1);
        let account = parts.next()?.to_owned();
        let bytes = parts.next()?.strip_suffix('B')?.parse().ok()?;
        Some(Heard {
            account,
            bytes,
            message: serde_json::from_str(parts.next()?).ok()?,
        })
    };
    text.lines()
        .map(|line| read(line).unwrap_or_else(|| panic!("not a message: {line}")))
        .collect()
}
