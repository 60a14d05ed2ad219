//! A clinic's own authority: a server that shows its certificate is trusted by a computer that trusts the authority, and by no
//! other; a certificate that has run out, or is for another name, is refused and says so.

use super::{doctor, findings};
use crate::support::process::Running;
use crate::support::workstation::Workstation;
use crate::support::{build_folder, eventually, free_port};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const START_BOUND: Duration = Duration::from_secs(30);

/// An authority, and the file that a computer trusts it by.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("an authority");
        let file = folder.join(format!("{name}.pem"));
        std::fs::write(&file, issuer.as_ref().pem()).expect("a file");
        Self { issuer, file }
    }

    /// Signs a certificate for a name, which runs out at the end of a year; answers its file and its key's.
    fn signs(&self, folder: &Path, name: &str, until: i32) -> (PathBuf, PathBuf) {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let at = |end: &str| folder.join(format!("{name}-{until}.{end}"));
        std::fs::write(at("crt"), certificate.pem()).expect("a file");
        std::fs::write(at("key"), key.serialize_pem()).expect("a file");
        (at("crt"), at("key"))
    }
}

/// Serves an empty clinic with this certificate; answers its address.
async fn serving(desk: &Workstation, (certificate, key): &(PathBuf, PathBuf)) -> (Running, String) {
    let data = certificate.with_extension("data");
    let command = |name: &str| {
        let mut command = Command::new(build_folder().join("deskbell-server"));
        command.arg(name).arg("--data").arg(&data);
        command
    };
    let made = command("init")
        .args(["--name", "Harbour", "--zone", "Asia/Manila"])
        .output();
    assert!(made.expect("deskbell-server was built").status.success());
    let port = free_port();
    let mut serve = command("serve");
    serve.arg("--listen").arg(format!("127.0.0.1:{port}"));
    serve.arg("--cert").arg(certificate).arg("--key").arg(key);
    let mut server = Running::start(&mut serve, desk.next_log("server"), None);
    let url = format!("https://127.0.0.1:{port}");
    eventually("the server", START_BOUND, async || {
        server.assert_running();
        server.output().contains(&url).then_some(())
    })
    .await;
    (server, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinics_own_authority_is_trusted_and_another_an_old_or_a_misnamed_certificate_is_not() {
    let desk = Workstation::new("certificate").await;
    let folder = desk.folder().to_owned();
    let (own, other) = (Authority::new(&folder, "own"), Authority::new(&folder, "other"));
    let (right, old, misnamed) = (
        serving(&desk, &own.signs(&folder, "127.0.0.1", 2090)).await,
        serving(&desk, &own.signs(&folder, "127.0.0.1", 2021)).await,
        serving(&desk, &own.signs(&folder, "desk.example", 2090)).await,
    );
    for (server, trusts, verdict, words) in [
        (&right, &own, "good", "valid, and for this server's name"),
        (&right, &other, "bad", "nobody that this computer trusts"),
        (&old, &own, "bad", "expired"),
        (&misnamed, &own, "bad", "another server's name"),
    ] {
        let trusted = trusts.file.display().to_string();
        let variables = [("SSL_CERT_FILE", trusted.as_str()), ("SSL_CERT_DIR", "")];
        let said = doctor(&desk, &server.1, &variables, &["--json"]);
        let found = findings(&said);
        let certificate = found
            .iter()
            .find(|one| one["part"] == "certificate")
            .expect("it is looked at");
        assert_eq!(certificate["verdict"], verdict, "{certificate}");
        assert!(certificate.to_string().contains(words), "{certificate}");
    }
}
