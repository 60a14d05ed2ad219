//! Rotating log files. Fields are ids and measures; nothing a client or a person typed is ever logged.

use std::path::Path;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Days of logs that are kept.
const KEPT_DAYS: usize = 14;

/// Starts logging to `folder`, as JSON lines, one file a day; `DESKBELL_LOG` sets the level (default `info`).
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn start(folder: &Path) -> Result<(), tracing_appender::rolling::InitError> {
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("deskbell")
        .filename_suffix("log")
        .max_log_files(KEPT_DAYS)
        .build(folder)?;
    let filter =
        EnvFilter::try_from_env("DESKBELL_LOG").unwrap_or_else(|_| EnvFilter::new("info,hyper=warn,rustls=warn"));
    // A second start in one process (tests) keeps the first subscriber.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(tracing_subscriber::fmt::layer().json().with_writer(file))
        .try_init();
    Ok(())
}
