//! How the desk stands with its server. Every state has a timer or a named event that leaves it, and says which.

use crate::backend::BackendError;
use std::time::Duration;

/// The link, as the person sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkState {
    /// Nothing has been asked yet.
    Starting,
    /// The first reading of everything, or reading it again, is under way.
    Reading,
    /// Hints are heard: changes show at once.
    Live,
    /// Changes show within the polling interval.
    Polling,
    /// No answer.
    Offline,
    /// A web page answers in the server's place.
    Captive,
    /// The server asks for a pause, or fails.
    Throttled,
    /// The conversation goes in circles, and was broken off for a while.
    Halted,
    /// The computer has just woken up; the first pull is about to go out.
    Suspended,
    /// The server's certificate is not the one to trust.
    Untrusted,
    /// A person must sign in again.
    AuthHeld,
    /// The desk is closing.
    Closed,
}

/// What leaves a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A deadline is always set while in it: the next poll or the next attempt.
    Timer,
    /// The server hints at a change.
    Hint,
    /// A person asks for a pull.
    Refresh,
    /// The computer wakes up, or is in another network.
    Wake,
    /// A person signs in.
    SignIn,
    /// The desk is opened again: the task has ended.
    Reopened,
}

impl LinkState {
    /// Every state.
    pub const ALL: [LinkState; 12] = [
        LinkState::Starting,
        LinkState::Reading,
        LinkState::Live,
        LinkState::Polling,
        LinkState::Offline,
        LinkState::Captive,
        LinkState::Throttled,
        LinkState::Halted,
        LinkState::Suspended,
        LinkState::Untrusted,
        LinkState::AuthHeld,
        LinkState::Closed,
    ];

    /// What leaves it.
    pub const fn exits(&self) -> &'static [Exit] {
        match self {
            LinkState::Live => &[Exit::Timer, Exit::Hint, Exit::Refresh, Exit::Wake],
            LinkState::Starting
            | LinkState::Polling
            | LinkState::Offline
            | LinkState::Captive
            | LinkState::Untrusted => &[Exit::Timer, Exit::Refresh, Exit::Wake],
            // A pause that the server asked for, or that breaks a circle, is nobody's to cut short.
            LinkState::Reading | LinkState::Throttled | LinkState::Halted | LinkState::Suspended => &[Exit::Timer],
            LinkState::AuthHeld => &[Exit::SignIn],
            LinkState::Closed => &[Exit::Reopened],
        }
    }

    /// Whether the server's answers come in.
    pub const fn is_connected(&self) -> bool {
        matches!(self, LinkState::Live | LinkState::Polling | LinkState::Reading)
    }
}

/// What a failed request makes of the link.
pub const fn after(error: &BackendError) -> LinkState {
    match error {
        BackendError::Unreachable | BackendError::Timeout { .. } => LinkState::Offline,
        BackendError::NotJson => LinkState::Captive,
        BackendError::Certificate => LinkState::Untrusted,
        BackendError::CursorExpired => LinkState::Reading,
        BackendError::AuthExpired
        | BackendError::Revoked
        | BackendError::BadCredentials
        | BackendError::LockedOut { .. }
        | BackendError::AttemptsLeft { .. }
        | BackendError::AccountDisabled
        | BackendError::PasswordNeeded
        | BackendError::CodeExpired
        | BackendError::EmailUnverified
        | BackendError::TwoFactor => LinkState::AuthHeld,
        BackendError::Server(_)
        | BackendError::TooMany { .. }
        | BackendError::Forbidden
        | BackendError::LastAdmin
        | BackendError::NotHere
        | BackendError::NotFound
        | BackendError::Conflict(_)
        | BackendError::VersionMismatch(_)
        | BackendError::Invalid(_)
        | BackendError::Here(_)
        | BackendError::Protocol => LinkState::Throttled,
    }
}

/// When to try again after a failed request; none when only a person can mend it.
pub fn retry_in(error: &BackendError, failures: u32, chance: f64) -> Option<Duration> {
    match error {
        BackendError::TooMany { retry_after } => Some(super::backoff::after_throttle(*retry_after, failures, chance)),
        BackendError::CursorExpired => Some(Duration::ZERO),
        error => match after(error) {
            LinkState::AuthHeld => None,
            _ => Some(super::backoff::after_failure(failures, chance)),
        },
    }
}
