//! The key of the copies, in a file of its own.

use crate::ServerError;
use crate::store::DbKey;
use std::io::{self, Write as _};
use std::path::Path;

/// A key for copies: 256 random bits, written as 64 hexadecimal digits.
#[derive(Clone)]
pub struct BackupKey([u8; 32]);

impl BackupKey {
    /// Reads the key that lies there.
    ///
    /// # Errors
    /// When there is none, or it is no key; the sentence names the file and never what is in it.
    pub fn read(path: &Path) -> Result<Self, ServerError> {
        let text = std::fs::read_to_string(path).map_err(|error| fail(path, &error))?;
        parse(text.trim()).ok_or_else(|| {
            ServerError::Refused(format!(
                "{} is not the key of a backup: 64 hexadecimal digits are expected",
                path.display()
            ))
        })
    }

    /// Reads the key that lies there, or makes one that only its owner reads.
    ///
    /// # Errors
    /// As [`BackupKey::read`], and when it cannot be written.
    pub fn read_or_make(path: &Path) -> Result<Self, ServerError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = match options.open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Self::read(path),
            Err(error) => return Err(fail(path, &error)),
        };
        let bytes: [u8; 32] = rand::random();
        let text = bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        file.write_all(format!("{text}\n").as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| fail(path, &error))?;
        tracing::warn!(
            path = %path.display(),
            "a key for backups was made: keep a copy of it away from this computer, without it no backup can be read"
        );
        Ok(Self(bytes))
    }
}

impl From<BackupKey> for DbKey {
    fn from(BackupKey(bytes): BackupKey) -> Self {
        Self::new(bytes)
    }
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupKey(***)")
    }
}

fn parse(text: &str) -> Option<BackupKey> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    let digits: [u8; 64] = digits?.try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, digit| byte << 4 | digit);
    }
    Some(BackupKey(bytes))
}

fn fail(path: &Path, error: &io::Error) -> ServerError {
    ServerError::Refused(format!("the backups' key {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_what_is_none_is_refused_without_being_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup.key");
        assert!(BackupKey::read(&path).is_err());
        let made = BackupKey::read_or_make(&path).unwrap();
        assert_eq!(BackupKey::read_or_make(&path).unwrap().0, made.0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        for wrong in ["", "hunter2", &"g".repeat(64), &"é".repeat(32), &"+1".repeat(32)] {
            std::fs::write(&path, wrong).unwrap();
            let said = BackupKey::read(&path).unwrap_err().to_string();
            assert!(said.contains("not the key of a backup"), "{said}");
            assert!(wrong.is_empty() || !said.contains(wrong), "{said}");
        }
    }
}
