//! A computer that keeps no key in a keyring: the desk asks for a passphrase, at each start and once for a new one.

use crate::clinic::BOUND;
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints, PASSWORD};
use crate::support::window::Window;
use crate::support::workstation::Workstation;

const RIGHT: &str = "four words are kept";

/// Types a passphrase and gives it. The window goes at once when it is right, and a driver would wait for the end of a press
/// in it, so the press comes a moment after the driver was answered.
async fn give(window: &Window, passphrase: &str) {
    window.type_into("[data-testid=passphrase-field]", passphrase).await;
    let press = "setTimeout(() => document.querySelector('[data-testid=passphrase-give]').click(), 20)";
    window.run(press, vec![]).await;
}

#[tokio::test]
async fn a_passphrase_is_chosen_at_the_first_sign_in_and_opens_what_is_kept_at_the_next_start() {
    let mut server = ClinicServer::sample("passphrase", Hints::On).await;
    let desk = Workstation::new("passphrase").await;
    desk.set("passphrase = true\n");
    let app = desk.start(Launch::on(&server)).await;
    let sign_in = app.window("sign-in").await;
    sign_in.type_into("[data-testid=login]", "olivia").await;
    sign_in.type_into("[data-testid=password]", PASSWORD).await;
    sign_in.click("[data-testid=submit]").await;
    sign_in
        .wait_for_within("[data-testid=passphrase][data-ask=choose]", BOUND)
        .await;
    sign_in.type_into("[data-testid=passphrase-again]", "short").await;
    give(&sign_in, "short").await;
    sign_in
        .wait_for_text("[data-testid=error]", "at least 12 characters", BOUND)
        .await;
    sign_in.type_into("[data-testid=passphrase-again]", RIGHT).await;
    give(&sign_in, RIGHT).await;
    let operator = app.window("operator").await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    assert!(app.quit().success());

    // Without a server, the passphrase alone opens what is kept; nothing else does.
    server.stop();
    let app = desk.start(Launch::on(&server)).await;
    let sign_in = app.window("sign-in").await;
    sign_in
        .wait_for_within("[data-testid=passphrase][data-ask=unlock]", BOUND)
        .await;
    give(&sign_in, "four words are lost").await;
    sign_in
        .wait_for_text("[data-testid=error]", "not the passphrase", BOUND)
        .await;
    give(&sign_in, RIGHT).await;
    let operator = app.window("operator").await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
}
