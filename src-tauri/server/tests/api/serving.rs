//! Starting, stopping, and what is in the way of it; as a library and as a program.

use crate::clinic::{MORNING, PASSWORD, TestClinic, instant, user};
use deskbell_clinic::{Kind, Role};
use deskbell_server::{Clock, Config, DbKey, Server, ServerError, StoreError, Tls};
use serde_json::json;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use uuid::Uuid;

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart_and_sessions_go_on() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let before = ada.pull(None, 200).await;
    let written = ada.create(&clinic.hours(clinic.tina, clinic.span(0, 60)).into()).await;
    let clinic = clinic.restart().await;
    let request = clinic
        .stranger()
        .get(format!("{}/v1/changes?since={}", clinic.running.url(), before.cursor))
        .bearer_auth(&ada.session.access_token);
    let page = crate::desk::heard(request).await.body;
    assert_eq!(page["changes"][0]["id"], json!(written.id));
    assert_eq!(page["changes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_taken_port_is_named_in_a_sentence() {
    let taken = TcpListener::bind(loopback()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(Config::new(folder.path(), taken.local_addr().unwrap()))
        .await
        .unwrap();
    server.init("Clinic", "Asia/Manila", "PHP").await.unwrap();
    let Err(error) = server.start().await else {
        panic!("two servers on one port")
    };
    assert!(matches!(error, ServerError::PortTaken(_)));
    let sentence = error.to_string();
    assert!(
        sentence.contains(&taken.local_addr().unwrap().to_string()),
        "{sentence}"
    );
    assert!(sentence.contains("choose another port"), "{sentence}");
}

#[tokio::test]
async fn a_file_that_is_no_database_and_another_key_are_named_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clinic.db");
    std::fs::write(&file, "this is a shopping list, and no database at all").unwrap();
    let refused = |error: Result<Server, ServerError>| {
        let Err(error) = error else { panic!("opened") };
        assert!(
            matches!(error, ServerError::Store(StoreError::NotADatabase(_))),
            "{error}"
        );
        assert!(error.to_string().contains("clinic.db"), "{error}");
    };
    refused(Server::open(Config::new(folder.path(), loopback())).await);
    assert!(
        std::fs::read_to_string(&file).unwrap().starts_with("this is"),
        "it was left alone"
    );

    let folder = tempfile::tempdir().unwrap();
    let keyed = |key| {
        let mut config = Config::new(folder.path(), loopback());
        config.key = key;
        config
    };
    let server = Server::open(keyed(Some(DbKey::new([7; 32])))).await.unwrap();
    server.init("Canary Clinic", "Asia/Manila", "PHP").await.unwrap();
    server.store().close().await;
    let content = std::fs::read(folder.path().join("clinic.db")).unwrap();
    assert!(
        !content.windows(6).any(|window| window == b"Canary"),
        "the file is encrypted"
    );
    refused(Server::open(keyed(Some(DbKey::new([8; 32])))).await);
    refused(Server::open(keyed(None)).await);
    assert!(
        Server::open(keyed(Some(DbKey::new([7; 32]))))
            .await
            .unwrap()
            .is_set_up()
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(Config::new(folder.path(), loopback())).await.unwrap();
    server.store().close().await;
    let database = rusqlite::Connection::open(folder.path().join("clinic.db")).unwrap();
    database.pragma_update(None, "user_version", 1_000).unwrap();
    drop(database);
    let Err(error) = Server::open(Config::new(folder.path(), loopback())).await else {
        panic!("opened")
    };
    assert!(matches!(error, ServerError::Store(StoreError::Newer(_))), "{error}");
}

#[tokio::test]
async fn an_empty_database_is_not_served_and_a_clinic_is_set_up_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::open(Config::new(folder.path(), loopback())).await.unwrap();
    let early = server.add_user(user("ada", Role::Admin, None)).await.unwrap_err();
    assert!(matches!(early, ServerError::Store(StoreError::NoClinic)), "{early}");
    assert!(server.init("Clinic", "Mars/Olympus", "PHP").await.is_err());
    assert!(!server.is_set_up().await.unwrap());
    let Err(error) = server.start().await else {
        panic!("served nothing")
    };
    assert!(error.to_string().contains("init"), "{error}");
    let server = Server::open(Config::new(folder.path(), loopback())).await.unwrap();
    server.init("Clinic", "Asia/Manila", "PHP").await.unwrap();
    assert!(server.init("Clinic", "Asia/Manila", "PHP").await.is_err());
    assert!(server.sample(1).await.is_err());
}

#[tokio::test]
async fn plain_http_beyond_this_computer_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::new(folder.path(), SocketAddr::from(([0, 0, 0, 0], 0)));
    let server = Server::open(config).await.unwrap();
    server.init("Clinic", "Asia/Manila", "PHP").await.unwrap();
    let Err(error) = server.start().await else {
        panic!("served in the clear")
    };
    assert!(matches!(error, ServerError::PlainHttp(_)), "{error}");
}

