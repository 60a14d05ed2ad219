//! One question to a server, without a session: what stands between it and this desk, told apart more finely than the
//! engine needs to.

use super::http::{Http, Timeouts, broken, tls_cause};
use super::{BackendError, ServerAddress, Speaks};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::{Method, Response, header};
use rustls::{CertificateError, Error};
use std::time::Duration;
use tokio::time::Instant;

/// A server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// After so long.
    pub took: Duration,
    /// What time it is there, to the second; none when it does not say.
    pub server_time: Option<Timestamp>,
}

/// Why none did.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Silence {
    /// Its certificate was refused.
    #[error(transparent)]
    Certificate(#[from] CertificateProblem),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] BackendError),
}

/// What is wrong with a certificate, in words for whoever keeps the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateProblem {
    /// Its time is over.
    #[error("The server's certificate has expired.")]
    Expired,
    /// Its time has not begun.
    #[error("The server's certificate is not valid yet.")]
    NotYet,
    /// It is for another name.
    #[error("The server's certificate is for another server's name than the address says.")]
    OtherName,
    /// Nobody that this computer trusts signed it.
    #[error("The server's certificate was signed by nobody that this computer trusts.")]
    UnknownIssuer,
    /// It is not the one that was compared and kept.
    #[error("The server shows another certificate than the one that was compared when this desk was set up.")]
    NotThePinned,
    /// Something else.
    #[error("The server's certificate cannot be trusted.")]
    Unfit,
}

impl CertificateProblem {
    fn of(error: &Error) -> Self {
        let Error::InvalidCertificate(error) = error else {
            return Self::Unfit;
        };
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Self::OtherName,
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            // The judge of a pinned certificate says so of every other.
            CertificateError::ApplicationVerificationFailure => Self::NotThePinned,
            _ => Self::Unfit,
        }
    }
}

/// Asks the server what it tells anybody.
///
/// # Errors
/// When nothing answered, or not the clinic's server.
pub async fn probe(address: &ServerAddress, speaks: Speaks, timeouts: Timeouts) -> Result<Answered, Silence> {
    let path = match speaks {
        Speaks::Deskbell => "v1/session",
        Speaks::RoyalCare => "api/registration/profile/",
    };
    let http = Http::new(address.clone(), timeouts)?;
    let asked = Instant::now();
    let answer = http
        .request(Method::GET, path)
        .send()
        .await
        .map_err(|error| match tls_cause(&error) {
            Some(cause) => Silence::Certificate(CertificateProblem::of(cause)),
            None => Silence::Other(broken(&error)),
        })?;
    if answer.status().is_server_error() {
        return Err(BackendError::Server(answer.status().as_u16()).into());
    }
    if !text(&answer, header::CONTENT_TYPE).is_some_and(|kind| kind.contains("json")) {
        return Err(BackendError::NotJson.into());
    }
    let server_time = text(&answer, header::DATE).and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    Ok(Answered {
        took: asked.elapsed(),
        server_time,
    })
}

fn text(answer: &Response, name: header::HeaderName) -> Option<&str> {
    answer.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_of_a_certificate_has_words_of_its_own() {
        for (fault, words) in [
            (CertificateError::Expired, "expired"),
            (CertificateError::NotValidYet, "not valid yet"),
            (CertificateError::NotValidForName, "another server's name"),
            (CertificateError::UnknownIssuer, "nobody that this computer trusts"),
            (CertificateError::ApplicationVerificationFailure, "another certificate"),
            (CertificateError::BadSignature, "cannot be trusted"),
        ] {
            let said = CertificateProblem::of(&Error::InvalidCertificate(fault)).to_string();
            assert!(said.contains(words), "{said}");
        }
    }
}
