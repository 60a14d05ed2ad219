//! `make bench-sync`: how fresh the cadence keeps a desk and what that costs, against fixed and stepwise rules on the same
//! committed weeks (`trace.rs`), and what the engine's own parts cost. Time is virtual wherever time passes. The columns
//! "median" and "p95" show the lowest and the highest seed beside the median, which is the value that is judged.

mod apply;
#[path = "../simulation/clinic.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod clinic;
mod engine;
#[path = "../support/figures.rs"]
#[allow(dead_code, reason = "each benchmark uses its own part")]
mod figures;
mod freshness;
mod policy;
mod reconnect;
#[path = "../simulation/time.rs"]
#[allow(dead_code, reason = "the simulation uses more of it")]
mod time;
#[path = "../support/times.rs"]
#[allow(dead_code, reason = "each benchmark uses its own part")]
mod times;
mod trace;

use figures::Figures;
use std::future::Future;
use std::path::Path;

fn on_a_runtime<T>(paused: bool, work: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime
        .enable_all()
        .start_paused(paused)
        .build()
        .expect("a runtime")
        .block_on(work)
}

#[test]
#[ignore = "measures for a minute, and only a quiet machine's figures mean anything: make bench-sync"]
fn what_is_promised_of_the_sync_is_measured() {
    let mut figures = Figures::default();
    // First, while this process has held nothing else.
    println!("memory over a day");
    on_a_runtime(true, engine::measure_memory(&mut figures));
    println!("weeks of polling");
    freshness::measure(&mut figures);
    println!("windows, reconnecting, applying");
    on_a_runtime(true, engine::measure_windows(&mut figures));
    reconnect::measure(&mut figures);
    on_a_runtime(false, apply::measure(&mut figures));
    println!("polls of a small clinic and a large one");
    on_a_runtime(true, engine::measure_polls(&mut figures));

    println!("{}", figures.table());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    let file = folder.join("sync.json");
    std::fs::write(&file, figures.json()).expect("target/ can be written");
    println!("written to {}", file.display());
}
