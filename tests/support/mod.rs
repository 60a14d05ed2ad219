//! What the tests with real windows stand on: a workstation with its own folders and D-Bus session, the real
//! application driven by WebDriver, the real server, and a notification daemon that remembers.
//!
//! A workstation is what the field calls one: a machine at the clinic. Two of them on one server are two desks.

#![allow(
    dead_code,
    reason = "several test programs share these modules and each uses a part of them"
)]

pub(crate) mod account;
pub(crate) mod bus;
pub(crate) mod driver;
pub(crate) mod fault_proxy;
pub(crate) mod notifications;
pub(crate) mod panel;
pub(crate) mod process;
pub(crate) mod server;
pub(crate) mod window;
pub(crate) mod workstation;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How often a condition is looked at again: well under a frame's worth of time would load the two cores that the
/// windows need, much more would blur what is measured.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Looks until `attempt` gives something, and returns it with the time it took; nothing when `bound` has passed.
pub(crate) async fn look<T>(bound: Duration, mut attempt: impl AsyncFnMut() -> Option<T>) -> Option<(T, Duration)> {
    let started = Instant::now();
    loop {
        if let Some(found) = attempt().await {
            return Some((found, started.elapsed()));
        }
        if started.elapsed() >= bound {
            return None;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Waits until `attempt` gives something, and returns it with the time it took.
///
/// # Panics
/// When `bound` has passed; `what` says in the message what never came.
pub(crate) async fn eventually<T>(
    what: &str,
    bound: Duration,
    attempt: impl AsyncFnMut() -> Option<T>,
) -> (T, Duration) {
    look(bound, attempt)
        .await
        .unwrap_or_else(|| panic!("waited {bound:?} in vain for {what}"))
}

/// A loopback port that nothing listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback gives a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// The application under test.
pub(crate) fn app_program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_deskbell"))
}

/// The folder that the build writes programs to, such as `target/debug`.
pub(crate) fn build_folder() -> PathBuf {
    app_program()
        .parent()
        .expect("a program lies in a folder")
        .to_path_buf()
}

/// A folder under `target/` for what a run leaves behind; made when missing.
pub(crate) fn left_behind(name: &str) -> PathBuf {
    let folder = build_folder()
        .parent()
        .expect("the build folder lies in target")
        .join(name);
    std::fs::create_dir_all(&folder).expect("target/ can be written");
    folder
}
