//! Looking for marked words in everything that lies in a folder, as text and as the two-byte text that browsers keep.

use std::path::{Path, PathBuf};

/// Every file under `folder` that holds one of the `marks`, with the mark. Sockets and what goes meanwhile are passed over.
pub(crate) fn files_with(folder: &Path, marks: &[String]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(bytes) = std::fs::read(entry.path())
            {
                let text = folded(&bytes);
                let held = marks.iter().filter(|mark| text.contains(&mark.to_ascii_lowercase()));
                found.extend(held.map(|mark| (entry.path(), mark.clone())));
            }
        }
    }
    found
}

/// Whether bytes hold a mark, whatever its case: a log or an index may change that. Marks are ASCII.
pub(crate) fn holds(bytes: &[u8], mark: &str) -> bool {
    folded(bytes).contains(&mark.to_ascii_lowercase())
}

/// Without the zeros between the letters of two-byte text, in lower case.
fn folded(bytes: &[u8]) -> String {
    let kept: Vec<u8> = bytes.iter().filter(|byte| **byte != 0).copied().collect();
    String::from_utf8_lossy(&kept).to_ascii_lowercase()
}

#[test]
fn a_mark_is_found_as_text_in_any_case_as_two_byte_text_and_deep_in_folders() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("web/profile");
    std::fs::create_dir_all(&deep).unwrap();
    let wide: Vec<u8> = "x Quetzal".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(deep.join("local.storage"), wide).unwrap();
    std::fs::write(folder.path().join("a.log"), "name=QUETZAL").unwrap();
    std::fs::write(folder.path().join("b.log"), "name=***").unwrap();
    let mut found = files_with(folder.path(), &["Quetzal".to_owned()]);
    found.sort();
    let names: Vec<_> = found
        .iter()
        .map(|(path, _)| path.strip_prefix(folder.path()).unwrap())
        .collect();
    assert_eq!(names, [Path::new("a.log"), Path::new("web/profile/local.storage")]);
}
