//! The desktop's secret service. Only where there is none at all is the next rung of the ladder tried: a service that
//! fails may hold the key, and looking elsewhere for it would take it for lost.

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
            Error::NoDefaultStore => match Entry::store_status() {
                Err(why) => at_start(why),
                Ok(()) => Failure::Absent,
            },
            Error::NotSupportedByStore(_) => Failure::Absent,
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

/// Why there is no store. It is looked for once in a process, so that only a restart asks again.
fn at_start(error: &Error) -> Failure {
    match error {
        Error::NoStorageAccess(_) => Failure::Locked,
        Error::PlatformFailure(cause) if nobody_keeps_secrets(cause.as_ref()) => Failure::Absent,
        _ => Failure::Other("it failed as Deskbell started. Restart Deskbell to ask it again".to_owned()),
    }
}

/// Whether there is no bus, or nobody on it who keeps secrets and nobody who could be started to.
#[cfg(target_os = "linux")]
fn nobody_keeps_secrets(cause: &(dyn std::error::Error + 'static)) -> bool {
    use secret_service::Error as Service;
    use std::io::ErrorKind;
    const NOBODY: [&str; 3] = [
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.NameHasNoOwner",
        "org.freedesktop.DBus.Error.Spawn.ServiceNotFound",
    ];
    match cause.downcast_ref() {
        Some(Service::Unavailable) => true,
        Some(Service::Zbus(zbus::Error::MethodError(name, ..))) => NOBODY.contains(&name.as_str()),
        Some(Service::Zbus(zbus::Error::InputOutput(error) | zbus::Error::Connection(error, _))) => {
            matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused)
        }
        _ => false,
    }
}

/// The other systems always have a store.
#[cfg(not(target_os = "linux"))]
const fn nobody_keeps_secrets(_: &(dyn std::error::Error + 'static)) -> bool {
    false
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

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use secret_service::Error as Service;
    use std::io::{Error as Io, ErrorKind};
    use std::sync::Arc;

    fn failed(error: Service) -> Error {
        Error::PlatformFailure(Box::new(error))
    }

    /// What the bus answers a call with.
    fn answered(name: &str) -> Service {
        let call = zbus::Message::method_call("/org/freedesktop/secrets", "OpenSession").unwrap();
        let call = call.build(&()).unwrap();
        let answer = zbus::Message::error(&call.header(), name).unwrap();
        Service::Zbus(answer.build(&"for a test").unwrap().into())
    }

    fn refused(kind: ErrorKind) -> Service {
        Service::Zbus(zbus::Error::InputOutput(Arc::new(Io::from(kind))))
    }

    /// What the library says when nothing can be connected to where the bus should be.
    fn no_bus(kind: ErrorKind) -> Service {
        let address: zbus::Address = "unix:path=/nowhere/bus".parse().unwrap();
        Service::Zbus(zbus::Error::Connection(Arc::new(Io::from(kind)), address))
    }

    #[test]
    fn without_a_bus_or_a_service_the_next_rung_is_tried() {
        for error in [
            Service::Unavailable,
            refused(ErrorKind::ConnectionRefused),
            no_bus(ErrorKind::NotFound),
            no_bus(ErrorKind::ConnectionRefused),
            answered("org.freedesktop.DBus.Error.ServiceUnknown"),
            answered("org.freedesktop.DBus.Error.NameHasNoOwner"),
        ] {
            let why = error.to_string();
            assert!(matches!(at_start(&failed(error)), Failure::Absent), "{why}");
        }
    }

    #[test]
    fn a_service_that_fails_as_it_is_found_may_hold_the_key() {
        for error in [
            answered("org.freedesktop.DBus.Error.NoReply"),
            answered("org.freedesktop.DBus.Error.TimedOut"),
            answered("org.freedesktop.DBus.Error.Spawn.ChildExited"),
            refused(ErrorKind::BrokenPipe),
            no_bus(ErrorKind::PermissionDenied),
            Service::Crypto("no common secret"),
        ] {
            let why = error.to_string();
            assert!(matches!(at_start(&failed(error)), Failure::Other(_)), "{why}");
        }
    }

    #[test]
    fn a_call_that_fails_on_a_service_that_was_there_is_a_failure_whatever_it_says() {
        for error in [
            answered("org.freedesktop.DBus.Error.NoReply"),
            answered("org.freedesktop.DBus.Error.ServiceUnknown"),
            Service::Unavailable,
        ] {
            let why = error.to_string();
            let failure = Failure::from(failed(error));
            assert!(matches!(failure, Failure::Other(_)), "{why}");
            assert!(matches!(KeyError::from(failure), KeyError::Store(_)), "{why}");
        }
    }
}
