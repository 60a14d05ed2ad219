//! New availability is told when somebody else made it, and only then.

use crate::fake::{Place, account, change, clinic, desk_at, ok, page, until};
use deskbell_clinic::wire::{Change, ChangesPage};
use deskbell_clinic::{Availability, AvailabilityId, Clinic, DeviceId, Repeat, Role, Span, Staff, StaffId};
use deskbell_core::sync::link::LinkState;
use deskbell_core::sync::notice::Notice;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;
use tokio::sync::broadcast;
use uuid::Uuid;

const ANA: StaffId = StaffId(Uuid::from_u128(70));

fn people() -> Vec<Change> {
    let clinic = Clinic {
        id: account().clinic,
        name: "Sample".into(),
        zone: "UTC".into(),
        opening_hours: vec![],
        currency: "PHP".into(),
    };
    let ana = Staff {
        id: ANA,
        name: "Ana".into(),
        role: Role::Therapist,
        services: vec![],
        hue: 0,
        gender: None,
        active: true,
    };
    vec![change(clinic, 1), change(ana, 1)]
}

fn hours(id: u128, days_ahead: i64) -> Change {
    let start = Timestamp::now() + SignedDuration::from_hours(24 * days_ahead);
    let span = Span::of_minutes(start, 120).unwrap();
    let (services, note, repeat) = (vec![], String::new(), Repeat::None);
    change(
        Availability {
            id: AvailabilityId(Uuid::from_u128(id)),
            staff: ANA,
            span,
            services,
            note,
            repeat,
        },
        1,
    )
}

async fn told_of(later: Vec<Change>) -> (Place, broadcast::Receiver<Notice>) {
    let first = ok(ChangesPage {
        changes: people().into_iter().chain([hours(80, 2)]).collect(),
        ..page("c1")
    });
    let then = ok(ChangesPage {
        changes: later,
        ..page("c2")
    });
    let server = clinic([first, then, ok(page("c3"))]).await;
    let place = desk_at(&server).await;
    let notices = place.desk.notices();
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    let before = place.desk.status().borrow().requests;
    place.desk.refresh();
    until(&place.desk, "pulled", |status| {
        status.requests > before && status.link == LinkState::Polling
    })
    .await;
    (place, notices)
}

#[tokio::test]
async fn hours_from_elsewhere_are_told_once_and_those_of_the_first_sync_are_not() {
    let (_place, mut notices) = told_of(vec![hours(81, 3), hours(82, 4)]).await;
    let notice = tokio::time::timeout(Duration::from_secs(10), notices.recv())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (notice.staff, notice.spans.len(), notice.keys.len()),
        (ANA, 2, 2),
        "gathered, without the first sync's"
    );
    assert!(notices.try_recv().is_err());
}

#[tokio::test]
async fn hours_of_this_desk_itself_are_not_told() {
    let identity = |folder: &std::path::Path| -> DeviceId {
        let text = std::fs::read_to_string(folder.join("identity.json")).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        serde_json::from_value(read["device"].clone()).unwrap()
    };
    let server = clinic([ok(ChangesPage {
        changes: people(),
        ..page("c1")
    })])
    .await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    let own = Change {
        device: Some(identity(place.folder.path())),
        ..hours(81, 3)
    };
    server.reset().await;
    let answers = [
        ok(ChangesPage {
            changes: vec![own],
            ..page("c2")
        }),
        ok(ChangesPage {
            changes: vec![hours(82, 5)],
            ..page("c3")
        }),
        ok(page("c4")),
    ];
    wiremock::Mock::given(wiremock::matchers::path("/v1/changes"))
        .respond_with(crate::fake::InTurn::new(answers))
        .mount(&server)
        .await;
    let mut notices = place.desk.notices();
    place.desk.refresh();
    crate::fake::until_got(&server, "GET", "/v1/changes", 1).await;
    place.desk.refresh();
    let notice = tokio::time::timeout(Duration::from_secs(10), notices.recv())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        notice.keys,
        [format!("{}/1", Uuid::from_u128(82))],
        "the other desk's, and not our own before it"
    );
}
