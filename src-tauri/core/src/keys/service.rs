//! The desktop's secret service.

use super::KeyError;
use keyring::v1::{Entry, Error};

const SERVICE: &str = "org.deskbell.desk";

/// Why the service did not do it. That there is none is a state of its own: the next rung is tried.
pub(super) enum Failure {
    Absent,
    Locked,
    Other(String),
}

impl From<Failure> for KeyError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Locked => KeyError::Locked,
            Failure::Absent => KeyError::NeedsPassphrase,
            Failure::Other(why) => KeyError::Store(why),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::NoStorageAccess(_) => Failure::Locked,
            // No bus, or nobody on it who keeps secrets.
            Error::NoDefaultStore | Error::PlatformFailure(_) | Error::NotSupportedByStore(_) => Failure::Absent,
            other => Failure::Other(kind(&other).to_owned()),
        }
    }
}

/// What went wrong, without quoting what was read.
const fn kind(error: &Error) -> &'static str {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => "it holds something unreadable",
        Error::TooLong(..) => "the secret is too long for it",
        Error::Ambiguous(_) => "it holds several secrets of this name",
        _ => "it refused",
    }
}

pub(super) fn read(name: &str) -> Result<Option<Vec<u8>>, Failure> {
    match Entry::new(SERVICE, name)?.get_secret() {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn write(name: &str, secret: &[u8]) -> Result<(), Failure> {
    Ok(Entry::new(SERVICE, name)?.set_secret(secret)?)
}

pub(super) fn erase(name: &str) -> Result<(), Failure> {
    match Entry::new(SERVICE, name)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
