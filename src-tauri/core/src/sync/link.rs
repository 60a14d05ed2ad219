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
    /// Only a person's sign-in.
    SignIn,
    /// Nothing: the task has ended.
    Ended,
}

impl LinkState {
    /// Every state.
    pub const ALL: [LinkState; 10] = [
        LinkState::Starting,
        LinkState::Reading,
        LinkState::Live,
        LinkState::Polling,
        LinkState::Offline,
        LinkState::Captive,
        LinkState::Throttled,
        LinkState::Untrusted,
        LinkState::AuthHeld,
        LinkState::Closed,
    ];

    /// What leaves it.
    pub const fn exit(&self) -> Exit {
        match self {
            LinkState::Starting
            | LinkState::Reading
            | LinkState::Live
            | LinkState::Polling
            | LinkState::Offline
            | LinkState::Captive
            | LinkState::Throttled
            | LinkState::Untrusted => Exit::Timer,
            LinkState::AuthHeld => Exit::SignIn,
            LinkState::Closed => Exit::Ended,
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
        BackendError::AuthExpired | BackendError::BadCredentials | BackendError::LockedOut { .. } => {
            LinkState::AuthHeld
        }
        BackendError::Server(_)
        | BackendError::TooMany { .. }
        | BackendError::Forbidden
        | BackendError::NotFound
        | BackendError::Conflict(_)
        | BackendError::VersionMismatch(_)
        | BackendError::Invalid(_)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_left_by_a_timer_or_a_named_event() {
        for state in LinkState::ALL {
            let left_by_a_person = matches!(state, LinkState::AuthHeld);
            let ended = matches!(state, LinkState::Closed);
            let expected = match (left_by_a_person, ended) {
                (true, _) => Exit::SignIn,
                (_, true) => Exit::Ended,
                _ => Exit::Timer,
            };
            assert_eq!(state.exit(), expected, "{state:?}");
        }
    }

    #[test]
    fn whatever_leads_to_a_state_that_a_timer_leaves_sets_that_timer() {
        let errors = [
            BackendError::Unreachable,
            BackendError::Timeout { sent: true },
            BackendError::NotJson,
            BackendError::Server(500),
            BackendError::TooMany { retry_after: None },
            BackendError::AuthExpired,
            BackendError::Forbidden,
            BackendError::NotFound,
            BackendError::CursorExpired,
            BackendError::Certificate,
            BackendError::Protocol,
        ];
        for error in errors {
            let timed = retry_in(&error, 1, 0.5).is_some();
            assert_eq!(timed, after(&error).exit() == Exit::Timer, "{error:?}");
        }
    }
}
