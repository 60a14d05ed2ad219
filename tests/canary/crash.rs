//! A panic says where it happened, never what was in hand: the text of one may be a client's name.

use super::NAME;
use std::process::Command;

/// Run by the test below in a process of its own, since a panic's words are a process's.
#[test]
#[ignore = "panics on purpose: the test below runs it"]
fn cuts_a_name_in_the_middle_of_a_letter() {
    deskbell::keep_crashes_quiet();
    let name = format!("{NAME} Peña");
    let cut = name.len() - 2;
    // Says the whole text that it was to cut.
    let _ = std::hint::black_box(&name[..cut]);
}

#[test]
fn a_panic_says_where_and_not_what() {
    let program = std::env::current_exe().expect("this test's own program");
    let run = Command::new(program)
        .args([
            "--exact",
            "crash::cuts_a_name_in_the_middle_of_a_letter",
            "--ignored",
            "--nocapture",
        ])
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("this program can be started");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(!run.status.success(), "it panicked: {said}");
    assert!(said.contains("tests/canary/crash.rs:"), "it says where: {said}");
    assert!(!said.contains("Zyxquetz"), "it says nothing of the client: {said}");
}
