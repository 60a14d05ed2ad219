//! The corpus of the fuzz targets, replayed on stable Rust: every input that was ever worth keeping goes through the same
//! functions that live fuzzing feeds (`fuzz/`). What each file must give is said by the first word of its name: `good`
//! must be read, `bad` must be refused, `any` must only not panic.

#[path = "../../fuzz/parsers.rs"]
mod parsers;

use std::path::Path;

/// Feeds each file of a target's corpus, and says which was not as its name says.
fn replay(target: &str, is_read: impl Fn(&[u8]) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut names = vec![];
    for entry in std::fs::read_dir(&folder).expect("the corpus is committed") {
        let path = entry.expect("a file of the corpus").path();
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        let read = is_read(&std::fs::read(&path).expect("a file of the corpus"));
        match name.split('-').next() {
            Some("good") => assert!(read, "{target}/{name} is good and was refused"),
            Some("bad") => assert!(!read, "{target}/{name} is bad and was taken"),
            Some("any") => {}
            _ => panic!("{target}/{name}: a name begins with good-, bad- or any-"),
        }
        names.push(name);
    }
    assert!(names.len() >= 4, "the corpus of {target} has {names:?} only");
}

#[test]
fn pages_of_changes_are_read_or_refused() {
    replay("changes", |bytes| parsers::changes(bytes).is_ok());
}

#[test]
fn refusals_are_never_taken_for_success() {
    use deskbell_core::backend::BackendError;
    // Read means here: the server's own sentence about it was understood.
    let understood = |error| {
        matches!(
            error,
            BackendError::Conflict(_) | BackendError::Invalid(_) | BackendError::VersionMismatch(_)
        )
    };
    replay("problem", |bytes| understood(parsers::problem(bytes)));
}

#[test]
fn streams_of_hints_are_heard_or_end() {
    replay("hints", |bytes| !parsers::hints(bytes).is_empty());
}

#[test]
fn settings_files_are_read_or_refused_and_survive_being_written() {
    replay("settings", |bytes| parsers::settings(bytes).is_some());
}

#[test]
fn links_lead_to_a_place_or_nowhere() {
    replay("link", |bytes| parsers::link(bytes).is_some());
}
