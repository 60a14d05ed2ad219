//! How fresh what is shown is: the sync pill.

use crate::sync::status::LeftWork;
use serde::Serialize;

/// The state of the sync, for the pill in every window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct SyncView {
    /// What the pill says.
    pub pill: Pill,
    /// When the server last answered, as seconds since 1970; none before the first answer.
    pub fresh_at: Option<u32>,
    /// Since when there is no connection, as `14:02`.
    pub offline_since: Option<String>,
    /// Acts that wait to be sent or for a person.
    pub waiting: u32,
    /// How many of them need a person.
    pub need_you: u32,
    /// A sentence a person can act on, when something is wrong.
    pub problem: Option<String>,
    /// What happened to this computer's data and a person should read once; none after they did.
    pub notice: Option<String>,
    /// Seconds between polls at present.
    pub poll_seconds: u32,
    /// Whether the server's hints are heard.
    pub hints: bool,
    /// Until when a person must have signed in again, as `17:32`; only when that is near.
    pub sign_in_by: Option<String>,
    /// What the server's answers cost, where that is worth showing: `9.1 MB in 290 requests within the last hour`.
    pub cost: Option<String>,
    /// What others did at this desk before and the clinic has not confirmed.
    pub others: Vec<OthersWork>,
}

/// Acts of somebody who left this desk to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct OthersWork {
    /// Their name.
    pub name: String,
    /// Acts that wait to be sent, or for them.
    pub waiting: u32,
    /// How many of them need them.
    pub need_you: u32,
    /// Whether they must sign in before anything of it can be sent.
    pub must_sign_in: bool,
}

impl From<LeftWork> for OthersWork {
    fn from(left: LeftWork) -> Self {
        Self {
            name: left.name,
            waiting: left.waiting,
            need_you: left.need_you,
            must_sign_in: left.must_sign_in,
        }
    }
}

/// What the pill says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Pill {
    /// Changes show at once.
    Live,
    /// Polling: changes show within the interval.
    Polling,
    /// The first sync is under way.
    Starting,
    /// No connection, or nothing useful from it.
    Offline,
    /// The session lapsed: sign in again; nothing is lost.
    SignInAgain,
}
