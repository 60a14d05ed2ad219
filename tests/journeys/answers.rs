//! A therapist answers what they are asked, and the desk sees at once what to do.

use crate::clinic::{BOUND, ask_by_api, at, go_to_tomorrow, open_bens_evening};
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use serde_json::json;

#[tokio::test]
async fn a_therapist_declines_with_a_reason_and_the_desk_is_told_what_to_do_about_it() {
    let server = ClinicServer::sample("answers", Hints::On).await;
    let ben = server.sign_in("ben").await;
    open_bens_evening(&ben).await;
    let adam = server.sign_in("adam").await;
    let asked = ask_by_api(&adam, ben.staff(), at(19, 0), at(20, 0)).await;

    let (desk, home) = (
        Workstation::new("answers").await,
        Workstation::new("answers-home").await,
    );
    let front = desk.start(Launch::on(&server).user("olivia").open("operator")).await;
    let away = home.start(Launch::on(&server).user("ben").open("therapist")).await;
    let (board, mine) = (front.window("operator").await, away.window("therapist").await);
    go_to_tomorrow(&mine, "my-day").await;
    let booking = format!(
        "[data-testid=my-booking][data-id='{}']",
        asked["id"].as_str().unwrap_or_default()
    );
    mine.click(&format!("{booking} [data-testid=step-decline]")).await;

    // The desk has to tell the client something.
    mine.click(&format!("{booking} [data-testid=reason-submit]")).await;
    mine.wait_for_within(&format!("{booking} [role=alert]"), BOUND).await;
    mine.type_into(&format!("{booking} [data-testid=reason]"), "At the dentist's")
        .await;
    mine.click(&format!("{booking} [data-testid=reason-submit]")).await;

    // The board shows today: what needs somebody does not wait until its day is looked at.
    board
        .wait_for_text("[data-testid=need][data-why=declined]", "19:00", BOUND)
        .await;
    let rows = adam.rows(Kind::Appointment).await;
    let declined = rows.values().find(|(_, row)| row["id"] == asked["id"]);
    let (_, declined) = declined.expect("the booking stays on the list");
    assert_eq!(
        (&declined["status"], &declined["reason"]),
        (&json!("declined"), &json!("At the dentist's"))
    );
}
