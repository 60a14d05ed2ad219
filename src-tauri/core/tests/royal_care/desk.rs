//! The whole desk on that service: what a person does, through engine, cache and adapter.

use crate::other::Other;
use crate::place::{TIMEOUTS, clinic, day};
use deskbell_clinic::{BlockReason, Role, Status};
use deskbell_core::backend::Speaks;
use deskbell_core::cache::OutboxState;
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::sync::link::LinkState;
use deskbell_core::sync::status::SyncStatus;
use deskbell_core::view::{BookingAnswer, ClientChoice, HoursForm, LeaveForm, NewBooking, Pill, Repeats};
use deskbell_royal_care_stand_in::{Fault, PASSWORD, StandIn};
use std::time::Duration;
use tempfile::TempDir;

struct Seat {
    desk: Desk,
    _folder: TempDir,
}

fn options(folder: &TempDir, clinic: &StandIn) -> DeskOptions {
    DeskOptions::new(folder.path().to_owned(), &clinic.url())
        .speaks(Speaks::RoyalCare)
        .practice()
        .timeouts(TIMEOUTS)
}

async fn seat(clinic: &StandIn, login: &str) -> Seat {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, clinic)).await.unwrap();
    desk.sign_in(login, PASSWORD).await.unwrap();
    until(&desk, "the first reading", |status| status.link == LinkState::Polling).await;
    Seat { desk, _folder: folder }
}

async fn until(desk: &Desk, what: &str, holds: impl Fn(&SyncStatus) -> bool) {
    let mut status = desk.status();
    let waited = tokio::time::timeout(Duration::from_secs(20), status.wait_for(|status| holds(status))).await;
    assert!(waited.is_ok(), "{what}: {:?}", desk.status().borrow().clone());
}

async fn until_async(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what}");
}

async fn booking(desk: &Desk, start: &str) -> NewBooking {
    let catalogue = desk.catalogue().await.unwrap();
    let of = |role: Role| catalogue.staff.iter().find(|one| one.role == role).unwrap().id;
    let ana = catalogue
        .staff
        .iter()
        .find(|one| one.name == "Ana Bautista")
        .unwrap()
        .id;
    NewBooking {
        client: ClientChoice::New {
            name: "Mara Quill".into(),
            phone: "0999 555 0134".into(),
        },
        services: vec![catalogue.services[0].id],
        staff: vec![ana],
        driver: Some(of(Role::Driver)),
        address: Some("3 Test St, Pasig".into()),
        day: day(30).to_string(),
        start: start.into(),
        notes: String::new(),
        call_back: None,
        override_reason: None,
        repeats: None,
    }
}

fn made(clinic: &StandIn) -> Vec<serde_json::Value> {
    let rows = clinic.appointments().into_iter();
    rows.filter(|row| row["location"] == "3 Test St, Pasig").collect()
}

#[tokio::test]
async fn a_booking_that_comes_again_is_refused_in_words_and_nothing_of_it_is_kept() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "op1").await;
    assert!(!seat.desk.holds().series);
    let weekly = Repeats {
        weeks: 1,
        times: 4,
        leave_out: vec![],
    };
    let asked = NewBooking {
        repeats: Some(weekly),
        ..booking(&seat.desk, "10:00").await
    };
    let refused = seat.desk.book(asked).await.unwrap_err();
    assert!(refused.to_string().contains("come again"), "{refused}");
    assert!(made(&clinic).is_empty());
}

#[tokio::test]
async fn a_booking_with_a_new_client_goes_out_and_begins_as_asked() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "op1").await;
    let answer = seat.desk.book(booking(&seat.desk, "10:00").await).await.unwrap();
    let BookingAnswer::Kept { appointment, .. } = answer else {
        panic!("{answer:?}")
    };
    // Not the count of what waits: it is still none right after the act was kept.
    until_async("all is sent", async || seat.desk.outbox().await.unwrap().is_empty()).await;
    assert_eq!(made(&clinic).len(), 1);
    let sheet = seat.desk.booking_sheet(appointment).await.unwrap();
    assert_eq!(
        (sheet.status, sheet.step.as_deref()),
        (Status::Requested, Some("pending"))
    );
    assert_eq!(sheet.place, "3 Test St, Pasig");
}

