//! What went over the wire: every request, and the bytes of its answer.

use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One request that was answered, or that a planned fault swallowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When it came, by the stand-in's clock.
    pub at: Timestamp,
    /// The user name of whose account it was, empty when nobody was signed in.
    pub account: String,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The endpoint's path with `{id}` in it, or the path itself where there is no such endpoint.
    pub endpoint: String,
    /// Whether it said `Cache-Control: no-cache`, without which a caching client may show answers five minutes old.
    pub no_cache: bool,
    /// The status of the answer, 0 when none was sent.
    pub status: u16,
    /// The answer's bytes, head and body.
    pub bytes: u64,
}

/// Requests and bytes of one endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many requests.
    pub requests: u64,
    /// How many bytes of answers, heads included.
    pub bytes: u64,
}

/// What went over the wire since the start, or since it was last set to nothing.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// Every request, in order of its answer.
    pub asked: Vec<Asked>,
    /// What each account's sockets were sent: messages for requests, and their bytes.
    pub heard: BTreeMap<String, Count>,
}

impl Traffic {
    /// Requests and bytes by method and endpoint.
    #[must_use]
    pub fn by_endpoint(&self) -> BTreeMap<(String, String), Count> {
        let mut counts: BTreeMap<(String, String), Count> = BTreeMap::new();
        for asked in &self.asked {
            let count = counts
                .entry((asked.method.clone(), asked.endpoint.clone()))
                .or_default();
            count.requests += 1;
            count.bytes += asked.bytes;
        }
        counts
    }

    /// Everything together, what the sockets were sent included in the bytes.
    #[must_use]
    pub fn whole(&self) -> Count {
        Count {
            requests: self.asked.len() as u64,
            bytes: self.asked.iter().map(|asked| asked.bytes).sum::<u64>()
                + self.heard.values().map(|heard| heard.bytes).sum::<u64>(),
        }
    }

    /// Of all this, what was one account's.
    #[must_use]
    pub fn of(&self, account: &str) -> Self {
        Self {
            asked: self
                .asked
                .iter()
                .filter(|asked| asked.account == account)
                .cloned()
                .collect(),
            heard: self
                .heard
                .iter()
                .filter(|(whose, _)| *whose == account)
                .map(|(whose, count)| (whose.clone(), *count))
                .collect(),
        }
    }

    /// How many requests of `method` went to `endpoint`, which is written with `{id}`.
    #[must_use]
    pub fn requests(&self, method: &Method, endpoint: &str) -> u64 {
        let mut count = 0;
        for asked in &self.asked {
            count += u64::from(asked.method == method.as_str() && asked.endpoint == endpoint);
        }
        count
    }
}

/// The bytes of an answer's head on the wire.
pub(crate) fn head_bytes(status: &str, head: &HeaderMap) -> u64 {
    let lines: usize = head
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    // "HTTP/1.1 ", the status with its reason, and two line ends.
    (9 + status.len() + 2 + lines + 2) as u64
}
