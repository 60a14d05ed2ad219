//! The embedded sample clinic: the same server that a clinic runs, on loopback, with invented people.

use crate::ipc::CommandError;
use deskbell_clinic::Role;
use deskbell_core::keys::Keys;
use deskbell_core::view::SampleAccount;
use deskbell_server::{Config, DbKey, Running, Server};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

/// Everyone's password in the sample clinic. Its people are invented and it listens on loopback only.
pub(crate) const PASSWORD: &str = "deskbell";
/// The same invented people at every first start.
const SEED: u64 = 1;
/// The operator's sign-in name.
pub(crate) const OPERATOR: &str = "olivia";

/// The people one can practise as, at one click.
pub(crate) fn accounts() -> Vec<SampleAccount> {
    [
        ("olivia", "Olivia · operator", Role::Operator),
        ("ana", "Ana · therapist", Role::Therapist),
        ("ben", "Ben · therapist", Role::Therapist),
        ("adam", "Adam · admin", Role::Admin),
    ]
    .map(|(login, label, role)| SampleAccount {
        login: login.into(),
        label: label.into(),
        role,
    })
    .to_vec()
}

/// Starts the sample clinic, and fills it at its first start.
///
/// # Errors
/// A sentence, when its file cannot be used or its port is taken.
pub(crate) async fn start(folder: &Path, port: Option<u16>) -> Result<Running, CommandError> {
    let failed = |error: deskbell_server::ServerError| {
        tracing::error!(%error, "the sample clinic cannot start");
        CommandError::coded("sample_clinic", error.to_string())
    };
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
    let mut config = Config::new(folder.join("sample-clinic"), listen);
    // The clinic's people are invented; the file is encrypted all the same, as every clinic's is.
    config.key = Some(key(folder).await?);
    let server = Server::open(config).await.map_err(failed)?;
    if !server.is_set_up().await.map_err(failed)? {
        server.sample(SEED).await.map_err(failed)?;
    }
    server.start().await.map_err(failed)
}

async fn key(folder: &Path) -> Result<DbKey, CommandError> {
    let data_exists = folder.join("sample-clinic").join("clinic.db").exists();
    let keys = Keys::beside(folder.join("sample-clinic"));
    let (key, _) = keys.cache_key("clinic", data_exists).await.map_err(|error| {
        tracing::error!(%error, "the sample clinic has no key");
        CommandError::coded("sample_clinic", error.to_string())
    })?;
    Ok(DbKey::new(*key.bytes()))
}
