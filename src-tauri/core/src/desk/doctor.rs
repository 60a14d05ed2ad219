//! Whether everything that a desk needs is well: each thing looked at for real, with a verdict, and with what to do where it
//! is not good. Nothing that a person keeps is changed, and the desk may be open meanwhile.

use super::identity::{self, Identity};
use super::vault::Vault;
use crate::backend::{Answered, CertificateProblem, ServerAddress, Silence, Speaks, SyncApi, Timeouts, probe};
use crate::cache::Cache;
use crate::keys::{KeyError, KeyHome, Keys};
use crate::secret::Secret;
use crate::settings::{Settings, SettingsFiles};
use crate::sync::clock::WallClock;
use deskbell_clinic::wire::Account;
use jiff::SignedDuration;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A keyring that asks a person something answers nothing for as long as they do not.
const KEYRING_BOUND: Duration = Duration::from_secs(10);
/// A server tells the time to the second, and its answer takes its way: less than this is no difference.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(5);
/// From here on certificates and sessions of other programs begin to fail too.
const CLOCK_WRONG: SignedDuration = SignedDuration::from_mins(5);
/// Under this name a secret is kept for a moment, to see whether it is.
const TRIAL: &str = "doctor";

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The settings' files.
    Settings,
    /// The way to the clinic's server.
    Server,
    /// What the server shows for itself.
    Certificate,
    /// This computer's clock, against the server's.
    Clock,
    /// Where secrets are kept.
    Keyring,
    /// The clinic's data on this computer.
    Cache,
    /// Whoever shows notifications.
    Notifications,
}

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Well.
    Good,
    /// It works, and there is something to know about it.
    Doubtful,
    /// It does not work.
    Bad,
}

/// What was found out about one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub part: Part,
    /// How it is.
    pub verdict: Verdict,
    /// In a sentence.
    pub says: String,
    /// What to do about it, where there is something to do.
    pub remedy: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn good(part: Part, says: impl Into<String>) -> Self {
        let (verdict, says) = (Verdict::Good, says.into());
        Self {
            part,
            verdict,
            says,
            remedy: None,
        }
    }

    /// It works, but.
    pub fn doubtful(part: Part, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (verdict, says) = (Verdict::Doubtful, says.into());
        Self {
            part,
            verdict,
            says,
            remedy: Some(remedy.into()),
        }
    }

    /// It does not work.
    pub fn bad(part: Part, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (verdict, says) = (Verdict::Bad, says.into());
        Self {
            part,
            verdict,
            says,
            remedy: Some(remedy.into()),
        }
    }
}

/// A desk to look at.
#[derive(Clone)]
pub struct Examination {
    /// The desk's folder.
    pub folder: PathBuf,
    /// Its settings' files.
    pub settings: SettingsFiles,
    /// A server in place of the settings' one.
    pub server: Option<(String, Speaks)>,
    /// This computer's clock.
    pub clock: Arc<dyn WallClock>,
    /// How long to wait for the server.
    pub timeouts: Timeouts,
}

/// Looks at everything below the desktop. Parts that hang on one that is not well are left out.
pub async fn examine(desk: &Examination) -> Vec<Finding> {
    let (settings, mut findings) = settings(desk);
    findings.extend(server(desk, &settings).await);
    findings.push(keyring(desk).await);
    findings.extend(caches(desk).await);
    findings
}

fn settings(desk: &Examination) -> (Settings, Vec<Finding>) {
    let part = Part::Settings;
    match desk.settings.load() {
        Err(error) => {
            let remedy = "Mend the file, or move it away to go back to the defaults.";
            (Settings::default(), vec![Finding::bad(part, error.to_string(), remedy)])
        }
        Ok(in_force) if in_force.overruled.is_empty() => {
            let says = "Every value can be understood and is within its range.";
            (in_force.settings, vec![Finding::good(part, says)])
        }
        Ok(in_force) => {
            let says = format!(
                "Locked for the whole computer, so the person's file does not change it: {}.",
                in_force.overruled.join(", ")
            );
            let remedy = format!("Take these values out of {}.", desk.settings.own().display());
            (in_force.settings, vec![Finding::doubtful(part, says, remedy)])
        }
    }
}

