//! A D-Bus session of a workstation's own, with the keyring of a signed-in person.
//!
//! The bus starts no services by itself: what is on it, a test put there. So a test without a notification daemon or
//! a keyring really has none, whatever the machine has installed.

use super::eventually;
use super::process::Running;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use zbus::Connection;
use zbus::names::BusName;

const START_BOUND: Duration = Duration::from_secs(10);

/// The bus, and the keyring daemon when one was asked for.
pub(crate) struct SessionBus {
    address: String,
    // Dropped in this order: the daemon on the bus, then the bus.
    keyring: Option<Running>,
    _bus: Running,
}

impl SessionBus {
    /// Starts a bus whose socket lies in `folder`; logs go to `logs`.
    pub(crate) async fn start(folder: &Path, logs: &Path) -> Self {
        let configuration = folder.join("bus.conf");
        std::fs::write(&configuration, configuration_of(folder)).expect("the workstation's folder can be written");
        let mut command = Command::new("dbus-daemon");
        command.args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1"]);
        command.arg(format!("--config-file={}", configuration.display()));
        let mut bus = Running::start(&mut command, logs.join("bus.log"), None);
        let (address, _) = eventually("the D-Bus session's address", START_BOUND, async || {
            bus.assert_running();
            let output = bus.output();
            output.lines().find(|line| line.starts_with("unix:")).map(str::to_owned)
        })
        .await;
        Self {
            address,
            keyring: None,
            _bus: bus,
        }
    }

    /// The value of `DBUS_SESSION_BUS_ADDRESS` for programs of this workstation.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A connection of the test's own.
    pub(crate) async fn connect(&self) -> Connection {
        zbus::connection::Builder::address(self.address())
            .build()
            .await
            .expect("the workstation's D-Bus session takes connections")
    }

    /// Starts the keyring daemon and unlocks it, as signing in to a desktop does. `environment` names the folders of
    /// the workstation, where the keyring is kept.
    pub(crate) async fn unlock_keyring(&mut self, environment: &[(&str, String)], logs: &Path) {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        self.keyring = Some(Running::start(
            &mut command,
            logs.join("keyring.log"),
            Some("workstation"),
        ));
        self.wait_for_keyring(true).await;
    }

    /// Ends the keyring daemon and waits until the bus has noticed.
    pub(crate) async fn remove_keyring(&mut self) {
        if let Some(daemon) = self.keyring.take() {
            daemon.kill();
        }
        self.wait_for_keyring(false).await;
    }

    async fn wait_for_keyring(&self, there: bool) {
        let connection = self.connect().await;
        let bus = zbus::fdo::DBusProxy::new(&connection)
            .await
            .expect("every bus answers for itself");
        let name = BusName::from_static_str("org.freedesktop.secrets").expect("a valid bus name");
        eventually(
            if there { "the keyring" } else { "the keyring to go" },
            START_BOUND,
            async || (bus.name_has_owner(name.clone()).await.ok()? == there).then_some(()),
        )
        .await;
    }
}

fn configuration_of(folder: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        folder.display()
    )
}
