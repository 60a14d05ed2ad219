//! A key made from a passphrase, on computers that have no keyring. Only the salt is on the disk.

use super::KeyError;
use crate::secret::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use rand::TryRngCore;
use std::path::Path;

const SALT_BYTES: usize = 16;
/// OWASP's first recommendation for Argon2id: 46 MiB, one pass, one lane.
const MEMORY_KIB: u32 = 46 * 1024;
const PASSES: u32 = 1;
const LANES: u32 = 1;

/// The key that this passphrase makes with the salt kept at `salt_file`; the salt is made when there is no data yet.
pub(super) fn derive(passphrase: &Secret<String>, salt_file: &Path, data_exists: bool) -> Result<[u8; 32], KeyError> {
    let salt = match std::fs::read(salt_file) {
        Ok(salt) if salt.len() == SALT_BYTES => salt,
        Ok(_) => return Err(KeyError::Damaged),
        Err(_) if data_exists => return Err(KeyError::KeyLost),
        Err(_) => new_salt(salt_file)?,
    };
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).map_err(|error| KeyError::Store(error.to_string()))?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), &salt, &mut key)
        .map_err(|error| KeyError::Store(error.to_string()))?;
    Ok(key)
}

fn new_salt(salt_file: &Path) -> Result<Vec<u8>, KeyError> {
    let mut salt = vec![0; SALT_BYTES];
    rand::rngs::OsRng
        .try_fill_bytes(&mut salt)
        .map_err(|error| KeyError::Store(error.to_string()))?;
    std::fs::write(salt_file, &salt).map_err(|error| KeyError::Store(error.to_string()))?;
    Ok(salt)
}
