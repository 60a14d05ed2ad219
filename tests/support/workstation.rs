//! One machine of the clinic: its own home and desktop folders, D-Bus session, keyring and notification daemon.
//! Starting the application on it again finds what the last start left there.

use super::bus::SessionBus;
use super::driver::{App, Launch};
use super::left_behind;
use super::notifications::NotificationDaemon;
use super::panel::Panel;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// See the module.
pub(crate) struct Workstation {
    name: String,
    starts: AtomicU32,
    logs: PathBuf,
    // Dropped in this order: the daemons, then the folders they write to.
    notifications: NotificationDaemon,
    bus: SessionBus,
    folder: TempDir,
}

impl Workstation {
    /// Sets up a machine; `name` tells its logs (`target/journeys/NAME/`) and pictures apart.
    pub(crate) async fn new(name: &str) -> Self {
        let folder = TempDir::with_prefix("deskbell-").expect("the temporary folder can be written");
        for part in ["home", "data", "config", "cache", "runtime", "tmp"] {
            std::fs::create_dir(folder.path().join(part)).expect("an empty folder takes folders");
        }
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(folder.path().join("runtime"), private).expect("our own folder's mode can be set");

        let logs = left_behind("journeys").join(name);
        std::fs::create_dir_all(&logs).expect("target/ can be written");
        let mut bus = SessionBus::start(folder.path(), &logs).await;
        bus.unlock_keyring(&environment(folder.path(), bus.address()), &logs)
            .await;
        let notifications = NotificationDaemon::start(&bus).await;
        Self {
            name: name.to_owned(),
            starts: AtomicU32::new(0),
            logs,
            notifications,
            bus,
            folder,
        }
    }

    /// Its name in logs and pictures.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What its desktop was asked to show.
    pub(crate) fn notifications(&self) -> &NotificationDaemon {
        &self.notifications
    }

    /// Gives its desktop a panel that shows icons; without one it has none.
    pub(crate) async fn panel(&self) -> Panel {
        Panel::start(&self.bus).await
    }

    /// Writes the settings of the person who works here, before a start.
    pub(crate) fn set(&self, settings: &str) {
        let folder = self.data_dir().join("default");
        std::fs::create_dir_all(&folder).expect("the machine's folder can be written");
        std::fs::write(folder.join("settings.toml"), settings).expect("the machine's folder can be written");
    }

    /// A connection to its D-Bus session, as a program on it would have.
    pub(crate) async fn bus_connection(&self) -> zbus::Connection {
        self.bus.connect().await
    }

    /// Ends its keyring, as on a desktop that has none; returns when it is gone from the bus.
    pub(crate) async fn remove_keyring(&mut self) {
        self.bus.remove_keyring().await;
    }

    /// Everything that its programs keep: home, configuration, caches and temporary files.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where what its programs print is kept.
    pub(crate) fn logs(&self) -> &Path {
        &self.logs
    }

    /// The application's own folder (`--data-dir`): its caches, settings and logs.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data/deskbell")
    }

    /// The variables that make a program belong to this machine.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        environment(self.folder.path(), self.bus.address())
    }

    /// Starts the application and attaches WebDriver to its windows.
    pub(crate) async fn start(&self, launch: Launch) -> App {
        App::start(self, launch).await
    }

    /// A log file's path for the next start of `program`; earlier starts keep theirs.
    pub(crate) fn next_log(&self, program: &str) -> PathBuf {
        let start = self.starts.fetch_add(1, Ordering::Relaxed);
        self.logs.join(format!("{start}-{program}.log"))
    }
}

fn environment(folder: &Path, bus: &str) -> Vec<(&'static str, String)> {
    let part = |name: &str| folder.join(name).display().to_string();
    vec![
        ("HOME", part("home")),
        ("XDG_DATA_HOME", part("data")),
        ("XDG_CONFIG_HOME", part("config")),
        ("XDG_CACHE_HOME", part("cache")),
        ("XDG_RUNTIME_DIR", part("runtime")),
        ("TMPDIR", part("tmp")),
        ("DBUS_SESSION_BUS_ADDRESS", bus.to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
        // Times are written by the locale: a test reads the same on every machine.
        ("LC_ALL", "C.UTF-8".to_owned()),
    ]
}
