//! The same desk in front of a clinic that runs the Royal Care service: nothing of it is changed, and it is only known by
//! its address. The service is the stand-in that a contract test holds against the recorded one.

use crate::clinic::{BOUND, go_to_tomorrow, option, tomorrow};
use crate::support::driver::{App, Launch};
use crate::support::eventually;
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use deskbell_royal_care_stand_in::{Fault, Opening, PASSWORD, StandIn};
use serde_json::Value;

/// All it takes.
fn launch(clinic: &StandIn) -> Launch {
    let line = Launch::default().argument("--backend").argument("royal-care");
    line.argument("--url").argument(&clinic.url())
}

fn signed_in(clinic: &StandIn, login: &str) -> Launch {
    launch(clinic).password(login, PASSWORD)
}

/// Hours in somebody's row or column, by the name in full.
fn hours(name: &str, from: u32, to: u32) -> String {
    format!(
        r#":is([data-testid="row-{name}"], [data-testid="col-{name}"]) [data-testid=hours][data-from='{from}'][data-to='{to}']"#
    )
}

/// Adds hours for tomorrow in a therapist's window.
async fn add_hours(therapist: &Window, from: &str, to: &str) {
    therapist.click("[data-testid=add-hours]").await;
    therapist.fill("[data-testid=hours-day]", &tomorrow().to_string()).await;
    therapist.fill("[data-testid=hours-start]", from).await;
    therapist.fill("[data-testid=hours-end]", to).await;
    therapist.click("[data-testid=hours-submit]").await;
}

/// Bookings at the address that only these journeys use.
fn made(clinic: &StandIn) -> Vec<Value> {
    let rows = clinic.appointments().into_iter();
    rows.filter(|row| row["location"] == ADDRESS).collect()
}

const ADDRESS: &str = "3 Test St, Pasig";
const ANA: &str = r#"[data-testid="row-ana bautista"]"#;

