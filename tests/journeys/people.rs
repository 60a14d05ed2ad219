//! People of one desk take turns by PIN, also without a network: each has their own windows, and what the one before did is
//! sent as theirs.

use crate::clinic::{BOUND, appointments, go_to_tomorrow, open_bens_evening, pencil_in, pending};
use crate::support::driver::{App, Launch};
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints, PASSWORD};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PIN: &str = "2580";
/// What changing persons may take.
const SWITCH: Duration = Duration::from_secs(3);

/// Sets the PIN of whoever is in front.
async fn set_pin(window: &Window, picture: &str) {
    window.click("[data-testid=account]").await;
    window.click("[data-testid=own-pin]").await;
    for (field, text) in [("pin-new", PIN), ("pin-again", PIN), ("pin-password", PASSWORD)] {
        window.type_into(&format!("[data-testid={field}]"), text).await;
    }
    window.screenshot(picture).await;
    window.click("[data-testid=pin-keep]").await;
    window.wait_for_gone("[data-testid=pin-keep]", BOUND).await;
}

/// Leaves the desk to another by the key, who comes in by PIN; answers how long they waited.
async fn switch_to(window: &Window, name: &str) -> Duration {
    window.press("\u{e009}\u{e008}s\u{e000}").await;
    window.wait_for_within("[data-testid=locked]", BOUND).await;
    window.click(&format!("[data-testid=person][data-name={name}]")).await;
    window.type_into("[data-testid=unlock-pin]", PIN).await;
    let begun = Instant::now();
    window.click("[data-testid=unlock]").await;
    window.wait_for_text("[data-testid=account]", name, BOUND).await;
    window.wait_for_within("[data-testid=booking]", BOUND).await;
    begun.elapsed()
}

/// Somebody who has not been at this desk takes it, by name and password.
async fn somebody_else(app: &App, window: &Window, login: &str) {
    window.press("\u{e009}\u{e008}l\u{e000}").await;
    window.click("[data-testid=somebody-else]").await;
    let sign_in = app.window("sign-in").await;
    sign_in.type_into("[data-testid=login]", login).await;
    sign_in.type_into("[data-testid=password]", PASSWORD).await;
    sign_in.click("[data-testid=submit]").await;
}

