//! `deskbell doctor`: looks whether everything is well, says so on the terminal, and opens no window.

use crate::options::Options;
use deskbell_core::backend::Timeouts;
use deskbell_core::desk::doctor::{Examination, Finding, Part, Verdict, examine};
use deskbell_core::sync::clock::SystemClock;
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// A notification service that has to be started first takes a moment.
const NOTIFICATIONS_BOUND: Duration = Duration::from_secs(10);

/// Looks, and prints what was found. Fails when something does not work.
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "the program's own output")]
pub(crate) fn run(options: &Options, json: bool) -> ExitCode {
    let Some(folder) = options.folder() else {
        eprintln!("deskbell: this system names no folder for a person's data: use --data-dir");
        return ExitCode::FAILURE;
    };
    let desk = Examination {
        settings: options.settings(&folder),
        folder,
        server: options.server.clone().map(|server| (server, options.backend.into())),
        clock: Arc::new(SystemClock),
        timeouts: Timeouts::default(),
    };
    let mut findings = tauri::async_runtime::block_on(examine(&desk));
    findings.push(notifications());
    if json {
        match serde_json::to_string_pretty(&findings) {
            Ok(text) => println!("{text}"),
            Err(error) => eprintln!("deskbell: {error}"),
        }
    } else {
        print!("{}", in_words(&findings));
    }
    match findings.iter().any(|finding| finding.verdict == Verdict::Bad) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    }
}

/// Asks whoever shows notifications who they are.
fn notifications() -> Finding {
    let part = Part::Notifications;
    let (answer, answered) = mpsc::channel();
    // A thread of its own: the question blocks, and may never be answered.
    std::thread::spawn(move || answer.send(notify_rust::get_server_information()));
    match answered.recv_timeout(NOTIFICATIONS_BOUND) {
        Ok(Ok(service)) => Finding::good(part, format!("{} {} shows them.", service.name, service.version)),
        Ok(Err(_)) => Finding::bad(
            part,
            "Nobody on this desktop shows notifications. New availability still shows on the board.",
            "Install a notification service, such as dunst or the one of the desktop, and sign in to the desktop again.",
        ),
        Err(_) => Finding::bad(
            part,
            "The desktop's notification service does not answer.",
            "Sign out of the desktop and in again.",
        ),
    }
}

fn in_words(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let (mark, part) = (mark(finding.verdict), name(finding.part));
        text.push_str(&format!("{mark:<9} {part:<14} {}\n", finding.says));
        if let Some(remedy) = &finding.remedy {
            text.push_str(&format!("{:<25}{remedy}\n", ""));
        }
    }
    text
}

const fn mark(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Doubtful => "doubtful",
        Verdict::Bad => "bad",
    }
}

const fn name(part: Part) -> &'static str {
    match part {
        Part::Settings => "settings",
        Part::Server => "server",
        Part::Certificate => "certificate",
        Part::Clock => "clock",
        Part::Keyring => "keyring",
        Part::Cache => "cache",
        Part::Notifications => "notifications",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_stands_below_what_it_is_for() {
        let findings = [
            Finding::good(Part::Server, "It answers."),
            Finding::bad(Part::Clock, "It is wrong.", "Set it."),
        ];
        let text = in_words(&findings);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "good      server         It answers.");
        assert_eq!(lines[1], "bad       clock          It is wrong.");
        assert_eq!(lines[2], "                         Set it.");
    }
}
