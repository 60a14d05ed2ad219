//! Why settings are refused, in sentences that name the setting, its value, what it may be, and the file.

use crate::backend::{InvalidAddress, NotAFingerprint};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why settings are refused. No file is changed by any of these.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file is not TOML.
    #[error("The settings file {file} cannot be read from line {line} on: {what}.")]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What does not fit.
        what: String,
    },
    /// A value is outside its range.
    #[error("{setting} must be {range}.")]
    OutOfRange {
        /// Its path in the file.
        setting: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// A value in a file is outside its range.
    #[error("{setting} must be {range}; {file} says {value}.")]
    Refused {
        /// Its path in the file.
        setting: String,
        /// What it is.
        value: String,
        /// What it may be.
        range: &'static str,
        /// Where it says so.
        file: PathBuf,
    },
    /// There is no such setting, or its value is of another kind.
    #[error("{file} says {setting} = {value}, which cannot be understood: {}.", what.trim_end_matches('.'))]
    NotUnderstood {
        /// Its path in the file.
        setting: String,
        /// What it is.
        value: String,
        /// What does not fit.
        what: String,
        /// Where it says so.
        file: PathBuf,
    },
    /// The administrator of this computer has set it for everybody.
    #[error("{setting} is set for this whole computer in {file}. Ask whoever looks after this computer to change it.")]
    Locked {
        /// Its path in the file.
        setting: String,
        /// The machine-wide file.
        file: PathBuf,
    },
    /// The server's address is not one.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// The certificate's fingerprint is not one.
    #[error(transparent)]
    Fingerprint(#[from] NotAFingerprint),
    /// The file cannot be read or written.
    #[error("The settings file {file} cannot be used: {why}.")]
    File {
        /// Which.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
}

impl SettingsError {
    pub(super) fn file(file: &Path, error: &std::io::Error) -> Self {
        let (file, why) = (file.to_owned(), error.to_string());
        Self::File { file, why }
    }

    pub(super) fn unreadable(file: &Path, text: &str, at: Option<Range<usize>>, what: &str) -> Self {
        let before = at.map_or("", |at| text.get(..at.start).unwrap_or(text));
        Self::Unreadable {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            what: what.trim().trim_end_matches('.').to_owned(),
        }
    }
}
