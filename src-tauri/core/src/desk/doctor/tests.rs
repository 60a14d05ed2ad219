use super::*;
use crate::cache::Owner;
use deskbell_clinic::{AccountId, ClinicId, Role};
use jiff::Timestamp;
use std::os::unix::fs::FileExt;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A clock that stands still.
struct Stopped(Timestamp);

impl WallClock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn desk(folder: &std::path::Path, server: &str, now: Timestamp) -> Examination {
    Examination {
        folder: folder.to_owned(),
        settings: SettingsFiles::of_folder(folder),
        server: Some((server.to_owned(), Speaks::Deskbell)),
        clock: Arc::new(Stopped(now)),
        timeouts: Timeouts::default(),
    }
}

async fn clinic(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let mock = Mock::given(method("GET")).and(path("/v1/session"));
    mock.respond_with(answer).mount(&server).await;
    server
}

async fn found(desk: &Examination) -> Vec<(Part, Verdict)> {
    let findings = server(desk, &Settings::default()).await;
    for finding in &findings {
        assert_eq!(
            finding.remedy.is_none(),
            finding.verdict == Verdict::Good,
            "{finding:?}"
        );
    }
    findings.iter().map(|finding| (finding.part, finding.verdict)).collect()
}

#[tokio::test]
async fn a_server_that_is_down_is_bad_and_nothing_is_said_of_its_clock() {
    let folder = tempfile::tempdir().unwrap();
    let server = clinic(ResponseTemplate::new(401)).await;
    let address = server.uri();
    drop(server);
    let closed = desk(folder.path(), &address, noon());
    assert_eq!(found(&closed).await, [(Part::Server, Verdict::Bad)]);
}

#[tokio::test]
async fn a_web_page_in_the_servers_place_is_bad() {
    let folder = tempfile::tempdir().unwrap();
    let server = clinic(ResponseTemplate::new(200).set_body_raw("<h1>Wi-Fi</h1>", "text/html")).await;
    let portal = desk(folder.path(), &server.uri(), noon());
    assert_eq!(found(&portal).await, [(Part::Server, Verdict::Bad)]);
}

#[tokio::test]
async fn a_wrong_clock_is_found_by_what_the_server_says_the_time_is() {
    let folder = tempfile::tempdir().unwrap();
    let answer = ResponseTemplate::new(401).insert_header("date", "Mon, 23 Nov 2026 12:00:00 GMT");
    let server = clinic(answer.set_body_raw("{}", "application/problem+json")).await;
    for (ahead, verdict) in [
        (0, Verdict::Good),
        (-4, Verdict::Good),
        (90, Verdict::Doubtful),
        (-90, Verdict::Doubtful),
        (600, Verdict::Bad),
        (-86_400, Verdict::Bad),
    ] {
        let desk = desk(folder.path(), &server.uri(), noon() + SignedDuration::from_secs(ahead));
        let well = [(Part::Server, Verdict::Good), (Part::Certificate, Verdict::Good)];
        assert_eq!(
            found(&desk).await,
            [&well[..], &[(Part::Clock, verdict)]].concat(),
            "{ahead} s ahead"
        );
    }
    let says = clock(SignedDuration::from_secs(-600)).says;
    assert!(says.contains("10 minutes behind the server's"), "{says}");
}

#[tokio::test]
async fn a_bad_setting_is_found_with_its_name_and_range() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), "[notifications]\ndays_ahead = 0\n").unwrap();
    let (_, findings) = settings(&desk(folder.path(), "", noon()));
    assert_eq!(findings[0].verdict, Verdict::Bad);
    assert!(
        findings[0]
            .says
            .starts_with("notifications.days_ahead must be 1 to 365 days"),
        "{findings:?}"
    );
}

#[tokio::test]
async fn one_page_that_is_not_as_it_was_written_makes_a_cache_bad() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path(), "", noon());
    let account = Account {
        account: AccountId(Uuid::from_u128(1)),
        login: "olivia".into(),
        name: "Olivia".into(),
        role: Role::Operator,
        staff: None,
        clinic: ClinicId(Uuid::from_u128(9)),
        clinic_name: "Sample".into(),
        hints: true,
    };
    assert_eq!(caches(&desk).await[0].says, "Nobody is signed in, so nothing is kept.");
    assert!(!folder.path().join("identity.json").exists(), "looking makes nothing");

    let mut identity = Identity::load(folder.path()).unwrap();
    identity
        .remember(folder.path(), super::super::PRACTICE, &account)
        .unwrap();
    let vault = Vault::new(Keys::beside(folder.path().to_owned()), super::super::PRACTICE);
    let key = vault.cache_key(&account, false).await.unwrap();
    let owner = Owner {
        clinic: account.clinic,
        account: account.account,
    };
    let file = identity::cache_file(folder.path(), &account);
    let cache = Cache::open(&file, &key, owner).await.unwrap();
    let open = caches(&desk).await;
    assert_eq!(open[0].verdict, Verdict::Good, "while the desk has it open: {open:?}");
    cache.close().await;
    let whole = caches(&desk).await;
    assert_eq!(whole[0].verdict, Verdict::Good, "{whole:?}");

    let bytes = std::fs::OpenOptions::new().read(true).write(true).open(&file).unwrap();
    let mut byte = [0];
    let middle = bytes.metadata().unwrap().len() / 2;
    bytes.read_exact_at(&mut byte, middle).unwrap();
    bytes.write_all_at(&[byte[0] ^ 1], middle).unwrap();
    let damaged = caches(&desk).await;
    assert_eq!(damaged[0].verdict, Verdict::Bad, "one bit is enough: {damaged:?}");
    assert!(
        damaged[0]
            .remedy
            .as_ref()
            .is_some_and(|remedy| remedy.contains("takes over what was not sent"))
    );
}
