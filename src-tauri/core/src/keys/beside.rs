//! Secrets in files beside the data: for the sample clinic only, whose people are invented.

use super::{KeyError, whole_file};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.practice-key"))
}

fn failed(error: &std::io::Error) -> KeyError {
    KeyError::Store(error.to_string())
}

pub(super) fn read(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, KeyError> {
    match fs::read(file(folder, name)) {
        Ok(secret) => Ok(Some(secret)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

pub(super) fn write(folder: &Path, name: &str, secret: &[u8]) -> Result<(), KeyError> {
    whole_file::write(&file(folder, name), secret)
}

pub(super) fn erase(folder: &Path, name: &str) -> Result<(), KeyError> {
    match fs::remove_file(file(folder, name)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_beside_its_file_is_readable_by_this_user_only_and_gone_when_erased() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "cache", b"secret").unwrap();
        assert_eq!(read(folder.path(), "cache").unwrap().as_deref(), Some(&b"secret"[..]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(file(folder.path(), "cache")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        erase(folder.path(), "cache").unwrap();
        assert_eq!(read(folder.path(), "cache").unwrap(), None);
    }
}
