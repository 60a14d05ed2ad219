//! More and more desks, each step for a while under the acts of so many desks, until `changes` takes longer than it may.

#![allow(clippy::print_stdout, reason = "the figures are for whoever measures")]

use crate::desk::{Answers, LightDesk, Way};
use crate::figures::Figures;
use crate::memory;
use crate::support::account::{Account, Expect};
use crate::support::server::{ClinicServer, Hints};
use crate::times::Times;
use deskbell_clinic::{Client, ClientId, Kind, Wishes};
use futures_util::StreamExt as _;
use futures_util::stream;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What `changes` may take, at the 95th percentile, in milliseconds.
const MOST: f64 = 100.0;
const STEPS: [usize; 11] = [25, 50, 100, 200, 300, 400, 600, 800, 1_200, 1_600, 2_400];
/// How long each step is held.
const HELD: Duration = Duration::from_secs(15);
/// A desk's acts in an hour: a booking, a move or a step every four minutes.
const ACTS_AN_HOUR: f64 = 15.0;
/// Desks that read everything at the same time.
const AT_ONCE: usize = 8;

/// A way to hear of changes, and what its figures are called.
pub(crate) struct Kept {
    way: Way,
    names: [&'static str; 5],
}

pub(crate) const HINTED: Kept = Kept {
    way: Way::Hints,
    names: [
        "with hints: desks held",
        "with hints: changes, at so many desks",
        "with hints: processor of the server, per desk",
        "with hints: memory of the server, per desk",
        "with hints: requests of all desks",
    ],
};

pub(crate) const POLLING: Kept = Kept {
    way: Way::Polls(12.5),
    names: [
        "polling every 12.5 s: desks held",
        "polling every 12.5 s: changes, at so many desks",
        "polling every 12.5 s: processor of the server, per desk",
        "polling every 12.5 s: memory of the server, per desk",
        "polling every 12.5 s: requests of all desks",
    ],
};

/// What a step showed.
struct Step {
    desks: usize,
    times: Times,
    /// Thousandths of a core, of the server.
    processor: f64,
    /// KiB more than without desks.
    memory: f64,
    requests: f64,
}

/// Measures, and answers how many desks were held.
pub(crate) async fn measure(figures: &mut Figures, kept: &Kept) -> usize {
    let hints = if kept.way == Way::Hints { Hints::On } else { Hints::Off };
    let server = ClinicServer::sample("bench-server", hints).await;
    let olivia = server.sign_in("olivia").await;
    let bare = memory::of_tree(server.id());
    let mut held: Option<Step> = None;
    for desks in STEPS {
        let step = step(&server, &olivia, kept.way, desks, bare).await;
        println!(
            "  {desks} desks: p95 {:.1} ms of {} answers, {:.0} thousandths of a core, {:.0} KiB",
            step.times.p95(),
            step.times.n(),
            step.processor,
            step.memory
        );
        if step.times.p95() > MOST {
            break;
        }
        held = Some(step);
    }
    let held = held.expect("a server that holds two dozen desks");
    let each = |value: f64| value / held.desks as f64;
    let [desks, changes, processor, memory, requests] = kept.names;
    figures.value(desks, "desks", held.desks as f64, None);
    figures.p95_within(changes, &held.times, MOST);
    figures.value(processor, "‰ core", each(held.processor), None);
    figures.value(memory, "KiB", each(held.memory), None);
    figures.value(requests, "1/s", held.requests, None);
    held.desks
}

async fn step(server: &ClinicServer, olivia: &Account, way: Way, desks: usize, bare: f64) -> Step {
    let (answers, stop) = (Answers::default(), CancellationToken::new());
    let (url, token) = (server.url(), &olivia.session().access_token);
    let opened = stream::iter(0..desks).map(|_| LightDesk::open(&url, token, answers.clone()));
    let opened: Vec<_> = opened.buffer_unordered(AT_ONCE).collect().await;
    let working: Vec<_> = opened
        .into_iter()
        .map(|desk| tokio::spawn(desk.work(way, stop.clone())))
        .collect();
    // What a desk asks when it begins to listen is not what it asks all day.
    tokio::time::sleep(Duration::from_secs(2)).await;
    answers.lock().expect("no desk panics").clear();

    let (began, spent) = (Instant::now(), processor(server.id()));
    let mut acts = tokio::time::interval(Duration::from_secs_f64(3_600.0 / (ACTS_AN_HOUR * desks as f64)));
    while began.elapsed() < HELD {
        acts.tick().await;
        let (id, row) = act();
        olivia.put(Kind::Client, id, &row, Expect::New).await.accepted();
    }
    let took = began.elapsed().as_secs_f64();
    let spent = processor(server.id()) - spent;
    let memory = (memory::of_tree(server.id()) - bare) * 1024.0;
    let answered = std::mem::take(&mut *answers.lock().expect("no desk panics"));
    stop.cancel();
    for desk in working {
        desk.await.expect("no desk panics");
    }
    Step {
        desks,
        requests: answered.len() as f64 / took,
        times: Times::of(answered),
        processor: spent * 1000.0 / took,
        memory,
    }
}

/// A new client, as a desk writes one down while the phone rings.
pub(crate) fn act() -> (Uuid, Value) {
    let id = Uuid::now_v7();
    let client = Client {
        id: ClientId(id),
        name: format!("Client {}", id.simple()),
        phones: vec![],
        address: String::new(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: "prefers mornings".to_owned(),
    };
    let row = serde_json::to_value(client).expect("a client is JSON");
    (id, row)
}

/// Seconds of processor that a program has used.
fn processor(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("the server runs");
    let (_, after_name) = stat.rsplit_once(')').expect("a name in parentheses");
    let ticks = after_name.split_whitespace().skip(11).take(2);
    // Linux counts in hundredths of a second, whatever its timer does.
    ticks.map(|ticks| ticks.parse::<f64>().expect("a number")).sum::<f64>() / 100.0
}
