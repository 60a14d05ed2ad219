//! Finding clients as they are spoken of on the telephone, and their visits.

use crate::fixture::{Place, act, appointment, client, id, now, page};
use deskbell_clinic::wire::{Change, ChangeOp};
use deskbell_clinic::{ClientId, Phone, Row};
use deskbell_core::cache::Cache;
use deskbell_core::outbox::intent::Intent;
use proptest::prelude::*;
use uuid::Uuid;

fn told(row: impl Into<Row>, version: u32) -> Change {
    let row = row.into();
    Change {
        kind: row.kind(),
        id: row.id(),
        version,
        op: ChangeOp::Put,
        body: Some(row.to_json()),
        by: None,
        device: None,
        operation: None,
        at: now(),
    }
}

fn gone(kind: deskbell_clinic::Kind, n: u128, version: u32) -> Change {
    Change {
        op: ChangeOp::Delete,
        body: None,
        version,
        kind,
        id: id(n),
        ..told(client(n, ""), version)
    }
}

fn with_phone(n: u128, name: &str, phone: &str) -> deskbell_clinic::Client {
    let mut row = client(n, name);
    row.phones = vec![Phone::from_typed(phone)];
    row
}

async fn found(cache: &Cache, text: &str) -> Vec<String> {
    let text = text.to_owned();
    let clients = cache.read(move |snapshot| snapshot.search_clients(&text, 12)).await;
    clients.unwrap().into_iter().map(|client| client.name).collect()
}

