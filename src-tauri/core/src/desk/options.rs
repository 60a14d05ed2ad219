//! What a desk is opened with.

use crate::backend::{Speaks, Timeouts, Transport};
use crate::settings::SettingsFiles;
use crate::sync::clock::{SystemClock, WallClock};
use crate::sync::network::{Network, SystemNetwork};
use std::path::PathBuf;
use std::sync::Arc;

/// What a desk is opened with.
#[derive(Clone)]
pub struct DeskOptions {
    pub(super) folder: PathBuf,
    pub(super) settings: SettingsFiles,
    pub(super) server: String,
    pub(super) speaks: Speaks,
    pub(super) practice: bool,
    pub(super) clock: Arc<dyn WallClock>,
    pub(super) network: Arc<dyn Network>,
    pub(super) timeouts: Timeouts,
    pub(super) transport: Option<Arc<dyn Transport>>,
}

impl DeskOptions {
    /// A desk whose files are in `folder`, at the server of this address.
    pub fn new(folder: PathBuf, server: &str) -> Self {
        Self {
            settings: SettingsFiles::of_folder(&folder),
            folder,
            server: server.to_owned(),
            speaks: Speaks::default(),
            practice: false,
            clock: Arc::new(SystemClock),
            network: Arc::new(SystemNetwork),
            timeouts: Timeouts::default(),
            transport: None,
        }
    }

    /// Where its settings come from, when not from its folder alone.
    #[must_use]
    pub fn settings(mut self, settings: SettingsFiles) -> Self {
        self.settings = settings;
        self
    }

    /// What the server speaks, where it is not Deskbell's own API.
    #[must_use]
    pub fn speaks(mut self, speaks: Speaks) -> Self {
        self.speaks = speaks;
        self
    }

    /// The sample clinic: its people are invented, so its keys may lie beside its files, and it is the same clinic
    /// whichever port it listens on.
    #[must_use]
    pub fn practice(mut self) -> Self {
        self.practice = true;
        self
    }

    /// Another clock than this computer's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn WallClock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another network than this computer's, whose changes are noticed.
    #[must_use]
    pub fn network(mut self, network: Arc<dyn Network>) -> Self {
        self.network = network;
        self
    }

    /// Something else than sockets between the desk and its server.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Other times to wait for a server.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }
}
