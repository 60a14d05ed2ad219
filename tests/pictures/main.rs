//! `make screenshots`: every window of the real app as people meet it, light and dark: a busy day, a clinic that was only
//! just made, without a server, two bookings for one time, and at twice the size. The sample clinic is filled from a fixed
//! seed, so two runs on one day show the same people.

#[path = "../support/mod.rs"]
mod support;

#[path = "../journeys/clinic.rs"]
#[allow(dead_code, reason = "the pictures need a part of what the journeys share")]
mod clinic;

use clinic::{BOUND, at, book_by_api, go_to_tomorrow, open_bens_evening, tomorrow};
use serde_json::json;
use std::ops::Deref;
use std::process::Command;
use std::time::Duration;
use support::driver::{App, Launch};
use support::panel::{size_of, window_of, with_window};
use support::server::{ClinicServer, Hints};
use support::window::Window;
use support::workstation::Workstation;
use support::{eventually, left_behind};

/// A window's page, its title, and what is in it once it has something to show.
const WINDOWS: [(&str, &str, &str); 4] = [
    ("operator", "Board", "[data-testid=board] [data-testid=booking]"),
    (
        "scheduling",
        "Scheduling",
        "[data-testid=schedule] [data-testid=booking]",
    ),
    ("therapist", "My day", "[data-testid=my-hours] [data-testid=hours]"),
    ("settings", "Settings", "[data-testid=settings-save]"),
];

/// Glows and fades are shorter than two of these.
const STILL: Duration = Duration::from_millis(400);

#[tokio::test]
#[ignore = "takes pictures for people, on a display: make screenshots"]
async fn every_window_in_light() {
    pictures("light").await;
}

#[tokio::test]
#[ignore = "takes pictures for people, on a display: make screenshots"]
async fn every_window_in_dark() {
    pictures("dark").await;
}

async fn pictures(theme: &str) {
    a_busy_day(theme).await;
    a_new_clinic(theme).await;
    twice_the_size(theme).await;
}

/// The sample clinic's today, its calendar's three views, a refused booking, and the same without a server.
async fn a_busy_day(theme: &str) {
    let name = format!("pictures-{theme}");
    let mut server = ClinicServer::sample(&name, Hints::On).await;
    let ben = server.sign_in("ben").await;
    open_bens_evening(&ben).await;
    let adam = server.sign_in("adam").await;
    book_by_api(&adam, ben.staff(), at(19, 0), at(19, 45)).await;
    book_by_api(&adam, ben.staff(), at(20, 0), at(20, 30)).await;
    let desk = desk(&name, theme, "").await;
    let launch = Launch::on(&server).user("olivia");
    let app = desk.start(launch.open("operator,scheduling,therapist,settings")).await;
    for (page, title, shows) in WINDOWS {
        let window = front(&app, page, title).await;
        window.wait_for_within(shows, BOUND).await;
        take(&window, &format!("{page}-{theme}")).await;
    }

    let board = front(&app, "operator", "Board").await;
    board
        .click("[data-testid=booking][data-status=confirmed], [data-testid=booking]")
        .await;
    board.wait_for_within("[role=dialog]", BOUND).await;
    take(&board, &format!("booking-{theme}")).await;
    board.press("\u{e00c}").await;
    board.wait_for_gone("[role=dialog]", BOUND).await;

    let calendar = front(&app, "scheduling", "Scheduling").await;
    calendar.click("[data-testid=view-month]").await;
    calendar.wait_for_within("[data-testid=month-day]", BOUND).await;
    take(&calendar, &format!("month-{theme}")).await;
    calendar.click("[data-testid=view-day]").await;
    go_to_tomorrow(&calendar, "schedule").await;
    calendar.click("[data-testid=col-ben] [data-testid=col-name]").await;
    calendar.wait_for_within("[data-testid=view-week].on", BOUND).await;
    let evening = format!(
        "[data-testid='col-{}'] [data-testid=booking][aria-label*='20:00–20:30']",
        tomorrow()
    );
    calendar.wait_for_within(&evening, BOUND).await;
    take(&calendar, &format!("week-{theme}")).await;
    let scroll = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
    calendar.run(scroll, vec![json!(evening)]).await;
    let (x, y) = calendar.middle(&evening).await;
    calendar.drag((x, y), (x, y - 54.0)).await;
    calendar.wait_for_text("[data-testid=conflict]", "Ben has", BOUND).await;
    take(&calendar, &format!("conflict-{theme}")).await;
    calendar.press("\u{e00c}").await;
    calendar.wait_for_gone("[data-testid=conflict]", BOUND).await;

    server.stop();
    for (page, title, _) in &WINDOWS[..3] {
        let window = front(&app, page, title).await;
        let offline = "[data-testid=sync-pill][data-state=offline]";
        window.wait_for_within(offline, BOUND).await;
        take(&window, &format!("{page}-offline-{theme}")).await;
    }
    assert!(app.quit().success(), "the application quits when asked");
}

