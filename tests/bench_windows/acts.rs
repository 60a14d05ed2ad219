//! From an act to its paint in the operator window: of a person in the therapist window, and of another desk.
//!
//! Times are taken inside the pages, so that WebDriver's own slowness is in none of them. One machine's pages and this
//! program share the wall clock. *Painted* is the first task after the frame that has the change.

use crate::figures::Figures;
use crate::memory;
use crate::support::account::{Account, Expect};
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::window::Window;
use crate::support::workstation::Workstation;
use crate::times::{Times, ms, now};
use deskbell_clinic::Kind;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a person acts here, and how often on the other desk.
const ACTS: u16 = 40;
/// How often each bare thing is done.
const BARE: u16 = 100;
/// Until blank windows are there.
const BLANK_BOUND: Duration = Duration::from_secs(30);
/// What a change may take beyond the bare event and one write to the disk: two frames.
const FRAMES: f64 = 33.3;

/// The time once what the page holds now is painted. After a frame's callbacks the page is painted, then tasks run.
const PAINTED: &str = "const painted = told => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => told(performance.timeOrigin + performance.now());
        after.port2.postMessage(null);
    });";

/// The bare way from the shell to a frame. A window that says it is ready is greeted at once with one event, which here
/// changes one attribute; so this has a command's way in as well, as the act has. Rounds begin at any point of a frame.
const BARE_EVENTS: &str = "const shell = window.__TAURI_INTERNALS__, rounds = arguments[0], event = 'sync-changed';
    return (async () => {
        let heard;
        const handler = shell.transformCallback(() => heard?.());
        const target = { kind: 'WebviewWindow', label: 'operator' };
        const eventId = await shell.invoke('plugin:event|listen', { event, target, handler });
        const measured = [];
        for (let round = 0; round < rounds; round += 1) {
            await new Promise(later => setTimeout(later, 10 + Math.random() * 40));
            const begun = performance.timeOrigin + performance.now();
            const seen = new Promise(told => {
                heard = () => {
                    heard = undefined;
                    document.documentElement.dataset.bench = round;
                    painted(told);
                };
            });
            await shell.invoke('window_ready');
            measured.push(await seen - begun);
        }
        await shell.invoke('plugin:event|unlisten', { event, eventId });
        return measured;
    })()";

/// Waits, inside the page, for what `arguments[0]` selects to be painted.
const LOOK_OUT: &str = "const wanted = arguments[0];
    window.deskbellSeen = new Promise(told => {
        const look = new MutationObserver(() => {
            if (!document.querySelector(wanted)) return;
            look.disconnect();
            painted(told);
        });
        look.observe(document.body, { subtree: true, childList: true, attributes: true });
    })";

/// Notes when the button that keeps the hours is clicked, before the page hears of it.
const NOTE_CLICKS: &str = "document.addEventListener('click', event => {
        if (event.target.closest('[data-testid=\"hours-submit\"]')) {
            window.deskbellActed = performance.timeOrigin + performance.now();
        }
    }, { capture: true })";

/// Measures both, with what they are compared with, and what three windows hold in memory.
pub(crate) async fn measure(figures: &mut Figures) {
    let server = ClinicServer::sample("bench-acts", Hints::On).await;
    let workstation = Workstation::new("bench-acts").await;
    let launch = Launch::on(&server).open("operator,scheduling,therapist").user("olivia");
    let app = workstation.start(launch).await;
    let (operator, therapist) = (app.window("operator").await, app.window("therapist").await);
    for window in [&operator, &app.window("scheduling").await, &therapist] {
        window.painted().await;
    }
    operator
        .wait_for("[data-testid=\"sync-pill\"][data-state=\"live\"]")
        .await;
    let held = memory::of_tree(app.id());

    let bare = Times::of(numbers(operator.run(&script(BARE_EVENTS), vec![json!(BARE)]).await));
    let sync = fsyncs(&workstation.data_dir());
    let floor = bare.p95() + sync.p95() + FRAMES;
    figures.floor("bare: command -> event -> painted", &bare);
    figures.floor("bare: 4 kB written and synced to the disk", &sync);
    let here = acts_here(&operator, &therapist).await;
    figures.p95_within(
        "act in the therapist window -> painted in the operator window, p95",
        &here,
        floor,
    );

    let ana = server.sign_in("ana").await;
    let request = requests(&ana).await;
    figures.floor("bare: request round trip", &request);
    let elsewhere = acts_elsewhere(&operator, &ana).await;
    let target = 10.0 * request.p95() + floor;
    figures.p95_within(
        "act on another desk -> painted here, with hints, p95",
        &elsewhere,
        target,
    );

    assert!(app.quit().success(), "the application quits when asked");
    let bare = three_blank_windows().await;
    figures.value("bare: PSS of the process tree, three blank windows", "MiB", bare, None);
    let most = 1.4 * bare;
    figures.value(
        "PSS of the process tree, three windows",
        "MiB",
        held,
        Some((most, held <= most)),
    );
}

