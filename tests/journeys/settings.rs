//! The settings window: what is saved there holds at once and is in the person's file; what is set for the whole computer
//! or out of its range is not to be had.

use crate::clinic::BOUND;
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_holds_at_once_and_a_notification_can_be_tried() {
    let server = ClinicServer::sample("settings", Hints::Off).await;
    let desk = Workstation::new("settings").await;
    let app = desk.start(Launch::on(&server).open("operator").user("olivia")).await;
    let operator = app.window("operator").await;
    operator.wait_for_text("body", "Ana", BOUND).await;
    operator.press("\u{e009},\u{e000}").await;

    let settings = app.window("settings").await;
    settings.wait_for_within("[data-testid=settings-save]", BOUND).await;
    settings.screenshot("settings").await;
    settings
        .fill("[data-testid='sync.intervals.desk_active.shortest']", "2")
        .await;
    settings
        .wait_for_text("[data-testid=error]", "3 to 3600 seconds", BOUND)
        .await;
    settings.screenshot("settings-wrong").await;
    // However the windows lie over one another.
    for situation in ["desk_active", "desk_idle", "therapist_active", "hidden"] {
        for at in ["shortest", "longest"] {
            let field = format!("[data-testid='sync.intervals.{situation}.{at}']");
            settings.fill(&field, "3").await;
        }
    }
    settings.click("[data-testid=settings-save]").await;

    let file = desk.data_dir().join("default/settings.toml");
    crate::support::eventually("the file to say so", BOUND, async || {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        text.contains("shortest = 3").then_some(())
    })
    .await;
    operator.click("[data-testid=sync-pill]").await;
    operator
        .wait_for_text("[data-testid=waiting-acts]", "every 3 s.", BOUND)
        .await;

    settings.click("[data-testid=try-notification]").await;
    let shown = |summary: &str| summary.contains("shows like this");
    desk.notifications().wait_for(BOUND, |one| shown(&one.summary)).await;
    settings.wait_for_within("[data-testid=tried]", BOUND).await;

    // The picture follows the polls by itself, and the report can be handed on.
    settings
        .wait_for_within(
            "[data-testid=health]:has([data-testid=lane-polls]:not([data-sum='0']))",
            BOUND,
        )
        .await;
    settings.click("[data-testid=health] summary").await;
    settings
        .wait_for_text("[data-testid=report]", "speaks: Deskbell", BOUND)
        .await;
    settings.click("[data-testid=copy-report]").await;
    settings.wait_for_text("[data-testid=toast]", "Copied", BOUND).await;
    settings.screenshot("settings-health").await;
    // The panel of what waits is open there; the field behind it takes the text.
    operator.press("\u{e00c}").await;
    operator.wait_for_gone("[data-testid=waiting-acts]", BOUND).await;
    operator.press("/").await;
    operator.press("\u{e009}v\u{e000}").await;
    let pasted = "return document.activeElement?.value?.startsWith('Deskbell ')";
    crate::support::eventually("the report on the clipboard", BOUND, async || {
        (operator.run(pasted, vec![]).await == serde_json::json!(true)).then_some(())
    })
    .await;
    assert!(app.quit().success());
}
