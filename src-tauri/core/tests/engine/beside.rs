//! What is asked of the server beside the rows: who did what, and leave to take a day out of the program.

use crate::fake::{Place, account, change, clinic, cursors, desk_at, got, ok, page, problem, until, until_got};
use deskbell_clinic::wire::{
    AppointmentHistory, Change, ChangesPage, ExportKind, ExportRecorded, HistoryAct, HistoryEntry, HistoryState, Person,
};
use deskbell_clinic::{
    AccountId, Answer, Appointment, AppointmentId, Assignment, Attendee, Client, ClientId, Clinic, DeviceId, Part,
    Role, Span, Staff, StaffId, Stage, Status, Wishes,
};
use deskbell_core::sync::link::LinkState;
use deskbell_core::view::{Author, HistoryWhat};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const ANA: StaffId = StaffId(Uuid::from_u128(70));
const JO: ClientId = ClientId(Uuid::from_u128(80));
const BOOKING: AppointmentId = AppointmentId(Uuid::from_u128(90));
const SAM: AccountId = AccountId(Uuid::from_u128(5));

/// Ten in the morning of 23 November 2026, in UTC.
fn ten() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

fn booking(from: Timestamp) -> Appointment {
    Appointment {
        id: BOOKING,
        series: None,
        clients: vec![Attendee {
            client: JO,
            arrived_at: None,
        }],
        assignments: vec![Assignment {
            staff: ANA,
            part: Part::Therapist,
            answer: Answer::Accepted,
        }],
        services: vec![],
        span: Span::of_minutes(from, 60).unwrap(),
        place: deskbell_clinic::Place::Anywhere,
        status: Status::Confirmed,
        step: None,
        notes: "=1+1".into(),
        call_back: String::new(),
        reason: None,
        answer_due: None,
        overlap_accepted: None,
        history: vec![Stage {
            status: Status::Confirmed,
            at: ten() - SignedDuration::from_hours(48),
            by: SAM,
        }],
    }
}

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
    let jo = Client {
        id: JO,
        name: "Jo Santos".into(),
        phones: vec![],
        address: String::new(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    };
    vec![change(clinic, 1), change(ana, 1), change(jo, 1)]
}

/// A desk whose server has Jo's booking, and then has it moved on by these accounts from other desks.
async fn moved_by(authors: Vec<AccountId>) -> (Place, MockServer) {
    let sam = Person {
        account: SAM,
        name: "Sam".into(),
    };
    let first = ChangesPage {
        changes: people().into_iter().chain([change(booking(ten()), 1)]).collect(),
        people: vec![sam],
        ..page("c1")
    };
    let moved = authors.into_iter().zip(1_u32..).map(|(author, n)| {
        let later = ten() + SignedDuration::from_hours(n.into());
        let change = Change {
            by: Some(author),
            ..change(booking(later), n + 1)
        };
        ok(ChangesPage {
            changes: vec![change],
            ..page(&format!("d{n}"))
        })
    });
    let server = clinic([ok(first)].into_iter().chain(moved).chain([ok(page("end"))])).await;
    let place = desk_at(&server).await;
    until(&place.desk, "level", |status| status.link == LinkState::Polling).await;
    (place, server)
}

fn author(name: &str, you: bool) -> Author {
    let name = name.to_owned();
    Author { name, you }
}

#[tokio::test]
async fn what_just_changed_says_who_did_it_and_you_of_ones_own_at_another_desk() {
    let nobody_known = AccountId(Uuid::from_u128(6));
    let (place, server) = moved_by(vec![SAM, account().account, nobody_known]).await;
    // Who asks with a cursor has taken in what came before it.
    while cursors(&server).await.last().map(String::as_str) != Some("d3") {
        let asked = cursors(&server).await.len();
        place.desk.refresh();
        until_got(&server, "GET", "/v1/changes", asked + 1).await;
    }
    let board = place.desk.board(None).await.unwrap();
    let by: Vec<_> = board.changed.into_iter().map(|entry| entry.by).collect();
    assert_eq!(by, [None, Some(author("Olivia", true)), Some(author("Sam", false))]);
    let sheet = place.desk.booking_sheet(BOOKING).await.unwrap();
    assert_eq!(sheet.history[0].by, Some(author("Sam", false)));
}

