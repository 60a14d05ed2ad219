//! What can be wrong with the cache, in sentences a person can act on.

/// Why the cache cannot do something. Nothing that was kept before is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The file is no SQLite database, or it is encrypted with another key.
    #[error(
        "The file with the clinic’s data on this computer cannot be read: it is damaged, or its key is another one."
    )]
    NotADatabase,
    /// The file was written by a newer program.
    #[error("The clinic’s data on this computer was written by a newer Deskbell. Update Deskbell to open it.")]
    NewerSchema,
    /// The file belongs to another clinic or account.
    #[error("The clinic’s data on this computer belongs to another account.")]
    OtherOwner,
    /// There is no room left.
    #[error("The disk is full. What you just did was not kept: make room, then do it again.")]
    DiskFull,
    /// The file is damaged inside.
    #[error("The file with the clinic’s data on this computer is damaged.")]
    Corrupt,
    /// The file cannot be opened or written: rights, a missing folder.
    #[error("The file with the clinic’s data on this computer cannot be opened: {0}")]
    Inaccessible(String),
    /// Something in the file is not as this program writes it.
    #[error("The clinic’s data on this computer cannot be understood: {0}")]
    Unreadable(String),
    /// The act is not there any more.
    #[error("This change is not waiting any more.")]
    NoSuchOperation,
    /// The act is on its way and cannot be taken back now.
    #[error("This change is being sent right now.")]
    BeingSent,
    /// A fault of the program's own broke off the work on the file; nothing of that work was kept.
    #[error(
        "Deskbell made a mistake, and what you just did was not kept. Do it again; if that does not help, restart Deskbell."
    )]
    Interrupted,
    /// The cache was closed.
    #[error("The clinic’s data on this computer is closed.")]
    Closed,
    /// SQLite answered something that it should not.
    #[error("The clinic’s data on this computer cannot be used: {0}")]
    Sqlite(rusqlite::Error),
}

impl CacheError {
    /// Something in the file is not as this program writes it. The text names what, never a value.
    pub fn unreadable(what: impl Into<String>) -> Self {
        Self::Unreadable(what.into())
    }
}

impl From<rusqlite::Error> for CacheError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::Inaccessible(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl From<serde_json::Error> for CacheError {
    fn from(error: serde_json::Error) -> Self {
        // The category only: the text of the error can quote a value.
        Self::Unreadable(format!("{:?} error in stored JSON", error.classify()))
    }
}
