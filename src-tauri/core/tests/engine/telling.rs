//! What happens elsewhere is told when somebody else did it, and only then.

use crate::fake::{Place, account, change, clinic, desk_at, ok, page, until};
use deskbell_clinic::wire::{Change, ChangesPage};
use deskbell_clinic::{
    Appointment, AppointmentId, Availability, AvailabilityId, Clinic, DeviceId, Repeat, Role, Row, Span, Staff, StaffId,
};
use deskbell_core::sync::link::LinkState;
use deskbell_core::sync::notice::{FreeTime, Notice};
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

async fn told_of(later: Vec<Change>) -> (Place, broadcast::Receiver<Vec<Notice>>) {
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
    let told = free_times(&mut notices).await;
    assert_eq!(
        told.iter()
            .map(|time| (time.staff, time.spans.len()))
            .collect::<Vec<_>>(),
        [(ANA, 2)],
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
    let theirs = hours(82, 5);
    server.reset().await;
    let answers = [
        ok(ChangesPage {
            changes: vec![own],
            ..page("c2")
        }),
        ok(ChangesPage {
            changes: vec![theirs.clone()],
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
    let told = free_times(&mut notices).await;
    let Ok(Row::Availability(theirs)) = Row::read(theirs.kind, theirs.body.as_ref().unwrap()) else {
        panic!("hours are availability")
    };
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].spans,
        [theirs.span],
        "the other desk's, and not our own before it"
    );
}

async fn next(notices: &mut broadcast::Receiver<Vec<Notice>>) -> Vec<Notice> {
    let next = tokio::time::timeout(Duration::from_secs(10), notices.recv());
    next.await.unwrap().unwrap()
}

async fn free_times(notices: &mut broadcast::Receiver<Vec<Notice>>) -> Vec<FreeTime> {
    let told = next(notices).await.into_iter().map(|notice| match notice {
        Notice::FreeTime(time) => time,
        Notice::Booking(booking) => panic!("{booking:?} is no free time"),
    });
    told.collect()
}

/// Ana's booking in two days, of version and status.
fn booking(version: u32, status: &str) -> Change {
    let start = Timestamp::from_second(Timestamp::now().as_second() + 48 * 3_600).unwrap();
    let row: Appointment = serde_json::from_value(serde_json::json!({
        "id": Uuid::from_u128(90), "series": null, "services": [], "place": { "at": "anywhere" },
        "clients": [{ "client": Uuid::from_u128(91), "answer": "accepted" }],
        "assignments": [{ "staff": ANA, "part": "therapist", "answer": "accepted" }],
        "span": { "start": start, "end": start + SignedDuration::from_mins(60) },
        "status": status, "step": null, "notes": "", "reason": null, "answer_due": null, "overlap_accepted": null,
    }))
    .unwrap();
    change(row, version)
}

#[tokio::test]
async fn a_booking_that_was_declined_is_told_without_its_clients_name_until_somebody_has_answered() {
    let answers = [
        ok(ChangesPage {
            changes: people().into_iter().chain([booking(1, "requested")]).collect(),
            ..page("c1")
        }),
        ok(ChangesPage {
            changes: vec![booking(2, "declined")],
            ..page("c2")
        }),
        ok(ChangesPage {
            changes: vec![booking(3, "confirmed")],
            ..page("c3")
        }),
        ok(page("c4")),
    ];
    let server = clinic(answers).await;
    let place = desk_at(&server).await;
    let mut notices = place.desk.notices();
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    place.desk.refresh();
    let told = next(&mut notices).await;
    let said = place.desk.told(&told).await;
    assert_eq!(said.len(), 1);
    let (said, of) = &said[0];
    assert!(said.summary.starts_with("Ana cannot do "), "{said:?}");
    assert_eq!(said.appointment, Some(AppointmentId(Uuid::from_u128(90))));
    assert_eq!(place.desk.still_news(of).await.unwrap(), [true]);

    let mut commits = place.desk.commits();
    place.desk.refresh();
    let answered = tokio::time::timeout(Duration::from_secs(10), commits.recv());
    answered.await.unwrap().unwrap();
    assert_eq!(place.desk.still_news(of).await.unwrap(), [false]);
}
