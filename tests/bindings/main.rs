//! The TypeScript bindings that the windows are compiled against are those of the Rust types.

use specta_typescript::Typescript;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/ipc/bindings.ts");

/// With `DESKBELL_WRITE_BINDINGS` set (`make bindings`), writes them instead.
#[test]
fn the_committed_bindings_are_those_of_the_rust_types() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("bindings.ts");
    deskbell::bindings().export(Typescript::default(), &made).unwrap();
    let made = std::fs::read_to_string(made).unwrap();
    if std::env::var_os("DESKBELL_WRITE_BINDINGS").is_some() {
        std::fs::write(COMMITTED, &made).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap();
    assert!(
        made == committed,
        "the Rust types have changed: run `make bindings` and commit {COMMITTED}"
    );
}
