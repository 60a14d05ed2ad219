//! `make bench`: how long a change takes to be seen, what a start and three windows cost, against what the same machine
//! needs for the bare thing in the same run. It is a test program because the windows are driven as in the journeys; it
//! fails only when something cannot be measured. A target that is missed is printed and written as missed.

#[path = "../support/figures.rs"]
#[allow(dead_code, reason = "each benchmark uses its own part")]
mod figures;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/times.rs"]
#[allow(dead_code, reason = "each benchmark uses its own part")]
mod times;

mod acts;
mod fill;
mod launch;
mod memory;
mod requests;

use figures::Figures;
use support::left_behind;

#[tokio::test]
#[ignore = "measures for minutes, and only a quiet machine's figures mean anything: make bench"]
async fn what_is_promised_of_the_windows_is_measured() {
    let mut figures = Figures::default();
    println!("acts, here and on another desk");
    acts::measure(&mut figures).await;
    println!("launches, from a full cache and bare");
    launch::measure(&mut figures).await;
    println!("requests, with one window and with three");
    requests::measure(&mut figures).await;

    println!("{}", figures.table());
    let file = left_behind("bench").join("first.json");
    std::fs::write(&file, figures.json()).unwrap();
    println!("written to {}", file.display());
}
