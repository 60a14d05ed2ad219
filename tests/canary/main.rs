//! A marked client and a marked session go through everything the desk does, with every log at its loudest; then nothing
//! outside the screen and the encrypted files may know them. Needs a display: `make journeys`.

#[allow(dead_code, reason = "shared with the journeys, which use the rest")]
#[path = "../journeys/clinic.rs"]
mod clinic;
#[path = "../support/mod.rs"]
mod support;

mod crash;
mod line;
mod search;

use clinic::{BOUND, at, book_by_api, go_to_tomorrow, open_bens_evening, pencil_in, pending};
use deskbell_clinic::Kind;
use line::Line;
use search::{files_with, holds};
use serde_json::json;
use support::account::{Account, Expect};
use support::driver::Launch;
use support::server::{ClinicServer, Hints};
use support::window::Window;
use support::workstation::Workstation;
use uuid::Uuid;

/// Words that no program, font or dictionary on the machine has.
const NAME: &str = "Zyxquetz Vornthall";
const PHONE: &str = "0917 604 7719";
const DIGITS: &str = "09176047719";
const NOTES: &str = "wryneckfjord";
const ALERT: &str = "kelpmurmuration";
const REASON: &str = "bryophyteglint";
const NEW_NAME: &str = "Quoxbirch Ylfennor";
const PASSWORD: &str = "thrushvexillum-88";

