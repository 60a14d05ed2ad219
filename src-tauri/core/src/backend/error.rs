//! What can go wrong between the desk and a server, each with a sentence that a person at the desk can act on.

use deskbell_clinic::wire::Problem;
use std::time::Duration;

/// Why a request brought nothing. The sentences are for the person at the desk, and carry no one's data.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BackendError {
    /// No connection could be made; nothing was sent.
    #[error("The clinic's server cannot be reached. Check this computer's network, or ask whether the server is on.")]
    Unreachable,
    /// No whole answer came in time, or the connection broke first.
    #[error("The clinic's server did not answer in time. Deskbell tries again by itself.")]
    Timeout {
        /// Whether the request may have reached the server.
        sent: bool,
    },
    /// A web page, or something else that is not the API, answered.
    #[error(
        "Something other than the clinic's server answered. If this is a guest network, open a browser and sign in to it."
    )]
    NotJson,
    /// The server failed (5xx).
    #[error("The clinic's server has a problem. Deskbell tries again by itself; tell whoever keeps it if this lasts.")]
    Server(u16),
    /// The server asks to be asked less (429, or 503).
    #[error("The clinic's server is busy. Deskbell waits for as long as it asked and tries again.")]
    TooMany {
        /// What it asked for, where it said so.
        retry_after: Option<Duration>,
    },
    /// The session lapsed and could not be renewed.
    #[error("The session has ended. Sign in again; nothing that was saved is lost.")]
    AuthExpired,
    /// The clinic has taken this desk's access back.
    #[error("The clinic has taken this desk’s access back. What it held of the account was erased.")]
    Revoked,
    /// Sign-in name or password is wrong.
    #[error("The sign-in name or the password is not right.")]
    BadCredentials,
    /// Too many failed sign-ins.
    #[error("There were too many failed attempts. Wait {} before the next.", pause(*.retry_after))]
    LockedOut {
        /// For how long, where the server said so.
        retry_after: Option<Duration>,
    },
    /// Wrong, and soon locked.
    #[error(
        "The sign-in name or the password is not right. After {left} more wrong attempts the account is locked for five minutes."
    )]
    AttemptsLeft {
        /// Attempts before the account is locked.
        left: u32,
    },
    /// The account was switched off.
    #[error(
        "This account has been disabled. Ask an operator of the clinic, or whoever keeps its accounts, to enable it again."
    )]
    AccountDisabled,
    /// The password is right and is a one-time code, which only leads to a password of one's own.
    #[error("This is a one-time code. Sign in with it in the sign-in window, and choose a password of your own there.")]
    PasswordNeeded,
    /// The password is right and was a one-time code, which has lapsed.
    #[error("This one-time code has lapsed. Ask whoever keeps the clinic’s accounts for another.")]
    CodeExpired,
    /// Nobody else could administer the clinic then.
    #[error("Nobody else could keep the clinic’s accounts then. Make somebody else an administrator first.")]
    LastAdmin,
    /// The server keeps its accounts where this program cannot.
    #[error("This clinic’s accounts are kept on its server’s own pages, not in Deskbell.")]
    NotHere,
    /// The account's e-mail address was never confirmed.
    #[error(
        "This account’s e-mail address is not verified yet. Enter the code from the clinic’s e-mail on its website, then sign in here."
    )]
    EmailUnverified,
    /// The account asks for a code by e-mail, which the server cannot check.
    #[error(
        "This account uses two-factor sign-in, which is not available from here: the clinic’s server does not accept its codes. Switch two-factor sign-in off for the account on the clinic’s website, or use another account."
    )]
    TwoFactor,
    /// This computer's own copy cannot be read or written; nothing was sent.
    #[error("{0}")]
    Here(String),
    /// This account may not do that.
    #[error("This account may not do that. Ask an operator or whoever keeps the accounts.")]
    Forbidden,
    /// The row is not there, or not for this account.
    #[error("This is no longer there: somebody may have removed it.")]
    NotFound,
    /// The server no longer knows the cursor: start again without one.
    #[error("This computer was away for long and reads everything again.")]
    CursorExpired,
    /// Refused because of what else is there (409).
    #[error("Somebody else was faster. See what is in the way, and choose again.")]
    Conflict(Box<Problem>),
    /// The row has changed since this person saw it (412).
    #[error("Somebody changed this in the meantime. See how it is now, and decide again.")]
    VersionMismatch(Box<Problem>),
    /// Refused for what it says (400, 413, 422, 428).
    #[error("The server does not accept what was entered. Correct it, and save again.")]
    Invalid(Box<Problem>),
    /// The server's certificate is not trusted, or not the one that was pinned.
    #[error("The server's certificate is not trusted here. Compare its fingerprint with the one the server shows.")]
    Certificate,
    /// The answer is JSON, but not as this API says it.
    #[error("The server answered in a way that this version of Deskbell does not understand. Look for an update.")]
    Protocol,
}

impl BackendError {
    /// Whether a write that failed so may nevertheless have been done.
    pub const fn may_have_arrived(&self) -> bool {
        // A page from in between, or a failing server behind a proxy, says nothing about what happened behind it.
        matches!(
            self,
            BackendError::Timeout { sent: true }
                | BackendError::Server(_)
                | BackendError::NotJson
                | BackendError::Protocol
        )
    }

    /// A short name for logs and for windows that branch on it.
    pub const fn code(&self) -> &'static str {
        match self {
            BackendError::Unreachable => "unreachable",
            BackendError::Timeout { .. } => "timeout",
            BackendError::NotJson => "not_json",
            BackendError::Server(_) => "server",
            BackendError::TooMany { .. } => "too_many",
            BackendError::AuthExpired => "auth_expired",
            BackendError::Revoked => "revoked",
            BackendError::BadCredentials => "bad_credentials",
            BackendError::LockedOut { .. } => "locked_out",
            BackendError::AttemptsLeft { .. } => "bad_credentials",
            BackendError::AccountDisabled => "account_disabled",
            BackendError::PasswordNeeded => "password_needed",
            BackendError::CodeExpired => "code_expired",
            BackendError::LastAdmin => "last_admin",
            BackendError::NotHere => "not_here",
            BackendError::EmailUnverified => "email_unverified",
            BackendError::TwoFactor => "two_factor",
            BackendError::Here(_) => "cache",
            BackendError::Forbidden => "forbidden",
            BackendError::NotFound => "not_found",
            BackendError::CursorExpired => "cursor_expired",
            BackendError::Conflict(_) => "conflict",
            BackendError::VersionMismatch(_) => "version_mismatch",
            BackendError::Invalid(_) => "invalid",
            BackendError::Certificate => "certificate",
            BackendError::Protocol => "protocol",
        }
    }
}

/// How long to wait, as a person says it.
fn pause(retry_after: Option<Duration>) -> String {
    match retry_after.map(|pause| pause.as_secs().div_ceil(60)) {
        None => "a few minutes".to_owned(),
        Some(0 | 1) => "a minute".to_owned(),
        Some(minutes) => format!("{minutes} minutes"),
    }
}
