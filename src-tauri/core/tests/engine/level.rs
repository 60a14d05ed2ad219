//! What a desk does about a digest that is not as what it holds.

use crate::fake::{block, change, clinic, cursors, desk_at, ok, page, until, until_got};
use deskbell_clinic::digest::RowSum;
use deskbell_clinic::wire::{ChangesPage, KindDigest};
use deskbell_clinic::{BlockId, Kind};
use deskbell_core::desk::Desk;
use deskbell_core::sync::link::LinkState;
use uuid::Uuid;
use wiremock::ResponseTemplate;

/// A page with these blocks, and a digest over those.
fn answer(cursor: &str, sent: &[u128], said: &[u128]) -> ResponseTemplate {
    let sum = said.iter().fold(RowSum::default(), |sum, id| {
        sum.with(BlockId(Uuid::from_u128(*id)).uuid(), 1)
    });
    ok(ChangesPage {
        changes: sent.iter().map(|id| change(block(*id), 1)).collect(),
        digest: vec![KindDigest {
            kind: Kind::Block,
            from_day: 0,
            rows: sum.rows(),
            hash: sum.hash(),
        }],
        ..page(cursor)
    })
}

async fn blocks(desk: &Desk) -> usize {
    desk.read(|snapshot| Ok(snapshot.rows(Kind::Block)?.len()))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_row_that_was_lost_here_comes_back_by_reading_everything_anew() {
    let server = clinic([
        answer("c1", &[1, 2], &[1, 2]),
        // The server knows of a third row, which no page has brought.
        answer("c2", &[], &[1, 2, 3]),
        answer("d1", &[1, 2, 3], &[1, 2, 3]),
        answer("d2", &[], &[1, 2, 3]),
    ])
    .await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    assert_eq!(blocks(&place.desk).await, 2);
    place.desk.refresh();
    until_got(&server, "GET", "/v1/changes", 3).await;
    until(&place.desk, "level again", |status| status.link == LinkState::Polling).await;
    assert_eq!(blocks(&place.desk).await, 3);
    assert!(!place.desk.status().borrow().rows_differ);
    assert_eq!(cursors(&server).await, ["", "c1", ""]);
}

#[tokio::test]
async fn a_digest_that_stays_wrong_is_told_and_does_not_make_the_desk_read_in_circles() {
    let server = clinic([answer("c1", &[1], &[9])]).await;
    let place = desk_at(&server).await;
    until(&place.desk, "told", |status| status.rows_differ).await;
    assert_eq!(cursors(&server).await, ["", ""], "everything was read anew, once");
    for asked in 3..6 {
        place.desk.refresh();
        until_got(&server, "GET", "/v1/changes", asked).await;
    }
    assert_eq!(cursors(&server).await, ["", "", "c1", "c1", "c1"]);
    assert_eq!(blocks(&place.desk).await, 1, "what is known stays");
}
