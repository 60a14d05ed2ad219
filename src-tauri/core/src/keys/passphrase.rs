//! A key made from a passphrase, on computers that have no keyring. Only the salt is on the disk.

use super::{KeyError, whole_file};
use crate::secret::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use rand::TryRngCore;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// How the name of a salt's file ends.
pub(super) const SALT: &str = "salt";
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
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(KeyError::Store(error.to_string())),
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

/// Without its salt, a passphrase makes no key any more; nor one for what was set aside.
pub(super) fn forget(salt_file: &Path) -> Result<(), KeyError> {
    for salt in [salt_file, &aside(salt_file)] {
        unless_absent(std::fs::remove_file(salt))?;
    }
    Ok(())
}

/// Takes a salt out of use; what it was for can still be read with it.
pub(super) fn set_aside(salt_file: &Path) -> Result<(), KeyError> {
    unless_absent(std::fs::rename(salt_file, aside(salt_file)))
}

/// The caches that have a salt in this folder, by name.
pub(super) fn salted(folder: &Path) -> Result<Vec<String>, KeyError> {
    let failed = |error: std::io::Error| KeyError::Store(error.to_string());
    let files = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
        files => files.map_err(failed)?,
    };
    let mut names = vec![];
    for file in files {
        let path = file.map_err(failed)?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let (Some(stem), true) = (stem, path.extension().is_some_and(|end| end == SALT)) {
            names.extend(stem.strip_prefix("cache-").map(str::to_owned));
        }
    }
    Ok(names)
}

fn aside(salt_file: &Path) -> PathBuf {
    salt_file.with_extension(format!("{SALT}.damaged"))
}

fn unless_absent(done: std::io::Result<()>) -> Result<(), KeyError> {
    match done {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(KeyError::Store(error.to_string())),
        _ => Ok(()),
    }
}

fn new_salt(salt_file: &Path) -> Result<Vec<u8>, KeyError> {
    let mut salt = vec![0; SALT_BYTES];
    rand::rngs::OsRng
        .try_fill_bytes(&mut salt)
        .map_err(|error| KeyError::Store(error.to_string()))?;
    whole_file::write(salt_file, &salt)?;
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derive_in(folder: &Path, data_exists: bool) -> Result<[u8; 32], KeyError> {
        let passphrase = Secret::new("correct horse".to_owned());
        derive(&passphrase, &folder.join("cache.salt"), data_exists)
    }

    #[test]
    fn a_salt_that_a_kill_cut_short_is_never_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        // As far as a killed process came: the salt has its name only once it is whole.
        std::fs::write(folder.path().join("cache.new"), [1; 3]).unwrap();
        let key = derive_in(folder.path(), false).unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert_eq!(files, ["cache.salt"]);
        assert_eq!(derive_in(folder.path(), true), Ok(key));
    }

    #[test]
    fn data_without_its_salt_is_lost_and_a_salt_that_cannot_be_read_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(derive_in(folder.path(), true), Err(KeyError::KeyLost));
        std::fs::create_dir(folder.path().join("cache.salt")).unwrap();
        let unreadable = derive_in(folder.path(), true);
        assert!(matches!(unreadable, Err(KeyError::Store(_))), "{unreadable:?}");
    }
}
