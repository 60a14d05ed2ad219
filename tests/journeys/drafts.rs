//! A booking that is being typed when the computer goes down is not lost, and is nobody else's.

use crate::clinic::{BOUND, go_to_tomorrow, open_bens_evening, option};
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use serde_json::json;

const GUEST: &str = "Ottilie Vantongeren";
const KEPT: &str = "return window.__TAURI_INTERNALS__.invoke('kept_draft', {}).then((kept) => kept?.draft.notes ?? null, (why) => why.code)";

async fn value(window: &Window, css: &str) -> serde_json::Value {
    let code = "return document.querySelector(arguments[0])?.value";
    window.run(code, vec![json!(css)]).await
}

/// Waits until the shell has the notes of the form.
async fn kept(window: &Window, notes: &str) {
    eventually("the draft to be kept", BOUND, async || {
        (window.run(KEPT, vec![]).await == json!(notes)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_booking_that_was_being_typed_is_offered_after_a_kill_and_gone_once_it_is_booked_or_thrown_away() {
    let server = ClinicServer::sample("drafts", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let desk = Workstation::new("drafts").await;
    let launch = Launch::on(&server).open("scheduling,operator");
    let app = desk.start(launch.clone().user("olivia")).await;
    let calendar = app.window("scheduling").await;
    go_to_tomorrow(&calendar, "schedule").await;
    let free = "[data-testid=col-ben] [data-testid=free][data-from='1140']";
    calendar.wait_for_within(free, BOUND).await;
    // Pressed as a screen reader does: a click has a place of its own in the column.
    let press = "document.querySelector(arguments[0]).click()";
    calendar.run(press, vec![json!(free)]).await;
    calendar.wait_for("[data-testid=book-client]").await;
    calendar.type_into("[data-testid=book-client]", GUEST).await;
    let service = option(&calendar, "[data-testid=book-service]", "Physio").await;
    calendar.fill("[data-testid=book-service]", &service).await;
    calendar.fill("[data-testid=book-start]", "19:30").await;
    calendar.type_into("[data-testid=book-notes]", "Left knee").await;
    kept(&calendar, "Left knee").await;
    app.kill();

    let app = desk.start(launch.clone()).await;
    let (calendar, operator) = (app.window("scheduling").await, app.window("operator").await);
    calendar.wait_for_text("[data-testid=draft-about]", GUEST, BOUND).await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    assert_eq!(
        operator.count("[data-testid=draft-offer]").await,
        0,
        "each window has its own"
    );
    calendar.screenshot("draft-offered").await;
    calendar.click("[data-testid=draft-take]").await;
    calendar.wait_for_within("[data-testid=book-notes]", BOUND).await;
    for (field, typed) in [
        ("client", GUEST),
        ("start", "19:30"),
        ("notes", "Left knee"),
        ("service", &service),
    ] {
        let css = format!("[data-testid=book-{field}]");
        assert_eq!(value(&calendar, &css).await, json!(typed), "{field}");
    }
    calendar.screenshot("draft-taken-up").await;

    // Closed by mistake, it is still there.
    calendar.click("[data-testid=panel-close]").await;
    calendar.wait_for_within("[data-testid=draft-offer]", BOUND).await;
    calendar.click("[data-testid=draft-take]").await;
    calendar.wait_for_within("[data-testid=book-submit]", BOUND).await;
    calendar.click("[data-testid=book-submit]").await;
    calendar.wait_for_text("[data-testid=toast]", GUEST, BOUND).await;
    kept_nothing(&calendar).await;
    assert_eq!(calendar.count("[data-testid=draft-offer]").await, 0);

    go_to_tomorrow(&operator, "board").await;
    operator.wait_for_within("[data-testid=free]", BOUND).await;
    operator.click("[data-testid=free]").await;
    operator.type_into("[data-testid=book-client]", GUEST).await;
    operator.type_into("[data-testid=book-notes]", "Right knee").await;
    kept(&operator, "Right knee").await;
    operator.press("\u{e00c}").await;
    operator.wait_for_within("[data-testid=draft-offer]", BOUND).await;
    operator.screenshot("draft-on-board").await;
    // Nobody reads it while the desk is locked.
    calendar.press("\u{e009}\u{e008}l\u{e000}").await;
    operator.wait_for_within("[data-testid=locked]", BOUND).await;
    assert_eq!(operator.run(KEPT, vec![]).await, json!("locked"));
    operator
        .type_into("[data-testid=unlock-password]", crate::support::server::PASSWORD)
        .await;
    operator.click("[data-testid=unlock]").await;
    operator.wait_for_within("[data-testid=draft-offer]", BOUND).await;

    // Whoever signs out takes it along.
    let leave = "void window.__TAURI_INTERNALS__.invoke('sign_out', { force: true }); return true";
    operator.run(leave, vec![]).await;
    let signed_out = app.window("sign-in").await;
    signed_out.wait_for_within("[data-testid=login]", BOUND).await;
    app.kill();
    let app = desk.start(launch.user("olivia")).await;
    let operator = app.window("operator").await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    kept_nothing(&operator).await;
}

async fn kept_nothing(window: &Window) {
    eventually("no draft to be kept", BOUND, async || {
        window.run(KEPT, vec![]).await.is_null().then_some(())
    })
    .await;
}
