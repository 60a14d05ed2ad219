//! The server goes away and comes back: the windows keep the day and say how old it is, and what was booked meanwhile
//! reaches the server once.

use crate::desks::{Clinic, option};
use crate::sight::{self, Sight};
use crate::support::account::Account;
use crate::told::Told;
use deskbell_clinic::Kind;
use std::collections::BTreeSet;
use std::time::Instant;
use uuid::Uuid;

/// Nobody in the sample clinic is called this.
const GUEST: &str = "Mara Quill";
const NOT_SENT: &str = "[data-testid=booking][data-pending=not_sent]";

/// Steps 6 and 7.
pub(crate) async fn kept_and_sent_once(clinic: &mut Clinic, told: &mut Told) {
    let before = appointments(&clinic.server.sign_in("olivia").await).await;
    let shown = clinic.desk.operator.count("[data-testid=booking]").await;
    assert!(shown > 0, "the board shows a day with bookings");

    clinic.server.stop();
    let act = Instant::now();
    let offline = clinic.desk.each("[data-testid=sync-pill][data-state=offline]");
    told.seen("6", "the server stops", act, offline).await;
    let still = clinic.desk.operator.count("[data-testid=booking]").await;
    assert_eq!(still, shown, "the day stays");
    say_how_old(clinic, told, act).await;

    let booking = pencil_in(clinic, told).await;

    let waiting = clinic.desk.operator.texts("[data-testid=sync-pill]").await;
    assert!(waiting.concat().contains("waiting"), "the pill counts it: {waiting:?}");
    clinic.server.start().await;
    let act = Instant::now();
    let sent = clinic.desk.booking(&booking, "");
    told.seen("7", "the server is back: the booking is sent", act, sent)
        .await;
    let live = clinic.desk.each("[data-testid=sync-pill][data-state=live]");
    told.seen("7", "… and every window is live again", act, live).await;

    let account = clinic.server.sign_in("olivia").await;
    let after = appointments(&account).await;
    let new: Vec<_> = after.difference(&before).map(Uuid::to_string).collect();
    assert_eq!(new, [booking], "the server has the booking once");
    let named = account.rows(Kind::Client).await;
    let named = named.values().filter(|(_, row)| row["name"] == GUEST).count();
    assert_eq!(named, 1, "and its client once");
    told.line(
        "7",
        "the server holds one new appointment, one new client",
        "the server's API",
        act.elapsed(),
    );
    told.pictures("7-back", clinic.windows()).await;
}

async fn appointments(account: &Account) -> BTreeSet<Uuid> {
    account.rows(Kind::Appointment).await.into_keys().collect()
}

/// What the pill and the list under it say about how old the day is.
async fn say_how_old(clinic: &Clinic, told: &Told, act: Instant) {
    let window = &clinic.desk.scheduling;
    window.click("[data-testid=sync-pill]").await;
    window
        .wait_for_text("[data-testid=waiting-acts]", "The clinic answered", sight::BOUND)
        .await;
    let pill = window
        .texts("[data-testid=sync-pill]")
        .await
        .concat()
        .replace('\n', " ");
    assert!(pill.contains("Offline since"), "the pill says since when: {pill}");
    let list = window.texts("[data-testid=waiting-acts]").await.concat();
    let age = list.lines().find(|line| line.starts_with("The clinic answered"));
    let said = format!("the day stays: “{}”, “{}”", pill.trim(), age.unwrap_or_default());
    told.line("6", &said, "desk 1, scheduling", act.elapsed());
    window.click("[data-testid=sync-pill]").await;
    window.wait_for_gone("[data-testid=waiting-acts]", sight::BOUND).await;
}

/// Books into Ben's evening while the server is away; returns the booking's id.
async fn pencil_in(clinic: &Clinic, told: &Told) -> String {
    let window = &clinic.desk.operator;
    window
        .click("[data-testid=row-ben] [data-testid=free][data-from='1140']")
        .await;
    window.type_into("[data-testid=book-client]", GUEST).await;
    let service = option(window, "[data-testid=book-service]", "Swedish").await;
    window.fill("[data-testid=book-service]", &service).await;
    window.fill("[data-testid=book-start]", "19:30").await;
    window.type_into("[data-testid=book-phone]", "0917 555 0134").await;
    window.click("[data-testid=book-submit]").await;
    let act = Instant::now();
    let kept = vec![
        Sight::of(window, format!("[data-testid=row-ben] {NOT_SENT}")),
        Sight::of(&clinic.desk.scheduling, format!("[data-testid=col-ben] {NOT_SENT}")),
    ];
    told.seen("6", "a booking is pencilled in: “Not sent yet”", act, kept)
        .await;
    let id = window
        .attribute(&format!("[data-testid=row-ben] {NOT_SENT}"), "data-id")
        .await;
    id.expect("a booking has an id")
}