#[tokio::test]
async fn a_bookings_history_is_told_in_words_and_goes_on_with_what_the_booking_keeps() {
    let (place, server) = moved_by(vec![]).await;
    let state = |from: Timestamp| HistoryState {
        span: Span::of_minutes(from, 60).unwrap(),
        staff: vec![ANA],
        status: Status::Confirmed,
    };
    let acted_at = ten() - SignedDuration::from_hours(24);
    let moved = HistoryEntry {
        act: HistoryAct::Changed,
        acted_at,
        received_at: acted_at + SignedDuration::from_mins(40),
        by: Some(account().account),
        by_name: Some("Olivia".into()),
        device: Some(DeviceId(Uuid::from_u128(0xA))),
        desk_name: Some("front-2".into()),
        before: Some(state(ten() - SignedDuration::from_hours(25))),
        after: Some(state(ten())),
        changed: vec![],
        amount_cents: None,
        reason: None,
    };
    let told = AppointmentHistory {
        entries: vec![moved],
        more: false,
    };
    Mock::given(path(format!("/v1/appointments/{BOOKING}/history")))
        .respond_with(ok(&told))
        .mount(&server)
        .await;
    let history = place.desk.booking_history(BOOKING).await.unwrap();
    let line = &history.lines[0];
    assert_eq!(line.what, HistoryWhat::Moved);
    assert_eq!(
        (line.from.as_str(), line.to.as_str()),
        ("Sun 22 Nov · 09:00–10:00", "Mon 23 Nov · 10:00–11:00"),
        "the day is named where it is another one, Ana is the same"
    );
    assert_eq!(
        (line.at.as_str(), line.sent.as_deref()),
        ("22 Nov 10:00", Some("22 Nov 10:40"))
    );
    assert_eq!(line.by, Some(author("Olivia", true)));
    assert_eq!((line.here, line.desk.as_deref()), (false, Some("front-2")));
    let earlier: Vec<_> = history
        .earlier
        .iter()
        .map(|stage| (stage.at.as_str(), &stage.by))
        .collect();
    assert_eq!(earlier, [("21 Nov 10:00", &Some(author("Sam", false)))]);
}

#[tokio::test]
async fn a_day_leaves_the_program_only_once_the_server_has_recorded_who_takes_it() {
    let (place, server) = moved_by(vec![]).await;
    let exports = || Mock::given(method("POST")).and(path("/v1/exports"));
    let refusing = exports()
        .respond_with(problem(403, "forbidden"))
        .mount_as_scoped(&server)
        .await;
    let refused = place.desk.day_file(ExportKind::Table, "2026-11-23", None).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
    assert!(place.desk.record_print("2026-11-23", None).await.is_err());
    drop(refusing);
    exports()
        .respond_with(ok(ExportRecorded { at: ten() }))
        .mount(&server)
        .await;
    let (file, recorded) = place
        .desk
        .day_file(ExportKind::Table, "2026-11-23", Some(ANA))
        .await
        .unwrap();
    assert!(recorded);
    assert_eq!(file.name, "deskbell-2026-11-23.csv");
    let text = String::from_utf8(file.bytes).unwrap();
    assert_eq!(
        text.lines().nth(1),
        Some("2026-11-23,10:00,11:00,Ana,Jo Santos,,,,confirmed,'=1+1"),
        "a note that looks like a formula stays a note"
    );
    let (file, _) = place
        .desk
        .day_file(ExportKind::Calendar, "2026-11-23", None)
        .await
        .unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(
        text.contains("DTSTART:20261123T100000Z\r\nDTEND:20261123T110000Z\r\n"),
        "{text}"
    );
    let said = got(&server, "POST", "/v1/exports").await;
    let said: serde_json::Value = serde_json::from_slice(&said.last().unwrap().body).unwrap();
    assert_eq!(
        said,
        json!({"what": "calendar", "day": "2026-11-23", "staff": null, "bookings": 1})
    );
    server.reset().await;
    let silent = ResponseTemplate::new(201).set_delay(std::time::Duration::from_secs(30));
    exports().respond_with(silent).mount(&server).await;
    let unreachable = place.desk.day_file(ExportKind::Table, "2026-11-23", None).await;
    assert_eq!(unreachable.unwrap_err().code(), "not_recorded");
}

#[tokio::test]
async fn a_day_sheet_has_everyone_who_works_or_is_booked_and_each_booking_whole() {
    let (place, _server) = moved_by(vec![]).await;
    let sheet = place.desk.day_sheet(Some("2026-11-23"), None).await.unwrap();
    assert_eq!((sheet.title.as_str(), sheet.bookings), ("Monday 23 November 2026", 1));
    let line = &sheet.people[0].lines[0];
    assert_eq!(
        (sheet.people[0].name.as_str(), line.span.as_str(), line.client.as_str()),
        ("Ana", "10:00–11:00", "Jo Santos")
    );
    let other_day = place.desk.day_sheet(Some("2026-11-24"), None).await.unwrap();
    assert_eq!((other_day.people.len(), other_day.bookings), (0, 0));
}

#[tokio::test]
async fn the_board_is_as_it_was_left_also_after_a_restart() {
    use deskbell_core::view::{BoardLook, BoardShown};
    let (place, server) = moved_by(vec![]).await;
    let look = BoardLook {
        pinned: vec![ANA],
        shown: BoardShown::Working,
        zoom: Some(250),
    };
    place.desk.keep_board_look(&look).await.unwrap();
    let absurd = BoardLook {
        zoom: Some(5),
        ..look.clone()
    };
    assert_eq!(
        place.desk.keep_board_look(&absurd).await.unwrap_err().code(),
        "bad_input"
    );
    assert_eq!(place.desk.board(None).await.unwrap().look, look);
    place.desk.close().await;
    let again = deskbell_core::desk::Desk::open(crate::fake::options(&place.folder, &server.uri()))
        .await
        .unwrap();
    assert_eq!(again.board(Some("2026-11-24")).await.unwrap().look, look);
}
