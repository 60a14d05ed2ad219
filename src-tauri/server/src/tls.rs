//! The certificate: a given one, or one made at the first start, which desks pin by its fingerprint.

use crate::serve::ServerError;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the line is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Plain http, on the loopback only.
    Off,
    /// A certificate of our own, made at the first start and kept in the data folder.
    SelfSigned,
    /// A certificate and its key, as PEM files.
    Files {
        /// The certificate, with those that sign it behind it.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
}

/// A certificate ready for use.
pub(crate) struct Certificate {
    pub(crate) config: RustlsConfig,
    pub(crate) fingerprint: String,
}

/// Reads or makes the certificate; none where the line is plain.
pub(crate) async fn prepare(
    tls: &Tls,
    data_dir: &Path,
    address: SocketAddr,
) -> Result<Option<Certificate>, ServerError> {
    let (certificate, key) = match tls {
        Tls::Off if address.ip().is_loopback() => return Ok(None),
        Tls::Off => return Err(ServerError::PlainHttp(address)),
        Tls::Files { certificate, key } => (certificate.clone(), key.clone()),
        Tls::SelfSigned => (data_dir.join("certificate.pem"), data_dir.join("certificate.key")),
    };
    let own = *tls == Tls::SelfSigned;
    tokio::task::spawn_blocking(move || {
        if own && !certificate.exists() {
            make(&certificate, &key, address)?;
        }
        read(&certificate, &key)
    })
    .await
    .map_err(|_| ServerError::Certificate("it could not be read".into()))?
    .map(Some)
}

fn read(certificate: &Path, key: &Path) -> Result<Certificate, ServerError> {
    let unreadable = |path: &Path, why: &dyn std::fmt::Display| {
        ServerError::Certificate(format!("{} is not readable as PEM: {why}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(certificate, &error))?;
    let Some(first) = chain.first() else {
        return Err(unreadable(certificate, &"there is no certificate in it"));
    };
    let fingerprint = Sha256::digest(first)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .join(":");
    let key_der = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key_der))
        .map_err(|error| ServerError::Certificate(error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificate {
        config: RustlsConfig::from_config(Arc::new(config)),
        fingerprint,
    })
}

fn make(certificate: &Path, key: &Path, address: SocketAddr) -> Result<(), ServerError> {
    let failed = |why: &dyn std::fmt::Display| ServerError::Certificate(format!("none could be made: {why}"));
    let mut names = vec!["localhost".to_owned(), "deskbell".to_owned()];
    if !address.ip().is_unspecified() {
        names.push(address.ip().to_string());
    }
    let made = rcgen::generate_simple_self_signed(names).map_err(|error| failed(&error))?;
    // The key first: a certificate without its key would never be made again.
    private(key, made.signing_key.serialize_pem().as_bytes()).map_err(|error| failed(&error))?;
    std::fs::write(certificate, made.cert.pem()).map_err(|error| failed(&error))
}

/// Writes a file that only its owner reads.
fn private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)?.write_all(content)
}