/// What the same program holds that shows three windows without a page.
async fn three_blank_windows() -> f64 {
    let workstation = Workstation::new("bench-blank").await;
    let launch = Launch::default().argument("--blank-windows").argument("3");
    let app = workstation.start(launch).await;
    eventually("three blank windows", BLANK_BOUND, async || {
        (app.pages().await == ["blank"; 3]).then_some(())
    })
    .await;
    let held = memory::of_tree(app.id());
    assert!(app.quit().success(), "the application quits when asked");
    held
}

/// A person adds hours in the therapist window, again and again.
async fn acts_here(operator: &Window, therapist: &Window) -> Times {
    let staff = therapist.attribute("[data-testid=\"my-hours\"]", "data-staff").await;
    let staff = staff.expect("the hours are somebody's");
    therapist.run(NOTE_CLICKS, vec![]).await;
    let mut measured = Vec::new();
    for act in 0..ACTS {
        // Spans that nobody in the sample has, each different from the one before.
        let (from, to) = (act * 7, act * 7 + 30);
        look_out(operator, &staff, from, to).await;
        therapist.click("[data-testid=\"add-hours\"]").await;
        therapist.fill("[data-testid=\"hours-start\"]", &clock(from)).await;
        therapist.fill("[data-testid=\"hours-end\"]", &clock(to)).await;
        therapist.click("[data-testid=\"hours-submit\"]").await;
        let painted = number(&operator.run("return window.deskbellSeen", vec![]).await);
        measured.push(painted - number(&therapist.run("return window.deskbellActed", vec![]).await));
        therapist.wait_for("body:not(:has([data-testid=\"hours-form\"]))").await;
    }
    Times::of(measured)
}

/// A therapist's own device adds hours past this desk, again and again.
async fn acts_elsewhere(operator: &Window, ana: &Account) -> Times {
    let day = operator.attribute("[data-testid=\"board\"]", "data-day").await;
    let midnight = midnight(&day.expect("the board shows a day"), ana).await;
    let mut measured = Vec::new();
    for act in 0..ACTS {
        let (from, to) = (act * 7 + 3, act * 7 + 44);
        look_out(operator, &ana.staff().to_string(), from, to).await;
        let id = uuid::Uuid::now_v7();
        let row = ana.availability(
            id,
            midnight + i64::from(from).minutes(),
            midnight + i64::from(to).minutes(),
        );
        let begun = now();
        ana.put(Kind::Availability, id, &row, Expect::New).await.accepted();
        measured.push(number(&operator.run("return window.deskbellSeen", vec![]).await) - begun);
    }
    Times::of(measured)
}

/// The beginning of a day in the clinic's own zone.
async fn midnight(day: &str, ana: &Account) -> Timestamp {
    let clinic = ana.rows(Kind::Clinic).await.into_values().next();
    let (_, clinic) = clinic.expect("everybody sees the clinic");
    let zone = TimeZone::get(clinic["zone"].as_str().expect("a clinic has a zone")).expect("a known zone");
    let day: Date = day.parse().expect("a date");
    day.to_zoned(zone).expect("the day has a beginning").timestamp()
}

async fn look_out(operator: &Window, staff: &str, from: u16, to: u16) {
    let band = format!("[data-staff=\"{staff}\"] [data-testid=\"hours\"][data-from=\"{from}\"][data-to=\"{to}\"]");
    assert_eq!(operator.count(&band).await, 0, "{band} is there before the act");
    operator.run(&script(LOOK_OUT), vec![json!(band)]).await;
}

async fn requests(account: &Account) -> Times {
    let mut measured = Vec::new();
    for _ in 0..BARE {
        let begun = Instant::now();
        account.get("/v1/session").await.accepted();
        measured.push(ms(begun.elapsed()));
    }
    Times::of(measured)
}

/// What one synced write costs where the cache lies.
fn fsyncs(folder: &Path) -> Times {
    let path = folder.join("bench");
    let mut file = File::create(&path).expect("the application's folder can be written");
    let mut measured = Vec::new();
    for _ in 0..BARE {
        let begun = Instant::now();
        file.write_all(&[7; 4096]).expect("there is room");
        file.sync_all().expect("the disk takes what is written");
        measured.push(ms(begun.elapsed()));
    }
    std::fs::remove_file(path).expect("our own file can be removed");
    Times::of(measured)
}

fn script(body: &str) -> String {
    format!("{PAINTED}\n{body}")
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("not a time: {value}"))
}

fn numbers(value: Value) -> Vec<f64> {
    serde_json::from_value(value).expect("the page answers with times")
}
