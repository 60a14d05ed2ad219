//! What the real desk and the real server do, in one process: bytes, the cost of a quiet poll, requests by windows, and
//! memory over a day.

use crate::clinic::{Clerk, DESKS, NOWHERE, Straight, Template, desk_folder, open_server};
use crate::figures::Figures;
use crate::time::{Cable, DeskClock, WorldTime};
use deskbell_clinic::{ClientId, Row};
use deskbell_core::backend::{BackendError, Transport};
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::sync::attention;
use deskbell_server::Unplugged;
use futures_util::future::BoxFuture;
use jiff::SignedDuration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// The admin's place among the template's witnesses.
const ADMIN: usize = 3;

async fn server(root: &TempDir, time: &Arc<WorldTime>) -> (Unplugged, Clerk) {
    let server = open_server(root.path(), time, SignedDuration::from_hours(24 * 365)).await;
    let server = server.start_unplugged().await.expect("a clinic");
    let admin = Clerk::resume(server.router(), &Template::get().witnesses[ADMIN]).await;
    (server, admin)
}

async fn fill(admin: &Clerk, from: u128, to: u128) {
    for n in from..to {
        let id = ClientId(Uuid::from_u128(0x1_0000 + n));
        let mut row = crate::clinic::client(id, &format!("Client number {n}"));
        row.notes = "prefers mornings".into();
        admin.create(&Row::from(row)).await;
    }
}

/// Microseconds of a poll that brings nothing, the median of many.
async fn quiet_poll(admin: &Clerk) -> f64 {
    let cursor = admin.cursor().await;
    let path = format!("/v1/changes?since={cursor}");
    let mut times = vec![];
    for _ in 0..2_000 {
        let began = Instant::now();
        admin.get(&path).await;
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    crate::times::Times::of(times).median()
}

/// Bytes of a quiet poll and of everything, and what 100 times the rows make of the poll's cost.
pub(crate) async fn measure_polls(figures: &mut Figures) {
    let root = Template::get().copy();
    let (server, admin) = server(&root, &WorldTime::begin()).await;
    fill(&admin, 0, 500).await;
    let small = quiet_poll(&admin).await;
    let quiet = admin
        .bytes(&format!("/v1/changes?since={}", admin.cursor().await))
        .await;
    let full = admin.bytes_of_everything().await;
    figures.value("bytes of a quiet poll, clinic of 500 rows", "bytes", quiet, None);
    figures.value("bytes of the full window, clinic of 500 rows", "bytes", full, None);
    figures.value(
        "bytes quiet, delta ÷ full window",
        "ratio",
        quiet / full,
        Some((0.01, quiet / full <= 0.01)),
    );
    fill(&admin, 500, 50_000).await;
    let large = quiet_poll(&admin).await;
    figures.value("quiet poll, clinic of 500 rows", "µs", small, None);
    figures.value("quiet poll, clinic of 50,000 rows", "µs", large, None);
    let growth = large / small;
    figures.value(
        "poll cost, 500 → 50,000 rows unchanged",
        "ratio",
        growth,
        Some((1.2, growth <= 1.2)),
    );
    server.shutdown().await;
}

/// Counts what goes over the line.
struct Counted(Straight, Arc<AtomicU64>);

impl Transport for Counted {
    fn carry(&self, request: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, BackendError>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.carry(request)
    }
}

async fn desk(root: &TempDir, time: &Arc<WorldTime>, server: &Unplugged, asked: &Arc<AtomicU64>) -> Desk {
    let options = DeskOptions::new(desk_folder(root.path(), 0), NOWHERE)
        .practice()
        .clock(DeskClock::new(time, 1))
        .network(Arc::new(Cable))
        .transport(Arc::new(Counted(Straight(server.router()), asked.clone())));
    Desk::open(options).await.expect("the template's folder")
}

/// Requests of one desk in an hour of work with so many windows open.
async fn hour_of(windows: u32) -> f64 {
    let root = Template::get().copy();
    let time = WorldTime::begin();
    let (server, mut admin) = server(&root, &time).await;
    let asked = Arc::new(AtomicU64::new(0));
    let desk = desk(&root, &time, &server, &asked).await;
    let mut settings = desk.settings();
    settings.sync.hints = false;
    desk.change_settings(&settings).expect("the template's folder");
    for minute in 0..60_u128 {
        for window in 0..windows {
            desk.attend(
                &format!("window-{window}"),
                attention::Desk::Front,
                true,
                true,
                window == 0,
            );
        }
        if minute % 4 == 0 {
            fill(&admin, minute, minute + 1).await;
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
        if minute % 10 == 0 {
            admin = admin.renewed().await;
        }
    }
    desk.close().await;
    server.shutdown().await;
    asked.load(Ordering::SeqCst) as f64
}

pub(crate) async fn measure_windows(figures: &mut Figures) {
    let (one, twelve) = (hour_of(1).await, hour_of(12).await);
    figures.value("requests of an hour, 1 window", "requests", one, None);
    figures.value("requests of an hour, 12 windows", "requests", twelve, None);
    let ratio = twelve / one;
    figures.value(
        "requests, 1 → 12 windows",
        "ratio",
        ratio,
        Some((1.0, (ratio * 100.0).round() <= 100.0)),
    );
}

/// Resident memory of this process, in MiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: f64 = status
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .expect("a number");
    pages * 4_096.0 / 1_048_576.0
}

/// A desk at work and its server, in one process, over a day: a change each half minute, a person's act each five.
pub(crate) async fn measure_memory(figures: &mut Figures) {
    let root = Template::get().copy();
    let time = WorldTime::begin();
    let (server, mut admin) = server(&root, &time).await;
    let asked = Arc::new(AtomicU64::new(0));
    let desk = desk(&root, &time, &server, &asked).await;
    assert_eq!(desk.account().map(|account| account.login).as_deref(), Some(DESKS[0]));
    let (mut first, mut half) = (0.0, 0_u128);
    // The same 200 clients are changed over and over: what grows is not the clinic.
    fill(&admin, 0, 200).await;
    let mut versions = [1_u32; 200];
    while time.elapsed() < Duration::from_secs(24 * 3600) {
        desk.attend("window", attention::Desk::Front, true, true, half % 10 < 5);
        let n = usize::try_from(half % 200).expect("small");
        let mut row = crate::clinic::client(ClientId(Uuid::from_u128(0x1_0000 + half % 200)), "Client");
        row.notes = format!("note {half}");
        admin.put(&Row::from(row), Some(versions[n])).await;
        versions[n] += 1;
        tokio::time::sleep(Duration::from_secs(30)).await;
        half += 1;
        if half.is_multiple_of(20) {
            admin = admin.renewed().await;
        }
        if half == 120 {
            first = resident();
        }
    }
    let last = resident();
    desk.close().await;
    server.shutdown().await;
    figures.value("memory after 1 virtual hour, desk and server", "MiB", first, None);
    figures.value("memory after 24 virtual hours", "MiB", last, None);
    let ratio = last / first;
    figures.value(
        "memory after 24 virtual hours ÷ after hour 1",
        "ratio",
        ratio,
        Some((1.1, ratio <= 1.1)),
    );
}
