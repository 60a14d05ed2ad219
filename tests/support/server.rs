//! The real clinic server as a process of its own, with the sample clinic in a data folder that survives a restart.

use super::account::Account;
use super::process::Running;
use super::{build_folder, eventually, free_port, left_behind};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// The password of every account in the sample clinic.
pub(crate) const PASSWORD: &str = "deskbell";

const START_BOUND: Duration = Duration::from_secs(30);

/// Whether the server tells desks at once that something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hints {
    On,
    Off,
}

/// See the module.
pub(crate) struct ClinicServer {
    // The process goes before the folder that it writes to.
    process: Option<Running>,
    port: u16,
    hints: Hints,
    starts: u32,
    logs: PathBuf,
    data: TempDir,
}

impl ClinicServer {
    /// Fills a new data folder with the sample clinic and serves it on a free port; `name` tells its logs apart
    /// (`target/journeys/NAME/`).
    pub(crate) async fn sample(name: &str, hints: Hints) -> Self {
        let mut server = Self::nowhere(name, hints);
        server.make("sample", &[]);
        server.start().await;
        server
    }

    /// A clinic that was only just made: it has an operator, `olivia`, and nothing else.
    pub(crate) async fn just_made(name: &str) -> Self {
        let mut server = Self::nowhere(name, Hints::On);
        server.make("init", &["--name", "Harbour Clinic", "--zone", "Asia/Manila"]);
        server.add_user("olivia", "operator", PASSWORD);
        server.start().await;
        server
    }

    fn nowhere(name: &str, hints: Hints) -> Self {
        let data = TempDir::with_prefix("deskbell-server-").expect("the temporary folder can be written");
        let logs = left_behind("journeys").join(name);
        std::fs::create_dir_all(&logs).expect("target/ can be written");
        Self {
            process: None,
            port: free_port(),
            hints,
            starts: 0,
            logs,
            data,
        }
    }

    fn make(&self, how: &str, arguments: &[&str]) {
        let made = self.command(how).args(arguments).output();
        let made = made.expect("deskbell-server was built");
        assert!(
            made.status.success(),
            "the clinic could not be made: {}",
            String::from_utf8_lossy(&made.stderr)
        );
    }

    /// Its address; the same after a restart.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its address as a socket's.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Where its database lies.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data.path().join("clinic")
    }

    /// Starts it (again) on its port and waits until it takes requests.
    pub(crate) async fn start(&mut self) {
        assert!(self.process.is_none(), "the server runs already");
        let mut command = self.command("serve");
        command.arg("--listen").arg(format!("127.0.0.1:{}", self.port));
        if self.hints == Hints::Off {
            command.arg("--no-hints");
        }
        let log = self.logs.join(format!("{}-server.log", self.starts));
        self.starts += 1;
        let mut process = Running::start(&mut command, log, None);
        let ready = format!("listening on {}", self.url());
        eventually(&ready, START_BOUND, async || {
            process.assert_running();
            process.output().contains(&ready).then_some(())
        })
        .await;
        self.process = Some(process);
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub(crate) fn stop(&mut self) {
        let status = self.process.take().expect("the server runs").quit();
        assert!(status.success(), "the server did not stop cleanly: {status}");
    }

    /// Kills it (SIGKILL).
    pub(crate) fn kill(&mut self) {
        self.process.take().expect("the server runs").kill();
    }

    /// Serves hints, or not, from the next start on.
    pub(crate) fn set_hints(&mut self, hints: Hints) {
        self.hints = hints;
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.as_ref().expect("the server runs").id()
    }

    /// What it printed since its last start.
    pub(crate) fn output(&self) -> String {
        self.process.as_ref().expect("the server runs").output()
    }

    /// Signs in to the sample clinic past the application, as a program on another machine could.
    pub(crate) async fn sign_in(&self, login: &str) -> Account {
        Account::sign_in(&self.url(), login, PASSWORD).await
    }

    /// Gives somebody more an account. Stop it first.
    pub(crate) fn add_user(&self, login: &str, role: &str, password: &str) {
        let mut command = self.command("add-user");
        command.args(["--login", login, "--role", role]);
        let log = self.logs.join("add-user.log");
        let mut adding = Running::start(&mut command, log, Some(&format!("{password}\n")));
        let done = adding.wait();
        assert!(done.success(), "the account could not be made: {}", adding.output());
    }

    /// Takes somebody's access back wherever they are signed in. It may run meanwhile.
    pub(crate) fn revoke(&self, login: &str) {
        let mut command = self.command("revoke");
        command.args(["--login", login]);
        let mut revoking = Running::start(&mut command, self.logs.join("revoke.log"), None);
        let done = revoking.wait();
        assert!(done.success(), "access could not be taken back: {}", revoking.output());
    }

    fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(build_folder().join("deskbell-server"));
        command.arg(subcommand).arg("--data").arg(self.data_dir());
        command
    }
}
