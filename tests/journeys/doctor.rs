//! What `deskbell doctor` says of a desk that is well, and of what is missing: a stopped server, a settings file with a
//! mistake, a desktop without keyring and notifications.

mod certificate;

use crate::clinic::BOUND;
use crate::support::app_program;
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::{Command, Output};

/// Runs it as a person on that machine would.
fn doctor(desk: &Workstation, server: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(app_program())
        .args(["--data-dir".as_ref(), desk.data_dir().as_os_str()])
        .args(["--server", server, "doctor"])
        .args(arguments)
        .envs(desk.environment())
        .envs(variables.iter().copied())
        .output()
        .expect("the application can be started")
}

/// All that it found.
fn findings(output: &Output) -> Vec<Value> {
    serde_json::from_slice(&output.stdout).expect("JSON and nothing else")
}

/// Each part's verdict. What is not good has a remedy.
fn verdicts(output: &Output) -> BTreeMap<String, String> {
    let findings = findings(output);
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let verdicts = findings.iter().map(|finding| {
        let verdict = text(finding, "verdict");
        assert_eq!(verdict == "good", finding["remedy"].is_null(), "{finding}");
        (text(finding, "part"), verdict)
    });
    verdicts.collect()
}

// The desktop answers while the program is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_well_passes_and_whatever_is_broken_is_named_with_a_remedy() {
    let mut server = ClinicServer::sample("doctor", Hints::On).await;
    let mut desk = Workstation::new("doctor").await;
    let app = desk.start(Launch::on(&server).open("operator").user("olivia")).await;
    let operator = app.window("operator").await;
    operator.wait_for_text("body", "Ana", BOUND).await;

    let url = server.url();
    let well = doctor(&desk, &url, &[], &["--json"]);
    let all_good = [
        "settings",
        "server",
        "certificate",
        "clock",
        "keyring",
        "cache",
        "notifications",
    ];
    let found = verdicts(&well);
    for part in all_good {
        assert_eq!(found.get(part).map(String::as_str), Some("good"), "{part} of {found:?}");
    }
    assert!(well.status.success(), "beside the running desk");
    assert!(app.quit().success());

    server.stop();
    desk.remove_keyring().await;
    let profile = desk.data_dir().join("default");
    std::fs::write(profile.join("settings.toml"), "[notifications]\ndays_ahead = 999\n").expect("a file");
    let no_bus = format!("unix:path={}", desk.folder().join("nobody").display());
    let broken = doctor(&desk, &url, &[("DBUS_SESSION_BUS_ADDRESS", &no_bus)], &["--json"]);
    let found = verdicts(&broken);
    for part in ["settings", "server", "notifications"] {
        assert_eq!(found.get(part).map(String::as_str), Some("bad"), "{part} of {found:?}");
    }
    // The system's keyring may take its place, until the next restart of the computer.
    assert_eq!(found.get("keyring").map(String::as_str), Some("doubtful"), "{found:?}");
    assert!(!broken.status.success());

    let words = doctor(&desk, &url, &[("DBUS_SESSION_BUS_ADDRESS", &no_bus)], &[]);
    let words = String::from_utf8_lossy(&words.stdout).into_owned();
    assert!(
        words.contains("notifications.days_ahead must be 1 to 365 days"),
        "{words}"
    );
}
