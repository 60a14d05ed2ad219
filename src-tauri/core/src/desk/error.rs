//! What the windows are told when the desk cannot do something: a code to branch on and a sentence to show.

use crate::backend::{BackendError, InvalidAddress, NotAFingerprint};
use crate::cache::CacheError;
use crate::keys::KeyError;
use crate::settings::SettingsError;
use std::borrow::Cow;

/// Why the desk cannot do something. `Display` is the sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct DeskError {
    code: &'static str,
    sentence: Cow<'static, str>,
}

impl DeskError {
    /// An error with a code that a window branches on.
    pub fn new(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
        }
    }

    /// What a person entered cannot be; the sentence says what to do about it.
    pub fn bad_input(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new("bad_input", sentence)
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Self {
        Self::new("signed_out", "Nobody is signed in. Sign in first.")
    }

    /// Signing out now would leave work behind that was not sent.
    pub(super) fn work_waiting(acts: usize) -> Self {
        let kept = "stays on this computer until you sign in here again";
        let sentence = match acts {
            1 => format!("One change was not sent to the clinic yet. If you sign out now, it {kept}."),
            acts => format!("{acts} changes were not sent to the clinic yet. If you sign out now, that work {kept}."),
        };
        Self::new("work_waiting", sentence)
    }

    /// What a window branches on.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What a person is shown.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl From<BackendError> for DeskError {
    fn from(error: BackendError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

impl From<CacheError> for DeskError {
    fn from(error: CacheError) -> Self {
        let code = match &error {
            CacheError::DiskFull => "disk_full",
            CacheError::NoSuchOperation => "no_such_act",
            CacheError::BeingSent => "being_sent",
            CacheError::Closed => "signed_out",
            _ => "cache",
        };
        Self::new(code, error.to_string())
    }
}

impl From<KeyError> for DeskError {
    fn from(error: KeyError) -> Self {
        let code = match &error {
            KeyError::Locked => "keyring_locked",
            KeyError::NeedsPassphrase => "needs_passphrase",
            KeyError::KeyLost | KeyError::Damaged | KeyError::Store(_) => "keyring",
        };
        Self::new(code, error.to_string())
    }
}

impl From<InvalidAddress> for DeskError {
    fn from(error: InvalidAddress) -> Self {
        Self::new("bad_address", error.to_string())
    }
}

impl From<NotAFingerprint> for DeskError {
    fn from(error: NotAFingerprint) -> Self {
        Self::new("bad_fingerprint", error.to_string())
    }
}

impl From<SettingsError> for DeskError {
    fn from(error: SettingsError) -> Self {
        Self::new("settings", error.to_string())
    }
}
