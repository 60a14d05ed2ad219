//! The Linux kernel's keyring: in memory that is never swapped, readable by this user only, gone with a restart.

use super::KeyError;
use linux_keyutils::{KeyError as Errno, KeyRing, KeyRingIdentifier};

/// The user's persistent keyring, which outlives the session; the user keyring where the kernel has none.
fn ring() -> Option<KeyRing> {
    KeyRing::get_persistent(KeyRingIdentifier::Process)
        .or_else(|_| KeyRing::from_special_id(KeyRingIdentifier::User, true))
        .ok()
}

pub(super) fn read(name: &str) -> Result<Option<Vec<u8>>, KeyError> {
    let Some(ring) = ring() else { return Ok(None) };
    match ring.search(name).and_then(|key| key.read_to_vec()) {
        Ok(secret) => Ok(Some(secret)),
        Err(Errno::KeyDoesNotExist | Errno::KeyExpired | Errno::KeyRevoked | Errno::AccessDenied) => Ok(None),
        Err(error) => Err(KeyError::Store(error.to_string())),
    }
}

/// Answers whether the kernel took it: in a container it may not have a keyring at all.
pub(super) fn write(name: &str, secret: &[u8]) -> Result<bool, KeyError> {
    let Some(ring) = ring() else { return Ok(false) };
    if ring.add_key(name, secret).is_err() {
        return Ok(false);
    }
    // A kernel that takes a key and does not give it back is of no use.
    Ok(read(name)?.is_some_and(|kept| kept == secret))
}

pub(super) fn erase(name: &str) -> Result<(), KeyError> {
    let Some(ring) = ring() else { return Ok(()) };
    match ring.search(name) {
        Ok(key) => key
            .invalidate()
            .or_else(|_| key.revoke())
            .map_err(|error| KeyError::Store(error.to_string())),
        Err(_) => Ok(()),
    }
}