async fn server(desk: &Examination, settings: &Settings) -> Vec<Finding> {
    let named = desk.server.clone().or_else(|| {
        let server = settings.server.clone()?;
        Some((server, settings.backend))
    });
    let Some((server, speaks)) = named else {
        let says = "No clinic's server is chosen.";
        let remedy = "Start Deskbell and connect to one, or name it with --server.";
        return vec![Finding::doubtful(Part::Server, says, remedy)];
    };
    let address = match ServerAddress::parse(&server) {
        Ok(address) => address,
        Err(error) => {
            let remedy = "Correct the server's address.";
            return vec![Finding::bad(Part::Server, error.to_string(), remedy)];
        }
    };
    let pin = settings
        .certificate
        .as_ref()
        .filter(|_| settings.server.as_ref() == Some(&server));
    let address = match pin.and_then(|pin| pin.parse().ok()) {
        Some(pin) => address.pinned(pin),
        None => address,
    };
    let before = desk.clock.now();
    match probe(&address, speaks, desk.timeouts).await {
        Ok(answered) => answer(desk, &address, before, answered),
        Err(Silence::Certificate(problem)) => {
            let reached = Finding::good(Part::Server, format!("{address} answers."));
            vec![reached, refused_certificate(&address, problem).await]
        }
        Err(Silence::Other(error)) => {
            let says = format!("{address}: {error}");
            let remedy =
                "Open the address in a browser on this computer; if that fails too, it is the network or the server.";
            vec![Finding::bad(Part::Server, says, remedy)]
        }
    }
}

fn answer(desk: &Examination, address: &ServerAddress, before: jiff::Timestamp, answered: Answered) -> Vec<Finding> {
    let took = answered.took.as_millis();
    let certificate = match (address.to_string().starts_with("https"), address.pin()) {
        (false, _) => "None is needed: the server is on this computer.",
        (true, Some(_)) => "It is the one that was compared when this desk was set up.",
        (true, None) => "It is valid, and for this server's name.",
    };
    let mut findings = vec![
        Finding::good(Part::Server, format!("{address} answered in {took} ms.")),
        Finding::good(Part::Certificate, certificate),
    ];
    if let Some(server_time) = answered.server_time {
        // Half a second, because the server leaves out the fraction.
        let there = server_time.saturating_add(SignedDuration::from_millis(500));
        let middle = desk.clock.now().duration_since(before) / 2;
        let ahead = (before + middle).duration_since(there.unwrap_or(server_time));
        findings.push(clock(ahead));
    }
    findings
}

/// `ahead`: how far this computer's clock is ahead of the server's.
fn clock(ahead: SignedDuration) -> Finding {
    let part = Part::Clock;
    let off = ahead.abs();
    if off <= CLOCK_SLACK {
        return Finding::good(part, "This computer and the server agree on the time.");
    }
    let long = match off.as_secs() {
        seconds @ ..120 => format!("{seconds} seconds"),
        seconds @ ..7_200 => format!("{} minutes", seconds / 60),
        seconds => format!("{} hours", seconds / 3_600),
    };
    let which = if ahead.is_positive() { "ahead of" } else { "behind" };
    let says = format!("This computer's clock is {long} {which} the server's. Deskbell goes by the server's.");
    let remedy = "Let this computer set its clock by the network (on Linux: timedatectl set-ntp true).";
    match off < CLOCK_WRONG {
        true => Finding::doubtful(part, says, remedy),
        false => Finding::bad(part, says, remedy),
    }
}

async fn refused_certificate(address: &ServerAddress, problem: CertificateProblem) -> Finding {
    let shown = SyncApi::certificate_of(address).await;
    let remedy = match (problem, shown) {
        (CertificateProblem::Expired | CertificateProblem::NotYet, _) => {
            "Look at this computer's clock first; if it is right, the server needs a new certificate.".to_owned()
        }
        (CertificateProblem::OtherName, _) => "Use the name that the certificate is for as the address.".to_owned(),
        (_, Some(shown)) => format!(
            "Ask whoever keeps the server for its fingerprint. Only if it is {shown}, set it as certificate in the settings."
        ),
        (_, None) => "Ask whoever keeps the server.".to_owned(),
    };
    Finding::bad(Part::Certificate, problem.to_string(), remedy)
}