#[tokio::test]
async fn a_booking_made_offline_is_sent_exactly_once_when_the_server_is_back() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "op1").await;
    let form = booking(&seat.desk, "10:00").await;
    clinic.go_away();
    seat.desk.refresh();
    until(&seat.desk, "offline", |status| status.link == LinkState::Offline).await;
    seat.desk.book(form).await.unwrap();
    clinic.come_back();
    until_async("it is sent", async || seat.desk.outbox().await.unwrap().is_empty()).await;
    assert_eq!(made(&clinic).len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_bound_and_one_that_may_come_is_asked_about_and_neither_is_doubled() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "th01").await;
    let me = seat.desk.account().unwrap().staff.unwrap();
    let form = |start: &str, end: &str| HoursForm {
        staff: me,
        day: day(30).to_string(),
        start: start.into(),
        end: end.into(),
        repeat_weeks: None,
        repeat_until: None,
        note: String::new(),
    };
    let there = || {
        let date = day(30).to_string();
        clinic
            .availabilities("th01")
            .into_iter()
            .filter(|row| row["date"] == date.as_str())
            .count()
    };
    clinic.order("POST", "availabilities", Fault::DoneThenCut, 1);
    seat.desk.add_hours(form("09:00", "10:00")).await.unwrap();
    until_async("the first is settled", async || {
        seat.desk.outbox().await.unwrap().is_empty()
    })
    .await;
    assert_eq!(there(), 1);

    clinic.order("POST", "availabilities", Fault::Swallowed, 1);
    seat.desk.add_hours(form("14:00", "15:00")).await.unwrap();
    until(&seat.desk, "a person is asked", |status| status.need_you == 1).await;
    let waiting = seat.desk.outbox().await.unwrap();
    assert_eq!(waiting[0].state, OutboxState::Parked);
    assert!(waiting[0].reason.contains("may have arrived"), "{}", waiting[0].reason);
    assert_eq!(there(), 1, "it is not sent again by itself");

    seat.desk.retry_operation(waiting[0].operation).await.unwrap();
    until_async("the person sent it", async || {
        seat.desk.outbox().await.unwrap().is_empty()
    })
    .await;
    assert_eq!(there(), 2);
}

#[tokio::test]
async fn a_session_that_lapses_holds_the_outbox_until_the_same_person_signs_in_again() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "op1").await;
    clinic.lapse_tokens();
    seat.desk.book(booking(&seat.desk, "10:00").await).await.unwrap();
    until(&seat.desk, "a sign-in is asked for", |status| {
        status.link == LinkState::AuthHeld
    })
    .await;
    assert_eq!(seat.desk.sync_view().await.pill, Pill::SignInAgain);
    until_async("it is held", async || {
        let waiting = seat.desk.outbox().await.unwrap();
        waiting.iter().any(|item| item.state == OutboxState::AuthHeld)
    })
    .await;
    assert!(made(&clinic).is_empty());
    seat.desk.sign_in("op1", PASSWORD).await.unwrap();
    until_async("it is sent", async || seat.desk.outbox().await.unwrap().is_empty()).await;
    assert_eq!(made(&clinic).len(), 1);
}

#[tokio::test]
async fn the_next_start_goes_on_without_a_sign_in_and_with_the_same_rows() {
    let clinic = clinic().await;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &clinic)).await.unwrap();
    desk.sign_in("op1", PASSWORD).await.unwrap();
    until(&desk, "the first reading", |status| status.link == LinkState::Polling).await;
    let before = desk.catalogue().await.unwrap();
    desk.close().await;
    let desk = Desk::open(options(&folder, &clinic)).await.unwrap();
    assert_eq!(desk.catalogue().await.unwrap(), before, "at once, from the cache");
    until(&desk, "level", |status| status.link == LinkState::Polling).await;
    assert_eq!(desk.catalogue().await.unwrap(), before, "no row has another id now");
}

