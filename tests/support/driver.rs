//! The real application, driven through its own web views by WebDriver.
//!
//! The application is started by us and the driver attaches to it, not the other way round: so a test can kill it,
//! start it again on the same folders, and run two at once.

use super::process::Running;
use super::server::ClinicServer;
use super::window::{Session, Window};
use super::workstation::Workstation;
use super::{app_program, eventually, free_port, left_behind};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

/// Launch to drivable, on two busy cores.
const START_BOUND: Duration = Duration::from_secs(60);

/// How the application is started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Launch {
    arguments: Vec<String>,
    password: Option<String>,
    variables: Vec<(String, String)>,
    disk_kib: Option<u32>,
}

impl Launch {
    /// On the embedded sample clinic, signed in as its operator.
    pub(crate) fn sample() -> Self {
        Self::default().argument("--sample")
    }

    /// On a clinic's server, not signed in.
    pub(crate) fn on(server: &ClinicServer) -> Self {
        Self::default().argument("--server").argument(&server.url())
    }

    /// With these windows open, such as `operator,scheduling`.
    pub(crate) fn open(self, windows: &str) -> Self {
        self.argument("--open").argument(windows)
    }

    /// Signed in with the sample clinic's password.
    pub(crate) fn user(self, login: &str) -> Self {
        self.password(login, super::server::PASSWORD)
    }

    /// Signing in with this password, right or wrong.
    pub(crate) fn password(mut self, login: &str, password: &str) -> Self {
        self.password = Some(password.to_owned());
        self.argument("--user").argument(login).argument("--password-stdin")
    }

    /// With one more argument.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// With its folder on a disk of its own, which has this much room and is empty.
    pub(crate) fn on_a_disk_of(mut self, kib: u32) -> Self {
        self.disk_kib = Some(kib);
        self
    }

    /// With an environment variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A running application with a WebDriver session. Both processes end when it is dropped.
pub(crate) struct App {
    // In the order in which they go: a picture while the windows are there, then the application, then its driver,
    // since a driver that goes first may close the windows politely.
    _picture: PictureOfFailure,
    session: Arc<Session>,
    process: Running,
    _driver: Running,
}

impl App {
    pub(super) async fn start(workstation: &Workstation, launch: Launch) -> Self {
        let inspector = format!("127.0.0.1:{}", free_port());
        let mut command = program(workstation, launch.disk_kib);
        command
            .arg("--data-dir")
            .arg(workstation.data_dir())
            .args(&launch.arguments);
        command.envs(workstation.environment());
        command
            .env("WEBKIT_INSPECTOR_SERVER", &inspector)
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.envs(launch.variables);
        let log = workstation.next_log("deskbell");
        let mut process = Running::start(&mut command, log, launch.password.as_deref());

        eventually("the application's inspector", START_BOUND, async || {
            process.assert_running();
            TcpStream::connect(&inspector).ok()
        })
        .await;

        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .arg(format!("--target={inspector}"));
        let mut driver = Running::start(&mut command, workstation.next_log("webdriver"), None);
        let (client, _) = eventually("a WebDriver session", START_BOUND, async || {
            process.assert_running();
            driver.assert_running();
            ClientBuilder::new(HttpConnector::new())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
                .ok()
        })
        .await;

        let pictures = left_behind("screenshots/journeys");
        let picture = PictureOfFailure(pictures.join(format!("failed-{}.png", workstation.name())));
        let session = Arc::new(Session::new(client, pictures));
        Self {
            _picture: picture,
            session,
            process,
            _driver: driver,
        }
    }

    /// The window that shows `page`, such as `operator` for `operator.html`; waits until it is there.
    pub(crate) async fn window(&self, page: &str) -> Window {
        let what = format!("a window of {page}.html");
        let (handle, _) = eventually(&what, START_BOUND, async || self.session.handle_of(page).await).await;
        Window::new(Arc::clone(&self.session), handle, page)
    }

    /// The pages of all windows, such as `operator`, sorted.
    pub(crate) async fn pages(&self) -> Vec<String> {
        self.session.pages().await
    }

    /// The application's process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Makes room on the disk it was started on.
    pub(crate) fn enlarge_disk(&self, folder: &std::path::Path, kib: u32) {
        let target = self.id().to_string();
        let status = Command::new("nsenter")
            .args([
                "--target",
                &target,
                "--user",
                "--preserve-credentials",
                "--mount",
                "mount",
                "-o",
            ])
            .arg(format!("remount,size={kib}k"))
            .arg(folder)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "the disk can be made larger"
        );
    }

    /// What it printed so far. Its log files are in the workstation's data folder.
    pub(crate) fn output(&self) -> String {
        self.process.output()
    }

    /// Fails the test when the application has ended by itself.
    pub(crate) fn assert_running(&mut self) {
        self.process.assert_running();
    }

    /// Kills it (SIGKILL), as a crash or a power cut would, and returns when it is gone.
    pub(crate) fn kill(self) {
        let Self { process, _driver, .. } = self;
        process.kill();
    }

    /// Waits until it has ended by itself, and returns how.
    pub(crate) async fn ended(mut self, bound: Duration) -> ExitStatus {
        eventually("the application to end", bound, async || self.process.ended())
            .await
            .0
    }

    /// Asks it to quit (SIGTERM) and returns how it ended.
    pub(crate) fn quit(self) -> ExitStatus {
        let Self { process, _driver, .. } = self;
        process.quit()
    }
}

/// Starts the application once more on a workstation where it runs, as a click on a link or on its icon does. It hands its
/// arguments on and ends.
pub(crate) fn start_again(workstation: &Workstation, arguments: &[&str]) {
    let mut command = Command::new(app_program());
    command.arg("--data-dir").arg(workstation.data_dir()).args(arguments);
    command.envs(workstation.environment());
    let ended = command.output().expect("the application was built");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// The application; with a small disk, in a mount namespace of its own in which its folder is that disk. The process id is
/// the application's own either way, since each program becomes the next.
fn program(workstation: &Workstation, disk_kib: Option<u32>) -> Command {
    let Some(kib) = disk_kib else {
        return Command::new(app_program());
    };
    let folder = workstation.data_dir();
    std::fs::create_dir_all(&folder).expect("the machine's folder can be written");
    let mut command = Command::new("unshare");
    command.args(["--map-current-user", "--mount", "sh", "-c"]);
    command.arg(format!("mount -t tmpfs -o size={kib}k none \"$0\" && exec \"$@\""));
    command.arg(folder).arg(app_program());
    command
}

/// Takes a picture of the whole screen when the test it belongs to is failing.
struct PictureOfFailure(PathBuf);

impl Drop for PictureOfFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Only a help for the reader: the test fails for its own reason, picture or not.
            let taken = Command::new("import").args(["-window", "root"]).arg(&self.0).status();
            if taken.is_ok_and(|status| status.success()) {
                eprintln!("the screen as it was: {}", self.0.display());
            }
        }
    }
}
