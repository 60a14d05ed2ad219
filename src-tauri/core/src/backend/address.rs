//! Where a server is, checked before anything is sent there.

use reqwest::Url;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// A server's address, and the certificate to expect there where it is not one that this computer trusts by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    base: Url,
    pin: Option<Fingerprint>,
}

/// Why an address is refused, before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// Not an address at all.
    #[error("This is not a server's address. It looks like https://desk.example:8443.")]
    NotAnAddress,
    /// Plain http to another computer: everyone on the way could read it.
    #[error("The address must begin with https. Plain http is only for a server on this computer.")]
    Insecure,
    /// A path, a user name or a query does not belong into it.
    #[error("Give the server's address only, without anything after it.")]
    TooMuch,
}

impl ServerAddress {
    /// Reads an address as a person types it.
    ///
    /// # Errors
    /// When it is no address, or one that would send in the clear to another computer.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim();
        let base = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("https://{text}"))
        };
        let base = base.map_err(|_| InvalidAddress::NotAnAddress)?;
        let Some(host) = base.host_str() else {
            return Err(InvalidAddress::NotAnAddress);
        };
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(host) => {}
            "http" => return Err(InvalidAddress::Insecure),
            _ => return Err(InvalidAddress::NotAnAddress),
        }
        let alone = base.path() == "/" && base.query().is_none() && base.fragment().is_none();
        if !alone || !base.username().is_empty() || base.password().is_some() {
            return Err(InvalidAddress::TooMuch);
        }
        Ok(Self { base, pin: None })
    }

    /// The same address, where only this certificate is accepted.
    #[must_use]
    pub fn pinned(mut self, pin: Fingerprint) -> Self {
        self.pin = Some(pin);
        self
    }

    /// The certificate to expect.
    pub const fn pin(&self) -> Option<Fingerprint> {
        self.pin
    }

    /// The address of one of the API's paths, such as `v1/changes`.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.as_str().trim_end_matches('/'))
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The SHA-256 of a certificate, as the server prints it: `AB:CD:…`, 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a certificate in DER.
    pub fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if index == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// The text is not 32 bytes in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A fingerprint is 64 hexadecimal digits, with or without colons.")]
pub struct NotAFingerprint;

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digits: Vec<u8> = text.bytes().filter(|b| !matches!(b, b':' | b' ')).collect();
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return Err(NotAFingerprint);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAFingerprint)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAFingerprint)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for fine in [
            "http://127.0.0.1:8080",
            "http://[::1]:80",
            "http://localhost:1",
            "https://desk.example:8443",
        ] {
            assert!(ServerAddress::parse(fine).is_ok(), "{fine}");
        }
        for bad in [
            "http://desk.example",
            "http://192.168.1.4:8443",
            "http://127.0.0.1.example",
        ] {
            assert_eq!(ServerAddress::parse(bad), Err(InvalidAddress::Insecure), "{bad}");
        }
    }

    #[test]
    fn a_bare_host_is_meant_as_https() {
        assert_eq!(
            ServerAddress::parse("desk.example:8443").unwrap().to_string(),
            "https://desk.example:8443"
        );
    }

    #[test]
    fn an_address_with_anything_after_it_is_refused() {
        assert_eq!(
            ServerAddress::parse("https://desk.example/v1"),
            Err(InvalidAddress::TooMuch)
        );
        assert_eq!(
            ServerAddress::parse("https://jo:pw@desk.example"),
            Err(InvalidAddress::TooMuch)
        );
        assert_eq!(
            ServerAddress::parse("ftp://desk.example"),
            Err(InvalidAddress::NotAnAddress)
        );
    }

    #[test]
    fn a_fingerprint_reads_back_as_it_is_printed() {
        let fingerprint = Fingerprint::of(b"certificate");
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        assert_eq!("AB:CD".parse::<Fingerprint>(), Err(NotAFingerprint));
    }
}