/// What may be nowhere but on the screen and in encrypted files.
fn marks() -> Vec<String> {
    let words = [NAME, PHONE, DIGITS, NOTES, ALERT, REASON, NEW_NAME, PASSWORD];
    // A name may be taken apart.
    let parts = [NAME, NEW_NAME].into_iter().flat_map(|name| name.split(' '));
    words.into_iter().chain(parts).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_marked_client_and_session_are_in_no_log_file_profile_notification_event_or_address() {
    let mut server = ClinicServer::sample("canary", Hints::On).await;
    server.stop();
    server.add_user("marked", "operator", PASSWORD);
    server.start().await;
    let (olivia, ben) = (server.sign_in("olivia").await, server.sign_in("ben").await);
    open_bens_evening(&ben).await;
    ben.add_availability(at(21, 0), at(23, 0)).await;
    let booking = marked_booking(&olivia, ben.staff()).await;
    let line = Line::before(server.address()).await;
    let desk = Workstation::new("canary").await;
    let launch = Launch::default()
        .argument("--server")
        .argument(&line.url())
        .open("operator")
        .variable("DESKBELL_LOG", "trace")
        .variable("RUST_BACKTRACE", "full");

    // Sign in, and the first read.
    let app = desk.start(launch.password("marked", PASSWORD)).await;
    let operator = app.window("operator").await;
    hear_events(&operator).await;
    go_to_tomorrow(&operator, "board").await;
    let bar = format!("[data-testid=booking][data-id='{booking}']");
    operator.wait_for_text(&bar, NAME, BOUND).await;
    assert_cores_are_off(app.id());

    // A look at the booking, and an edit of it with a reason.
    operator.click(&bar).await;
    operator.wait_for_text("[data-testid=sheet]", NOTES, BOUND).await;
    operator.wait_for_text("[data-testid=sheet]", PHONE, BOUND).await;
    operator.click("[data-testid=step-cancel]").await;
    operator.type_into("[data-testid=reason]", REASON).await;
    operator.click("[data-testid=reason-submit]").await;
    operator.wait_for_gone(&bar, BOUND).await;
    operator.press("\u{e00c}").await;

    // A search, then a booking of a client found by it, kept while the line is cut and refused when it is whole again.
    operator.type_into("[data-testid=search]", NAME).await;
    operator.fill("[data-testid=search]", "").await;
    line.cut(true);
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=offline]", BOUND)
        .await;
    pencil_in(&operator, NEW_NAME, "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;
    book_by_api(&olivia, ben.staff(), at(19, 30), at(20, 30)).await;
    line.cut(false);
    operator
        .wait_for_text("[data-testid=sync-pill]", "1 change waiting", BOUND)
        .await;
    operator.click("[data-testid=sync-pill]").await;
    operator
        .wait_for_text("[data-testid=waiting-acts]", NEW_NAME, BOUND)
        .await;
    operator.press("\u{e00c}").await;

    // News from elsewhere, as a notification.
    let ana = server.sign_in("ana").await;
    ana.add_availability(at(19, 0), at(21, 0)).await;
    desk.notifications()
        .wait_for(BOUND, |each| each.summary.contains("Ana"))
        .await;

    let mut marks = marks();
    marks.extend(line.tokens());
    assert!(line.tokens().len() >= 2, "the session's tokens were heard");
    assert_nothing_known(&desk, &marks, "while it runs");
    let heard = operator.run("return window.heardByTest.join('\\n')", vec![]).await;
    let heard = heard.as_str().expect("text");
    assert!(heard.contains("revision"), "events were heard: {heard}");
    for mark in &marks {
        assert!(!holds(heard.as_bytes(), mark), "an event told {mark}");
        let told = format!("{:?}", desk.notifications().shown());
        assert!(!holds(told.as_bytes(), mark), "a notification told {mark}");
        for asked in line.asked() {
            assert!(!holds(asked.as_bytes(), mark), "an address had {mark}: {asked}");
        }
    }
    let kept = "return localStorage.length + sessionStorage.length + document.cookie.length";
    assert_eq!(operator.run(kept, vec![]).await, json!(0), "web storage stays empty");

    // Sign out, with the refused act left behind, and the end.
    operator.click("[data-testid=account]").await;
    operator.click("[data-testid=sign-out]").await;
    operator.click("[data-testid=sign-out-anyway]").await;
    app.window("sign-in").await;
    marks.extend(line.tokens());
    assert!(app.quit().success(), "the application quits when asked");
    assert_nothing_known(&desk, &marks, "after the sign-out and the end");
    assert_caches_are_no_databases(&desk);
}

/// A client with marks in every field, booked with Ben tomorrow evening; answers the booking's id.
async fn marked_booking(olivia: &Account, ben: Uuid) -> Uuid {
    let client = Uuid::now_v7();
    let row = json!({
        "id": client, "name": NAME, "phones": [{ "typed": PHONE, "normalised": DIGITS }], "address": "",
        "wishes": { "staff": [], "gender": null }, "alert": ALERT, "notes": NOTES,
    });
    olivia.put(Kind::Client, client, &row, Expect::New).await.accepted();
    let services = olivia.rows(Kind::Service).await;
    let id = Uuid::now_v7();
    let row = json!({
        "id": id, "series": null, "clients": [{ "client": client, "arrived_at": null }],
        "assignments": [{ "staff": ben, "part": "therapist", "answer": "pending" }],
        "services": [services.keys().next()], "span": { "start": at(21, 30), "end": at(22, 30) },
        "place": { "at": "anywhere" }, "status": "confirmed", "step": null, "notes": NOTES, "reason": null,
        "answer_due": null, "overlap_accepted": null, "history": [],
    });
    olivia.put(Kind::Appointment, id, &row, Expect::New).await.accepted();
    id
}

/// Writes down every event that the window is sent.
async fn hear_events(window: &Window) {
    let script = "const shell = window.__TAURI_INTERNALS__;
        window.heardByTest = [];
        for (const event of ['clinic-changed', 'sync-changed', 'session-changed', 'tick', 'go-to']) {
            const handler = shell.transformCallback((told) => window.heardByTest.push(JSON.stringify(told)));
            shell.invoke('plugin:event|listen', { event, target: { kind: 'Any' }, handler });
        }";
    window.run(script, vec![]).await;
}

fn assert_nothing_known(desk: &Workstation, marks: &[String], when: &str) {
    let logs = desk.data_dir().join("default/logs");
    let logs = std::fs::read_dir(logs).expect("the profile has logs");
    let loudest: usize = logs
        .map(|log| std::fs::read_to_string(log.expect("a log").path()).expect("text"))
        .map(|text| text.matches("\"level\":\"TRACE\"").count())
        .sum();
    assert!(loudest > 50, "the logs were at their loudest: {loudest} lines of it");
    let found = files_with(desk.folder(), marks);
    assert!(found.is_empty(), "{when}: {found:#?}");
    let found = files_with(desk.logs(), marks);
    assert!(found.is_empty(), "{when}, what it printed: {found:#?}");
}

/// What a plain SQLite says to the desk's files.
fn assert_caches_are_no_databases(desk: &Workstation) {
    let files = std::fs::read_dir(desk.data_dir().join("default")).expect("the profile's folder");
    let caches = files.map(|file| file.expect("a file").path());
    let caches: Vec<_> = caches
        .filter(|path| path.extension().is_some_and(|extension| extension == "db"))
        .collect();
    assert!(!caches.is_empty(), "the account has a cache");
    for cache in caches {
        let plain = rusqlite::Connection::open(&cache).expect("the file opens lazily");
        let read = plain.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, u32>(0));
        let error = read.expect_err("nobody reads it without its key").to_string();
        assert!(error.contains("not a database"), "{error}");
    }
}

/// A core file would be the desk's whole memory on the disk.
fn assert_cores_are_off(process: u32) {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).expect("it runs");
    let cores = limits.lines().find(|line| line.starts_with("Max core file size"));
    let words: Vec<_> = cores.expect("the kernel says it").split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "neither now nor by a child");
}
