//! Hours are opened, a client is booked into them, and the booking is cancelled, without a hand on the mouse.

use crate::clinic::{BOUND, appointments};
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;
use serde_json::json;

/// More stops than any window has between two places that one goes to.
const MOST_PRESSES: u32 = 80;

/// Whether the keyboard is at what `css` selects.
async fn is_at(window: &Window, css: &str) -> bool {
    let script = "return document.activeElement?.matches(arguments[0]) ?? false";
    window.run(script, vec![json!(css)]).await == json!(true)
}

/// Presses a key until the keyboard is at what `css` selects, as a person does who watches the frame go round.
async fn go_by(window: &Window, key: Key, css: &str) {
    for _ in 0..MOST_PRESSES {
        if is_at(window, css).await {
            return;
        }
        window.key(key).await;
    }
    let at = "return document.activeElement?.outerHTML.slice(0, 300)";
    panic!(
        "{css} was not reached by {key:?}; the keyboard is at {}",
        window.run(at, vec![]).await
    );
}

#[tokio::test]
async fn hours_are_opened_booked_and_the_booking_cancelled_by_keyboard_alone() {
    let server = ClinicServer::sample("keyboard", Hints::On).await;
    let olivia = server.sign_in("olivia").await;
    let before = appointments(&olivia).await;
    let hours = olivia.rows(Kind::Availability).await.len();
    let desk = Workstation::new("keyboard").await;
    let app = desk
        .start(Launch::on(&server).user("olivia").open("operator,therapist"))
        .await;
    let (operator, therapist) = (app.window("operator").await, app.window("therapist").await);
    let enter = char::from(Key::Enter).to_string();

    therapist.wait_for_within("[data-testid=my-hours]", BOUND).await;
    therapist.press("n").await;
    therapist.wait_for_within("[data-testid=hours-form]", BOUND).await;
    go_by(&therapist, Key::Tab, "[data-testid=hours-usual]").await;
    therapist.press(&enter).await;
    go_by(&therapist, Key::Tab, "[data-testid=hours-submit]").await;
    therapist.press(&enter).await;
    therapist.wait_for_gone("[data-testid=hours-form]", BOUND).await;
    eventually("the server to have the hours", BOUND, async || {
        (olivia.rows(Kind::Availability).await.len() == hours + 1).then_some(())
    })
    .await;

    operator
        .wait_for_within("[data-testid=board] [data-testid=free]", BOUND)
        .await;
    operator.press("]").await;
    let tomorrow = format!("[data-testid=board][data-day='{}']", crate::clinic::tomorrow());
    operator.wait_for_within(&tomorrow, BOUND).await;
    operator.press("n").await;
    operator.wait_for_within("[data-testid=opening]", BOUND).await;
    go_by(&operator, Key::Tab, "[data-testid=opening]").await;
    operator.press(&enter).await;
    operator.wait_for_within("[data-testid=booking-form]", BOUND).await;
    go_by(&operator, Key::Tab, "[data-testid=book-client]").await;
    operator.press("Quintus Keyes").await;
    go_by(&operator, Key::Tab, "[data-testid=book-service]").await;
    operator.press("Physio").await;
    operator.screenshot("keyboard-form").await;
    operator.press(&enter).await;
    if !is_at(&operator, "body").await {
        go_by(&operator, Key::Tab, "[data-testid=book-submit]").await;
        operator.press(&enter).await;
    }
    operator.wait_for_gone("[data-testid=booking-form]", BOUND).await;
    let (new, _) = eventually("the server to have the booking", BOUND, async || {
        appointments(&olivia).await.into_iter().find(|id| !before.contains(id))
    })
    .await;

    let booking = format!("[data-testid=booking][data-id='{new}']");
    operator.wait_for_within(&booking, BOUND).await;
    operator.press("/").await;
    operator.press("Quintus").await;
    operator
        .wait_for_text("[data-testid=find-client]", "Quintus Keyes", BOUND)
        .await;
    operator.press(&enter).await;
    operator
        .wait_for_text("[data-testid=client-card]", "Quintus Keyes", BOUND)
        .await;
    go_by(
        &operator,
        Key::Tab,
        "[data-testid=card-visit], [data-testid=card-visit] *",
    )
    .await;
    operator.press(&enter).await;
    operator.wait_for_within("[data-testid=step-cancel]", BOUND).await;
    operator.press("x").await;
    operator.wait_for_within("[data-testid=reason-choice]", BOUND).await;
    go_by(&operator, Key::Tab, "[data-testid=reason-choice]").await;
    operator.press(&enter).await;
    eventually("the booking to be cancelled", BOUND, async || {
        let rows = olivia.rows(Kind::Appointment).await;
        (rows.get(&new)?.1["status"] == "cancelled").then_some(())
    })
    .await;
}
