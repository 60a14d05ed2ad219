//! A desk that keeps no key in a keyring: its passphrase is chosen once, asked for at each start, and opens nothing when it is
//! another.

use crate::fake::{TIMEOUTS, block, clinic, ok, page, problem};
use deskbell_core::desk::{Desk, DeskOptions};
use deskbell_core::outbox::intent::Intent;
use deskbell_core::secret::Secret;
use deskbell_core::view::PassphraseAsk;
use std::path::Path;
use tempfile::TempDir;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer};

const RIGHT: &str = "four words are kept";

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// A computer whose settings keep no key in a keyring, and a server that takes no writes for now.
async fn computer() -> (TempDir, MockServer) {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("settings.toml"), "passphrase = true\n").unwrap();
    let server = clinic([ok(page("c1"))]).await;
    Mock::given(method("PUT"))
        .respond_with(problem(503, "unavailable"))
        .mount(&server)
        .await;
    (folder, server)
}

/// The desk as it starts, as of a clinic with real people.
async fn start(folder: &TempDir, server: &MockServer) -> Desk {
    let options = DeskOptions::new(folder.path().to_owned(), &server.uri()).timeouts(TIMEOUTS);
    Desk::open(options).await.unwrap()
}

/// Signed in for the first time, with one act that waits to be sent.
async fn with_work(folder: &TempDir, server: &MockServer) -> Desk {
    let desk = start(folder, server).await;
    let asked = desk.sign_in("olivia", "right").await.unwrap_err();
    assert_eq!(asked.code(), "needs_passphrase");
    desk.give_passphrase(secret(RIGHT)).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    desk.keep(Intent::put(block(1), None)).await.unwrap();
    desk
}

async fn waiting(desk: &Desk) -> usize {
    desk.outbox().await.unwrap().len()
}

/// The files of caches and keys, by how their names end.
fn endings(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut endings: Vec<_> = names
        .filter(|name| name.starts_with("cache-"))
        .filter_map(|name| Some(name.split_once('.')?.1.to_owned()))
        .collect();
    endings.sort();
    endings
}

#[tokio::test]
async fn a_passphrase_is_chosen_once_then_opens_the_same_data_and_another_opens_none() {
    let (folder, server) = computer().await;
    let desk = start(&folder, &server).await;
    assert_eq!(desk.passphrase_asked(), None, "nothing is asked before it is needed");
    desk.close().await;
    let desk = with_work(&folder, &server).await;
    assert_eq!(desk.passphrase_asked(), None);
    desk.close().await;
    assert_eq!(endings(folder.path()), ["db", "salt"], "the key itself is kept nowhere");
    let expected = Desk::remembered(folder.path(), &server.uri());
    assert_eq!(expected, None, "nobody is at a desk before the passphrase was given");

    let desk = start(&folder, &server).await;
    assert_eq!(
        (desk.account(), desk.passphrase_asked()),
        (None, Some(PassphraseAsk::Unlock))
    );
    let wrong = desk.give_passphrase(secret("four words are lost")).await.unwrap_err();
    assert_eq!(wrong.code(), "wrong_passphrase");
    let shut = desk.sign_in("olivia", "right").await.unwrap_err();
    assert_eq!(shut.code(), "needs_passphrase", "a password is none");
    desk.give_passphrase(secret(RIGHT)).await.unwrap();
    assert_eq!(desk.account().map(|account| account.login).as_deref(), Some("olivia"));
    assert_eq!((waiting(&desk).await, desk.status().borrow().set_aside), (1, None));
    let unasked = desk.give_passphrase(secret(RIGHT)).await.unwrap_err();
    assert_eq!(unasked.code(), "bad_input");
    desk.close().await;
}

#[tokio::test]
async fn a_new_passphrase_that_is_short_is_refused_and_the_next_may_be_another_after_a_sign_out() {
    let (folder, server) = computer().await;
    let desk = start(&folder, &server).await;
    desk.sign_in("olivia", "right").await.unwrap_err();
    let short = desk.give_passphrase(secret("eleven char")).await.unwrap_err();
    assert_eq!(short.code(), "bad_input");
    desk.give_passphrase(secret(RIGHT)).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    desk.sign_out(false).await.unwrap();
    assert_eq!(endings(folder.path()), Vec::<String>::new());
    desk.sign_in("olivia", "right").await.unwrap_err();
    assert_eq!(desk.passphrase_asked(), Some(PassphraseAsk::Choose));
    desk.give_passphrase(secret("another of four words")).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    desk.close().await;
}

#[tokio::test]
async fn a_passphrase_that_nobody_knows_any_more_is_given_up_on_purpose_and_what_it_protects_set_aside() {
    let (folder, server) = computer().await;
    let desk = with_work(&folder, &server).await;
    let refused = desk.give_passphrase_up().await.unwrap_err();
    assert_eq!(refused.code(), "bad_input", "not while it is open");
    desk.close().await;

    let desk = start(&folder, &server).await;
    desk.give_passphrase_up().await.unwrap();
    assert_eq!(desk.passphrase_asked(), Some(PassphraseAsk::Choose));
    assert_eq!(
        endings(folder.path()),
        ["db.damaged", "salt.damaged"],
        "nothing is deleted"
    );
    desk.give_passphrase(secret("another of four words")).await.unwrap();
    desk.sign_in("olivia", "right").await.unwrap();
    assert_eq!(waiting(&desk).await, 0, "nothing is made up of what cannot be read");
    desk.sign_out(false).await.unwrap();
    assert_eq!(endings(folder.path()), Vec::<String>::new());
}
