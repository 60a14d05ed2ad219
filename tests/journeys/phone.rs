//! The phone rings: a client is found by a number in another spelling than it was written in, and is booked again, without
//! a hand leaving the keyboard.

use crate::clinic::BOUND;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use deskbell_clinic::Kind;
use fantoccini::key::Key;

const SEARCH: &str = "[data-testid=search]";
const CARD: &str = "[data-testid=client-card]";

#[tokio::test]
async fn a_caller_is_found_by_their_number_and_booked_again_from_their_card() {
    let server = ClinicServer::sample("phone", Hints::On).await;
    let olivia = server.sign_in("olivia").await;
    let done = olivia.rows(Kind::Appointment).await.into_values().find_map(|(_, row)| {
        let one = row["clients"].as_array()?.len() == 1 && row["status"] == "completed";
        one.then(|| row["clients"][0]["client"].as_str().expect("an id").to_owned())
    });
    let caller = done.expect("the sample has visits that are done");
    let clients = olivia.rows(Kind::Client).await;
    let (_, client) = &clients[&caller.parse().expect("a UUID")];
    let name = client["name"].as_str().expect("a name").to_owned();
    let number = client["phones"][0]["normalised"].as_str().expect("a number");
    // As a display shows it: without the country, and in groups.
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let (front, back) = digits[digits.len() - 9..].split_at(4);

    let desk = Workstation::new("phone").await;
    let app = desk.start(Launch::on(&server).user("olivia").open("operator")).await;
    let operator = app.window("operator").await;
    operator.wait_for_within("[data-testid=board]", BOUND).await;
    operator.press("/").await;
    operator.type_into(SEARCH, &format!("0{front}-{back}")).await;
    operator.wait_for_text("[data-testid=find-client]", &name, BOUND).await;
    operator.screenshot("phone-search").await;
    operator.press(&char::from(Key::Enter).to_string()).await;
    operator.wait_for_text(CARD, &name, BOUND).await;
    let visits = operator.count(&format!("{CARD} [data-testid=card-visit]")).await;
    assert!(visits > 0, "the visit that is done is on the card");
    operator.screenshot("phone-card").await;

    operator.press("r").await;
    operator.wait_for_within("[data-testid=booking-form]", BOUND).await;
    let script = "return document.querySelector('[data-testid=book-client]').value";
    assert_eq!(operator.run(script, vec![]).await, name.as_str());
    let known = operator.attribute("[data-testid=book-client]", "data-known").await;
    assert_eq!(
        known.as_deref(),
        Some(caller.as_str()),
        "not somebody new of the same name"
    );
    operator.screenshot("phone-again").await;
    operator.press(&char::from(Key::Escape).to_string()).await;
    operator.wait_for_gone("[data-testid=booking-form]", BOUND).await;

    // The other key: whoever it is, into the free time that is chosen next.
    operator.press("/").await;
    operator.type_into(SEARCH, &name).await;
    operator.wait_for_text("[data-testid=find-client]", &name, BOUND).await;
    operator.press(&char::from(Key::Enter).to_string()).await;
    operator.wait_for_text(CARD, &name, BOUND).await;
    operator.press("b").await;
    operator.wait_for_text("[data-testid=armed]", &name, BOUND).await;
    let focused = "return document.activeElement?.dataset.key ?? ''";
    assert_ne!(operator.run(focused, vec![]).await, "", "the board has the keyboard");
    operator.screenshot("phone-armed").await;
    operator.press(&char::from(Key::Escape).to_string()).await;

    // When is there room? With a woman, not before three: ten times, a digit for each.
    operator.press("n").await;
    operator.wait_for_within("[data-testid=opening]", BOUND).await;
    let female = "[...document.querySelector('[data-testid=next-gender]').options].find(one => one.value === 'female')";
    operator.run(&format!("{female}.selected = true"), vec![]).await;
    operator.fill("[data-testid=next-gender]", "female").await;
    operator.fill("[data-testid=next-earliest]", "15:00").await;
    let staff = olivia.rows(Kind::Staff).await;
    let suits = |id: &str, start: &str| {
        let (_, row) = &staff[&id.parse().expect("a UUID")];
        row["gender"] == "female" && start >= "15:00"
    };
    let script = "return [...document.querySelectorAll('[data-testid=opening]')].map(one =>
        [one.dataset.staff, one.dataset.start])";
    eventually("openings that suit", BOUND, async || {
        let found: Vec<(String, String)> = serde_json::from_value(operator.run(script, vec![]).await).ok()?;
        (found.len() == 10 && found.iter().all(|(id, start)| suits(id, start))).then_some(())
    })
    .await;
    operator.screenshot("phone-find-next").await;
    // The first is for the digit 1, wherever the keyboard is but in a field.
    let first = "const one = document.querySelector('[data-testid=opening]'); one.focus(); return one.dataset.start";
    let start = operator.run(first, vec![]).await;
    operator.press("1").await;
    operator.wait_for_within("[data-testid=booking-form]", BOUND).await;
    let begins = "return document.querySelector('[data-testid=book-start]').value";
    assert_eq!(operator.run(begins, vec![]).await, start);
    operator.press(&char::from(Key::Escape).to_string()).await;
    operator.wait_for_gone("[data-testid=booking-form]", BOUND).await;

    // Somebody who speaks to the computer switches single keys off: also for the next start.
    operator.press("?").await;
    operator.wait_for_within("[data-testid=single-keys]", BOUND).await;
    operator.screenshot("phone-keys").await;
    operator.click("[data-testid=single-keys]").await;
    operator.wait_for_text("[data-testid=key-sheet]", "Off", BOUND).await;
    operator.screenshot("phone-keys-off").await;
    let kept = std::fs::read_to_string(desk.data_dir().join("default").join("settings.toml")).expect("settings");
    assert!(kept.contains("[keys]\nsingle = false"), "{kept}");
    operator.press(&char::from(Key::Escape).to_string()).await;
    operator.wait_for_gone("[data-testid=key-sheet]", BOUND).await;
    operator.press("?").await;
    operator.press(&format!("{}k", char::from(Key::Control))).await;
    operator.wait_for_within("[data-testid=palette]", BOUND).await;
    assert_eq!(
        operator.count("[data-testid=key-sheet]").await,
        0,
        "a single key did something"
    );
}
