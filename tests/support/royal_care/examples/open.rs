//! Opens the stand-in for trying Deskbell against it by hand: `cargo run -p deskbell-royal-care-stand-in --example open`,
//! then `deskbell --backend royal-care --url http://127.0.0.1:8700`. Everything done to it is forgotten when it ends.
#![allow(clippy::print_stdout, reason = "says where it is and who may sign in")]

use deskbell_royal_care_stand_in::{Opening, PASSWORD};
use std::future::pending;

/// Where the real one listens when it is started by hand.
const PORT: u16 = 8700;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let clinic = Opening::now().port(PORT).open().await?;
    println!("open at {}", clinic.url());
    println!("operators op1 and op2, therapists th01 to th30, drivers dr01 to dr08; every password is {PASSWORD}");
    pending().await
}
