//! What an answer changes, and what it must not.

use crate::fake::{Desk, list, room};
use deskbell_clinic::{Kind, Row};
use deskbell_core::backend::BackendError;
use deskbell_core::backend::snapshot_diff::{Again, AskAgain, Listing, Scope, Told};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use uuid::Uuid;
use wiremock::ResponseTemplate;

fn known(rooms: &[(&str, u32)]) -> Vec<(String, u32)> {
    rooms
        .iter()
        .map(|(name, version)| ((*name).to_owned(), *version))
        .collect()
}

/// A desk that knows rooms 1 and 2.
async fn two_rooms() -> Desk {
    let desk = Desk::new().await;
    desk.answers("/rooms", list(&[(1, "One"), (2, "Two")])).await;
    assert_eq!(desk.level().await.unwrap(), 2);
    desk
}

#[tokio::test]
async fn what_differs_is_a_change_and_what_does_not_is_none() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(1, "One"), (2, "Two, painted"), (3, "Three")]))
        .await;
    assert_eq!(desk.level().await.unwrap(), 2);
    assert_eq!(
        desk.known().await,
        known(&[("One", 1), ("Three", 1), ("Two, painted", 2)])
    );
}

#[tokio::test]
async fn a_missing_row_is_deleted_once_a_second_question_confirms_it() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(1, "One")])).await;
    desk.answers("/rooms/2", ResponseTemplate::new(404)).await;
    assert_eq!(desk.level().await.unwrap(), 1);
    assert_eq!(desk.known().await, known(&[("One", 1)]));
}

#[tokio::test]
async fn a_missing_row_that_is_there_after_all_stays_as_the_second_answer_says() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(1, "One")])).await;
    let painted = serde_json::json!({ "id": 2, "name": "Two, painted" });
    desk.answers("/rooms/2", ResponseTemplate::new(200).set_body_json(painted))
        .await;
    assert_eq!(desk.level().await.unwrap(), 1);
    assert_eq!(desk.known().await, known(&[("One", 1), ("Two, painted", 2)]));
}

#[tokio::test]
async fn a_second_question_that_fails_deletes_nothing() {
    let desk = two_rooms().await;
    for answer in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_body_string("<html>Sign in to the Wi-Fi</html>"),
    ] {
        desk.answers("/rooms", list(&[(1, "One")])).await;
        desk.answers("/rooms/2", answer).await;
        assert_eq!(desk.level().await.unwrap(), 0);
        assert_eq!(desk.known().await.len(), 2);
    }
}

#[tokio::test]
async fn a_failed_a_truncated_and_a_web_page_answer_delete_nothing() {
    let desk = two_rooms().await;
    let truncated = r#"[{"id": 1, "name": "One"}, {"id": 2, "na"#;
    for answer in [
        ResponseTemplate::new(503),
        ResponseTemplate::new(200).set_body_string(truncated),
        ResponseTemplate::new(200).set_body_string("<html>Sign in to the Wi-Fi</html>"),
    ] {
        desk.answers("/rooms", answer).await;
        assert!(desk.level().await.is_err());
        assert_eq!(desk.known().await.len(), 2);
    }
}

#[tokio::test]
async fn an_answer_that_is_not_provably_whole_tells_of_its_rows_and_of_no_other() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(2, "Two, painted")])).await;
    let mut listing = desk.listing(desk.asked()).await.unwrap();
    listing.whole = None;
    assert_eq!(desk.take(listing).await.unwrap(), 1);
    assert_eq!(desk.known().await, known(&[("One", 1), ("Two, painted", 2)]));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_not_missing() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(1, "One")])).await;
    let mut listing = desk.listing(desk.asked()).await.unwrap();
    listing.unreadable.push((Kind::Resource, Uuid::from_u128(2)));
    assert_eq!(desk.take(listing).await.unwrap(), 0);
}

#[tokio::test]
async fn an_answer_to_a_question_from_before_a_write_skips_what_was_written() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(1, "One"), (2, "Two")])).await;
    let asked = desk.asked();
    let writing = desk.diff.writes().writing(Kind::Resource, Uuid::from_u128(1));
    // Our write made it "One, ours" meanwhile, and its receipt is in the cache.
    let receipt = Told::from(Row::from(room(1, "One, ours")));
    let mut ours = desk.listing(asked).await.unwrap();
    drop(writing);
    ours.rows.retain(|told| told.row.id() == Uuid::from_u128(2));
    let after = desk.asked();
    let taken = Listing {
        begun: after,
        rows: vec![receipt],
        unreadable: vec![],
        whole: None,
    };
    desk.take(taken).await.unwrap();

    desk.answers("/rooms", list(&[(1, "One"), (2, "Two")])).await;
    let stale = desk.listing(asked).await.unwrap();
    assert_eq!(desk.take(stale).await.unwrap(), 0, "the old name does not come back");
    assert_eq!(desk.known().await, known(&[("One, ours", 2), ("Two", 1)]));

    desk.answers("/rooms", list(&[(2, "Two")])).await;
    let mut missing = desk.listing(asked).await.unwrap();
    missing.whole = Some(Scope::all(Kind::Resource));
    assert_eq!(desk.take(missing).await.unwrap(), 0, "nor is it missing");
}

#[tokio::test]
async fn what_was_told_beside_another_row_fills_gaps_and_changes_nothing() {
    let desk = two_rooms().await;
    let beside = |id, name| Told::beside(Row::from(room(id, name)));
    let listing = Listing {
        begun: desk.asked(),
        rows: vec![beside(1, "One, by hearsay"), beside(3, "Three")],
        unreadable: vec![],
        whole: None,
    };
    assert_eq!(desk.take(listing).await.unwrap(), 1);
    assert_eq!(desk.known().await, known(&[("One", 1), ("Three", 1), ("Two", 1)]));
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_again_is_an_error_and_not_a_deletion() {
    let desk = two_rooms().await;
    desk.answers("/rooms", list(&[(1, "One")])).await;
    let listing = desk.listing(desk.asked()).await.unwrap();
    struct Away;
    impl AskAgain for Away {
        fn ask_again<'a>(&'a self, _: &'a Row) -> BoxFuture<'a, Result<Again, BackendError>> {
            futures_util::future::ready(Err(BackendError::Unreachable)).boxed()
        }
    }
    let changes = desk.diff.changes(listing, jiff::Timestamp::now(), &Away).await;
    assert_eq!(changes.unwrap_err(), BackendError::Unreachable);
}