async fn keyring(desk: &Examination) -> Finding {
    let part = Part::Keyring;
    let keys = Keys::of_desktop(desk.folder.clone());
    let trial = async {
        let home = keys.store(TRIAL, Secret::new(TRIAL.to_owned())).await?;
        let kept = keys.load(TRIAL).await?;
        keys.forget(TRIAL).await?;
        Ok::<_, KeyError>((home, kept.is_some_and(|kept| kept.expose() == TRIAL)))
    };
    match tokio::time::timeout(KEYRING_BOUND, trial).await {
        Ok(Ok((KeyHome::SecretService, true))) => Finding::good(part, "The desktop's keyring keeps secrets."),
        Ok(Ok((_, true))) => Finding::doubtful(
            part,
            "The desktop has no keyring; the system's keeps secrets until the next restart of this computer.",
            "Install a keyring (gnome-keyring or KWallet), or expect to sign in again after each restart.",
        ),
        Ok(Ok((_, false))) => Finding::bad(
            part,
            "The keyring took a secret and did not give it back.",
            "Restart the desktop's keyring, or sign out of the desktop and in again.",
        ),
        Ok(Err(KeyError::NeedsPassphrase)) => Finding::doubtful(
            part,
            "This computer has no keyring: a passphrase protects the clinic's data.",
            "Install a keyring (gnome-keyring or KWallet), or expect to type the passphrase at each start.",
        ),
        Ok(Err(error)) => Finding::bad(
            part,
            format!("{error}."),
            "Install or unlock a keyring (gnome-keyring or KWallet), then look again.",
        ),
        Err(_) => Finding::bad(
            part,
            "The keyring does not answer: it may be asking somebody for its password.",
            "Unlock the keyring, then look again.",
        ),
    }
}

async fn caches(desk: &Examination) -> Vec<Finding> {
    let part = Part::Cache;
    let identity = match Identity::existing(&desk.folder) {
        Ok(identity) => identity,
        Err(error) => {
            let remedy = "Move the file away; Deskbell then starts as a new desk.";
            return vec![Finding::bad(part, error.to_string(), remedy)];
        }
    };
    let mut findings = vec![];
    for (server, account) in identity.iter().flat_map(Identity::sessions) {
        let keys = match server {
            super::PRACTICE => Keys::beside(desk.folder.clone()),
            _ => Keys::of_desktop(desk.folder.clone()),
        };
        findings.push(cache(desk, &Vault::new(keys, server), account).await);
    }
    if findings.is_empty() {
        findings.push(Finding::good(part, "Nobody is signed in, so nothing is kept."));
    }
    findings
}

async fn cache(desk: &Examination, vault: &Vault, account: &Account) -> Finding {
    let part = Part::Cache;
    let (file, clinic) = (identity::cache_file(&desk.folder, account), &account.clinic_name);
    if !file.exists() {
        return Finding::good(part, format!("{clinic}: nothing is kept yet."));
    }
    let key = match tokio::time::timeout(KEYRING_BOUND, vault.cache_key(account, true)).await {
        Ok(Ok(key)) => key,
        Ok(Err(error @ KeyError::NeedsPassphrase)) => {
            return Finding::doubtful(
                part,
                format!("{clinic}: {error}"),
                "Start Deskbell and type the passphrase there.",
            );
        }
        Ok(Err(error)) => {
            let remedy = "Start Deskbell: it sets the file aside and reads everything again from the clinic.";
            return Finding::bad(part, format!("{clinic}: {error}"), remedy);
        }
        Err(_) => {
            let says = format!("{clinic}: its key cannot be had, because the keyring does not answer.");
            return Finding::bad(part, says, "Unlock the keyring, then look again.");
        }
    };
    match Cache::examine(&file, &key).await {
        Ok(health) => {
            let kib = health.bytes.div_ceil(1_024);
            let waiting = match health.waiting {
                0 => "nothing waits to be sent".to_owned(),
                1 => "one act waits to be sent or decided".to_owned(),
                some => format!("{some} acts wait to be sent or decided"),
            };
            Finding::good(part, format!("{clinic}: {kib} KiB, every page whole; {waiting}."))
        }
        Err(error) => {
            let remedy = "Start Deskbell: it takes over what was not sent, sets the file aside, and reads everything again from the clinic.";
            Finding::bad(part, format!("{clinic}: {error}"), remedy)
        }
    }
}

#[cfg(test)]
mod tests;
