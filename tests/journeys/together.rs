//! One desk's own windows show each other's work.

use crate::clinic::{BOUND, go_to_tomorrow, hours, option, tomorrow};
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use jiff::ToSpan;

#[tokio::test]
async fn hours_that_are_added_changed_and_removed_show_in_every_window_without_a_refresh() {
    let server = ClinicServer::sample("together", Hints::On).await;
    let desk = Workstation::new("together").await;
    let app = desk
        .start(Launch::on(&server).user("olivia").open("operator,scheduling,therapist"))
        .await;
    let (operator, scheduling, therapist) = (
        app.window("operator").await,
        app.window("scheduling").await,
        app.window("therapist").await,
    );
    go_to_tomorrow(&operator, "board").await;
    go_to_tomorrow(&scheduling, "schedule").await;
    go_to_tomorrow(&therapist, "my-day").await;
    let ben = option(&therapist, "[data-testid=staff-picker]", "Ben").await;
    therapist.fill("[data-testid=staff-picker]", &ben).await;
    therapist
        .wait_for_within(&format!("[data-testid=my-hours][data-staff='{ben}']"), BOUND)
        .await;

    therapist.click("[data-testid=add-hours]").await;
    therapist.fill("[data-testid=hours-day]", &tomorrow().to_string()).await;
    therapist.fill("[data-testid=hours-start]", "07:00").await;
    therapist.fill("[data-testid=hours-end]", "09:00").await;
    therapist.click("[data-testid=hours-submit]").await;
    for window in [&operator, &scheduling] {
        window.wait_for_within(&hours("ben", 420, 540), BOUND).await;
    }

    let mine = |from: u32, to: u32, part: &str| {
        let day = tomorrow();
        format!("[data-testid=hours][data-day='{day}'][data-from='{from}'][data-to='{to}'] [data-testid={part}]")
    };
    therapist.click(&mine(420, 540, "hours-edit")).await;
    therapist.fill("[data-testid=hours-end]", "09:30").await;
    therapist.click("[data-testid=hours-submit]").await;
    for window in [&operator, &scheduling] {
        window.wait_for_within(&hours("ben", 420, 570), BOUND).await;
        window.wait_for_gone(&hours("ben", 420, 540), BOUND).await;
    }

    therapist.click(&mine(420, 570, "hours-remove")).await;
    for window in [&operator, &scheduling] {
        window.wait_for_gone(&hours("ben", 420, 570), BOUND).await;
    }
    for (start, end, repeat) in [("07:00", "09:00", "1"), ("09:00", "10:00", "")] {
        therapist.click("[data-testid=add-hours]").await;
        therapist.fill("[data-testid=hours-day]", &tomorrow().to_string()).await;
        therapist.fill("[data-testid=hours-start]", start).await;
        therapist.fill("[data-testid=hours-end]", end).await;
        therapist.fill("[data-testid=hours-repeat]", repeat).await;
        therapist.click("[data-testid=hours-submit]").await;
        therapist.wait_for_gone("[data-testid=hours-form]", BOUND).await;
    }
    operator.wait_for_within(&hours("ben", 420, 540), BOUND).await;
    // Of what comes every week, tomorrow's goes alone.
    therapist.click(&mine(420, 540, "hours-edit")).await;
    therapist.wait_for("[data-testid=hours-which]").await;
    therapist.screenshot("therapist-series").await;
    therapist.click_named("Remove").await;
    operator.wait_for_gone(&hours("ben", 420, 540), BOUND).await;

    let next_week = tomorrow().saturating_add(7.days());
    let a_week_later = |from: u32, to: u32| {
        format!(
            "[data-testid=my-hours] [data-testid=hours][data-day='{next_week}'][data-from='{from}'][data-to='{to}']"
        )
    };
    therapist.click_named("Week after").await;
    therapist.wait_for_within(&a_week_later(420, 540), BOUND).await;
    therapist.click("[data-testid=copy-week]").await;
    therapist.wait_for_within(&a_week_later(540, 600), BOUND).await;
    therapist.screenshot("therapist-copied").await;

    let told = desk.notifications().shown();
    assert!(told.is_empty(), "nobody is told of their own acts: {told:?}");
}
