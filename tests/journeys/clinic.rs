//! What the journeys share: the day they happen on, and how hours and bookings are found in windows.

use crate::support::account::{Account, Expect};
use crate::support::window::Window;
use deskbell_clinic::{Calendar, Kind};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// How long anything may take before a journey has failed.
pub(crate) const BOUND: Duration = Duration::from_secs(60);
/// The sample clinic's zone.
const ZONE: &str = "Asia/Manila";

/// Tomorrow in the sample clinic: Ana and Ben work from 10 to 18 then, whatever the time is now.
pub(crate) fn tomorrow() -> Date {
    calendar().day_of(Timestamp::now()).saturating_add(1.day())
}

/// The clinic's today.
pub(crate) fn today() -> Date {
    calendar().day_of(Timestamp::now())
}

fn calendar() -> Calendar {
    Calendar::new(ZONE, vec![]).expect("the sample clinic's zone is known")
}

/// An instant of tomorrow, by the clinic's clock.
pub(crate) fn at(hour: i8, minute: i8) -> Timestamp {
    let time = Time::new(hour, minute, 0, 0).expect("a time of day");
    calendar().at(tomorrow(), time)
}

/// Hours of somebody's row or column, from and to in minutes of the day.
pub(crate) fn hours(name: &str, from: u32, to: u32) -> String {
    format!(
        ":is([data-testid=row-{name}], [data-testid=col-{name}]) [data-testid=hours][data-from='{from}'][data-to='{to}']"
    )
}

/// Bookings of somebody's row or column that are at this place on their way to the server.
pub(crate) fn pending(name: &str, state: &str) -> String {
    format!(":is([data-testid=row-{name}], [data-testid=col-{name}]) [data-testid=booking][data-pending='{state}']")
}

/// Goes from today to tomorrow.
pub(crate) async fn go_to_tomorrow(window: &Window, shows: &str) {
    let today = format!("[data-testid={shows}][data-day]");
    window.wait_for_within(&today, BOUND).await;
    window.click_named("Day after").await;
    let tomorrow = format!("[data-testid={shows}][data-day='{}']", tomorrow());
    window.wait_for_within(&tomorrow, BOUND).await;
}

/// The value of the option that begins with `text`.
pub(crate) async fn option(window: &Window, select: &str, text: &str) -> String {
    let script = "return [...(document.querySelector(arguments[0])?.options ?? [])]
        .find(one => one.text.startsWith(arguments[1]))?.value ?? null";
    let what = format!("{select} to offer {text}");
    let ask = async || {
        let value = window.run(script, vec![json!(select), json!(text)]).await;
        value.as_str().map(str::to_owned)
    };
    crate::support::eventually(&what, BOUND, ask).await.0
}

/// Books a new client into Ben's open evening, in the operator's window.
pub(crate) async fn pencil_in(window: &Window, guest: &str, start: &str) {
    let free = "[data-testid=row-ben] [data-testid=free][data-from='1140']";
    window.wait_for_within(free, BOUND).await;
    window.click(free).await;
    window.type_into("[data-testid=book-client]", guest).await;
    let service = option(window, "[data-testid=book-service]", "Physio").await;
    window.fill("[data-testid=book-service]", &service).await;
    window.fill("[data-testid=book-start]", start).await;
    window.type_into("[data-testid=book-phone]", "0917 555 0134").await;
    window.click("[data-testid=book-submit]").await;
}

/// Every appointment's id.
pub(crate) async fn appointments(account: &Account) -> std::collections::BTreeSet<Uuid> {
    account.rows(Kind::Appointment).await.into_keys().collect()
}

/// Opens hours for Ben on tomorrow's evening, so that there is free time whoever is booked by day.
pub(crate) async fn open_bens_evening(ben: &Account) {
    ben.add_availability(at(19, 0), at(21, 0)).await;
}

/// Books an evening slot of Ben's by the API; returns the server's answer.
pub(crate) async fn book_by_api(operator: &Account, ben: Uuid, start: Timestamp, end: Timestamp) -> Value {
    write_by_api(operator, ben, (start, end), "confirmed").await
}

/// Asks Ben for an evening slot by the API; returns the server's answer.
pub(crate) async fn ask_by_api(operator: &Account, ben: Uuid, start: Timestamp, end: Timestamp) -> Value {
    write_by_api(operator, ben, (start, end), "requested").await
}

async fn write_by_api(operator: &Account, ben: Uuid, (start, end): (Timestamp, Timestamp), status: &str) -> Value {
    let clients = operator.rows(Kind::Client).await;
    let services = operator.rows(Kind::Service).await;
    let (client, service) = (clients.keys().next(), services.keys().next());
    let id = Uuid::now_v7();
    let row = json!({
        "id": id, "series": null, "clients": [{ "client": client, "arrived_at": null }],
        "assignments": [{ "staff": ben, "part": "therapist", "answer": "pending" }],
        "services": [service], "span": { "start": start, "end": end }, "place": { "at": "anywhere" },
        "status": status, "step": null, "notes": "", "reason": null, "answer_due": null,
        "overlap_accepted": null, "history": [],
    });
    operator.put(Kind::Appointment, id, &row, Expect::New).await.accepted()
}
