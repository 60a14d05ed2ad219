//! The shared PC: locked, it shows and answers nothing; its person comes back to the very draft.

use crate::clinic::{BOUND, open_bens_evening, option};
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints, PASSWORD};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use serde_json::json;

const DRAFT: &str = "Ottilie Vantongeren";
const CODE: &str =
    "return window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(() => 'answered', (why) => why.code)";

async fn asked(window: &Window, command: &str, arguments: serde_json::Value) -> String {
    let answer = window.run(CODE, vec![json!(command), arguments]).await;
    answer.as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn a_locked_desk_shows_and_answers_nothing_and_unlocks_offline_to_the_very_draft() {
    let mut server = ClinicServer::sample("locked", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let desk = Workstation::new("locked").await;
    let launch = Launch::on(&server);
    let app = desk
        .start(launch.clone().open("operator,scheduling").user("olivia"))
        .await;
    let (operator, scheduling) = (app.window("operator").await, app.window("scheduling").await);
    crate::clinic::go_to_tomorrow(&operator, "board").await;
    let free = "[data-testid=row-ben] [data-testid=free][data-from='1140']";
    operator.wait_for_within(free, BOUND).await;
    operator.click(free).await;
    operator.type_into("[data-testid=book-client]", DRAFT).await;
    let service = option(&operator, "[data-testid=book-service]", "Physio").await;
    operator.fill("[data-testid=book-service]", &service).await;
    operator.fill("[data-testid=book-start]", "19:30").await;

    // The desktop's own screen saver begins, as its bus says.
    let bus = desk.bus_connection().await;
    let said = ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver");
    bus.emit_signal(None::<&str>, said.0, said.1, "ActiveChanged", &true)
        .await
        .expect("the bus takes signals");
    for window in [&operator, &scheduling] {
        window.wait_for_within("[data-testid=locked]", BOUND).await;
        let page = window.run("return document.documentElement.outerHTML", vec![]).await;
        let page = page.as_str().expect("text");
        assert!(
            !page.contains(DRAFT) && !page.contains("data-testid=\"booking"),
            "{page}"
        );
        assert!(!page.contains("row-ben"), "not even who works: {page}");
    }
    for (command, arguments) in [
        ("board", json!({ "day": null })),
        ("find_clients", json!({ "text": "a" })),
        ("catalogue", json!({})),
        ("waiting_acts", json!({})),
        ("changes_since", json!({ "revision": 0 })),
    ] {
        assert_eq!(asked(&operator, command, arguments).await, "locked", "{command}");
    }

    // Without a server, wrong and right.
    server.stop();
    operator.type_into("[data-testid=unlock-password]", "wrong").await;
    operator.click("[data-testid=unlock]").await;
    operator
        .wait_for_text("[data-testid=error]", "not your password", BOUND)
        .await;
    operator.type_into("[data-testid=unlock-password]", PASSWORD).await;
    operator.click("[data-testid=unlock]").await;
    for window in [&operator, &scheduling] {
        window.wait_for_gone("[data-testid=locked]", BOUND).await;
    }
    let value = |css: &'static str| {
        let operator = &operator;
        async move {
            operator
                .run("return document.querySelector(arguments[0])?.value", vec![json!(css)])
                .await
        }
    };
    assert_eq!(value("[data-testid=book-client]").await, json!(DRAFT));
    assert_eq!(value("[data-testid=book-service]").await, json!(service));
    assert_eq!(value("[data-testid=book-start]").await, json!("19:30"));
    assert_eq!(asked(&operator, "board", json!({ "day": null })).await, "answered");

    // Locked by its person; ending the program is no way around it.
    scheduling.press("\u{e009}\u{e008}l\u{e000}").await;
    operator.wait_for_within("[data-testid=locked]", BOUND).await;
    assert!(app.quit().success());
    let app = desk.start(launch.open("operator")).await;
    let operator = app.window("operator").await;
    operator.wait_for_within("[data-testid=locked]", BOUND).await;
    operator.screenshot("locked").await;
    assert_eq!(asked(&operator, "board", json!({ "day": null })).await, "locked");
    operator.type_into("[data-testid=unlock-password]", PASSWORD).await;
    operator.click("[data-testid=unlock]").await;
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    eventually("the error to be gone", BOUND, async || {
        (operator.count("[data-testid=error]").await == 0).then_some(())
    })
    .await;
}