/// Books a new client with Ana tomorrow morning, in the operator's window. Nobody else has booked her then.
async fn book(operator: &Window, driver: &str) {
    // What is left of today's hours past midnight is drawn on tomorrow too.
    let free = format!("{ANA} [data-testid=free][data-from='540']");
    operator.wait_for_within(&free, BOUND).await;
    operator.click(&free).await;
    operator.type_into("[data-testid=book-client]", "Mara Quill").await;
    let service = option(operator, "[data-testid=book-service]", "Shiatsu").await;
    operator.fill("[data-testid=book-service]", &service).await;
    operator.type_into("[data-testid=book-phone]", "0917 555 0134").await;
    operator.type_into("[data-testid=book-address]", ADDRESS).await;
    let driver = option(operator, "[data-testid=book-driver]", driver).await;
    operator.fill("[data-testid=book-driver]", &driver).await;
    operator.click("[data-testid=book-submit]").await;
    operator.wait_for_gone("[data-testid=booking-form]", BOUND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_show_in_every_window_of_the_machine_at_once_and_on_another_machine_within_the_interval() {
    let clinic = Opening::now().open().await.expect("a free port");
    let front = Workstation::new("royal-front").await;
    let app = front
        .start(signed_in(&clinic, "op1").open("operator,scheduling,therapist"))
        .await;
    let (operator, scheduling) = (app.window("operator").await, app.window("scheduling").await);
    go_to_tomorrow(&operator, "board").await;
    go_to_tomorrow(&scheduling, "schedule").await;
    let own = app.window("therapist").await;
    go_to_tomorrow(&own, "my-day").await;
    let ana = option(&own, "[data-testid=staff-picker]", "Ana Bautista").await;
    own.fill("[data-testid=staff-picker]", &ana).await;
    own.wait_for_within(&format!("[data-testid=my-hours][data-staff='{ana}']"), BOUND)
        .await;
    let repeats = own.count("[data-testid=hours-repeat]").await;
    assert_eq!(repeats, 0, "that server keeps no repeats: they are not offered");
    add_hours(&own, "05:00", "06:00").await;
    for window in [&operator, &scheduling] {
        window.wait_for(&hours("ana bautista", 300, 360)).await;
    }

    let home = Workstation::new("royal-home").await;
    let there = home.start(signed_in(&clinic, "th01").open("therapist")).await;
    let therapist = there.window("therapist").await;
    therapist.wait_for_within("[data-testid=my-day]", BOUND).await;
    add_hours(&therapist, "07:00", "08:00").await;
    for window in [&operator, &scheduling] {
        window
            .wait_for_within(&hours("ana bautista", 420, 480), BOUND * 2)
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bookings_whole_life_is_driven_from_the_windows_of_operator_therapist_and_driver() {
    let clinic = Opening::now().open().await.expect("a free port");
    let (front, room, car) = (
        Workstation::new("royal-desk").await,
        Workstation::new("royal-room").await,
        Workstation::new("royal-car").await,
    );
    let desk = front.start(signed_in(&clinic, "op1").open("operator")).await;
    let operator = desk.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    book(&operator, "Andres").await;
    let stands = async |raw: &str| {
        let what = format!("the booking to be {raw}");
        eventually(&what, BOUND, async || {
            (made(&clinic).first()?["status"] == raw).then_some(())
        })
        .await;
    };
    stands("pending").await;
    let driver = login_of_driver(&clinic);

    let ana = Seat::sit(&room, &clinic, "th01").await;
    let mut dan = Seat::sit(&car, &clinic, &driver).await;
    ana.take("accept").await;
    stands("therapist_confirmed").await;
    dan.take("accept").await;
    stands("driver_confirmed").await;
    at_desk(&operator, "release").await;
    stands("in_progress").await;
    for (step, raw) in [
        ("depart", "journey"),
        ("arrive", "arrived"),
        ("drop_off", "dropped_off"),
    ] {
        dan.take(step).await;
        stands(raw).await;
    }
    for (step, raw) in [("start", "session_in_progress"), ("finish", "awaiting_payment")] {
        ana.take(step).await;
        stands(raw).await;
    }
    open_sheet(&operator).await;
    operator.fill("[data-testid=pay-method]", "wallet").await;
    operator.click("[data-testid=pay-submit]").await;
    stands("payment_verified").await;
    at_desk(&operator, "complete").await;
    stands("completed").await;
    ana.take("call_pickup").await;
    stands("driver_assigned_pickup").await;
    // Whoever is free is put on it.
    let fetching = login_of_driver(&clinic);
    let another = Workstation::new("royal-car-2").await;
    if fetching != driver {
        dan = Seat::sit(&another, &clinic, &fetching).await;
    }
    for (step, raw) in [("take_pickup", "return_journey"), ("return", "transport_completed")] {
        dan.take(step).await;
        stands(raw).await;
    }
}

/// The account of the booking's driver: drivers' numbers follow the therapists'.
fn login_of_driver(clinic: &StandIn) -> String {
    let number = made(clinic)[0]["driver"].as_u64().expect("a driver");
    format!("dr{:02}", number - 33)
}

/// Somebody of the staff at a machine, looking at tomorrow.
struct Seat {
    window: Window,
    _app: App,
}

impl Seat {
    async fn sit(machine: &Workstation, clinic: &StandIn, login: &str) -> Self {
        let app = machine.start(signed_in(clinic, login)).await;
        let window = app.window("therapist").await;
        go_to_tomorrow(&window, "my-day").await;
        Self { window, _app: app }
    }

    /// Takes a step with the one booking that is theirs here.
    async fn take(&self, step: &str) {
        let mine = "[data-testid=my-booking]";
        self.window.wait_for_text(mine, "Mara Quill", BOUND).await;
        let mark = "const mine = [...document.querySelectorAll('[data-testid=my-booking]')]
            .find(one => one.innerText.includes('Mara Quill'));
            const line = mine?.querySelector('button[aria-expanded=false]');
            line?.click();
            const step = mine?.querySelector(`[data-testid=step-${arguments[0]}]`);
            document.querySelectorAll('[data-the-step]').forEach(e => e.removeAttribute('data-the-step'));
            step?.setAttribute('data-the-step', '');
            return Boolean(step)";
        let what = format!("{step} to be offered");
        eventually(&what, BOUND, async || {
            let there = self.window.run(mark, vec![step.into()]).await == Value::Bool(true);
            there.then_some(())
        })
        .await;
        self.window.click("[data-the-step]").await;
    }
}

async fn open_sheet(operator: &Window) {
    let booking = format!(r#"{ANA} [data-testid=booking]"#);
    let mark = "const ours = [...document.querySelectorAll(arguments[0])].find(e =>
            (e.getAttribute('aria-label') ?? e.innerText).includes('Mara Quill'));
        document.querySelectorAll('[data-ours]').forEach(e => e.removeAttribute('data-ours'));
        ours?.setAttribute('data-ours', '');
        return Boolean(ours)";
    eventually("the booking on the board", BOUND, async || {
        let there = operator.run(mark, vec![booking.clone().into()]).await == Value::Bool(true);
        there.then_some(())
    })
    .await;
    operator.click("[data-ours]").await;
    operator.wait_for_within("[data-testid=sheet]", BOUND).await;
}

/// Takes a step in the operator's sheet.
async fn at_desk(operator: &Window, step: &str) {
    open_sheet(operator).await;
    operator
        .wait_for_within(&format!("[data-testid=step-{step}]"), BOUND)
        .await;
    operator.click(&format!("[data-testid=step-{step}]")).await;
    operator.wait_for_gone("[data-testid=sheet]", BOUND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_made_offline_is_sent_exactly_once() {
    let clinic = Opening::now().open().await.expect("a free port");
    let desk = Workstation::new("royal-offline").await;
    let app = desk.start(signed_in(&clinic, "op1").open("operator")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    clinic.go_away();
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    book(&operator, "Andres").await;
    operator
        .wait_for_text("[data-testid=sync-pill]", "waiting", BOUND)
        .await;
    clinic.come_back();
    operator
        .wait_for_no_text("[data-testid=sync-pill]", "waiting", BOUND * 2)
        .await;
    assert_eq!(made(&clinic).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_asks_for_a_sign_in_and_what_was_done_meanwhile_is_sent_after_it() {
    let clinic = Opening::now().open().await.expect("a free port");
    let desk = Workstation::new("royal-lapsed").await;
    let app = desk.start(signed_in(&clinic, "op1").open("operator")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    clinic.lapse_tokens();
    book(&operator, "Andres").await;
    let asked = "[data-testid=sync-pill][data-state=sign_in_again]";
    operator.wait_for_within(asked, BOUND).await;
    assert!(made(&clinic).is_empty());
    operator.click(asked).await;
    operator.click("[data-testid=sign-in-again]").await;
    let sign_in = app.window("sign-in").await;
    sign_in.type_into("[data-testid=login]", "op1").await;
    sign_in.type_into("[data-testid=password]", PASSWORD).await;
    sign_in.click("[data-testid=submit]").await;
    eventually("the booking to be sent", BOUND, async || {
        (made(&clinic).len() == 1).then_some(())
    })
    .await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=polling]", BOUND)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_not_possible_from_here_says_why_and_the_clinic_can_be_chosen_in_the_window() {
    let clinic = Opening::now().open().await.expect("a free port");
    let desk = Workstation::new("royal-refused").await;
    let app = desk.start(Launch::default()).await;
    let window = app.window("sign-in").await;
    window.type_into("[data-testid=address]", &clinic.url()).await;
    window.fill("[data-testid=speaks]", "royal-care").await;
    window.click("[data-testid=connect]").await;
    for (login, sentence) in [
        ("op2fa", "two-factor sign-in, which is not available from here"),
        ("thoff", "has been disabled. Ask an operator"),
        ("nobody", "is not right"),
    ] {
        window.fill("[data-testid=login]", login).await;
        window.fill("[data-testid=password]", PASSWORD).await;
        window.click("[data-testid=submit]").await;
        window.wait_for_text("[data-testid=error]", sentence, BOUND).await;
    }
    window.fill("[data-testid=login]", "dr01").await;
    window.fill("[data-testid=password]", PASSWORD).await;
    window.click("[data-testid=submit]").await;
    let therapist = app.window("therapist").await;
    therapist.wait_for_within("[data-testid=my-day]", BOUND).await;
    assert!(app.quit().success());

    // The choice is kept: the next start needs no option at all.
    let app = desk.start(Launch::default()).await;
    app.window("therapist")
        .await
        .wait_for_within("[data-testid=my-day]", BOUND)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_whose_answer_was_lost_are_there_once_and_those_that_may_still_come_are_a_question() {
    let clinic = Opening::now().open().await.expect("a free port");
    let home = Workstation::new("royal-doubt").await;
    let app = home.start(signed_in(&clinic, "th01")).await;
    let therapist = app.window("therapist").await;
    go_to_tomorrow(&therapist, "my-day").await;
    let there = || {
        let day = tomorrow().to_string();
        clinic
            .availabilities("th01")
            .into_iter()
            .filter(|row| row["date"] == day.as_str())
            .count()
    };
    let before = there();
    clinic.order("POST", "availabilities", Fault::DoneThenCut, 1);
    add_hours(&therapist, "05:00", "06:00").await;
    eventually("the hours to arrive", BOUND, async || (there() > before).then_some(())).await;
    therapist
        .wait_for_no_text("[data-testid=sync-pill]", "waiting", BOUND)
        .await;
    assert_eq!(there(), before + 1, "it had arrived, and is there once");

    clinic.order("POST", "availabilities", Fault::Swallowed, 1);
    add_hours(&therapist, "07:00", "08:00").await;
    therapist
        .wait_for_text("[data-testid=sync-pill]", "1 change waiting", BOUND)
        .await;
    therapist.click("[data-testid=sync-pill]").await;
    therapist
        .wait_for_text("[data-testid=waiting-acts]", "may have arrived", BOUND)
        .await;
    assert_eq!(there(), before + 1, "it is not sent again by itself");
    therapist.click("[data-testid=choice-retry]").await;
    eventually("the person's word to be done", BOUND, async || {
        (there() == before + 2).then_some(())
    })
    .await;
    therapist
        .wait_for_no_text("[data-testid=sync-pill]", "waiting", BOUND)
        .await;
}
