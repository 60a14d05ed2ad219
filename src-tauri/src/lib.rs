//! The shell: how the desktop shows what `deskbell-core` does. It assembles, relays and translates; it decides nothing
//! about bookings, sync or the cache.

mod app;
mod commands;
mod crash;
mod doctor;
mod environment;
mod events;
mod gate;
mod ipc;
mod logs;
mod notifications;
mod options;
#[cfg(target_os = "linux")]
mod os_lock;
mod pump;
mod relay;
mod sample;
mod shell;
mod tray;
mod windows;

use clap::Parser;
use std::process::ExitCode;

pub use crash::keep_crashes_quiet;
pub use ipc::bindings;
pub use windows::WindowKind;

/// Runs the app until its last window is closed.
pub fn start() -> ExitCode {
    keep_crashes_quiet();
    let options = options::Options::parse();
    environment::prepare();
    if let Some(options::Command::Doctor { json }) = options.command {
        return doctor::run(&options, json);
    }
    match app::run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "cannot start");
            // The one place that speaks to a terminal: there may be no window to say it in.
            #[allow(clippy::print_stderr, reason = "the program's own output")]
            {
                eprintln!("deskbell: {error}");
            }
            ExitCode::FAILURE
        }
    }
}
