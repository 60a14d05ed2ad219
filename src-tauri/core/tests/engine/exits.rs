//! Every state that an act can be in is left by something that surely comes: the sender's next look, a time, a sign-in, a
//! person, or the next start.

use crate::fake::block;
use deskbell_clinic::{AccountId, ClinicId, OperationId};
use deskbell_core::cache::{Cache, CacheKey, OutboxState, Owner, Settlement};
use deskbell_core::outbox::intent::Intent;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use uuid::Uuid;

const OWNER: Owner = Owner {
    clinic: ClinicId(Uuid::from_u128(1)),
    account: AccountId(Uuid::from_u128(2)),
};

async fn open(folder: &TempDir) -> Cache {
    Cache::open(&folder.path().join("cache.db"), &CacheKey::new([7; 32]), OWNER)
        .await
        .unwrap()
}

/// A cache with one act that is being sent.
async fn sending() -> (Cache, OperationId, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let cache = open(&folder).await;
    let kept = cache
        .keep(vec![Intent::put(block(1), None)], OWNER.account, Timestamp::now())
        .await
        .unwrap();
    cache.claim_next(Timestamp::now()).await.unwrap().unwrap();
    (cache, kept[0].operation, folder)
}

async fn claims(cache: &Cache, now: Timestamp) -> bool {
    cache.claim_next(now).await.unwrap().is_some()
}

#[tokio::test]
async fn what_waits_for_a_time_is_sent_at_that_time() {
    let later = Timestamp::now() + SignedDuration::from_mins(5);
    for settlement in [Settlement::Again(later), Settlement::Unknown(later)] {
        let (cache, operation, _folder) = sending().await;
        cache.settle(operation, settlement.clone()).await.unwrap();
        assert!(
            !claims(&cache, later - SignedDuration::from_secs(1)).await,
            "{settlement:?}"
        );
        let wakeup = cache.next_wakeup().await.unwrap().unwrap();
        assert_eq!(
            wakeup.as_millisecond(),
            later.as_millisecond(),
            "the sender knows when: {settlement:?}"
        );
        assert!(claims(&cache, later).await, "{settlement:?}");
    }
}

#[tokio::test]
async fn what_waits_for_a_sign_in_is_sent_after_it() {
    let (cache, operation, _folder) = sending().await;
    cache.settle(operation, Settlement::AuthHeld).await.unwrap();
    assert!(!claims(&cache, Timestamp::now()).await);
    cache.release_auth_held().await.unwrap();
    assert!(claims(&cache, Timestamp::now()).await);
}

#[tokio::test]
async fn what_waits_for_a_person_is_sent_or_given_up_by_one() {
    for settlement in [Settlement::Conflict("no".into(), None), Settlement::Parked("no".into())] {
        let (cache, operation, _folder) = sending().await;
        cache.settle(operation, settlement.clone()).await.unwrap();
        assert!(!claims(&cache, Timestamp::now()).await, "{settlement:?}");
        cache.retry(operation).await.unwrap();
        assert!(claims(&cache, Timestamp::now()).await, "{settlement:?}");
        cache.settle(operation, settlement.clone()).await.unwrap();
        cache.discard(operation).await.unwrap();
        assert_eq!(cache.waiting().await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_was_being_sent_when_the_program_ended_is_sent_again_at_the_next_start() {
    let (cache, operation, folder) = sending().await;
    assert!(!claims(&cache, Timestamp::now()).await);
    cache.close().await;
    drop(cache);
    let cache = open(&folder).await;
    let waiting = cache.waiting().await.unwrap();
    assert_eq!(
        (waiting[0].operation, waiting[0].state),
        (operation, OutboxState::Unknown)
    );
    assert!(claims(&cache, Timestamp::now()).await);
}
