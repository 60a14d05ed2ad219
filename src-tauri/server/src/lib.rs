//! The clinic server: Deskbell's sync API over one SQLite file.
//!
//! The same code runs inside the app, on the loopback, as the sample clinic of a first run, and as the program
//! `deskbell-server` on a clinic's network.

mod api;
mod app;
mod backup;
mod clock;
mod code;
mod feed;
mod history;
mod password;
mod revoke;
pub mod sample;
mod serve;
mod store;
mod tls;
mod write;

pub use api::limits::Limits;
pub use backup::{BackupKey, Backups};
pub use clock::Clock;
pub use serve::{NewUser, Running, Server, ServerError, Unplugged};
pub use store::{DbKey, Store, StoreError};
pub use tls::Tls;

use jiff::SignedDuration;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How a server is to run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the database and of a certificate made by itself; created when it is not there.
    pub data_dir: PathBuf,
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Whether to send hints; without them desks poll.
    pub hints: bool,
    /// How the line is protected. Off is refused unless `listen` is on the loopback.
    pub tls: Tls,
    /// The key of the database file; without one it is not encrypted.
    pub key: Option<DbKey>,
    /// What the time is.
    pub clock: Clock,
    /// How often a hints line says that it still holds.
    pub heartbeat: Duration,
    /// How long an access token holds.
    pub access_lifetime: SignedDuration,
    /// How long a refresh token holds; each renewal begins it anew.
    pub refresh_lifetime: SignedDuration,
    /// How much one may ask.
    pub limits: Limits,
    /// Whether, where and when copies are made by themselves.
    pub backups: Option<Backups>,
}

impl Config {
    /// The usual settings, plain http.
    pub fn new(data_dir: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self {
            data_dir: data_dir.into(),
            listen,
            hints: true,
            tls: Tls::Off,
            key: None,
            clock: Clock::system(),
            heartbeat: Duration::from_secs(15),
            access_lifetime: SignedDuration::from_mins(15),
            refresh_lifetime: SignedDuration::from_hours(24),
            limits: Limits::default(),
            backups: None,
        }
    }
}