#[tokio::test]
async fn another_desks_step_shows_without_waiting_for_a_poll() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "op1").await;
    let answer = seat.desk.book(booking(&seat.desk, "10:00").await).await.unwrap();
    let BookingAnswer::Kept { appointment, .. } = answer else {
        panic!("{answer:?}")
    };
    until_async("it is sent", async || seat.desk.outbox().await.unwrap().is_empty()).await;
    until_async("the socket stands", async || clinic.sockets() == 1).await;
    let number = made(&clinic)[0]["id"].as_u64().unwrap();
    let ana = Other::sign_in(&clinic, "th01").await;
    let began = std::time::Instant::now();
    assert!(ana.step(number, "therapist_confirm").await.is_success());
    until_async("it shows", async || {
        let sheet = seat.desk.booking_sheet(appointment).await.unwrap();
        sheet.step.as_deref() == Some("therapist confirmed")
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn what_that_server_cannot_hold_is_refused_at_the_desk_and_the_cost_is_shown() {
    let clinic = clinic().await;
    let seat = seat(&clinic, "th01").await;
    let form = HoursForm {
        staff: seat.desk.account().unwrap().staff.unwrap(),
        day: day(30).to_string(),
        start: "09:00".into(),
        end: "10:00".into(),
        repeat_weeks: Some(1),
        repeat_until: None,
        note: String::new(),
    };
    let error = seat.desk.add_hours(form.clone()).await.unwrap_err();
    assert!(error.sentence().contains("no repeating hours"), "{error}");
    let noted = HoursForm {
        repeat_weeks: None,
        note: "Only feet".into(),
        ..form
    };
    assert!(
        seat.desk
            .add_hours(noted)
            .await
            .unwrap_err()
            .sentence()
            .contains("no notes")
    );
    let leave = LeaveForm {
        staff: seat.desk.account().unwrap().staff.unwrap(),
        reason: BlockReason::Leave,
        from_day: day(30).to_string(),
        from: None,
        to_day: day(31).to_string(),
        to: None,
        note: String::new(),
    };
    let error = seat.desk.keep_leave(None, leave, true).await.unwrap_err();
    assert!(error.sentence().contains("keeps no leave"), "{error}");
    let cost = seat.desk.sync_view().await.cost.unwrap();
    assert!(cost.contains("MB in") && cost.contains("requests"), "{cost}");
}

#[tokio::test]
async fn a_desk_that_ends_in_the_middle_of_sending_finds_what_arrived_and_sends_nothing_twice() {
    let clinic = clinic().await;
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &clinic)).await.unwrap();
    desk.sign_in("th01", PASSWORD).await.unwrap();
    until(&desk, "the first reading", |status| status.link == LinkState::Polling).await;
    let before = clinic.availabilities("th01").len();
    clinic.order("POST", "availabilities", Fault::DoneInSilence, 1);
    let form = HoursForm {
        staff: desk.account().unwrap().staff.unwrap(),
        day: day(30).to_string(),
        start: "09:00".into(),
        end: "10:00".into(),
        repeat_weeks: None,
        repeat_until: None,
        note: String::new(),
    };
    desk.add_hours(form).await.unwrap();
    until_async("it is being sent", async || {
        clinic.availabilities("th01").len() > before
    })
    .await;
    desk.close().await;

    let desk = Desk::open(options(&folder, &clinic)).await.unwrap();
    until_async("it is settled", async || desk.outbox().await.unwrap().is_empty()).await;
    assert_eq!(clinic.availabilities("th01").len(), before + 1);
}
