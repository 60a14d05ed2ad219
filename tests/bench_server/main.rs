//! `make bench-server`: how many desks one `deskbell-server` holds, with hints and by polling, what a desk costs it, and
//! whether anything is lost or doubled when it is killed under load and all desks come back at once. The server is the
//! release program in a process of its own; the desks are this one, on the same machine and the same cores.

mod desk;
#[path = "../support/figures.rs"]
#[allow(dead_code, reason = "each benchmark uses its own part")]
mod figures;
mod held;
#[path = "../bench_windows/memory.rs"]
mod memory;
mod restart;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/times.rs"]
#[allow(dead_code, reason = "each benchmark uses its own part")]
mod times;

use figures::Figures;
use support::left_behind;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures for minutes, and only a quiet machine's figures mean anything: make bench-server"]
async fn what_one_server_holds_is_measured() {
    let mut figures = Figures::default();
    println!("desks that hear hints");
    let hinted = held::measure(&mut figures, &held::HINTED).await;
    println!("desks that poll");
    held::measure(&mut figures, &held::POLLING).await;
    println!("killed under load, and all desks come back");
    restart::measure(&mut figures, hinted).await;

    println!("{}", figures.table());
    let file = left_behind("bench").join("server.json");
    std::fs::write(&file, figures.json()).expect("target/ can be written");
    println!("written to {}", file.display());
}
