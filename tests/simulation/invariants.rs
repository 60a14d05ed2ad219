//! What must be true of every run, whatever happened in it. Each invariant says by name what it found wrong.

use crate::clinic::{ACCOUNTS, DESKS, server_folder};
use crate::ledger::Ledger;
use crate::network::Asked;
use crate::people::Kept;
use crate::window;
use crate::world::World;
use deskbell_clinic::{Kind, Row};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;
use uuid::Uuid;

/// What a desk may ask in any minute while nothing works: the budget of repeats (10, and one each five seconds) for a
/// minute is 22; what repeats nothing (a first attempt, a person's refresh, a step of the hints' back-off) comes on top.
const HOSTILE_MINUTE: usize = 60;

/// Something that should not be.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// Which invariant.
    pub(crate) invariant: Invariant,
    what: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.invariant, self.what)
    }
}

/// The promises that are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Invariant {
    /// With everything working again, everything settles: no state without a wake-up, no overlay that stays.
    Quiet,
    /// The cache is what the server shows this account, no more and no less.
    CacheIsServer,
    /// What was kept is done, or a person gave it up.
    NothingLost,
    /// An act is done at most once.
    NothingDoubled,
    /// Acts on one row from one desk are done in the order they were kept.
    Order,
    /// The cache's revisions count up by one.
    Contiguous,
    /// A window that lost, doubled or reordered notices shows the final revision.
    Windows,
    /// Nobody asks before the pause that the server asked for is over.
    Pauses,
    /// Requests in a minute of a hostile server.
    Budget,
}

/// Checks a quiet world. Answers what is wrong, and how many acts were done, lost and doubled.
pub(crate) async fn check(world: &World) -> (Vec<Finding>, Tally) {
    let mut findings = vec![];
    let mut say = |invariant, what: String| findings.push(Finding { invariant, what });
    let mut servers = vec![];
    for account in 0..ACCOUNTS.len() {
        servers.push(world.clerk(account).await.everything().await);
    }
    for (index, station) in world.stations.iter().enumerate() {
        let account = ACCOUNTS
            .iter()
            .position(|login| *login == DESKS[index])
            .expect("a login");
        match window::all(&station.desk).await {
            Err(error) => say(Invariant::CacheIsServer, format!("desk {index}: {error:?}")),
            Ok((_, shown)) => {
                for difference in differences(&servers[account], &shown) {
                    say(Invariant::CacheIsServer, format!("desk {index}: {difference}"));
                }
                let seen = station.window.seen.lock().expect("nothing panics holding it");
                if seen.shown != shown {
                    let stale = shown
                        .iter()
                        .filter(|(key, row)| seen.shown.get(key) != Some(row))
                        .count();
                    let ghosts = seen.shown.keys().filter(|key| !shown.contains_key(key)).count();
                    say(
                        Invariant::Windows,
                        format!(
                            "the window of desk {index} shows {stale} rows as they were and {ghosts} that are gone"
                        ),
                    );
                }
            }
        }
        let last = station
            .window
            .seen
            .lock()
            .expect("nothing panics holding it")
            .published
            .clone();
        for life in station.lives.iter().chain([&last]) {
            for pair in life.windows(2).filter(|pair| pair[0].1 != pair[1].0) {
                say(
                    Invariant::Contiguous,
                    format!("desk {index}: {:?} follows {:?}", pair[1], pair[0]),
                );
            }
        }
        for what in impatience(&station.wire.asked()) {
            say(Invariant::Pauses, format!("desk {index}: {what}"));
        }
    }
    let tally = account_for(world, &mut say);
    (findings, tally)
}

/// What became of what people did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kept: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
}

