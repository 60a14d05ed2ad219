//! The shapes that travel and are kept: a change to one must be seen in review.

use crate::floor::{
    Floor, accepted, account, assignment, at, block, booking, booking_id, client, hours, room, service, span, staff,
};
use deskbell_clinic::wire::{
    Alternative, Change, ChangeOp, ChangesPage, FieldProblem, KindDigest, Person, Problem, ProblemCode, SlotTaken,
    Taken, Written,
};
use deskbell_clinic::*;
use jiff::civil::{date, time};
use uuid::Uuid;

fn rows() -> Vec<Row> {
    let floor = Floor::empty();
    let mut patient = floor.clients[0].clone();
    patient.phones = vec![Phone::from_typed("+63 917 555 0142")];
    patient.wishes = Wishes {
        staff: vec![staff(0)],
        gender: Some(Gender::Female),
    };
    let mut weekly = hours(0, span(60, 540));
    weekly.services = vec![service(0)];
    weekly.repeat = Repeat::Weekly(Weekly {
        weeks: 2,
        until: Some(date(2026, 12, 24)),
        except: vec![date(2026, 4, 11)],
    });
    let mut appointment = booking(1, 0, 0, span(60, 120));
    appointment.series = Some(SeriesId(Uuid::from_u128(0x900)));
    appointment.clients[0].arrived_at = Some(at(58));
    appointment.assignments.push(Assignment {
        answer: Answer::Pending,
        ..assignment(3, Part::Driver)
    });
    appointment.place = Place::Resource(room(0));
    appointment.overlap_accepted = Some(accepted("Twins, side by side"));
    appointment.history = vec![Stage {
        status: Status::Confirmed,
        at: at(-60),
        by: account(0),
    }];
    vec![
        Row::Clinic(Clinic {
            id: ClinicId(Uuid::from_u128(0xa00)),
            name: "Sample clinic".to_owned(),
            zone: "Asia/Manila".to_owned(),
            opening_hours: vec![OpeningHours {
                weekday: 5,
                opens: time(10, 0, 0, 0),
                closes: time(2, 0, 0, 0),
            }],
            currency: "PHP".to_owned(),
        }),
        Row::Staff(floor.staff[0].clone()),
        Row::Service(floor.services[1].clone()),
        Row::Resource(floor.resources[1].clone()),
        Row::Client(patient),
        Row::Availability(weekly),
        Row::Block(block(BlockOf::Staff(staff(0)), span(240, 300))),
        Row::Appointment(appointment),
        Row::Payment(Payment {
            id: PaymentId(Uuid::from_u128(0xb00)),
            appointment: booking_id(1),
            client: client(0),
            method: PaymentMethod::Cash,
            amount_cents: -100_000,
            at: at(130),
            by: account(0),
            reverses: Some(PaymentId(Uuid::from_u128(0xb01))),
        }),
        Row::Waiting(WaitingClient {
            id: WaitingId(Uuid::from_u128(0xc00)),
            client: client(1),
            services: vec![service(0)],
            staff: vec![staff(0)],
            gender: Some(Gender::Female),
            time: TimeWish {
                from_day: Some(date(2026, 3, 28)),
                to_day: None,
                weekdays: vec![6, 7],
                earliest: Some(time(17, 30, 0, 0)),
                latest: None,
            },
            urgent: true,
            since: at(-1000),
        }),
        Row::Task(Task {
            id: TaskId(Uuid::from_u128(0xd00)),
            kind: TaskKind::LostSlot,
            appointment: Some(booking_id(1)),
            client: Some(client(0)),
            staff: None,
            due: Some(at(0)),
            claimed_by: None,
            outcome: Some(TaskOutcome::NotReached),
        }),
    ]
}

/// With sorted keys: whether `serde_json` keeps an object's order depends on what else is built with it.
fn snapshot(name: &str, shape: &impl serde::Serialize) {
    let mut settings = insta::Settings::clone_current();
    settings.set_sort_maps(true);
    settings.bind(|| insta::assert_json_snapshot!(name, shape));
}

#[test]
fn a_row_of_each_kind_has_this_shape_and_reads_back() {
    let rows = rows();
    assert_eq!(rows.iter().map(Row::kind).collect::<Vec<_>>(), Kind::ALL);
    for row in &rows {
        let json = row.to_json();
        assert_eq!(Row::read(row.kind(), &json).as_ref(), Ok(row));
        snapshot(&format!("row_{}", row.kind()), &json);
    }
}

#[test]
fn every_kind_of_place_repeat_and_block_has_this_shape() {
    let places = [
        Place::Anywhere,
        Place::Resource(room(0)),
        Place::Address("1 Sample Street".to_owned()),
    ];
    let blocks = [BlockOf::Clinic, BlockOf::Staff(staff(0)), BlockOf::Resource(room(0))];
    snapshot("choices", &(places, blocks, [Repeat::None]));
}

#[test]
fn a_page_of_changes_has_this_shape() {
    let row = Row::Availability(hours(0, span(60, 540)));
    let change = |op, body| Change {
        kind: row.kind(),
        id: row.id(),
        version: 3,
        op,
        body,
        by: Some(account(0)),
        device: Some(DeviceId(Uuid::from_u128(0xe00))),
        operation: Some(OperationId(Uuid::from_u128(0xf00))),
        at: at(0),
    };
    let page = ChangesPage {
        epoch: "1".to_owned(),
        server_time: at(1),
        changes: vec![
            change(ChangeOp::Put, Some(row.to_json())),
            change(ChangeOp::Delete, None),
            change(ChangeOp::Leave, None),
        ],
        cursor: "42".to_owned(),
        more: false,
        next_poll_ms: 10_000,
        digest: vec![KindDigest {
            kind: Kind::Availability,
            from_day: 20_690,
            rows: 1,
            hash: "00ff".to_owned(),
        }],
        people: vec![Person {
            account: account(0),
            name: "Sample operator".to_owned(),
        }],
    };
    assert_eq!(
        serde_json::from_value::<ChangesPage>(serde_json::to_value(&page).unwrap()).unwrap(),
        page
    );
    snapshot("changes_page", &page);
}

#[test]
fn a_problem_has_this_shape_and_a_code_of_a_newer_server_is_read_as_unknown() {
    let full = Problem {
        type_uri: "about:blank".to_owned(),
        title: "The slot is taken".to_owned(),
        status: 409,
        detail: Some("Another booking has it.".to_owned()),
        code: ProblemCode::SlotTaken,
        fields: vec![FieldProblem {
            field: "span.end".to_owned(),
            message: "the end must be after the start".to_owned(),
        }],
        slot: Some(SlotTaken {
            clashes: vec![Taken {
                kind: Kind::Staff,
                id: staff(0).uuid(),
                span: span(60, 120),
                appointment: Some(booking_id(1)),
                booked_by: Some("Sample operator".to_owned()),
                booked_at: Some(at(0)),
            }],
            alternatives: vec![Alternative {
                staff: staff(1),
                span: span(60, 120),
            }],
        }),
        current: Some(Written {
            kind: Kind::Staff,
            id: staff(0).uuid(),
            version: 2,
            seq: 7,
            op: ChangeOp::Leave,
            body: None,
        }),
    };
    let mut json = serde_json::to_value(&full).unwrap();
    assert_eq!(serde_json::from_value::<Problem>(json.clone()).unwrap(), full);
    snapshot("problem", &json);
    json["code"] = "of_a_newer_server".into();
    assert_eq!(
        serde_json::from_value::<Problem>(json).unwrap().code,
        ProblemCode::Unknown
    );
}
