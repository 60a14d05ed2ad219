//! What is being typed: it outlives the program, goes with the booking that it became, and leaves with its person.

use crate::fixture::{CANARY, Place, client, now, owner};
use deskbell_core::outbox::intent::Intent;

const WINDOW: &str = "scheduling";

#[tokio::test]
async fn what_was_typed_is_there_after_the_file_is_opened_again_and_each_kind_of_window_has_its_own() {
    let place = Place::new();
    let cache = place.open().await;
    let typed = |text: &str| Some(text.to_owned());
    cache.keep_draft(WINDOW, typed("first"), now()).await.unwrap();
    cache.keep_draft(WINDOW, typed(CANARY), now()).await.unwrap();
    cache.keep_draft("operator", typed("theirs"), now()).await.unwrap();
    for (path, bytes) in place.bytes() {
        let found = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!found, "a draft is readable in {}", path.display());
    }
    cache.close().await;
    let cache = place.open().await;
    assert_eq!(cache.draft(WINDOW).await.unwrap(), Some((now(), CANARY.to_owned())));
    cache.keep_draft(WINDOW, None, now()).await.unwrap();
    assert_eq!(cache.draft(WINDOW).await.unwrap(), None);
    assert!(cache.draft("operator").await.unwrap().is_some());
    cache.forget_drafts().await.unwrap();
    assert_eq!(cache.draft("operator").await.unwrap(), None);
}

#[tokio::test]
async fn a_booking_takes_the_draft_that_it_was_typed_as_with_it_and_no_other() {
    let place = Place::new();
    let cache = place.open().await;
    for window in [WINDOW, "operator"] {
        cache.keep_draft(window, Some("typed".to_owned()), now()).await.unwrap();
    }
    let act = Intent::put(client(1, "Anna"), None);
    let kept = cache
        .keep_ending_draft(vec![act], owner(1).account, now(), Some(WINDOW.to_owned()))
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(cache.draft(WINDOW).await.unwrap(), None);
    assert!(cache.draft("operator").await.unwrap().is_some());
}
