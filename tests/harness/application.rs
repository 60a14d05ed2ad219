//! The real application, driven, killed and started again.

use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use std::time::Duration;

const BOUND: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_application_is_driven_in_every_window_and_quits_when_asked() {
    let workstation = Workstation::new("harness-application").await;
    let app = workstation
        .start(Launch::sample().open("operator,scheduling,therapist"))
        .await;
    for page in ["operator", "scheduling", "therapist"] {
        let window = app.window(page).await;
        window
            .wait_until(BOUND, "body", "to say something", |texts| {
                !texts.concat().trim().is_empty()
            })
            .await;
        window.screenshot(&format!("harness-{page}")).await;
    }
    assert_eq!(app.pages().await, ["operator", "scheduling", "therapist"]);
    assert!(app.quit().success(), "SIGTERM is how a desktop ends a session");
}

#[tokio::test]
async fn after_a_kill_it_starts_again_on_the_same_folders() {
    let workstation = Workstation::new("harness-killed").await;
    let server = ClinicServer::sample("harness-killed", Hints::On).await;
    let launch = Launch::on(&server).open("operator");
    let app = workstation.start(launch.clone().user("olivia")).await;
    app.window("operator").await.wait_for_text("body", "Ana", BOUND).await;
    app.kill();

    let app = workstation.start(launch.user("olivia")).await;
    app.window("operator").await.wait_for_text("body", "Ana", BOUND).await;
}
