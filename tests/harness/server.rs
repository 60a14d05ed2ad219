//! The real server, stopped, killed and started again, and asked past the application.

use crate::support::account::Expect;
use crate::support::server::{ClinicServer, Hints};
use deskbell_clinic::Kind;
use jiff::{Timestamp, ToSpan};

fn next_week() -> (Timestamp, Timestamp) {
    let start = Timestamp::now() + 168.hours();
    (start, start + 2.hours())
}

#[tokio::test]
async fn what_a_therapist_adds_is_still_there_after_a_stop_and_after_a_kill() {
    let mut server = ClinicServer::sample("harness-server", Hints::On).await;
    let url = server.url();
    let (start, end) = next_week();
    let kept = server.sign_in("ana").await.add_availability(start, end).await;

    server.stop();
    server.start().await;
    assert!(
        server
            .sign_in("ana")
            .await
            .rows(Kind::Availability)
            .await
            .contains_key(&kept)
    );
    server.kill();
    server.start().await;
    assert!(
        server
            .sign_in("ana")
            .await
            .rows(Kind::Availability)
            .await
            .contains_key(&kept)
    );
    assert_eq!(server.url(), url, "desks find it where it was");
}

#[tokio::test]
async fn an_account_changes_and_removes_its_own_row_and_a_stale_version_is_refused() {
    let server = ClinicServer::sample("harness-writes", Hints::On).await;
    let ana = server.sign_in("ana").await;
    let (start, end) = next_week();
    let id = ana.add_availability(start, end).await;
    let longer = ana.availability(id, start, end + 1.hour());

    ana.put(Kind::Availability, id, &longer, Expect::Version(1))
        .await
        .accepted();
    let stale = ana.put(Kind::Availability, id, &longer, Expect::Version(1)).await;
    assert_eq!(stale.refused(), "version_mismatch");
    ana.delete(Kind::Availability, id, 2).await.accepted();
    assert!(!ana.rows(Kind::Availability).await.contains_key(&id));
    assert_eq!(ana.get("/v1/session").await.accepted()["login"], "ana");
}

#[tokio::test]
async fn a_server_can_be_told_to_give_no_hints() {
    let mut server = ClinicServer::sample("harness-hints", Hints::Off).await;
    assert!(!server.sign_in("olivia").await.session().who.hints);
    server.stop();
    server.set_hints(Hints::On);
    server.start().await;
    assert!(server.sign_in("olivia").await.session().who.hints);
}