#[tokio::test]
async fn a_self_made_certificate_protects_the_line_and_stays_the_same() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let mut fingerprints = Vec::new();
    for _ in 0..2 {
        let mut config = Config::new(folder.path(), loopback());
        config.tls = Tls::SelfSigned;
        let server = Server::open(config).await.unwrap();
        if !server.is_set_up().await.unwrap() {
            server.init("Clinic", "Asia/Manila", "PHP").await.unwrap();
        }
        let running = server.start().await.unwrap();
        let url = format!("{}/v1/openapi.json", running.url());
        assert!(url.starts_with("https://"));
        let strict = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        assert!(strict.get(&url).send().await.is_err(), "nobody vouches for it");
        let pem = std::fs::read(folder.path().join("certificate.pem")).unwrap();
        let pinned = reqwest::Certificate::from_pem(&pem).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([pinned]).build().unwrap();
        assert!(client.get(&url).send().await.unwrap().status().is_success());
        fingerprints.push(running.fingerprint().unwrap().to_owned());
        running.shutdown().await;
    }
    assert_eq!(fingerprints[0], fingerprints[1]);
    assert_eq!(fingerprints[0].len(), 32 * 3 - 1);
}

#[tokio::test]
async fn the_sample_clinic_is_filled_fast_and_its_people_see_what_is_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path(), loopback());
    config.clock = Clock::saying(|| instant(MORNING));
    let server = Server::open(config).await.unwrap();
    let begun = std::time::Instant::now();
    server.sample(1).await.unwrap();
    let took = begun.elapsed();
    assert!(took.as_secs() < 10, "{took:?}");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let running = server.start().await.unwrap();
    let http = reqwest::Client::new();
    for (login, appointments) in [("olivia", 400..=400), ("ana", 1..=60), ("dan", 1..=60)] {
        let signed = http
            .post(format!("{}/v1/session", running.url()))
            .json(&json!({"login": login, "password": "deskbell", "device_id": Uuid::now_v7()}));
        let session = crate::desk::heard(signed).await;
        let desk = crate::desk::Desk::new(&running, &session);
        let seen = desk.pull(None, 200).await;
        let count = seen.of(Kind::Appointment).len();
        assert!(appointments.contains(&count), "{login} sees {count}");
        let clients = seen.of(Kind::Client).len();
        assert!(login == "olivia" || clients <= count, "{login} sees {clients} clients");
    }
}

