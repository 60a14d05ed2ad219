//! What the desk knows about how fresh it is.

use super::link::LinkState;
use deskbell_clinic::AccountId;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The state of the sync at one moment. Times are by the server's clock where it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncStatus {
    /// How the desk stands with its server.
    pub link: LinkState,
    /// When the server last answered a pull; none before the first time.
    pub last_success: Option<Timestamp>,
    /// Since when it does not answer; none while it does.
    pub offline_since: Option<Timestamp>,
    /// Acts that wait to be sent, or for a person.
    pub waiting: u32,
    /// How many of them need a person.
    pub need_you: u32,
    /// Requests made since the desk was opened, hints' connections included.
    pub requests: u64,
    /// Whether hints are heard.
    pub hints: HintState,
    /// How far the server's clock is ahead of this computer's.
    pub server_offset: SignedDuration,
    /// When the next poll is due; none while only a person can go on.
    pub next_poll_at: Option<Timestamp>,
    /// The time between polls at present.
    pub interval: Duration,
    /// What is here differs from what the server says should be, also after everything was read anew.
    pub rows_differ: bool,
    /// The cache could not be used and was set aside when it was opened; none once a person has read so.
    pub set_aside: Option<SetAside>,
    /// What is wrong, as a sentence a person can act on.
    pub problem: Option<String>,
    /// What others who left this desk did and the server has not confirmed. Kept over a change of persons.
    pub others: Vec<LeftWork>,
}

/// Acts of a person who is not in front of the desk now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftWork {
    /// Whose.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Acts that wait to be sent, or for them.
    pub waiting: u32,
    /// How many of them need them.
    pub need_you: u32,
    /// Whether they must sign in before anything of it can be sent.
    pub must_sign_in: bool,
}

impl Default for SyncStatus {
    fn default() -> Self {
        Self {
            link: LinkState::Starting,
            last_success: None,
            offline_since: None,
            waiting: 0,
            need_you: 0,
            requests: 0,
            hints: HintState::Off,
            server_offset: SignedDuration::ZERO,
            next_poll_at: None,
            interval: Duration::ZERO,
            rows_differ: false,
            set_aside: None,
            problem: None,
            others: vec![],
        }
    }
}

/// What became of the unsent acts in a cache that was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetAside {
    /// So many could be read, and wait in the new cache.
    TakenOver(u32),
    /// They could not be read.
    Unreadable,
}

/// Whether the server's hints are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintState {
    /// Switched off, or the server has none.
    Off,
    /// Not connected now; tried again by itself.
    Connecting,
    /// Connected.
    Heard,
    /// Connected, but too many changes came without one: the desk polls.
    Unreliable,
}
