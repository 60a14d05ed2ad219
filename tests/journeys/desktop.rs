//! Deskbell on its desktop: the icon and what it offers, closing the last window and coming back, where windows were,
//! starting by itself, links, and notifications that lead somewhere and go when they are no news any more.

use crate::clinic::{BOUND, at, book_by_api};
use crate::support::account::Expect;
use crate::support::driver::{Launch, start_again};
use crate::support::eventually;
use crate::support::panel::{close_window, size_of, window_of, windows_of, with_window};
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use serde_json::json;

const BOARD: &str = "Deskbell · Board";

#[tokio::test]
async fn closed_to_its_icon_it_goes_on_telling_comes_back_as_it_was_and_quits_from_there() {
    let mut server = ClinicServer::sample("icon", Hints::On).await;
    let desk = Workstation::new("icon").await;
    let panel = desk.panel().await;
    desk.set("[desktop]\nclose_to_tray = true\nstart_at_login = true\n");
    let mut app = desk.start(Launch::on(&server).user("olivia").open("operator")).await;
    app.window("operator")
        .await
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    panel.wait_for_tip(": live").await;
    let entry = desk.folder().join("home/.config/autostart/Deskbell.desktop");
    let (entry, _) = eventually("the start by itself", BOUND, async || {
        std::fs::read_to_string(&entry).ok()
    })
    .await;
    assert!(entry.contains("--profile=default"), "{entry}");

    let board = window_of(app.id(), BOARD).await;
    with_window("windowsize", &board, &[1100, 720]);
    eventually("its new size", BOUND, async || {
        (size_of(&board) == (1100, 720)).then_some(())
    })
    .await;
    close_window(&board);
    eventually("the window to be gone", BOUND, async || {
        windows_of(app.id(), BOARD).is_empty().then_some(())
    })
    .await;

    let ana = server.sign_in("ana").await;
    ana.add_availability(at(19, 0), at(21, 0)).await;
    desk.notifications()
        .wait_for(BOUND, |each| each.summary.contains("Ana"))
        .await;
    app.assert_running();
    server.kill();
    panel.wait_for_tip("offline since").await;
    server.start().await;

    panel.click().await;
    let board = window_of(app.id(), BOARD).await;
    eventually("the size it had", BOUND, async || {
        (size_of(&board) == (1100, 720)).then_some(())
    })
    .await;
    let menu = panel.menu().await;
    assert!(menu.contains_key("Board") && menu.contains_key("Lock"), "{menu:?}");
    panel.choose("Lock").await;
    panel.wait_for_tip("locked").await;
    assert!(!panel.menu().await.contains_key("Look for changes now"));
    panel.choose("Quit Deskbell").await;
    assert!(app.ended(BOUND).await.success());
}

#[tokio::test]
async fn a_notification_leads_to_a_booking_and_goes_when_it_is_no_news_and_links_lead_to_theirs() {
    let server = ClinicServer::sample("leads", Hints::On).await;
    let desk = Workstation::new("leads").await;
    let app = desk.start(Launch::on(&server).user("olivia").open("operator")).await;
    let operator = app.window("operator").await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    let (olivia, ana) = (server.sign_in("olivia").await, server.sign_in("ana").await);
    ana.add_availability(at(19, 0), at(21, 0)).await;
    let told = desk
        .notifications()
        .wait_for(BOUND, |each| each.summary.contains("Ana"))
        .await;
    assert_eq!(told.action_keys(), ["default", "book"]);
    desk.notifications().invoke(told.id, "book").await;
    operator.wait_for_within("[data-testid=booking-form]", BOUND).await;
    let start = operator
        .run(
            "return document.querySelector('[data-testid=book-start]')?.value",
            vec![],
        )
        .await;
    assert_eq!(start, json!("19:00"));
    operator.screenshot("notification-book").await;
    operator.press("\u{e00c}").await;

    // Somebody else's time is told, and taken back before anybody answered.
    let ben = server.sign_in("ben").await;
    let his = ben.add_availability(at(19, 0), at(21, 0)).await;
    let told = desk
        .notifications()
        .wait_for(BOUND, |each| each.summary.contains("Ben"))
        .await;
    ben.delete(Kind::Availability, his, 1).await.accepted();
    desk.notifications().wait_until_withdrawn(told.id, BOUND).await;

    let booked = book_by_api(&olivia, ana.staff(), at(19, 0), at(20, 0)).await;
    let id = booked["id"].as_str().expect("an id").to_owned();
    start_again(&desk, &[&format!("deskbell://appointment/{id}")]);
    operator.wait_for_text("[role=dialog]", "19:00–20:00", BOUND).await;
    operator
        .wait_for_within(
            &format!("[data-testid=board][data-day='{}']", crate::clinic::tomorrow()),
            BOUND,
        )
        .await;
    start_again(&desk, &["deskbell://nowhere/at-all"]);
    start_again(&desk, &["deskbell://today"]);
    operator
        .wait_for_within(
            &format!("[data-testid=board][data-day='{}']", crate::clinic::today()),
            BOUND,
        )
        .await;
}

