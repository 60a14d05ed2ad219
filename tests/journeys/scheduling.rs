//! The calendar: a booking gets another time by the pointer, by keyboard and by typing, and there is a way back.

use crate::clinic::{BOUND, appointments, at, book_by_api, go_to_tomorrow, open_bens_evening, tomorrow};
use crate::support::account::Account;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

/// Pixels that a minute is tall in the calendar.
const PER_MINUTE: f64 = 1.2;

/// Ben's booking of this span, confirmed by the server.
fn bens(span: &str) -> String {
    format!("[data-testid=col-ben] [data-testid=booking][data-pending=''][aria-label*='{span}']")
}

/// Scrolls a booking to the middle of the calendar and answers where it is.
async fn in_view(calendar: &Window, booking: &str) -> (f64, f64) {
    calendar.wait_for_within(booking, BOUND).await;
    let scroll = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
    calendar.run(scroll, vec![json!(booking)]).await;
    calendar.middle(booking).await
}

/// Drags a booking by so many minutes.
async fn drag_by(calendar: &Window, booking: &str, minutes: f64) {
    let (x, y) = in_view(calendar, booking).await;
    calendar.drag((x, y), (x, y + minutes * PER_MINUTE)).await;
}

async fn begins_on_server(desk: &Account, booking: Uuid, start: Timestamp) {
    let what = format!("the server to have the booking at {start}");
    let ask = async || {
        let rows = desk.rows(Kind::Appointment).await;
        let begins = rows.get(&booking)?.1["span"]["start"].as_str()?.parse().ok();
        (begins == Some(start)).then_some(())
    };
    eventually(&what, BOUND, ask).await;
}

