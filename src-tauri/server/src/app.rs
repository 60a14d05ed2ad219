//! What every request has at hand.

use crate::api::limits::Meter;
use crate::password::Passwords;
use crate::store::Store;
use jiff::SignedDuration;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The server's parts. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) passwords: Passwords,
    /// How much everybody has asked lately.
    pub(crate) meter: Arc<Meter>,
    pub(crate) settings: Arc<Settings>,
    /// Cancelled when the server shuts down, so that endless answers end.
    pub(crate) stopping: CancellationToken,
}

/// What was configured.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) hints: bool,
    pub(crate) heartbeat: Duration,
    pub(crate) access_lifetime: SignedDuration,
    pub(crate) refresh_lifetime: SignedDuration,
}