#[tokio::test]
async fn a_therapist_is_told_of_their_own_bookings_without_a_name_and_nothing_in_quiet_hours() {
    let server = ClinicServer::sample("own-news", Hints::On).await;
    let desk = Workstation::new("own-news").await;
    let app = desk.start(Launch::on(&server).user("ana").open("therapist")).await;
    let therapist = app.window("therapist").await;
    therapist
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    let (olivia, ana) = (server.sign_in("olivia").await, server.sign_in("ana").await);
    ana.add_availability(at(19, 0), at(22, 0)).await;
    let booked = book_by_api(&olivia, ana.staff(), at(19, 0), at(20, 0)).await;
    let told = desk
        .notifications()
        .wait_for(BOUND, |each| each.summary == "New booking for you at 19:00")
        .await;
    let row = &booked["body"];
    let client = olivia.rows(Kind::Client).await;
    let name = row["clients"][0]["client"]
        .as_str()
        .and_then(|id| client.get(&id.parse().ok()?))
        .and_then(|(_, client)| client["name"].as_str())
        .expect("a booking has a client")
        .to_owned();
    assert!(!told.body.contains(&name), "{}", told.body);

    let mut moved = row.clone();
    moved["span"] = json!({ "start": at(20, 0), "end": at(21, 0) });
    let id = booked["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let version = u32::try_from(booked["version"].as_u64().expect("a version")).expect("a small one");
    let moved = olivia
        .put(Kind::Appointment, id, &moved, Expect::Version(version))
        .await
        .accepted();
    desk.notifications()
        .wait_for(BOUND, |each| each.summary == "A booking of yours is now at 20:00")
        .await;
    desk.notifications().wait_until_withdrawn(told.id, BOUND).await;

    // From now on it is quiet, all day but for a minute that is over.
    let now = jiff::Zoned::now().time();
    let minute = |minutes: i64| {
        let time = now.wrapping_add(jiff::SignedDuration::from_mins(minutes));
        time.strftime("%H:%M").to_string()
    };
    desk.set(&format!(
        "[notifications.quiet]\non = true\nfrom = \"{}\"\nto = \"{}\"\n",
        minute(-5),
        minute(-10)
    ));
    let log = || app_log(&desk);
    eventually("the settings to be followed", BOUND, async || {
        log().contains("other settings hold from now on").then_some(())
    })
    .await;
    let before = desk.notifications().shown().len();
    let version = u32::try_from(moved["version"].as_u64().expect("a version")).expect("a small one");
    let mut back = moved["body"].clone();
    back["span"] = json!({ "start": at(21, 0), "end": at(22, 0) });
    olivia
        .put(Kind::Appointment, id, &back, Expect::Version(version))
        .await
        .accepted();
    eventually("the quiet to be kept", BOUND, async || {
        log().contains("quiet hours: nothing is told").then_some(())
    })
    .await;
    assert_eq!(desk.notifications().shown().len(), before);
    drop(therapist);
}

/// What the application has logged on a workstation so far.
fn app_log(desk: &Workstation) -> String {
    let folder = desk.data_dir().join("default/logs");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .map(|file| std::fs::read_to_string(file.path()).unwrap_or_default())
        .collect()
}
