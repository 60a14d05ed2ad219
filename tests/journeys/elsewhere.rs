//! What happens at another desk shows here.

use crate::clinic::{BOUND, at, book_by_api, go_to_tomorrow, hours};
use crate::support::account::Expect;
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;
use serde_json::json;

#[tokio::test]
async fn another_desks_new_hours_show_in_every_window_and_one_notification_leads_to_the_board() {
    let server = ClinicServer::sample("elsewhere", Hints::On).await;
    let desk = Workstation::new("elsewhere").await;
    let launch = Launch::on(&server).user("olivia").open("operator,scheduling");
    let app = desk.start(launch).await;
    let (operator, scheduling) = (app.window("operator").await, app.window("scheduling").await);
    go_to_tomorrow(&scheduling, "schedule").await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;

    let ana = server.sign_in("ana").await;
    ana.add_availability(at(19, 0), at(21, 0)).await;
    scheduling.wait_for_within(&hours("ana", 1140, 1260), BOUND).await;
    operator.wait_for_within("[data-testid=changed-entry]", BOUND).await;
    let told = desk
        .notifications()
        .wait_for(BOUND, |each| each.summary.contains("Ana"))
        .await;
    assert!(told.summary.contains("19:00"), "it says when: {}", told.summary);

    desk.notifications().invoke(told.id, "default").await;
    let day = format!("[data-testid=board][data-day='{}']", crate::clinic::tomorrow());
    operator.wait_for_within(&day, BOUND).await;
    operator.wait_for_within(&hours("ana", 1140, 1260), BOUND).await;
    let shown = desk.notifications().shown();
    assert_eq!(shown.len(), 1, "one piece of news, one notification: {shown:?}");

    // Who was that? The list of changes says it, and the booking's history from which desk.
    let adam = server.sign_in("adam").await;
    let booked = book_by_api(&adam, ana.staff(), at(19, 0), at(20, 0)).await;
    let booking = format!("[data-testid=booking][data-id={}]", booked["id"]);
    operator
        .wait_for_text("[data-testid=changed-entry]", "by Adam", BOUND)
        .await;
    let history = async || {
        operator.click(&booking).await;
        operator.click("[data-testid=history] summary").await;
    };
    history().await;
    operator
        .wait_for_text("[data-testid=history-line]", "Adam, at another desk", BOUND)
        .await;
    operator.press("a").await;
    operator.wait_for_gone("[data-testid=sheet]", BOUND).await;
    history().await;
    let mine = "[data-testid=history-line][data-what=stepped]";
    operator.wait_for_text(mine, "You, at this desk", BOUND).await;
    operator.screenshot("history").await;
    // Its steps are in the palette too, while it is open.
    operator.press(&format!("{}k", char::from(Key::Control))).await;
    operator.wait_for_text("[data-testid=palette]", ": Start", BOUND).await;
    operator.press(&char::from(Key::Escape).to_string()).await;
    operator.wait_for_gone("[data-testid=palette]", BOUND).await;

    // The day on paper and in files; the clinic's server knows who took it.
    operator.press(&format!("{}p", char::from(Key::Control))).await;
    operator
        .wait_for_text("[data-testid=paper-line]", "19:00–20:00", BOUND)
        .await;
    operator.screenshot("day-sheet").await;
    let id = booked["body"]["clients"][0]["client"].as_str().expect("an id");
    let clients = adam.rows(Kind::Client).await;
    let (_, row) = &clients[&id.parse().expect("a UUID")];
    let client = row["name"].as_str().expect("a name").to_owned();
    for (button, kind, begins) in [
        ("paper-table", "csv", "\u{feff}Day,Start"),
        ("paper-calendar", "ics", "BEGIN:VCALENDAR"),
    ] {
        operator.click(&format!("[data-testid={button}]")).await;
        let file = format!("deskbell-{}.{kind}", crate::clinic::tomorrow());
        operator.wait_for_text("[data-testid=toast]", &file, BOUND).await;
        let saved = std::fs::read_to_string(desk.folder().join("home/Downloads").join(file)).expect("it is there");
        assert!(saved.starts_with(begins), "{kind}: {saved}");
        assert!(saved.contains(&client), "it has the booking of {client}");
    }
}

#[tokio::test]
async fn without_hints_another_desks_hours_show_within_the_polling_interval() {
    let server = ClinicServer::sample("polling", Hints::Off).await;
    let desk = Workstation::new("polling").await;
    let app = desk.start(Launch::on(&server).user("olivia").open("operator")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    let ana = server.sign_in("ana").await;
    ana.add_availability(at(19, 0), at(21, 0)).await;
    // 30 s is the longest that an idle board waits; the rest is for a slow machine.
    operator.wait_for_within(&hours("ana", 1140, 1260), BOUND).await;
}

#[tokio::test]
async fn a_therapists_desk_gets_only_what_is_theirs_and_loses_a_booking_that_moves_away() {
    let server = ClinicServer::sample("scope", Hints::On).await;
    let (olivia, ana, ben) = (
        server.sign_in("olivia").await,
        server.sign_in("ana").await,
        server.sign_in("ben").await,
    );
    ana.add_availability(at(19, 0), at(21, 0)).await;
    let booked = book_by_api(&olivia, ana.staff(), at(19, 0), at(20, 0)).await;
    let id = booked["id"].as_str().expect("an id").to_owned();

    let desk = Workstation::new("scope").await;
    let app = desk
        .start(Launch::on(&server).user("ana").open("scheduling,therapist"))
        .await;
    let (scheduling, therapist) = (app.window("scheduling").await, app.window("therapist").await);
    go_to_tomorrow(&scheduling, "schedule").await;
    go_to_tomorrow(&therapist, "my-day").await;
    let booking = format!("[data-testid=my-booking][data-id='{id}']");
    therapist.wait_for_within(&booking, BOUND).await;

    ben.add_availability(at(19, 0), at(21, 0)).await;
    let mut moved = booked["body"].clone();
    moved["assignments"][0]["staff"] = json!(ben.staff());
    moved["assignments"][0]["answer"] = json!("pending");
    let version = u32::try_from(booked["version"].as_u64().expect("a version")).expect("a small one");
    let uuid = id.parse().expect("an id");
    olivia
        .put(Kind::Appointment, uuid, &moved, Expect::Version(version))
        .await
        .accepted();
    therapist.wait_for_gone(&booking, BOUND).await;
    // The move came after Ben's hours in commit order, so they would be here by now.
    assert_eq!(
        scheduling.count(&hours("ben", 1140, 1260)).await,
        0,
        "these hours are Ben's"
    );
    assert_eq!(
        scheduling.count(&format!("[data-id='{id}']")).await,
        0,
        "this booking is Ben's"
    );
}
