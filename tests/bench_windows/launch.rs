//! From the program's start to its first painted window: the board from a full cache, and, as the bare window of the
//! same build, the sign-in window where no clinic was ever chosen.

use crate::figures::Figures;
use crate::support::driver::Launch;
use crate::support::eventually;
use crate::support::server::{ClinicServer, Hints};
use crate::support::workstation::Workstation;
use crate::times::{Times, now};
use crate::{fill, memory};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const APPOINTMENTS: usize = 50_000;
/// How often each is started.
const LAUNCHES: usize = 9;
/// The first sync of so many rows.
const FIRST_SYNC: Duration = Duration::from_secs(300);
const BOUND: Duration = Duration::from_secs(30);
/// An appointment takes more than half a kilobyte: a cache smaller than this cannot hold them all.
const LEAST_CACHE: u64 = APPOINTMENTS as u64 * 512;

/// When the frame after the first one with the board began; where no clinic was chosen, when anything was painted first.
const PAINTED: &str = "const [board] = arguments;
    const paint = performance.getEntriesByName(board ? 'board-painted' : 'first-contentful-paint')[0];
    return paint ? performance.timeOrigin + paint.startTime : null";

/// Measures both in turn, so that whatever else the machine does meets both.
pub(crate) async fn measure(figures: &mut Figures) {
    let mut server = ClinicServer::sample("bench-launch", Hints::On).await;
    server.stop();
    fill::past_appointments(&server.data_dir(), APPOINTMENTS);
    server.start().await;
    let (full, empty) = (
        Workstation::new("bench-launch").await,
        Workstation::new("bench-bare").await,
    );
    let board = Launch::on(&server).open("operator");

    let app = full.start(board.clone().user("olivia")).await;
    let operator = app.window("operator").await;
    operator
        .wait_for_within("[data-testid=\"sync-pill\"][data-state=\"live\"]", FIRST_SYNC)
        .await;
    operator.wait_for("[data-testid=\"board\"]").await;
    assert!(app.quit().success(), "the application quits when asked");
    let kept = size(&full.data_dir());
    assert!(
        kept > LEAST_CACHE,
        "{kept} bytes cannot be a cache of {APPOINTMENTS} appointments"
    );

    let (mut from_cache, mut bare, mut held) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..LAUNCHES {
        bare.push(launch(&empty, Launch::default(), "sign-in", &mut held).await);
        // Who is signed in is remembered, so the board opens without asking anybody.
        from_cache.push(launch(&full, board.clone(), "operator", &mut 0.0).await);
    }
    let (from_cache, bare) = (Times::of(from_cache), Times::of(bare));
    figures.value("PSS of the process tree, the bare window", "MiB", held, None);
    figures.median("bare: launch -> sign-in window painted", &bare, None);
    figures.median(
        "launch -> first window painted from the cache of 50,000 appointments",
        &from_cache,
        Some(1.3 * bare.median()),
    );
}

/// Starts the application, and quits it once `page` is painted. Answers how long the painting took, in milliseconds;
/// `held` gets what the programs then held in memory. The driver's start falls into every launch alike.
async fn launch(workstation: &Workstation, launch: Launch, page: &str, held: &mut f64) -> f64 {
    let begun = now();
    let app = workstation.start(launch).await;
    let window = app.window(page).await;
    let (painted, _) = eventually("the first paint", BOUND, async || {
        window.run(PAINTED, vec![json!(page == "operator")]).await.as_f64()
    })
    .await;
    *held = memory::of_tree(app.id());
    assert!(app.quit().success(), "the application quits when asked");
    painted - begun
}

/// All files below a folder, in bytes.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("our own folder can be read");
    entries
        .map(|entry| {
            let entry = entry.expect("our own folder can be read");
            let about = entry.metadata().expect("our own file can be asked about");
            if about.is_dir() {
                size(&entry.path())
            } else {
                about.len()
            }
        })
        .sum()
}
