//! A desk's process is killed with -9 at random points, again and again, and after each kill nothing that it said was kept
//! may be missing, and nothing may have been done twice.
//!
//! The process is this test program started once more, with nothing in it but a desk on a real folder, speaking to the
//! real server over a socket, and a person who does things as fast as they are kept. It says each act aloud only after
//! the desk has promised to keep it, which is what a window would have shown. A second desk of the same account stays
//! alive throughout, changes rows meanwhile, and is what the killed one must be level with in the end.

#[path = "../simulation/clinic.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod clinic;
#[path = "../simulation/ledger.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod ledger;
#[path = "../simulation/people.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod people;
#[path = "../simulation/time.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod time;
#[path = "../simulation/window.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod window;

use clinic::{DESKS, PASSWORD, Template, desk_folder, morning, server_folder};
use deskbell_clinic::{Kind, OperationId};
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::sync::attention;
use deskbell_core::sync::link::LinkState;
use deskbell_server::{Clock, Config, Running, Server};
use jiff::SignedDuration;
use ledger::Ledger;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Kills in an ordinary run; `KILLS` says another number.
const KILLS: u32 = 30;
/// How long the desk has, after a kill, to send what it kept and to be level again.
const BOUND: Duration = Duration::from_secs(60);

/// An act that was said to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Promise {
    operation: OperationId,
    kind: Kind,
    id: Uuid,
    deletes: bool,
}

async fn open(folder: &Path, url: &str) -> Desk {
    let options = DeskOptions::new(folder.to_owned(), url).practice();
    let desk = Desk::open(options).await.expect("a killed desk's folder can be opened");
    desk.attend("window", attention::Desk::Front, true, true, true);
    desk
}

async fn sign_in_when_asked(desk: &Desk) {
    if desk.account().is_none() || desk.status().borrow().link == LinkState::AuthHeld {
        // The next look asks again when this fails.
        drop(desk.sign_in(DESKS[0], PASSWORD).await);
    }
}

/// The process that is killed.
#[test]
#[ignore = "started by the kill loop, which kills it"]
fn headless_desk() {
    let variable = |name: &str| std::env::var(name).expect("the kill loop sets it");
    let seed = variable("KILL_SEED").parse().expect("a number");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let desk = open(Path::new(&variable("KILL_FOLDER")), &variable("KILL_URL")).await;
        let mut rng = StdRng::seed_from_u64(seed);
        loop {
            sign_in_when_asked(&desk).await;
            for kept in people::act(&desk, 0, false, &mut rng).await {
                let mut out = std::io::stdout().lock();
                let (operation, id) = (kept.operation.uuid(), kept.id);
                writeln!(out, "KEPT {operation} {} {id} {}", kept.kind, kept.deletes).expect("the kill loop listens");
                out.flush().expect("the kill loop listens");
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(0..10))).await;
        }
    });
}

/// Starts the process, kills it after a while, and answers what it had said by then.
fn live_and_die(folder: &Path, url: &str, seed: u64, after: Duration) -> Vec<Promise> {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "headless_desk", "--ignored", "--nocapture"])
        .env("KILL_FOLDER", folder)
        .env("KILL_URL", url)
        .env("KILL_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started");
    let out = BufReader::new(child.stdout.take().expect("it was piped"));
    let reading = std::thread::spawn(move || {
        out.lines()
            .map_while(Result::ok)
            .filter_map(|line| promise(&line))
            .collect()
    });
    std::thread::sleep(after);
    // SIGKILL: no destructor runs, no file is closed.
    child.kill().expect("it is ours to kill");
    child.wait().expect("it was killed");
    reading.join().expect("reading does not panic")
}

fn promise(line: &str) -> Option<Promise> {
    let mut words = line.split("KEPT ").nth(1)?.split(' ');
    Some(Promise {
        operation: OperationId(words.next()?.parse().ok()?),
        kind: words.next()?.parse().ok()?,
        id: words.next()?.parse().ok()?,
        deletes: words.next()?.parse().ok()?,
    })
}

