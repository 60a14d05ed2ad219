//! Leave: made where the hours are kept, asked about first, seen in the other windows and at another desk, and taken back.

use crate::clinic::{BOUND, at, book_by_api, go_to_tomorrow, open_bens_evening, option, tomorrow};
use crate::support::account::Account;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;
use serde_json::Value;

/// A block of Ben's on a board.
const BLOCK: &str = "[data-testid=row-ben] [data-testid=block]";

/// Waits until the clinic's list has something to do about the booking, or nothing any more.
async fn wait_for_task(asked: bool, booking: &Value, desk: &Account) {
    let ask = async || {
        let tasks = desk.rows(Kind::Task).await;
        let about = |(_, row): &(u32, Value)| {
            row["kind"] == "stranded" && row["appointment"] == booking["id"] && row["outcome"].is_null()
        };
        (tasks.values().any(about) == asked).then_some(())
    };
    eventually("the task about the booking that lies in the leave", BOUND, ask).await;
}

#[tokio::test]
async fn a_leave_asks_about_what_lies_in_it_shows_on_every_board_and_is_taken_back() {
    let server = ClinicServer::sample("leave", Hints::On).await;
    let ben = server.sign_in("ben").await;
    open_bens_evening(&ben).await;
    let adam = server.sign_in("adam").await;
    let booked = book_by_api(&adam, ben.staff(), at(19, 0), at(19, 45)).await;

    let (desk, elsewhere) = (
        Workstation::new("leave").await,
        Workstation::new("leave-elsewhere").await,
    );
    let app = desk
        .start(Launch::on(&server).user("olivia").open("operator,therapist"))
        .await;
    let far = elsewhere.start(Launch::on(&server).user("adam").open("operator")).await;
    let (board, hours) = (app.window("operator").await, app.window("therapist").await);
    let other = far.window("operator").await;
    go_to_tomorrow(&board, "board").await;
    go_to_tomorrow(&other, "board").await;
    go_to_tomorrow(&hours, "my-day").await;
    let picked = option(&hours, "[data-testid=staff-picker]", "Ben").await;
    hours.fill("[data-testid=staff-picker]", &picked).await;
    hours
        .wait_for_within(&format!("[data-testid=my-hours][data-staff='{picked}']"), BOUND)
        .await;

    hours.click("[data-testid=add-leave]").await;
    hours
        .fill("[data-testid=leave-from-day]", &tomorrow().to_string())
        .await;
    hours.fill("[data-testid=leave-to-day]", &tomorrow().to_string()).await;
    hours.click("[data-testid=leave-whole]").await;
    hours.fill("[data-testid=leave-from]", "18:00").await;
    hours.fill("[data-testid=leave-to]", "22:00").await;
    hours.click("[data-testid=leave-submit]").await;
    hours.wait_for_text("[data-testid=strands]", "19:00–19:45", BOUND).await;
    assert_eq!(board.count(BLOCK).await, 0, "nothing is kept before the answer");
    hours.click("[data-testid=strand-confirm]").await;
    for window in [&board, &other] {
        window.wait_for_text(BLOCK, "Leave", BOUND).await;
    }
    let mine = format!("[data-testid=leave][data-day='{}'][data-pending='']", tomorrow());
    hours.wait_for_text(&mine, "18:00–22:00", BOUND).await;
    wait_for_task(true, &booked, &adam).await;
    let rows = adam.rows(Kind::Appointment).await;
    let stays = rows.values().find(|(_, row)| row["id"] == booked["id"]);
    assert_eq!(
        stays.expect("the booking").1["status"],
        "confirmed",
        "nobody is cancelled"
    );

    // A note takes no more time than the leave did: nothing is asked again.
    hours.click(&format!("{mine} [data-testid=leave-edit]")).await;
    hours.wait_for_within("[data-testid=leave-whole]", BOUND).await;
    hours.fill("[data-testid=leave-note]", "Family visit").await;
    hours.click("[data-testid=leave-submit]").await;
    hours.wait_for_gone("[data-testid=leave-form]", BOUND).await;
    hours.wait_for_text(&mine, "Family visit", BOUND).await;

    // Both acts are taken back, the last one first.
    let undo = format!("{}z", char::from(Key::Control));
    hours.press(&undo).await;
    hours.wait_for_no_text(&mine, "Family visit", BOUND).await;
    hours.press(&undo).await;
    for window in [&board, &other] {
        window.wait_for_gone(BLOCK, BOUND).await;
    }
    hours
        .wait_for_gone(&format!("[data-testid=leave][data-day='{}']", tomorrow()), BOUND)
        .await;
    wait_for_task(false, &booked, &adam).await;
}