#[tokio::test]
async fn a_booking_is_moved_by_a_drag_by_keyboard_by_a_form_and_in_the_week_and_a_clash_offers_what_is_free() {
    let server = ClinicServer::sample("moves", Hints::On).await;
    let ben = server.sign_in("ben").await;
    open_bens_evening(&ben).await;
    let adam = server.sign_in("adam").await;
    let before = appointments(&adam).await;
    book_by_api(&adam, ben.staff(), at(19, 0), at(19, 45)).await;
    let booking = *appointments(&adam)
        .await
        .difference(&before)
        .next()
        .expect("the booking that was made");

    let desk = Workstation::new("moves").await;
    let app = desk.start(Launch::on(&server).user("olivia").open("scheduling")).await;
    let calendar = app.window("scheduling").await;
    go_to_tomorrow(&calendar, "schedule").await;

    drag_by(&calendar, &bens("19:00–19:45"), 32.0).await;
    calendar
        .wait_for_text("[data-testid=toast]", "19:00 → 19:30", BOUND)
        .await;
    calendar.wait_for_within(&bens("19:30–20:15"), BOUND).await;
    begins_on_server(&adam, booking, at(19, 30)).await;
    calendar.click("[data-testid=undo]").await;
    calendar.wait_for_within(&bens("19:00–19:45"), BOUND).await;
    begins_on_server(&adam, booking, at(19, 0)).await;

    in_view(&calendar, &bens("19:00–19:45")).await;
    calendar.click(&bens("19:00–19:45")).await;
    calendar.wait_for("[data-testid=sheet-move]").await;
    calendar.press("v").await;
    calendar.wait_for("[data-testid=move-form]").await;
    let (down, shift) = (char::from(Key::Down), char::from(Key::Shift));
    calendar.press(&format!("{down}{down}{shift}{down}")).await;
    calendar
        .wait_for_text("[data-testid=ghost]", "19:30–20:30", BOUND)
        .await;
    calendar.screenshot("scheduling-moving").await;
    calendar.press(&char::from(Key::Enter).to_string()).await;
    calendar.wait_for_within(&bens("19:30–20:30"), BOUND).await;

    calendar.click(&bens("19:30–20:30")).await;
    calendar.click("[data-testid=sheet-move]").await;
    calendar.fill("[data-testid=move-start]", "20:00").await;
    calendar.fill("[data-testid=move-minutes]", "45").await;
    calendar.click("[data-testid=move-submit]").await;
    calendar.wait_for_within(&bens("20:00–20:45"), BOUND).await;
    begins_on_server(&adam, booking, at(20, 0)).await;

    let from = in_view(&calendar, &bens("20:00–20:45")).await;
    let (carla, _) = calendar.middle("[data-testid=col-carla]").await;
    calendar.drag(from, (carla, from.1)).await;
    // A toast lasts ten seconds, and the server may take longer: it is looked for first.
    calendar
        .wait_for_text("[data-testid=toast]", "20:00 → Carla 20:00", BOUND)
        .await;
    let with_carla = "[data-testid=col-carla] [data-testid=booking][data-pending=''][aria-label*='20:00–20:45']";
    calendar.wait_for_within(with_carla, BOUND).await;
    calendar.press(&format!("{}z", char::from(Key::Control))).await;
    calendar.wait_for_within(&bens("20:00–20:45"), BOUND).await;

    calendar.click("[data-testid=col-ben] [data-testid=col-name]").await;
    let that_day = format!("[data-testid='col-{}'] [data-testid=booking]", tomorrow());
    let in_week = format!("{that_day}[data-pending=''][aria-label*='20:00–20:45']");
    drag_by(&calendar, &in_week, 15.0).await;
    begins_on_server(&adam, booking, at(20, 15)).await;
    calendar.wait_for(&in_week.replace("20:00–20:45", "20:15–21:00")).await;
    calendar.screenshot("scheduling-week").await;
    calendar.press("m").await;
    let on_month = format!("[data-testid=month-day][data-date='{}']", tomorrow());
    calendar.wait_for_within(&on_month, BOUND).await;
    calendar.screenshot("scheduling-month").await;
    calendar.click(&on_month).await;
    drag_by(&calendar, &bens("20:15–21:00"), -15.0).await;
    calendar.wait_for_within(&bens("20:00–20:45"), BOUND).await;

    book_by_api(&adam, ben.staff(), at(19, 0), at(19, 30)).await;
    calendar.wait_for_within(&bens("19:00–19:30"), BOUND).await;
    drag_by(&calendar, &bens("20:00–20:45"), -45.0).await;
    calendar.wait_for_text("[data-testid=conflict]", "Ben has", BOUND).await;
    calendar.screenshot("scheduling-conflict").await;
    begins_on_server(&adam, booking, at(20, 0)).await;
    let start = calendar
        .attribute("[data-testid=alternative]", "data-start")
        .await
        .expect("an alternative says when it begins");
    calendar.press(&char::from(Key::Enter).to_string()).await;
    calendar.wait_for_gone("[data-testid=conflict]", BOUND).await;
    calendar.wait_for_text("[data-testid=toast]", &start, BOUND).await;
}

/// Ben's bookings of tomorrow that are to come, as the server has them.
async fn bens_tomorrow(desk: &Account, ben: Uuid) -> Vec<Uuid> {
    let theirs = |row: &serde_json::Value| {
        let start: Timestamp = row["span"]["start"].as_str()?.parse().ok()?;
        let with = row["assignments"]
            .as_array()?
            .iter()
            .any(|one| one["staff"] == json!(ben));
        let ahead = ["requested", "confirmed"].contains(&row["status"].as_str()?);
        (with && ahead && at(0, 0) <= start && start <= at(23, 59)).then_some(())
    };
    let rows = desk.rows(Kind::Appointment).await;
    rows.into_iter()
        .filter(|(_, (_, row))| theirs(row).is_some())
        .map(|(id, _)| id)
        .collect()
}