async fn serve(root: &Path) -> Running {
    let began = Instant::now();
    let mut config = Config::new(server_folder(root), ([127, 0, 0, 1], 0).into());
    // The template's sessions are of its own day.
    config.clock =
        Clock::saying(move || morning() + SignedDuration::try_from(began.elapsed()).expect("a test is short"));
    config.refresh_lifetime = SignedDuration::from_hours(24 * 365);
    let server = Server::open(config).await.expect("the template's folder");
    server.start().await.expect("a free port")
}

/// Lets a desk send what it has and decides about what it is asked. Answers what was given up.
async fn settle(desk: &Desk, rng: &mut StdRng) -> HashSet<OperationId> {
    let mut given_up = HashSet::new();
    let from = Instant::now();
    loop {
        sign_in_when_asked(desk).await;
        given_up.extend(people::decide(desk, true, rng).await);
        let waiting = desk.outbox().await.expect("the cache can be read");
        if waiting.is_empty() && desk.status().borrow().link.is_connected() {
            return given_up;
        }
        assert!(
            from.elapsed() < BOUND,
            "after a kill the desk does not come to rest: {:?}, {:?}",
            desk.status().borrow().link,
            waiting.iter().map(|item| (item.kind, item.state)).collect::<Vec<_>>()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Both desks show the same: they are of one account, and the second was never disturbed.
async fn become_level(killed: &Desk, other: &Desk) {
    let from = Instant::now();
    loop {
        killed.refresh();
        other.refresh();
        let (_, a) = window::all(killed).await.expect("the cache can be read");
        let (_, b) = window::all(other).await.expect("the cache can be read");
        if a == b && !a.is_empty() {
            return;
        }
        let differ = a.iter().filter(|(key, row)| b.get(key) != Some(row)).count();
        assert!(
            from.elapsed() < BOUND,
            "after a kill the desk never shows what its neighbour shows: {} rows and {}, {differ} differ",
            a.len(),
            b.len()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_desk_that_is_killed_at_any_point_loses_nothing_and_repeats_nothing() {
    let kills = std::env::var("KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let root = Template::get().copy();
    let (mut kept, mut lost, mut doubled, mut wrong) = (0, 0, 0, vec![]);
    runtime.block_on(async {
        let server = serve(root.path()).await;
        let (folder, url) = (desk_folder(root.path(), 0), server.url());
        let other = open(&desk_folder(root.path(), 1), &url).await;
        let mut rng = StdRng::seed_from_u64(0xD1E);
        for kill in 0..kills {
            people::act(&other, 1, false, &mut rng).await;
            let after = Duration::from_millis(rng.random_range(20..700));
            let (place, address) = (folder.clone(), url.clone());
            let dying = tokio::task::spawn_blocking(move || live_and_die(&place, &address, kill.into(), after));
            people::act(&other, 1, false, &mut rng).await;
            let promises = dying.await.expect("the loop does not panic");
            kept += promises.len();

            let desk = open(&folder, &url).await;
            let given_up = settle(&desk, &mut rng).await;
            settle(&other, &mut rng).await;
            become_level(&desk, &other).await;
            desk.close().await;
            let ledger = Ledger::read(&server_folder(root.path()));
            for promise in promises {
                let done = ledger.of(promise.operation, promise.kind, promise.id).len();
                let needless = promise.deletes && ledger.deleted(promise.kind, promise.id);
                if done == 0 && !needless && !given_up.contains(&promise.operation) {
                    lost += 1;
                    wrong.push(format!(
                        "kill {kill} after {after:?}: an act on a {} was lost",
                        promise.kind
                    ));
                }
                if done > 1 {
                    doubled += 1;
                    wrong.push(format!(
                        "kill {kill} after {after:?}: an act on a {} was done {done} times",
                        promise.kind
                    ));
                }
            }
        }
        other.close().await;
        server.shutdown().await;
    });
    eprintln!("SOAK kill-loop kills={kills} kept={kept} lost={lost} doubled={doubled}");
    assert!(
        kept > kills as usize,
        "the killed desks kept {kept} acts only: nothing was tested"
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
