//! Bookings that come again: previewed day by day, booked as one, moved and cancelled alone or with the later ones.

use crate::clinic::{BOUND, appointments, at, book_by_api, go_to_tomorrow, open_bens_evening, option};
use crate::support::account::Account;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;

const GUEST: &str = "Ottilie Vantongeren";

/// Waits until the server has these bookings, by start: with that status.
async fn on_server(desk: &Account, before: &BTreeSet<Uuid>, starts: &[Timestamp], status: &str) {
    let what = format!("the server to have bookings at {starts:?}, {status}");
    let ask = async || {
        let rows = desk.rows(Kind::Appointment).await.into_iter();
        let new: Vec<_> = rows
            .filter(|(id, _)| !before.contains(id))
            .map(|(_, (_, row))| row)
            .collect();
        let series: BTreeSet<_> = new
            .iter()
            .map(|row| row["series"].as_str().map(str::to_owned))
            .collect();
        let mut begins: Vec<Timestamp> = new
            .iter()
            .filter(|row| row["status"] == status)
            .filter_map(|row| row["span"]["start"].as_str()?.parse().ok())
            .collect();
        begins.sort_unstable();
        let one_series = series.len() == 1 && !series.contains(&None);
        (begins == starts && new.len() == starts.len() && one_series).then_some(())
    };
    eventually(&what, BOUND, ask).await;
}

#[tokio::test]
async fn a_booking_that_comes_again_leaves_taken_days_out_and_moves_and_goes_with_its_later_ones() {
    let server = ClinicServer::sample("series", Hints::On).await;
    let ben = server.sign_in("ben").await;
    open_bens_evening(&ben).await;
    let adam = server.sign_in("adam").await;
    let week = SignedDuration::from_hours(7 * 24);
    book_by_api(&adam, ben.staff(), at(19, 0) + week, at(20, 0) + week).await;
    let before = appointments(&adam).await;

    let desk = Workstation::new("series").await;
    let app = desk.start(Launch::on(&server).user("olivia").open("scheduling")).await;
    let calendar = app.window("scheduling").await;
    go_to_tomorrow(&calendar, "schedule").await;
    let free = "[data-testid=col-ben] [data-testid=free][data-from='1140']";
    calendar.wait_for_within(free, BOUND).await;
    let press = "document.querySelector(arguments[0]).click()";
    calendar.run(press, vec![json!(free)]).await;
    calendar.wait_for("[data-testid=book-client]").await;
    calendar.type_into("[data-testid=book-client]", GUEST).await;
    let service = option(&calendar, "[data-testid=book-service]", "Physio").await;
    calendar.fill("[data-testid=book-service]", &service).await;
    calendar.fill("[data-testid=book-start]", "19:15").await;
    calendar.fill("[data-testid=book-repeat]", "1").await;
    calendar.wait_for_within("[data-testid=book-times]", BOUND).await;
    calendar.fill("[data-testid=book-times]", "3").await;
    calendar
        .wait_for_text("[data-testid=repeat-days]", "On 2 of these 3 days", BOUND)
        .await;
    assert_eq!(calendar.count("[data-testid=repeat-day][data-hard=true]").await, 1);
    calendar.screenshot("series-preview").await;
    calendar.click("[data-testid=book-submit]").await;
    calendar.wait_for_text("[data-testid=toast]", "2 bookings", BOUND).await;
    let (first, last) = (at(19, 15), at(19, 15) + week + week);
    on_server(&adam, &before, &[first, last], "confirmed").await;

    let booking = |span: &str| {
        format!(
            "[data-testid=col-ben] [data-testid=booking][data-pending=''][aria-label*='{GUEST}'][aria-label*='{span}']"
        )
    };
    let starting = booking("19:15–");
    calendar.wait_for_within(&starting, BOUND).await;
    calendar.run(press, vec![json!(starting)]).await;
    calendar
        .wait_for_text("[data-testid=sheet-series]", "1 later booking", BOUND)
        .await;
    calendar.click("[data-testid=sheet-move]").await;
    calendar.fill("[data-testid=move-start]", "19:30").await;
    calendar.click("[data-testid=series-all]").await;
    calendar.screenshot("series-move").await;
    calendar.click("[data-testid=move-submit]").await;
    calendar.wait_for_text("[data-testid=toast]", "2 bookings", BOUND).await;
    let quarter = SignedDuration::from_mins(15);
    on_server(&adam, &before, &[first + quarter, last + quarter], "confirmed").await;
    // The last thing done, whatever else can still be taken back.
    calendar.press(&format!("{}z", char::from(Key::Control))).await;
    on_server(&adam, &before, &[first, last], "confirmed").await;

    calendar.wait_for_within(&starting, BOUND).await;
    calendar.run(press, vec![json!(starting)]).await;
    calendar.wait_for_within("[data-testid=step-cancel]", BOUND).await;
    calendar.click("[data-testid=step-cancel]").await;
    calendar.click("[data-testid=series-all]").await;
    calendar.screenshot("series-cancel").await;
    calendar.click("[data-testid=reason-choice]").await;
    on_server(&adam, &before, &[first, last], "cancelled").await;
}