#[tokio::test]
async fn two_people_share_a_desk_offline_and_waiting_work_of_the_first_is_sent_as_the_firsts() {
    let mut server = ClinicServer::sample("people", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let before = appointments(&server.sign_in("olivia").await).await;
    let desk = Workstation::new("people").await;
    let app = desk.start(Launch::on(&server).open("operator").user("olivia")).await;
    let operator = app.window("operator").await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    set_pin(&operator, "set-pin").await;
    somebody_else(&app, &operator, "adam").await;
    operator.wait_for_text("[data-testid=account]", "Adam", BOUND).await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    set_pin(&operator, "set-pin-adam").await;

    // Without a server, Olivia comes back and books for a new client, which are two acts; then Adam takes the desk again.
    server.stop();
    let came_back = switch_to(&operator, "Olivia").await;
    go_to_tomorrow(&operator, "board").await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    pencil_in(&operator, "Mara Quill", "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;
    operator.press("\u{e009}\u{e008}s\u{e000}").await;
    operator.wait_for_within("[data-testid=locked]", BOUND).await;
    operator.screenshot("switch-person").await;
    operator.type_into("[data-testid=unlock-pin]", "1357").await;
    operator.click("[data-testid=unlock]").await;
    operator
        .wait_for_text("[data-testid=error]", "not the PIN", BOUND)
        .await;
    operator.screenshot("wrong-pin").await;
    let took_over = switch_over(&operator).await;
    for took in [came_back, took_over] {
        assert!(took < SWITCH, "changing persons took {took:?}");
    }
    operator
        .wait_for_text("[data-testid=sync-pill]", "Olivia: 2 waiting", BOUND)
        .await;
    go_to_tomorrow(&operator, "board").await;
    let page = operator.run("return document.documentElement.outerHTML", vec![]).await;
    assert!(
        !page.to_string().contains("Mara Quill"),
        "Olivia's work is not painted for Adam"
    );
    operator.click("[data-testid=sync-pill]").await;
    operator
        .wait_for_text(
            "[data-testid=others-work]",
            "Olivia: 2 changes are sent as theirs",
            BOUND,
        )
        .await;
    operator.screenshot("others-work").await;
    operator.press("\u{e00c}").await;

    // The server is back: the booking is Olivia's there, and on Adam's board.
    server.start().await;
    operator
        .wait_for_no_text("[data-testid=sync-pill]", "Olivia", BOUND)
        .await;
    let olivia = server.sign_in("olivia").await;
    let booked = appointments(&olivia).await;
    let booked: Vec<_> = booked.difference(&before).copied().collect();
    assert_eq!(booked.len(), 1, "the server has the booking once");
    let changes = olivia.changes().await;
    let change = changes
        .iter()
        .rfind(|change| change.id == booked[0])
        .expect("its change");
    assert_eq!(change.by, Some(olivia.session().who.account), "as Olivia's");
    let bar = format!("[data-testid=booking][data-id='{}']", booked[0]);
    operator.wait_for_within(&bar, BOUND).await;

    // A therapist has no board: its window goes, and theirs comes.
    somebody_else(&app, &operator, "ben").await;
    let therapist = app.window("therapist").await;
    therapist.wait_for_text("[data-testid=account]", "Ben", BOUND).await;
    eventually("only Ben's window", BOUND, async || {
        (app.pages().await == ["therapist"]).then_some(())
    })
    .await;
    let asked =
        "return window.__TAURI_INTERNALS__.invoke('find_clients', { text: 'a' }).then(() => 'told', () => 'refused')";
    assert_eq!(therapist.run(asked, vec![]).await, json!("refused"));
}

#[tokio::test]
async fn a_desk_whose_access_was_taken_back_says_what_was_not_sent_and_holds_nothing_more() {
    let mut server = ClinicServer::sample("revoked", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let desk = Workstation::new("revoked").await;
    let app = desk.start(Launch::on(&server).open("operator").user("olivia")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    server.stop();
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    pencil_in(&operator, "Mara Quill", "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;
    server.revoke("olivia");
    server.start().await;

    let sign_in = app.window("sign-in").await;
    for told in ["took back the access of Olivia", "Booking for 2", "Client, made"] {
        sign_in.wait_for_text("[data-testid=error]", told, BOUND).await;
    }
    sign_in
        .wait_for_no_text("[data-testid=error]", "Mara Quill", BOUND)
        .await;
    sign_in.screenshot("revoked").await;
    eventually("no window of hers", BOUND, async || {
        (app.pages().await == ["sign-in"]).then_some(())
    })
    .await;
    assert_eq!(caches(&desk), Vec::<String>::new());
}

#[tokio::test]
async fn an_administrator_takes_a_desk_back_and_it_says_so_and_is_empty_at_once() {
    let server = ClinicServer::sample("taken", Hints::On).await;
    let desk = Workstation::new("taken").await;
    let app = desk.start(Launch::on(&server).open("operator").user("olivia")).await;
    let operator = app.window("operator").await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    let admin = server.sign_in("adam").await;
    let sessions = admin.get("/v1/sessions").await.accepted();
    let hers = |one: &&Value| one["login"] == "olivia";
    let hers = sessions.as_array().expect("a list").iter().find(hers).expect("hers");
    let body = json!({"login": "olivia", "device_id": hers["device_id"]});
    admin.post("/v1/revocations", &body, None).await.accepted();

    let sign_in = app.window("sign-in").await;
    for told in ["took back the access of Olivia", "Nothing was waiting"] {
        sign_in.wait_for_text("[data-testid=error]", told, BOUND).await;
    }
    assert_eq!(caches(&desk), Vec::<String>::new());
}

/// What a workstation keeps of anybody's data.
fn caches(desk: &Workstation) -> Vec<String> {
    std::fs::read_dir(desk.data_dir().join("default"))
        .expect("the profile's folder")
        .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("cache-"))
        .collect()
}

/// The same on a lock screen that is there already, with the other person offered first.
async fn switch_over(window: &Window) -> Duration {
    window.type_into("[data-testid=unlock-pin]", PIN).await;
    let begun = Instant::now();
    window.click("[data-testid=unlock]").await;
    window.wait_for_text("[data-testid=account]", "Adam", BOUND).await;
    window.wait_for_within("[data-testid=booking]", BOUND).await;
    begun.elapsed()
}
