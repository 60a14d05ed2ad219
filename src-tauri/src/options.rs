//! The command line.

use crate::windows::WindowKind;
use clap::Parser;
use deskbell_core::backend::Speaks;
use deskbell_core::settings::SettingsFiles;
use std::path::{Path, PathBuf};

/// The folder's name among a person's data: tauri.conf.json's identifier.
const IDENTIFIER: &str = "org.deskbell.desk";

/// What stands below the options in `deskbell --help`.
const FILES: &str = "\
Files:
  settings.toml in the profile's folder   this person's settings, or the file that --config names
  /etc/deskbell/deskbell.toml             settings for the whole computer, and which of them are locked
                                          (macOS: /Library/Application Support/Deskbell, Windows: %ProgramData%\\Deskbell)
  logs/ in the profile's folder           one file a day, kept for 14 days
  Every setting and its range is in docs/settings.md.

Environment:
  DESKBELL_LOG                            how much the logs hold: error, warn, info (the default), debug, trace";

/// Deskbell: the clinic's front desk, live.
#[derive(Clone, Debug, Parser)]
#[command(name = "deskbell", version, after_help = FILES)]
pub(crate) struct Options {
    /// What to do instead of opening the desk's windows.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A name of its own for settings, cache and windows; each profile runs once.
    #[arg(long, global = true, default_value = "default", value_parser = profile_name)]
    pub profile: String,
    /// Where the profile's files are kept; the desktop's data folder when left out.
    #[arg(long, global = true)]
    pub data_dir: Option<PathBuf>,
    /// This person's settings; settings.toml in the profile's folder when left out.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The clinic server's address, such as https://desk.example:8443.
    #[arg(long, visible_alias = "url", conflicts_with = "sample")]
    pub server: Option<String>,
    /// What the clinic's server speaks, when it is named here; --url is the same as --server.
    #[arg(long, value_enum, requires = "server", default_value = "deskbell")]
    pub backend: BackendName,
    /// Practise on the embedded sample clinic with its invented people.
    #[arg(long)]
    pub sample: bool,
    /// The embedded sample clinic's port; any free one when left out.
    #[arg(long, requires = "sample")]
    pub sample_port: Option<u16>,
    /// Windows to open at the start.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub open: Vec<WindowKind>,
    /// Sign in with this name at the start.
    #[arg(long)]
    pub user: Option<String>,
    /// Read the password for --user from standard input.
    #[arg(long, requires = "user")]
    pub password_stdin: bool,
    /// A place to show: deskbell://today, deskbell://day/2026-11-24 or deskbell://appointment/ID.
    #[arg(value_name = "LINK")]
    pub link: Option<String>,
    /// Show as many blank windows and nothing else: what the benchmark compares with.
    #[cfg(feature = "automation")]
    #[arg(long, hide = true, conflicts_with_all = ["server", "sample", "open"])]
    pub blank_windows: Option<u32>,
}

/// What the program does instead of opening windows.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Look whether everything this desk needs is well, and say what to do where it is not.
    Doctor {
        /// As JSON, for a program to read.
        #[arg(long)]
        json: bool,
    },
}

impl Options {
    /// Where this profile's files are kept; none on a system that names no folder for a person's data.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let base = self
            .data_dir
            .clone()
            .or_else(|| Some(dirs::data_dir()?.join(IDENTIFIER)));
        Some(base?.join(&self.profile))
    }

    /// What a start by itself, when the person signs in to the computer, must say to be this profile again. Quoted as a
    /// desktop entry wants it.
    pub(crate) fn of_this_profile(&self) -> Vec<String> {
        let mut said = vec![format!("--profile={}", self.profile)];
        for (name, path) in [("--data-dir", &self.data_dir), ("--config", &self.config)] {
            if let Some(path) = path {
                let path = path.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
                said.push(format!("\"{name}={path}\""));
            }
        }
        said
    }

    /// Where this profile's settings come from.
    pub(crate) fn settings(&self, folder: &Path) -> SettingsFiles {
        let files = SettingsFiles::of_folder(folder).with_machine(SettingsFiles::machine_place());
        match &self.config {
            Some(file) => files.named(file.clone()),
            None => files,
        }
    }
}

/// What a clinic's server speaks, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum BackendName {
    /// Deskbell's own sync API.
    Deskbell,
    /// The Royal Care (Guitara) REST API.
    RoyalCare,
}

impl From<BackendName> for Speaks {
    fn from(name: BackendName) -> Self {
        match name {
            BackendName::Deskbell => Speaks::Deskbell,
            BackendName::RoyalCare => Speaks::RoyalCare,
        }
    }
}

fn profile_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.len() <= 40 && text.chars().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("a profile's name has 1 to 40 letters, digits, - or _".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_name_cannot_leave_its_folder() {
        assert!(Options::try_parse_from(["deskbell", "--profile", "../other"]).is_err());
        assert!(Options::try_parse_from(["deskbell", "--profile", "desk-2"]).is_ok());
    }

    #[test]
    fn the_royal_care_backend_needs_its_name_and_its_address_and_nothing_else() {
        let line = ["deskbell", "--backend", "royal-care", "--url", "http://127.0.0.1:8700"];
        let options = Options::try_parse_from(line).unwrap();
        assert_eq!(options.backend, BackendName::RoyalCare);
        assert_eq!(options.server.as_deref(), Some("http://127.0.0.1:8700"));
        assert!(Options::try_parse_from(["deskbell", "--backend", "royal-care"]).is_err());
        assert_eq!(
            Options::try_parse_from(["deskbell"]).unwrap().backend,
            BackendName::Deskbell
        );
    }

    #[test]
    fn the_help_names_every_option_and_where_the_settings_are() {
        let mut command = <Options as clap::CommandFactory>::command();
        let help = command.render_help().to_string();
        for name in [
            "--profile",
            "--data-dir",
            "--config",
            "--server",
            "--backend",
            "--sample",
            "--open",
            "--user",
            "--password-stdin",
            "doctor",
            "/etc/deskbell/deskbell.toml",
            "DESKBELL_LOG",
        ] {
            assert!(help.contains(name), "{name} is not in:\n{help}");
        }
    }

    #[test]
    fn the_profiles_folder_is_where_the_desktop_keeps_an_apps_data() {
        let configuration: serde_json::Value =
            serde_json::from_str(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tauri.conf.json"))).unwrap();
        assert_eq!(configuration["identifier"], IDENTIFIER);
        let options = Options::try_parse_from(["deskbell", "doctor", "--json", "--data-dir", "/d", "--profile", "two"]);
        let options = options.unwrap();
        assert_eq!(options.folder(), Some(PathBuf::from("/d/two")));
        assert!(matches!(options.command, Some(Command::Doctor { json: true })));
    }

    #[test]
    fn a_start_by_itself_is_of_the_same_profile() {
        let line = ["deskbell", "--profile", "two", "--data-dir", "/my data"];
        let options = Options::try_parse_from(line).unwrap();
        assert_eq!(options.of_this_profile(), ["--profile=two", "\"--data-dir=/my data\""]);
    }

    #[test]
    fn a_link_stands_beside_the_options() {
        let options = Options::try_parse_from(["deskbell", "--sample", "deskbell://today"]).unwrap();
        assert_eq!(options.link.as_deref(), Some("deskbell://today"));
    }

    #[test]
    fn windows_are_listed_with_commas() {
        let options = Options::try_parse_from(["deskbell", "--sample", "--open", "operator,therapist"]).unwrap();
        assert_eq!(options.open, [WindowKind::Operator, WindowKind::Therapist]);
    }
}
