//! Plays Deskbell's story by itself on a virtual display, for whoever wants to see it before reading anything:
//! `make demo`. Every line it prints is asserted first, so a story that no longer holds fails.

#[path = "../support/mod.rs"]
mod support;

mod desks;
mod outage;
mod sight;
mod told;

use desks::Clinic;
use std::time::Instant;
use support::server::Hints;
use told::Told;

#[tokio::test]
#[ignore = "a play for people, on a display: make demo"]
async fn two_desks_follow_one_therapists_hours_through_an_outage() {
    let mut told = Told::begin();
    let mut clinic = Clinic::open(&mut told, Hints::On).await;
    own_hours_show_at_once(&clinic, &mut told).await;
    hours_from_elsewhere_are_followed(&clinic, &mut told).await;
    outage::kept_and_sent_once(&mut clinic, &mut told).await;
    told.end();
}

/// The operator enters hours for Ben; the desk's other windows show them.
async fn own_hours_show_at_once(clinic: &Clinic, told: &mut Told) {
    let window = &clinic.desk.therapist;
    window
        .fill("[data-testid=staff-picker]", &clinic.staff_id("Ben").await)
        .await;
    clinic.shows_week_of(window, "Ben").await;
    let act = clinic.add_hours(window, "19:00", "21:00").await;
    told.seen(
        "2",
        "olivia enters 19:00–21:00 for Ben",
        act,
        clinic.desk.hours("ben", 1140, 1260),
    )
    .await;
    told.seen(
        "2",
        "… and the server has confirmed them",
        act,
        clinic.desk.confirmed_hours("ben", 1140, 1260),
    )
    .await;
}

/// Ana opens, changes and removes hours on her own machine; the operator's machine follows and is told.
async fn hours_from_elsewhere_are_followed(clinic: &Clinic, told: &mut Told) {
    let bell = clinic.desk_1.notifications();
    assert!(
        bell.shown().is_empty(),
        "a desk is not told of its own acts: {:?}",
        bell.shown()
    );

    let act = clinic.add_hours(&clinic.ana, "19:00", "21:00").await;
    told.seen("3", "ana opens 19:00–21:00", act, clinic.desk.hours("ana", 1140, 1260))
        .await;
    let notice = bell.wait_for(sight::BOUND, |each| each.summary.contains("Ana")).await;
    let text = format!("notification: {} · {}", notice.summary, notice.body);
    told.line(
        "3",
        &text,
        "desk 1, the desktop",
        notice.at.saturating_duration_since(act),
    );

    let act = clinic.change_end(&clinic.ana, (1140, 1260), "22:00").await;
    told.seen(
        "4",
        "ana changes them to 19:00–22:00",
        act,
        clinic.desk.hours("ana", 1140, 1320),
    )
    .await;

    clinic.ana.click(&clinic.mine((1140, 1320), "hours-remove")).await;
    let act = Instant::now();
    told.gone("5", "ana removes them", act, clinic.desk.hours("ana", 1140, 1320))
        .await;
}
