//! A session that ends, a cache that is damaged, a disk that is full, a server at fault: each is said where the person
//! looks, in a sentence that says what to do, and nothing that was done is lost.

use crate::clinic::{BOUND, appointments, go_to_tomorrow, open_bens_evening, pencil_in, pending};
use crate::support::driver::Launch;
use crate::support::server::{ClinicServer, Hints, PASSWORD};
use crate::support::workstation::Workstation;
use std::path::PathBuf;

/// Room for the program's own small files, not for a clinic's data.
const SMALL_DISK_KIB: u32 = 700;
const ROOMY_DISK_KIB: u32 = 256 * 1024;

#[tokio::test]
async fn when_the_session_has_ended_what_one_does_waits_and_is_sent_once_after_a_new_sign_in() {
    let mut server = ClinicServer::sample("session-ended", Hints::On).await;
    open_bens_evening(&server.sign_in("ben").await).await;
    let before = appointments(&server.sign_in("olivia").await).await;
    let desk = Workstation::new("session-ended").await;
    let app = desk.start(Launch::on(&server).open("operator").user("olivia")).await;
    let operator = app.window("operator").await;
    go_to_tomorrow(&operator, "board").await;
    server.stop();
    let database = rusqlite::Connection::open(server.data_dir().join("clinic.db")).expect("the stopped server's file");
    database
        .execute_batch("DELETE FROM token")
        .expect("its table of tokens");
    drop(database);
    server.start().await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=sign_in_again]", BOUND)
        .await;
    pencil_in(&operator, "Mara Quill", "19:30").await;
    operator.wait_for_within(&pending("ben", "not_sent"), BOUND).await;

    operator.click("[data-testid=sync-pill]").await;
    operator
        .wait_for_text(
            "[data-testid=sync-problem]",
            "Sign in again; nothing that was saved is lost",
            BOUND,
        )
        .await;
    operator.click("[data-testid=sign-in-again]").await;
    let sign_in = app.window("sign-in").await;
    sign_in.wait_for_within("[data-testid=login]", BOUND).await;
    sign_in.fill("[data-testid=login]", "olivia").await;
    sign_in.fill("[data-testid=password]", PASSWORD).await;
    sign_in.click("[data-testid=submit]").await;

    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live][data-waiting='0']", BOUND)
        .await;
    operator.wait_for_gone(&pending("ben", "not_sent"), BOUND).await;
    let after = appointments(&server.sign_in("olivia").await).await;
    assert_eq!(after.difference(&before).count(), 1, "the server has the booking once");
}

#[tokio::test]
async fn a_cache_that_is_no_database_is_set_aside_said_and_read_anew() {
    let server = ClinicServer::sample("damaged", Hints::On).await;
    let desk = Workstation::new("damaged").await;
    let launch = Launch::on(&server).open("operator");
    let app = desk.start(launch.clone().user("olivia")).await;
    let operator = app.window("operator").await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    let bookings = operator.count("[data-testid=booking]").await;
    assert!(app.quit().success(), "the application quits when asked");

    let cache = cache_of(&desk);
    std::fs::write(&cache, "this is no database".repeat(2_000)).expect("the cache's file can be written");
    let app = desk.start(launch).await;
    let operator = app.window("operator").await;
    operator
        .wait_for_text("[data-testid=notice]", "could not be opened. It was set aside", BOUND)
        .await;
    operator
        .wait_for_text("[data-testid=notice]", "look whether your last ones are there", BOUND)
        .await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
    operator
        .wait_until(BOUND, "[data-testid=booking]", "to be as many as before", |shown| {
            shown.len() == bookings
        })
        .await;
    operator.screenshot("cache-set-aside").await;
    operator.click("[data-testid=notice-dismiss]").await;
    operator.wait_for_gone("[data-testid=notice]", BOUND).await;
    let mut kept = cache.into_os_string();
    kept.push(".damaged");
    assert!(PathBuf::from(kept).exists(), "what was set aside is not deleted");
}

fn cache_of(desk: &Workstation) -> PathBuf {
    let files = std::fs::read_dir(desk.data_dir().join("default")).expect("the profile's folder");
    let mut caches = files.map(|file| file.expect("a file").path()).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("cache-") && name.ends_with(".db")
    });
    caches.next().expect("the account has a cache")
}

#[tokio::test]
async fn a_full_disk_is_said_and_everything_comes_once_there_is_room() {
    let server = ClinicServer::sample("full-disk", Hints::On).await;
    let desk = Workstation::new("full-disk").await;
    let launch = Launch::on(&server).open("operator").user("olivia");
    let app = desk.start(launch.on_a_disk_of(SMALL_DISK_KIB)).await;
    let operator = app.window("operator").await;
    operator.click("[data-testid=sync-pill]").await;
    operator
        .wait_for_text("[data-testid=sync-problem]", "The disk is full", BOUND)
        .await;
    app.enlarge_disk(&desk.data_dir(), ROOMY_DISK_KIB);
    operator.wait_for_within("[data-testid=booking]", BOUND).await;
    operator
        .wait_for_within("[data-testid=sync-pill][data-state=live]", BOUND)
        .await;
}
