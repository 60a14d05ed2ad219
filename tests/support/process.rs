//! A program that a test started: its output goes to a file, and it ends with the test.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long a program may take to quit when it is asked to.
const QUIT_BOUND: Duration = Duration::from_secs(15);
/// Lines of output shown when a test fails.
const SHOWN_LINES: usize = 40;

/// A running child process, killed by its id when dropped.
pub(crate) struct Running {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts `command` with standard output and error in `log`, and `input` as its whole standard input.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub(crate) fn start(command: &mut Command, log: PathBuf, input: Option<&str>) -> Self {
        let name = Path::new(command.get_program())
            .file_name()
            .unwrap_or_else(|| OsStr::new("?"));
        let name = name.to_string_lossy().into_owned();
        let output = File::create(&log).unwrap_or_else(|error| panic!("{} cannot be made: {error}", log.display()));
        let errors = output.try_clone().expect("a file can be opened twice");
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command
            .stdout(output)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        if let Some(text) = input {
            let mut pipe = child.stdin.take().expect("standard input was piped");
            pipe.write_all(text.as_bytes())
                .unwrap_or_else(|error| panic!("{name} took no input: {error}"));
        }
        Self { name, child, log }
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Where its output is.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// Its output so far.
    pub(crate) fn output(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Whether it has ended, and how.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    /// Waits for it to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("a child can be waited for")
    }

    /// Fails the test, with the output, when the program has ended by itself.
    pub(crate) fn assert_running(&mut self) {
        if let Some(status) = self.ended() {
            panic!("{} ended by itself: {status}\n{}", self.name, self.last_lines());
        }
    }

    /// Ends it at once, as a crash or a power cut would (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.end_now();
    }

    /// Asks it to quit (SIGTERM) and waits.
    ///
    /// # Panics
    /// When it is still there after a bound.
    pub(crate) fn quit(mut self) -> ExitStatus {
        let asked = Command::new("kill").arg("-TERM").arg(self.id().to_string()).status();
        assert!(
            asked.is_ok_and(|status| status.success()),
            "{} could not be asked to quit",
            self.name
        );
        let started = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(
                started.elapsed() < QUIT_BOUND,
                "{} did not quit in {QUIT_BOUND:?}",
                self.name
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The end of its output, for a failing test's message.
    pub(crate) fn last_lines(&self) -> String {
        let output = self.output();
        let lines: Vec<_> = output.lines().collect();
        let from = lines.len().saturating_sub(SHOWN_LINES);
        format!(
            "--- {} ({})\n{}\n---",
            self.name,
            self.log.display(),
            lines[from..].join("\n")
        )
    }

    fn end_now(&mut self) {
        // Both fail only when it has ended and been waited for already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_now();
        if std::thread::panicking() {
            eprintln!("{}", self.last_lines());
        }
    }
}
