//! Making a copy every night, and letting the oldest go.

use super::{BackupKey, Backups};
use crate::serve::{FILE, blocking};
use crate::store::{self, DbKey, Store, meta};
use crate::{Config, ServerError};
use deskbell_clinic::Calendar;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether a copy is due. A computer that slept, or whose clock was set, is late by this at most.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How long nothing is tried after a copy could not be made.
const AFTER_FAILURE: Duration = Duration::from_secs(30 * 60);

/// Makes copies until the server stops. A copy that could not be made is logged and tried again.
pub(crate) async fn keep_making(config: Config, backups: Backups, store: Store, stopping: CancellationToken) {
    loop {
        let wait = match make_if_due(&config, &backups, &store).await {
            Ok(Some(made)) => {
                tracing::info!(backup = %made.display(), "the nightly backup was made and read back");
                LOOK_EVERY
            }
            Ok(None) => LOOK_EVERY,
            Err(error) => {
                tracing::error!(%error, "the nightly backup could not be made; it is tried again in half an hour");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn make_if_due(config: &Config, backups: &Backups, store: &Store) -> Result<Option<PathBuf>, ServerError> {
    let clinic = store.read(|connection| meta::clinic(connection)).await?;
    let calendar = Calendar::new(&clinic.zone, vec![]).map_err(|error| ServerError::Refused(error.to_string()))?;
    let now = store.clock().now();
    let now = calendar.day_of(now).to_datetime(calendar.time_of(now));
    let (path, own, backups) = (config.data_dir.join(FILE), config.key.clone(), backups.clone());
    blocking(move || {
        let cannot = |error: std::io::Error| ServerError::Refused(format!("{}: {error}", backups.folder.display()));
        std::fs::create_dir_all(&backups.folder).map_err(cannot)?;
        let there = made(&backups.folder).map_err(cannot)?;
        if !is_due(now, there.last().map(|(when, _)| *when), &backups) {
            return Ok(None);
        }
        let key: DbKey = BackupKey::read_or_make(&backups.key)?.into();
        // Under another name until it is whole: what has the name of a backup is one.
        let draft = backups.folder.join("clinic.db.writing");
        match std::fs::remove_file(&draft) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
        store::copy(&path, own.as_ref(), &draft, Some(&key))?;
        let backup = backups.folder.join(name(now));
        std::fs::rename(&draft, &backup).map_err(cannot)?;
        let too_many = (there.len() + 1).saturating_sub(backups.keep.max(1));
        for (_, old) in there.into_iter().take(too_many) {
            std::fs::remove_file(old).map_err(cannot)?;
        }
        Ok(Some(backup))
    })
    .await
}

/// Whether the last hour to make one has gone by since the newest was made; all in the clinic's own time.
fn is_due(now: DateTime, newest: Option<DateTime>, backups: &Backups) -> bool {
    let today = now.date().to_datetime(backups.at);
    let last = if today <= now {
        today
    } else {
        today.checked_sub(1.day()).unwrap_or(today)
    };
    // One from the future was made under a clock that was wrong: it is no reason to make none.
    newest.is_none_or(|newest| newest < last || newest > now.checked_add(1.day()).unwrap_or(now))
}

const BEFORE: &str = "clinic-";
const AFTER: &str = ".db";
const MOMENT: &str = "%Y-%m-%dT%H%M%S";

fn name(now: DateTime) -> String {
    format!("{BEFORE}{}{AFTER}", now.strftime(MOMENT))
}

/// The copies in a folder, oldest first. Whatever else lies there is not ours.
fn made(folder: &Path) -> std::io::Result<Vec<(DateTime, PathBuf)>> {
    let mut made = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let when = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix(BEFORE)?.strip_suffix(AFTER))
            .and_then(|moment| DateTime::strptime(MOMENT, moment).ok());
        if let Some(when) = when {
            made.push((when, path));
        }
    }
    made.sort();
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn backups(folder: &Path, keep: usize) -> Backups {
        Backups {
            folder: folder.join("backups"),
            key: folder.join("backup.key"),
            at: time(3, 30, 0, 0),
            keep,
        }
    }

    #[test]
    fn one_is_due_once_a_night_and_at_once_when_the_night_was_missed() {
        let nightly = backups(Path::new(""), 14);
        let at = |day: i8, hour: i8, minute: i8| date(2026, 11, day).at(hour, minute, 0, 0);
        assert!(is_due(at(23, 12, 0), None, &nightly), "the first");
        assert!(!is_due(at(23, 12, 0), Some(at(23, 3, 31)), &nightly));
        assert!(!is_due(at(24, 3, 29), Some(at(23, 3, 31)), &nightly));
        assert!(is_due(at(24, 3, 30), Some(at(23, 3, 31)), &nightly));
        assert!(
            is_due(at(24, 9, 0), Some(at(23, 3, 31)), &nightly),
            "it was off at night"
        );
        assert!(!is_due(at(24, 9, 5), Some(at(24, 9, 0)), &nightly));
        assert!(
            is_due(at(23, 12, 0), Some(at(30, 3, 31)), &nightly),
            "made by a wrong clock"
        );
    }

    #[test]
    fn only_what_has_the_name_of_a_backup_is_taken_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let moment = date(2026, 11, 23).at(3, 30, 7, 0);
        for name in [
            name(moment).as_str(),
            "clinic.db",
            "clinic-old.db",
            "clinic.db.writing",
            "holiday.jpg",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let found = made(folder.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, moment);
    }
}
