//! When a desk asks, and what it makes of the answers.

use crate::fake::{Hands, block, change, clinic, cursors, desk_at, got, ok, options, page, problem, until, until_got};
use deskbell_clinic::Kind;
use deskbell_core::desk::Desk;
use deskbell_core::sync::link::LinkState;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wiremock::ResponseTemplate;

const CHANGES: &str = "/v1/changes";

async fn blocks(desk: &Desk) -> usize {
    desk.read(|snapshot| Ok(snapshot.rows(Kind::Block)?.len()))
        .await
        .unwrap()
}

fn with_blocks(cursor: &str, more: bool, ids: impl IntoIterator<Item = u128>) -> ResponseTemplate {
    let changes = ids.into_iter().map(|id| change(block(id), 1)).collect();
    ok(deskbell_clinic::wire::ChangesPage {
        changes,
        more,
        ..page(cursor)
    })
}

#[tokio::test]
async fn pages_are_followed_until_there_is_no_more_and_shown_when_whole() {
    let server = clinic([
        with_blocks("c1", true, [1]),
        with_blocks("c2", true, [2]).set_delay(Duration::from_millis(200)),
        with_blocks("c3", false, [3]),
    ])
    .await;
    let place = desk_at(&server).await;
    until_got(&server, "GET", CHANGES, 2).await;
    assert_eq!(
        blocks(&place.desk).await,
        0,
        "half of a clinic is not shown as if it were all"
    );
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    assert_eq!(blocks(&place.desk).await, 3);
    assert_eq!(cursors(&server).await, ["", "c1", "c2"]);
}

#[tokio::test]
async fn a_cursor_that_expired_reads_everything_anew_beside_what_is_shown() {
    let server = clinic([
        with_blocks("c1", false, [1, 2]),
        problem(410, "cursor_expired"),
        with_blocks("d1", false, [2, 3, 4]),
    ])
    .await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    place.desk.refresh();
    // By the time of the third question the link is known to be reading.
    until_got(&server, "GET", CHANGES, 3).await;
    until(&place.desk, "level again", |status| status.link == LinkState::Polling).await;
    assert_eq!(blocks(&place.desk).await, 3);
    assert_eq!(cursors(&server).await, ["", "c1", ""]);
}

#[tokio::test]
async fn wishes_to_pull_during_a_pull_are_made_good_by_one_more() {
    let slow = |cursor: &str| with_blocks(cursor, false, []).set_delay(Duration::from_millis(200));
    let server = clinic([slow("c1"), slow("c2"), slow("c3"), slow("c4")]).await;
    let place = desk_at(&server).await;
    until_got(&server, "GET", CHANGES, 1).await;
    for _ in 0..3 {
        place.desk.refresh();
        tokio::task::yield_now().await;
    }
    until_got(&server, "GET", CHANGES, 2).await;
    // The poll after the second answer is announced only once the task waits again.
    let first_answer = place.desk.status().borrow().next_poll_at;
    until(&place.desk, "waiting again", |status| {
        status.requests >= 3 && status.next_poll_at.is_some() && status.next_poll_at != first_answer
    })
    .await;
    assert_eq!(got(&server, "GET", CHANGES).await.len(), 2);
}

#[tokio::test]
async fn a_pause_that_the_server_asks_for_is_kept_whatever_a_person_presses() {
    let busy = problem(429, "too_many_requests").insert_header("Retry-After", "30");
    let server = clinic([with_blocks("c1", false, []), busy]).await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    place.desk.refresh();
    until(&place.desk, "told to wait", |status| {
        status.link == LinkState::Throttled
    })
    .await;
    let soonest = place.desk.now() + SignedDuration::from_secs(28);
    until(&place.desk, "waiting", |status| {
        status.next_poll_at.is_some_and(|at| at > soonest)
    })
    .await;
    place.desk.refresh();
    // A write of the cache and back: long enough for a pull to have gone out, if one did.
    blocks(&place.desk).await;
    assert_eq!(got(&server, "GET", CHANGES).await.len(), 2);
}

#[tokio::test]
async fn a_failing_server_is_asked_again_by_itself_and_nothing_known_is_lost() {
    for failing in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_body_raw("<html>", "text/html"),
    ] {
        let server = clinic([with_blocks("c1", false, [1]), failing, with_blocks("c2", false, [2])]).await;
        let place = desk_at(&server).await;
        until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
        place.desk.refresh();
        until_got(&server, "GET", CHANGES, 2).await;
        assert_eq!(blocks(&place.desk).await, 1);
        until_got(&server, "GET", CHANGES, 3).await;
        until(&place.desk, "level again", |status| {
            status.link == LinkState::Polling && status.problem.is_none()
        })
        .await;
        assert_eq!(blocks(&place.desk).await, 2);
        assert_eq!(cursors(&server).await, ["", "c1", "c1"]);
    }
}

#[tokio::test]
async fn a_server_that_answers_in_circles_is_left_alone() {
    let server = clinic([with_blocks("c1", true, [])]).await;
    let place = desk_at(&server).await;
    until(&place.desk, "left alone", |status| status.link == LinkState::Halted).await;
    assert!(got(&server, "GET", CHANGES).await.len() < 10);
}

#[tokio::test]
async fn a_desk_opens_without_its_server_and_shows_what_it_knew() {
    let server = clinic([with_blocks("c1", false, [1, 2])]).await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    place.desk.close().await;
    let nobody = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let desk = Desk::open(options(&place.folder, &nobody)).await.unwrap();
    assert_eq!(desk.account().unwrap().login, "olivia");
    assert_eq!(blocks(&desk).await, 2);
    until(&desk, "it notices", |status| {
        status.link == LinkState::Offline && status.offline_since.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_computer_that_slept_pulls_when_it_wakes_and_not_at_the_next_poll() {
    let server = clinic([with_blocks("c1", false, [1])]).await;
    let clock = Arc::new(Hands(Mutex::new(Timestamp::now())));
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(&folder, &server.uri()).clock(clock.clone()))
        .await
        .unwrap();
    desk.sign_in("olivia", "password").await.unwrap();
    until(&desk, "level", |status| {
        status.link == LinkState::Polling && status.next_poll_at.is_some()
    })
    .await;
    assert!(
        desk.status().borrow().interval >= Duration::from_secs(50),
        "nobody looks: the next poll is far"
    );
    *clock.0.lock().unwrap() += SignedDuration::from_hours(1);
    until_got(&server, "GET", CHANGES, 2).await;
}
