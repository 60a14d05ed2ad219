//! What leaves the program: a day on paper or in a file. Nothing else is written: no copy is left behind.

use crate::ipc::{Answer, CommandError};
use crate::shell::Shell;
use deskbell_clinic::StaffId;
use deskbell_clinic::wire::ExportKind;
use deskbell_core::front::DayFile;
use deskbell_core::view::{DaySheet, Taken};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use tauri::{State, WebviewWindow};

/// Files of one name that may lie beside each other.
const MOST_OF_ONE_NAME: u32 = 100;

/// A day on paper, of the whole clinic or of one person.
#[tauri::command]
#[specta::specta]
pub(crate) async fn day_sheet(
    shell: State<'_, Shell>,
    day: Option<String>,
    staff: Option<StaffId>,
) -> Answer<DaySheet> {
    Ok(shell
        .desk_for("day_sheet")
        .await?
        .day_sheet(day.as_deref(), staff)
        .await?)
}

/// Has it recorded that a day is printed, and opens the desktop's print dialog on the sheet that this window shows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_day(
    shell: State<'_, Shell>,
    window: WebviewWindow,
    day: String,
    staff: Option<StaffId>,
) -> Answer<Taken> {
    let recorded = shell.desk_for("print_day").await?.record_print(&day, staff).await?;
    window
        .print()
        .map_err(|error| CommandError::other(format!("The print dialog cannot be opened: {error}")))?;
    Ok(Taken { file: None, recorded })
}

/// Saves a day in the person's folder of downloads, once that is recorded. No file that is there is written over.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_day(
    shell: State<'_, Shell>,
    what: ExportKind,
    day: String,
    staff: Option<StaffId>,
) -> Answer<Taken> {
    let desk = shell.desk_for("save_day").await?;
    let (file, recorded) = desk.day_file(what, &day, staff).await?;
    let written = tokio::task::spawn_blocking(move || save(&downloads()?, &file)).await;
    let written = written.map_err(|_| CommandError::other("Deskbell is closing."))?;
    let path = written.map_err(|error| CommandError::other(format!("The file cannot be saved: {error}")))?;
    Ok(Taken {
        file: Some(path.display().to_string()),
        recorded,
    })
}

/// The person's folder of downloads; made where their home has none.
fn downloads() -> std::io::Result<PathBuf> {
    let none = || std::io::Error::new(ErrorKind::NotFound, "this account has no folder of its own");
    let folder = dirs::download_dir()
        .or_else(|| dirs::home_dir().map(|home| home.join("Downloads")))
        .ok_or_else(none)?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Writes a file that only its owner reads, beside those of the same name; what could not be written whole is removed.
fn save(folder: &Path, file: &DayFile) -> std::io::Result<PathBuf> {
    let (stem, ending) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
    for count in 1..=MOST_OF_ONE_NAME {
        let name = match count {
            1 => file.name.clone(),
            count => format!("{stem} ({count}).{ending}"),
        };
        let path = folder.join(name);
        match create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut open) => {
                let whole = open.write_all(&file.bytes).and_then(|()| open.sync_all());
                if let Err(error) = whole {
                    let _ = std::fs::remove_file(&path);
                    return Err(error);
                }
                return Ok(path);
            }
        }
    }
    Err(std::io::Error::new(
        ErrorKind::AlreadyExists,
        "there are too many files of this name",
    ))
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(bytes: &[u8]) -> DayFile {
        DayFile {
            name: "deskbell-2026-11-23.csv".to_owned(),
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_file_is_saved_beside_those_of_its_name_and_read_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), &day(b"first")).unwrap();
        let second = save(folder.path(), &day(b"second")).unwrap();
        assert_eq!(std::fs::read(&first).unwrap(), b"first", "what was there stays");
        assert!(second.ends_with("deskbell-2026-11-23 (2).csv"), "{second:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&second).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "and nothing else");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_said_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        assert!(save(&folder.path().join("none"), &day(b"x")).is_err());
    }
}
