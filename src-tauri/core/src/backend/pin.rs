//! Trusting one certificate that no authority signed: the one whose fingerprint a person compared.

use crate::backend::{Fingerprint, ServerAddress};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Makes *ring* this process's cryptography, unless another part of the program already chose.
pub(super) fn provide_tls() {
    if CryptoProvider::get_default().is_none() {
        // Losing a race to another thread that installs the same provider is as good as winning it.
        drop(ring::default_provider().install_default());
    }
}

/// A TLS configuration that accepts a server with exactly this certificate.
pub(super) fn trusting_only(pin: Fingerprint) -> ClientConfig {
    configuration(Judge {
        accepts: Some(pin),
        ..Judge::default()
    })
}

/// Connects as far as the server's certificate, and no further.
pub(super) async fn observe(address: &ServerAddress) -> Option<Fingerprint> {
    provide_tls();
    let seen = Arc::new(Mutex::new(None));
    let configuration = configuration(Judge {
        seen: seen.clone(),
        ..Judge::default()
    });
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(configuration)
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(5))
        .build()
        .ok()?;
    // The judge accepts nothing, so this always fails: what it saw is what counts.
    drop(client.get(address.at("v1/session")).send().await);
    *seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn configuration(judge: Judge) -> ClientConfig {
    provide_tls();
    ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(judge))
        .with_no_client_auth()
}

/// Accepts one certificate, or none; and notes what it was shown. The handshake's signatures are verified as ever: a
/// certificate is public, only its owner can sign.
#[derive(Debug)]
struct Judge {
    accepts: Option<Fingerprint>,
    seen: Arc<Mutex<Option<Fingerprint>>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Default for Judge {
    fn default() -> Self {
        Self {
            accepts: None,
            seen: Arc::default(),
            algorithms: ring::default_provider().signature_verification_algorithms,
        }
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Fingerprint::of(end_entity);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        if self.accepts == Some(shown) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(
                rustls::CertificateError::ApplicationVerificationFailure,
            ))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