fn account_for(world: &World, say: &mut impl FnMut(Invariant, String)) -> Tally {
    let ledger = Ledger::read(&server_folder(world.root.path()));
    let mut tally = Tally {
        kept: world.kept.len(),
        ..Tally::default()
    };
    let mut last: HashMap<(usize, Kind, Uuid), i64> = HashMap::new();
    for kept in &world.kept {
        let Kept {
            desk,
            operation,
            kind,
            id,
            ..
        } = *kept;
        let done = ledger.of(operation, kind, id);
        if done.len() > 1 {
            tally.doubled += 1;
            say(
                Invariant::NothingDoubled,
                format!("desk {desk}: {operation:?} was done {} times", done.len()),
            );
        }
        let needless = kept.deletes && ledger.deleted(kind, id);
        if done.is_empty() && !kept.given_up && !needless {
            tally.lost += 1;
            let asked = world.stations[desk].wire.asked();
            let key = operation.uuid().to_string();
            let of_it = asked.iter().filter(|asked| asked.operation.as_deref() == Some(&key));
            let story: Vec<_> = of_it.map(|asked| format!("\n      {}", asked.line())).collect();
            let what = format!("desk {desk}: an act on a {kind} was never done{}", story.concat());
            say(Invariant::NothingLost, what);
        }
        if let Some(seq) = done.first().map(|done| done.seq) {
            let before = last.insert((desk, kind, id), seq);
            if before.is_some_and(|before| before > seq) {
                say(
                    Invariant::Order,
                    format!("desk {desk}: {operation:?} on a {kind} overtook an earlier act"),
                );
            }
        }
    }
    tally
}

fn differences(server: &[(Kind, Uuid, u32, Value)], shown: &HashMap<(Kind, Uuid), (Option<u32>, Row)>) -> Vec<String> {
    let mut wrong = vec![];
    let mut left: BTreeMap<_, _> = shown.iter().map(|(key, row)| ((key.0.as_str(), key.1), row)).collect();
    for (kind, id, version, body) in server {
        match left.remove(&(kind.as_str(), *id)) {
            None => wrong.push(format!("a {kind} of version {version} is missing")),
            Some((known, _)) if *known != Some(*version) => {
                wrong.push(format!("a {kind} is at {known:?} and not at {version}"));
            }
            Some((_, row)) if row.to_json() != *body => wrong.push(format!("a {kind} has another content")),
            Some(_) => {}
        }
    }
    wrong.extend(
        left.keys()
            .map(|(kind, _)| format!("a {kind} is not the server's, or not for these eyes")),
    );
    wrong
}

/// Requests inside a pause. A person who types a password is not kept waiting; whatever the desk asks by itself, or
/// because somebody pressed refresh, is.
fn impatience(asked: &[Asked]) -> Vec<String> {
    let typed = |request: &&Asked| (request.method.as_str(), request.path.as_str()) == ("POST", "/v1/session");
    let inside = |at: Duration| {
        let mut pauses = asked.iter().filter_map(|request| request.pause);
        pauses.find(|(from, until)| *from < at && at < *until)
    };
    asked
        .iter()
        .filter(|request| !typed(request))
        .filter_map(|request| {
            let (from, until) = inside(request.at)?;
            let told = format!("told at {} ms to wait until {} ms", from.as_millis(), until.as_millis());
            Some(format!("{} although {told}", request.line()))
        })
        .collect()
}

/// The most requests of a desk in any minute of a span of time.
pub(crate) fn busiest_minute(asked: &[Asked], from: Duration, to: Duration) -> usize {
    let times: Vec<_> = asked
        .iter()
        .map(|a| a.at)
        .filter(|at| (from..to).contains(at))
        .collect();
    let within = |start: &Duration| {
        times
            .iter()
            .filter(|at| (*start..*start + Duration::from_secs(60)).contains(*at))
            .count()
    };
    times.iter().map(within).max().unwrap_or(0)
}

/// That a desk kept to its budget while nothing worked.
pub(crate) fn check_budget(world: &World, from: Duration, to: Duration) -> Vec<Finding> {
    let mut findings = vec![];
    for (index, station) in world.stations.iter().enumerate() {
        let most = busiest_minute(&station.wire.asked(), from, to);
        if most > HOSTILE_MINUTE {
            let what = format!("desk {index} asked {most} times in a minute, of {HOSTILE_MINUTE}");
            findings.push(Finding {
                invariant: Invariant::Budget,
                what,
            });
        }
    }
    findings
}

/// That a world never came to rest.
pub(crate) fn restless(what: String) -> Finding {
    Finding {
        invariant: Invariant::Quiet,
        what,
    }
}