async fn visits(cache: &Cache, n: u128) -> Vec<Uuid> {
    let seen = cache
        .read(move |snapshot| snapshot.visits(ClientId(id(n))))
        .await
        .unwrap();
    let mut ids: Vec<_> = seen.into_iter().map(|seen| seen.row.id()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn a_client_is_found_by_the_beginning_of_any_word_with_or_without_its_accents() {
    let place = Place::new();
    let cache = place.open().await;
    let names = ["José Peña-Cruz", "Jo Santos", "Maria Josefa Lim"];
    let changes = (1..).zip(names).map(|(n, name)| told(client(n, name), 1)).collect();
    cache.apply(page(changes, "1")).await.unwrap();
    assert_eq!(
        found(&cache, "jo").await,
        ["Jo Santos", "José Peña-Cruz", "Maria Josefa Lim"]
    );
    assert_eq!(found(&cache, "jose pena").await, ["José Peña-Cruz"]);
    assert_eq!(found(&cache, "PEÑA").await, ["José Peña-Cruz"]);
    assert_eq!(found(&cache, "cruz jo").await, ["José Peña-Cruz"], "in any order");
    assert_eq!(found(&cache, "ose").await, [""; 0], "not in the middle of a word");
    for text in ["\"", "jo\" OR \"m", "*", "-", "name:jo", "'; DROP TABLE client_key; --"] {
        let _ = found(&cache, text).await;
    }
    assert_eq!(
        found(&cache, "lim").await,
        ["Maria Josefa Lim"],
        "what is typed is never a query"
    );
}

#[tokio::test]
async fn a_number_is_found_by_any_part_of_it_in_any_spelling() {
    let place = Place::new();
    let cache = place.open().await;
    let changes = vec![
        told(with_phone(1, "Jo", "+63 917 555 0101"), 1),
        told(with_phone(2, "Kim", "0917-555-0202"), 1),
    ];
    cache.apply(page(changes, "1")).await.unwrap();
    for text in [
        "09175550101",
        "+63 917 555 0101",
        "0917 555-0101",
        "0101",
        "(0917) 555 01 01",
    ] {
        assert_eq!(found(&cache, text).await, ["Jo"], "{text}");
    }
    assert_eq!(found(&cache, "917 555").await, ["Jo", "Kim"]);
    assert_eq!(
        found(&cache, "+639175550202").await,
        ["Kim"],
        "kept without the country"
    );
    assert_eq!(found(&cache, "01").await, [""; 0], "two digits are no number yet");
}

#[tokio::test]
async fn a_search_follows_changes_removals_and_what_is_not_sent_yet() {
    let place = Place::new();
    let cache = place.open().await;
    cache
        .apply(page(
            vec![told(client(1, "Jo Santos"), 1), told(client(2, "Kim Lee"), 1)],
            "1",
        ))
        .await
        .unwrap();
    cache
        .apply(page(vec![told(client(1, "Jo Reyes"), 2)], "2"))
        .await
        .unwrap();
    assert_eq!(found(&cache, "santos").await, [""; 0]);
    assert_eq!(found(&cache, "reyes").await, ["Jo Reyes"]);
    act(&cache, Intent::put(client(2, "Kim Park"), Some(1))).await.unwrap();
    act(&cache, Intent::put(with_phone(3, "Lee Park", "0917 555 0303"), None))
        .await
        .unwrap();
    assert_eq!(found(&cache, "lee").await, ["Lee Park"], "the name that Kim has now");
    assert_eq!(found(&cache, "park").await, ["Kim Park", "Lee Park"]);
    assert_eq!(found(&cache, "+63 917 555 0303").await, ["Lee Park"]);
    cache
        .apply(page(vec![gone(deskbell_clinic::Kind::Client, 1, 3)], "3"))
        .await
        .unwrap();
    assert_eq!(crate::fixture::name(&cache, 1).await, None);
    assert_eq!(found(&cache, "jo").await, [""; 0]);
}

#[tokio::test]
async fn a_new_reading_of_everything_replaces_what_can_be_found() {
    let place = Place::new();
    let cache = place.open().await;
    cache
        .apply(page(vec![told(client(1, "Jo Santos"), 1)], "1"))
        .await
        .unwrap();
    let mut anew = page(vec![told(client(2, "Kim Lee"), 1)], "7").page;
    anew.epoch = "second".into();
    cache.stage(anew, true).await.unwrap();
    assert_eq!(found(&cache, "kim").await, [""; 0], "not before it is whole");
    assert_eq!(found(&cache, "jo").await, ["Jo Santos"]);
    cache.swap("second".into(), "7".into()).await.unwrap();
    assert_eq!(found(&cache, "jo").await, [""; 0]);
    assert_eq!(found(&cache, "kim").await, ["Kim Lee"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_clients_visits_are_all_those_they_take_part_in(
        of in proptest::collection::vec(proptest::collection::vec(1_u128..6, 0..5), 0..12),
        moved in proptest::collection::vec((0_usize..12, proptest::collection::vec(1_u128..6, 0..5)), 0..6),
        unsent in proptest::option::of((0_usize..12, proptest::collection::vec(1_u128..6, 1..4))),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let place = Place::new();
            let cache = place.open().await;
            let unique = |clients: &[u128]| {
                let mut clients = clients.to_vec();
                let mut seen = std::collections::BTreeSet::new();
                clients.retain(|one| seen.insert(*one));
                clients
            };
            let mut truth: Vec<_> = of.iter().map(|clients| unique(clients)).collect();
            let row = |n: usize, clients: &[u128]| appointment(100 + n as u128, clients);
            let first = truth.iter().enumerate().map(|(n, clients)| told(row(n, clients), 1)).collect();
            cache.apply(page(first, "1")).await.unwrap();
            for (version, (n, clients)) in (2..).zip(&moved) {
                if let Some(slot) = truth.get_mut(*n) {
                    *slot = unique(clients);
                    cache.apply(page(vec![told(row(*n, slot), version)], &version.to_string())).await.unwrap();
                }
            }
            if let Some((n, clients)) = &unsent && let Some(slot) = truth.get_mut(*n) {
                *slot = unique(clients);
                act(&cache, Intent::put(row(*n, slot), Some(1))).await.unwrap();
            }
            for one in 1..6 {
                let expected: Vec<_> = (0..truth.len())
                    .filter(|n| truth[*n].contains(&one))
                    .map(|n| id(100 + n as u128))
                    .collect();
                assert_eq!(visits(&cache, one).await, expected, "of client {one} in {truth:?}");
            }
        });
    }
}

/// Not timed, but it would not end in time if every client were read for every letter.
#[tokio::test]
async fn a_search_among_many_reads_only_those_it_answers_with() {
    let place = Place::new();
    let cache = place.open().await;
    for part in 0..5_u128 {
        let changes = (0..200).map(|n| told(client(1 + part * 200 + n, &format!("Ann {n} Of{part}")), 1));
        cache.apply(page(changes.collect(), &part.to_string())).await.unwrap();
    }
    assert_eq!(found(&cache, "ann").await.len(), 12);
    assert_eq!(found(&cache, "of3 199").await, ["Ann 199 Of3"]);
}
