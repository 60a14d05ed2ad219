//! Acts that need one another: held until what they need is there, and gone when it never will be.

use crate::fixture::{Place, act, appointment, client, id, name, now, owner, page, put, receipt};
use deskbell_clinic::wire::StepRequest;
use deskbell_clinic::{AppointmentId, ClientId, Kind, Payment, PaymentId, PaymentMethod, Step};
use deskbell_core::cache::{Cache, CacheError, Settlement};
use deskbell_core::outbox::intent::Intent;

fn payment(n: u128, appointment: u128, client: u128) -> Payment {
    Payment {
        id: PaymentId(id(n)),
        appointment: AppointmentId(id(appointment)),
        client: ClientId(id(client)),
        method: PaymentMethod::Cash,
        amount_cents: 5_000,
        at: now(),
        by: owner(1).account,
        reverses: None,
    }
}

fn arrive(appointment: u128) -> Intent {
    Intent::Step {
        appointment: AppointmentId(id(appointment)),
        step: StepRequest {
            step: Step::Arrive,
            client: None,
            reason: None,
            acted_at: now(),
        },
        base_version: None,
        lands: None,
    }
}

async fn is_seen(cache: &Cache, kind: Kind, n: u128) -> bool {
    cache
        .read(move |snapshot| Ok::<_, CacheError>(snapshot.row(kind, id(n))?.is_some()))
        .await
        .unwrap()
}

#[tokio::test]
async fn an_appointment_waits_until_the_client_it_names_is_on_the_server() {
    let place = Place::new();
    let cache = place.open().await;
    let anna = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    let booking = act(&cache, Intent::put(appointment(2, &[1]), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, anna);
    assert_eq!(
        cache.claim_next(now()).await.unwrap(),
        None,
        "the client is not there yet"
    );
    cache
        .settle(anna, Settlement::Parked("It is held.".into()))
        .await
        .unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap(), None, "nor when it is held");
    cache.retry(anna).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, anna);
    cache
        .settle(anna, Settlement::Done(receipt(1, 1, "Anna")))
        .await
        .unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, booking);
}

#[tokio::test]
async fn taking_back_a_new_client_takes_back_all_that_needs_them_however_far_removed() {
    let place = Place::new();
    let cache = place.open().await;
    let anna = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    act(&cache, Intent::put(appointment(2, &[1]), None)).await.unwrap();
    act(&cache, arrive(2)).await.unwrap();
    act(
        &cache,
        Intent::Pay {
            payment: payment(3, 2, 1),
        },
    )
    .await
    .unwrap();
    let other = act(&cache, Intent::put(client(9, "Bert"), None)).await.unwrap();
    let mut commits = cache.commits();
    assert!(cache.cancel(anna).await.unwrap());
    let left = cache.waiting().await.unwrap();
    assert_eq!(left.iter().map(|item| item.operation).collect::<Vec<_>>(), [other]);
    for (kind, n) in [(Kind::Client, 1), (Kind::Appointment, 2), (Kind::Payment, 3)] {
        assert!(!is_seen(&cache, kind, n).await, "the {kind} is still seen");
    }
    // The listeners hear of an act after the one who did it, so what was kept before may still be on its way to them.
    let told = loop {
        let items = commits.recv().await.unwrap().items;
        if items.iter().any(|item| item.id == id(1)) {
            break items;
        }
    };
    assert_eq!(told.len(), 3, "windows hear of all three: {told:?}");
    assert_eq!(name(&cache, 9).await.as_deref(), Some("Bert"));
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, other);
    assert_eq!(cache.claim_next(now()).await.unwrap(), None);
}

#[tokio::test]
async fn a_booking_for_a_client_who_is_known_does_not_wait_for_an_edit_of_theirs_nor_leave_with_it() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(1, 1, "Anna")], "1")).await.unwrap();
    let edit = act(&cache, Intent::put(client(1, "Anne"), Some(1))).await.unwrap();
    let booking = act(&cache, Intent::put(appointment(2, &[1]), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, edit);
    let held = Settlement::Parked("It is held.".into());
    cache.settle(edit, held).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, booking);
    cache.discard(edit).await.unwrap();
    let left = cache.waiting().await.unwrap();
    assert_eq!(left.iter().map(|item| item.operation).collect::<Vec<_>>(), [booking]);
}

#[tokio::test]
async fn a_booking_for_others_than_the_new_client_does_not_wait_for_them() {
    let place = Place::new();
    let cache = place.open().await;
    cache.apply(page(vec![put(9, 1, "Bert")], "1")).await.unwrap();
    let anna = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    let booking = act(&cache, Intent::put(appointment(2, &[9]), None)).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, anna);
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, booking);
}

#[tokio::test]
async fn what_waits_for_a_refused_act_waits_for_what_a_person_makes_of_it() {
    let place = Place::new();
    let cache = place.open().await;
    let anna = act(&cache, Intent::put(client(1, "Anna"), None)).await.unwrap();
    let booking = act(&cache, Intent::put(appointment(2, &[1]), None)).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    let held = Settlement::Parked("The number is wrong.".into());
    cache.settle(anna, held).await.unwrap();
    let amended = cache
        .amend(anna, Intent::put(client(1, "Anne"), None), now())
        .await
        .unwrap();
    assert_eq!(
        cache.claim_next(now()).await.unwrap().unwrap().operation,
        amended.operation
    );
    assert_eq!(cache.claim_next(now()).await.unwrap(), None);
    let done = Settlement::Done(receipt(1, 1, "Anne"));
    cache.settle(amended.operation, done).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap().unwrap().operation, booking);
}