/// A clinic where nobody works yet, and the window in which one signs in.
async fn a_new_clinic(theme: &str) {
    let name = format!("pictures-new-{theme}");
    let server = ClinicServer::just_made(&name).await;
    let desk = desk(&name, theme, "").await;
    let app = desk.start(Launch::on(&server)).await;
    let sign_in = front(&app, "sign-in", "Sign in").await;
    sign_in.wait_for_within("[data-testid=login]", BOUND).await;
    take(&sign_in, &format!("sign-in-{theme}")).await;
    assert!(app.quit().success(), "the application quits when asked");
    let launch = Launch::on(&server).user("olivia");
    let app = desk.start(launch.open("operator,scheduling")).await;
    for (page, title, _) in &WINDOWS[..2] {
        let window = front(&app, page, title).await;
        let live = "[data-testid=sync-pill][data-state=live]";
        window.wait_for_within(live, BOUND).await;
        take(&window, &format!("{page}-empty-{theme}")).await;
    }
    assert!(app.quit().success(), "the application quits when asked");
}

/// Everything twice as large, in windows of the usual size.
async fn twice_the_size(theme: &str) {
    let name = format!("pictures-large-{theme}");
    let server = ClinicServer::sample(&name, Hints::On).await;
    let desk = desk(&name, theme, "zoom = 200\n").await;
    let launch = Launch::on(&server).user("olivia");
    let app = desk.start(launch.open("operator,scheduling,therapist,settings")).await;
    for (page, title, shows) in WINDOWS {
        let window = front(&app, page, title).await;
        window.wait_for_within(shows, BOUND).await;
        take(&window, &format!("{page}-200-{theme}")).await;
    }
    assert!(app.quit().success(), "the application quits when asked");
}

async fn desk(name: &str, theme: &str, more: &str) -> Workstation {
    let desk = Workstation::new(name).await;
    desk.set(&format!("[desktop]\ntheme = \"{theme}\"\n{more}"));
    desk
}

/// A window, above the others: one that another covers may not paint.
async fn front(app: &App, page: &str, title: &str) -> Front {
    let window = app.window(page).await;
    let id = window_of(app.id(), &format!("Deskbell · {title}")).await;
    with_window("windowactivate", &id, &[]);
    // What another window covered is drawn anew when the size changes, and not always otherwise.
    let (width, height) = size_of(&id);
    let (width, height) = (width.cast_signed(), height.cast_signed());
    with_window("windowsize", &id, &[width, height - 1]);
    eventually(&format!("{page} to be smaller"), BOUND, async || {
        (size_of(&id).1.cast_signed() == height - 1).then_some(())
    })
    .await;
    with_window("windowsize", &id, &[width, height]);
    Front { window, id }
}

/// A window and what the window manager calls it.
struct Front {
    window: Window,
    id: String,
}

impl Deref for Front {
    type Target = Window;

    fn deref(&self) -> &Window {
        &self.window
    }
}

/// Leaves a picture of what is on the screen in `target/screenshots/windows/NAME.png`, once nothing moves in it any more.
async fn take(front: &Front, name: &str) {
    let kept = left_behind("screenshots/windows").join(format!("{name}.png"));
    // Where the pointer rests, things look as under a pointer.
    let away = Command::new("xdotool").args(["mousemove", "1599", "999"]).status();
    assert!(away.is_ok_and(|status| status.success()), "the pointer can be moved");
    let mut before = Vec::new();
    eventually(&format!("{name} to stand still"), BOUND, async || {
        tokio::time::sleep(STILL).await;
        let taken = Command::new("import").args(["-window", &front.id]).arg(&kept).status();
        assert!(taken.is_ok_and(|status| status.success()), "{name} cannot be pictured");
        let now = std::fs::read(&kept).expect("a picture was taken");
        let same = pixels(&now) == pixels(&before);
        before = now;
        same.then_some(())
    })
    .await;
}

/// A picture's own bytes, without the times that its file notes.
fn pixels(png: &[u8]) -> &[u8] {
    let begin = png.windows(4).position(|four| four == b"IDAT").unwrap_or(0);
    let end = png.windows(4).rposition(|four| four == b"tEXt" || four == b"IEND");
    &png[begin..end.unwrap_or(png.len()).max(begin)]
}