fn program(arguments: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell-server"));
    command.args(arguments).arg("--data").arg(data);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts serving and answers the address that it prints.
fn serve(data: &Path) -> (Child, String) {
    let mut child = program(&["serve", "--listen", "127.0.0.1:0"], data).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .strip_prefix("listening on ")
        .expect("the one line")
        .trim()
        .to_owned();
    (child, url)
}

#[tokio::test]
async fn the_program_sets_up_adds_a_user_serves_and_keeps_everything_when_it_is_killed() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let init = program(&["init", "--name", "Clinic", "--zone", "Asia/Manila"], folder.path())
        .output()
        .unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    let mut add = program(&["add-user", "--login", "ada", "--role", "admin"], folder.path())
        .spawn()
        .unwrap();
    writeln!(add.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(add.wait().unwrap().success());

    let (mut first, url) = serve(folder.path());
    let desk = sign_in(&url).await;
    let client = deskbell_clinic::Client {
        id: crate::clinic::id(),
        name: "Kept".into(),
        phones: vec![],
        address: String::new(),
        wishes: deskbell_clinic::Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    };
    let written = desk.create(&client.into()).await;
    first.kill().unwrap();
    first.wait().unwrap();

    let (second, url) = serve(folder.path());
    let desk = sign_in(&url).await;
    assert!(
        desk.pull(None, 200).await.place(written.id).is_some(),
        "answered is kept"
    );
    stop(second);
}

#[tokio::test]
async fn the_log_carries_no_name_phone_note_password_or_token_at_any_level() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let init = program(&["init", "--name", "Clinic", "--zone", "Asia/Manila"], folder.path());
    assert!({ init }.output().unwrap().status.success());
    let mut add = program(&["add-user", "--login", "ada", "--role", "admin"], folder.path())
        .spawn()
        .unwrap();
    writeln!(add.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(add.wait().unwrap().success());
    let log = folder.path().join("log");
    let mut command = program(&["serve", "--listen", "127.0.0.1:0"], folder.path());
    command
        .env("RUST_LOG", "trace")
        .stderr(std::fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap();
    let desk = sign_in(url).await;
    let mut client = deskbell_clinic::Client {
        id: crate::clinic::id(),
        name: "Canary Clientname".into(),
        phones: vec![deskbell_clinic::Phone::from_typed("0917 555 0142")],
        address: "1 Canary Street".into(),
        wishes: deskbell_clinic::Wishes::default(),
        alert: "Canary alert".into(),
        notes: "Canary notes".into(),
    };
    desk.create(&client.clone().into()).await;
    client.phones[0].normalised = "Canary".into();
    assert_eq!(desk.put(&client.clone().into(), 1).await.status, 422);
    assert_eq!(desk.post("/v1/payments", &json!("Canary")).await.status, 422);
    assert_eq!(desk.get("/v1/changes?since=Canary").await.status, 400);
    desk.pull(None, 200).await;
    stop(child);
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("answered"), "there is a log");
    for secret in [
        "Canary",
        "0142",
        PASSWORD,
        &desk.session.access_token,
        &desk.session.refresh_token,
    ] {
        assert!(!log.contains(secret), "the log says {secret}");
    }
}

/// A polite end: the program says goodbye with success.
fn stop(mut child: Child) {
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

async fn sign_in(url: &str) -> crate::desk::Desk {
    let request = reqwest::Client::new().post(format!("{url}/v1/session"));
    let body = json!({"login": "ada", "password": PASSWORD, "device_id": Uuid::now_v7()});
    crate::desk::Desk::at(url, &crate::desk::heard(request.json(&body)).await)
}

#[tokio::test]
async fn an_encrypted_database_is_copied_encrypted_and_what_is_no_copy_is_refused() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = |folder: &Path| {
        let mut config = Config::new(folder, loopback());
        config.key = Some(DbKey::new([3; 32]));
        config
    };
    let server = Server::open(at(folder.path())).await.unwrap();
    let copy = other.path().join("copy.db");
    assert!(server.back_up(copy.clone(), None).await.is_err(), "nothing to copy yet");
    server.init("Canary clinic", "Asia/Manila", "PHP").await.unwrap();
    server.back_up(copy.clone(), None).await.unwrap();
    assert!(
        server.back_up(copy.clone(), None).await.is_err(),
        "nothing is overwritten"
    );
    server.store().close().await;
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(6).any(|part| part == b"Canary"));
    let list = other.path().join("list.db");
    std::fs::write(&list, "this is a shopping list, and no database at all").unwrap();
    assert!(Server::restore(at(folder.path()), list, None).await.is_err());
    let server = Server::open(at(folder.path())).await.unwrap();
    assert!(server.is_set_up().await.unwrap(), "a refused copy changes nothing");
    server.store().close().await;
    let server = Server::restore(at(folder.path()), copy, None).await.unwrap();
    assert!(server.is_set_up().await.unwrap());
    server.store().close().await;
}
