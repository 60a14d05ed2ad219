//! Small files that are there whole or not at all, whenever the power goes: half a salt or half a key is data lost.

use super::KeyError;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes a file that only this user can read; on return it is on the disk.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    try_write(path, bytes).map_err(|error| KeyError::Store(error.to_string()))
}

fn try_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let whole = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(&whole)?;
    made.write_all(bytes)?;
    made.sync_all()?;
    fs::rename(&whole, path)?;
    // The name is the folder's to keep. Windows has no such call, and keeps it with the file.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
