//! How times and weeks are written: set in one window, seen in all of them at once, and on paper; the clinic's zone is named
//! where this computer's is another.

use crate::clinic::{BOUND, at, book_by_api, go_to_tomorrow};
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn times_and_weeks_are_written_as_set_in_every_window_at_once_and_the_clinics_zone_is_named() {
    let server = ClinicServer::sample("customs", Hints::On).await;
    let ana = server.sign_in("ana").await;
    ana.add_availability(at(19, 0), at(21, 0)).await;
    let olivia = server.sign_in("olivia").await;
    book_by_api(&olivia, ana.staff(), at(19, 0), at(20, 0)).await;
    let desk = Workstation::new("customs").await;
    let launch = Launch::on(&server).variable("TZ", "Europe/Lisbon");
    let app = desk
        .start(launch.user("olivia").open("operator,therapist,settings"))
        .await;

    let operator = app.window("operator").await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    for page in ["operator", "therapist", "settings"] {
        let window = app.window(page).await;
        window
            .wait_for_text("[data-testid=zone]", "Times are Asia/Manila", BOUND)
            .await;
    }
    go_to_tomorrow(&operator, "board").await;
    operator.wait_for_text("[data-testid=board]", "14:00", BOUND).await;
    let evening = |span: &str| format!("[data-testid=booking][aria-label*='{span}']");
    operator.wait_for_within(&evening("19:00–20:00"), BOUND).await;
    let therapist = app.window("therapist").await;
    therapist.wait_for_within("[data-testid=my-hours]", BOUND).await;
    let monday = therapist.attribute("[data-testid=my-hours]", "data-week").await;

    let settings = app.window("settings").await;
    settings.fill("[data-testid=clock]", "12h").await;
    settings.fill("[data-testid=week-starts]", "sunday").await;
    settings.click("[data-testid=settings-save]").await;
    operator.wait_for_text("[data-testid=board]", "2 PM", BOUND).await;
    operator.wait_for_no_text("[data-testid=board]", "14:00", BOUND).await;
    operator.wait_for_within(&evening("7:00–8:00 PM"), BOUND).await;
    therapist
        .wait_for_gone(
            &format!("[data-testid=my-hours][data-week='{}']", monday.unwrap_or_default()),
            BOUND,
        )
        .await;
    let first_day = "const day = new Date(document.querySelector('[data-testid=my-hours]').dataset.week);
        return day.getUTCDay()";
    assert_eq!(
        therapist.run(first_day, vec![]).await,
        json!(0),
        "weeks begin on Sunday"
    );
    settings.screenshot("customs-settings-light").await;
    operator.screenshot("customs-board-light").await;
    therapist.screenshot("customs-therapist-light").await;

    // A time is understood however it is typed, and written back as set.
    settings.click("[data-testid=quiet]").await;
    settings.click("[data-testid=quiet-from]").await;
    settings.press("\u{e009}a\u{e000}").await;
    settings.press("2130\u{e004}").await;
    let shows = "return document.querySelector('[data-testid=quiet-from]').value";
    crate::support::eventually("the time as it is written here", BOUND, async || {
        (settings.run(shows, vec![]).await == json!("9:30 PM")).then_some(())
    })
    .await;
    operator.press("n").await;
    let opening = "[data-testid=find-next] [data-testid=opening]";
    operator.wait_for_text(opening, "M", BOUND).await;
    operator.type_into("[data-testid=next-earliest]", "19\u{e004}").await;
    operator
        .wait_until(BOUND, opening, "to begin in the evening", |texts| {
            texts.iter().all(|text| text.contains("PM")) && !texts.is_empty()
        })
        .await;
    operator.screenshot("customs-next-light").await;
    operator.press("\u{e00c}").await;
    operator.wait_for_gone("[data-testid=find-next]", BOUND).await;

    settings.fill("[data-testid=theme]", "dark").await;
    settings.click("[data-testid=settings-save]").await;
    for window in [&operator, &therapist, &settings] {
        let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        crate::support::eventually("the dark", BOUND, async || {
            (window.run(dark, vec![]).await == json!(true)).then_some(())
        })
        .await;
        window.screenshot(&format!("customs-{}-dark", window.page())).await;
    }
    let file = std::fs::read_to_string(desk.data_dir().join("default/settings.toml")).expect("it was written");
    assert!(
        file.contains("clock = \"12h\"") && file.contains("week_starts = \"sunday\""),
        "{file}"
    );
    assert!(file.contains("from = \"21:30:00\""), "{file}");
    assert!(app.quit().success());
}