#[tokio::test]
async fn six_bookings_of_somebody_who_is_away_are_given_to_others_and_told_in_at_most_twenty_keys() {
    let server = ClinicServer::sample("away", Hints::On).await;
    let ben = server.sign_in("ben").await;
    let adam = server.sign_in("adam").await;
    // Ana and Carla offer everything, so that somebody is free in the evening too.
    for login in ["ana", "ben", "carla"] {
        server.sign_in(login).await.add_availability(at(18, 0), at(23, 0)).await;
    }
    for nth in bens_tomorrow(&adam, ben.staff()).await.len()..6 {
        let start = at(18, 30) + jiff::SignedDuration::from_mins(40 * i64::try_from(nth).expect("few bookings"));
        book_by_api(&adam, ben.staff(), start, start + jiff::SignedDuration::from_mins(30)).await;
    }
    let six = bens_tomorrow(&adam, ben.staff()).await;
    assert_eq!(six.len(), 6, "Ben is booked six times");

    let desk = Workstation::new("away").await;
    let app = desk.start(Launch::on(&server).user("olivia").open("scheduling")).await;
    let calendar = app.window("scheduling").await;
    go_to_tomorrow(&calendar, "schedule").await;
    calendar.click("[data-testid=col-ben] [data-testid=col-name]").await;
    calendar.wait_for_within("[data-testid=view-week].on", BOUND).await;

    let mut keys = 0;
    let mut press = async |key: &str| {
        keys += 1;
        calendar.press(key).await;
    };
    let enter = char::from(Key::Enter).to_string();
    press("a").await;
    calendar
        .wait_for_within("[data-testid=away-sum][data-left='6']", BOUND)
        .await;
    press(&enter).await;
    calendar
        .wait_for_within("[data-testid=away-sum][data-marked=true]", BOUND)
        .await;
    // The driver gives each key to what has the focus when it asks, so the focus must have arrived where it goes.
    let at_hand = "[data-testid=away-booking][data-active=true][data-settled=open] [data-cell]:focus";
    let given = "[data-testid=away-booking][data-active=true][data-settled=covered] [data-cell]:focus";
    for left in (0..6).rev() {
        calendar.wait_for_within(at_hand, BOUND).await;
        press(&enter).await;
        calendar.wait_for_within(given, BOUND).await;
        press("t").await;
        let done = format!("[data-testid=away-sum][data-left='{left}']");
        calendar.wait_for_within(&done, BOUND).await;
        if left == 3 {
            calendar.screenshot("scheduling-away").await;
        }
    }
    assert!(keys <= 20, "{keys} keys for six bookings");

    eventually(
        "all six to be with others, and their clients to know",
        BOUND,
        async || {
            let tasks = adam.rows(Kind::Task).await;
            let told = |id: &Uuid| {
                tasks
                    .values()
                    .any(|(_, task)| task["appointment"] == json!(id) && task["outcome"] == json!("done"))
            };
            let left = bens_tomorrow(&adam, ben.staff()).await;
            (left.is_empty() && six.iter().all(told)).then_some(())
        },
    )
    .await;
    let blocks = adam.rows(Kind::Block).await;
    let whole_day = json!({ "start": at(0, 0), "end": at(0, 0) + jiff::SignedDuration::from_hours(24) });
    assert!(
        blocks
            .values()
            .any(|(_, row)| row["of"]["id"] == json!(ben.staff()) && row["span"] == whole_day),
        "Ben’s day is marked"
    );

    let undo = format!("{}z", char::from(Key::Control));
    calendar.press(&undo).await;
    calendar
        .wait_for_within("[data-testid=away-sum][data-left='1']", BOUND)
        .await;
    calendar.press(&undo).await;
    calendar
        .wait_for_within("[data-testid=away-booking][data-settled=open][data-pending='']", BOUND)
        .await;
    eventually("the last booking to be Ben’s again", BOUND, async || {
        (bens_tomorrow(&adam, ben.staff()).await.len() == 1).then_some(())
    })
    .await;
}
