//! `PUT` and `DELETE`: preconditions, replays, who may, what is sound.

use crate::clinic::{TestClinic, id};
use crate::desk::heard;
use deskbell_clinic::wire::{ChangeOp, ProblemCode};
use deskbell_clinic::{
    Block, BlockOf, BlockReason, Kind, Phone, Repeat, Row, Status, Task, TaskKind, WaitingClient, Weekly,
};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_created_row_has_version_one_and_each_write_counts_up() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut hours = clinic.hours(clinic.tina, clinic.span(0, 60));
    let created = olga.create(&hours.clone().into()).await;
    assert_eq!((created.version, created.op), (1, ChangeOp::Put));
    hours.note = "until the bus".into();
    let changed = olga.put(&hours.clone().into(), 1).await;
    assert_eq!(changed.status, 200);
    let changed = changed.written();
    assert_eq!((changed.version, changed.body), (2, Some(Row::from(hours).to_json())));
    assert!(changed.seq > created.seq);
}

#[tokio::test]
async fn a_write_without_its_headers_is_refused() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let row: Row = clinic.hours(clinic.tina, clinic.span(0, 60)).into();
    let path = format!("/v1/availability/{}", row.id());
    let bare = || olga.ask(Method::PUT, &path).json(&row.to_json());
    let key = Uuid::now_v7().to_string();
    let keyless = heard(bare().header("if-none-match", "*")).await;
    keyless.problem(428, ProblemCode::PreconditionRequired);
    let blind = heard(bare().header("idempotency-key", &key)).await;
    blind.problem(428, ProblemCode::PreconditionRequired);
    for (name, value) in [("if-match", "1"), ("if-match", "\"x\""), ("if-none-match", "\"1\"")] {
        let odd = heard(bare().header("idempotency-key", &key).header(name, value)).await;
        odd.problem(400, ProblemCode::BadRequest);
    }
    let named = bare().header("idempotency-key", "seven").header("if-none-match", "*");
    heard(named).await.problem(400, ProblemCode::BadRequest);
}

#[tokio::test]
async fn a_write_on_an_old_version_is_refused_with_the_row_as_it_is() {
    let clinic = TestClinic::open().await;
    let (olga, ada) = (clinic.sign_in("olga").await, clinic.sign_in("ada").await);
    let mut hours = clinic.hours(clinic.tina, clinic.span(0, 60));
    olga.create(&hours.clone().into()).await;
    hours.note = "olga was first".into();
    olga.put(&hours.clone().into(), 1).await.written();
    let mut other = hours.clone();
    other.note = "ada was second".into();
    let refused = ada
        .put(&other.into(), 1)
        .await
        .problem(412, ProblemCode::VersionMismatch);
    let current = refused.current.unwrap();
    assert_eq!(
        (current.version, current.body),
        (2, Some(Row::from(hours.clone()).to_json()))
    );
    let again = ada.put(&hours.clone().into(), 0).await;
    assert_eq!(
        again
            .problem(412, ProblemCode::VersionMismatch)
            .current
            .unwrap()
            .version,
        2
    );
    olga.delete(Kind::Availability, hours.id.uuid(), 2).await.written();
    let gone = ada
        .put(&hours.into(), 2)
        .await
        .problem(412, ProblemCode::VersionMismatch);
    assert_eq!(gone.current.unwrap().op, ChangeOp::Delete);
}

#[tokio::test]
async fn a_replay_is_answered_as_before_although_the_row_has_moved_on() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut hours = clinic.hours(clinic.tina, clinic.span(0, 60));
    let operation = id();
    let first = olga.put_as(operation, &hours.clone().into(), 0).await;
    let original = hours.clone();
    hours.note = "later".into();
    olga.put(&hours.clone().into(), 1).await.written();
    let replay = olga.put_as(operation, &original.clone().into(), 0).await;
    assert_eq!(
        (replay.status, &replay.body),
        (first.status, &first.body),
        "before preconditions"
    );
    let pulled = olga.pull(None, 200).await;
    assert_eq!(
        pulled.of(Kind::Availability)[0].version,
        2,
        "and nothing was done again"
    );
    let reused = olga.put_as(operation, &hours.into(), 2).await;
    reused.problem(422, ProblemCode::KeyReused);
}

#[tokio::test]
async fn a_refused_write_may_be_sent_again_under_its_key() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let hours: Row = clinic.hours(clinic.tina, clinic.span(0, 60)).into();
    let operation = id();
    olga.put_as(operation, &hours, 1)
        .await
        .problem(404, ProblemCode::NotFound);
    assert_eq!(olga.put_as(operation, &hours, 0).await.status, 201);
}

#[tokio::test]
async fn a_deleted_row_may_be_created_again_and_its_version_goes_on() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let hours = clinic.hours(clinic.tina, clinic.span(0, 60));
    olga.create(&hours.clone().into()).await;
    let deleted = olga.delete(Kind::Availability, hours.id.uuid(), 1).await.written();
    assert_eq!((deleted.version, deleted.op, deleted.body), (2, ChangeOp::Delete, None));
    assert_eq!(olga.create(&hours.into()).await.version, 3);
}

#[tokio::test]
async fn a_therapist_writes_their_own_hours_and_not_anothers() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let mut mine = clinic.hours(clinic.tina, clinic.span(0, 60));
    let theirs = clinic.hours(clinic.theo, clinic.span(0, 60));
    tina.create(&mine.clone().into()).await;
    tina.put(&theirs.clone().into(), 0)
        .await
        .problem(403, ProblemCode::Forbidden);
    olga.create(&theirs.clone().into()).await;
    let mut taken_over = theirs.clone();
    taken_over.staff = clinic.tina;
    tina.put(&taken_over.into(), 1)
        .await
        .problem(404, ProblemCode::NotFound);
    let deleted = tina.delete(Kind::Availability, theirs.id.uuid(), 1).await;
    deleted.problem(404, ProblemCode::NotFound);
    mine.staff = clinic.theo;
    tina.put(&mine.clone().into(), 1)
        .await
        .problem(403, ProblemCode::Forbidden);
    let created = tina
        .put(&theirs.into(), 0)
        .await
        .problem(412, ProblemCode::VersionMismatch);
    assert_eq!(created.current, None, "what is not theirs to see is not shown");
    tina.delete(Kind::Availability, mine.id.uuid(), 1).await.written();
}

#[tokio::test]
async fn a_therapist_blocks_their_own_time_only() {
    let clinic = TestClinic::open().await;
    let tina = clinic.sign_in("tina").await;
    let block = |of| Block {
        id: id(),
        of,
        span: clinic.span(0, 60),
        reason: BlockReason::Lunch,
        note: String::new(),
        repeat: Repeat::None,
    };
    tina.create(&block(BlockOf::Staff(clinic.tina)).into()).await;
    for of in [
        BlockOf::Clinic,
        BlockOf::Staff(clinic.theo),
        BlockOf::Resource(clinic.room),
    ] {
        tina.put(&block(of).into(), 0)
            .await
            .problem(403, ProblemCode::Forbidden);
    }
}

#[tokio::test]
async fn a_therapist_writes_no_booking_client_or_task_and_an_operator_no_staff() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let booking: Row = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60)).into();
    tina.put(&booking, 0).await.problem(403, ProblemCode::Forbidden);
    olga.create(&booking).await;
    tina.put(&booking, 1).await.problem(403, ProblemCode::Forbidden);
    let task: Row = Task {
        id: id(),
        kind: TaskKind::CallBack,
        appointment: None,
        client: Some(clinic.clara),
        staff: None,
        due: None,
        claimed_by: None,
        outcome: None,
    }
    .into();
    tina.put(&task, 0).await.problem(403, ProblemCode::Forbidden);
    olga.create(&task).await;
    for kind in [Kind::Staff, Kind::Service, Kind::Resource, Kind::Clinic] {
        let there = olga.pull(None, 200).await.of(kind)[0].clone();
        let row = Row::read(kind, &there.body.unwrap()).unwrap();
        olga.put(&row, there.version).await.problem(403, ProblemCode::Forbidden);
    }
}

#[tokio::test]
async fn every_bad_field_is_named_at_once() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let named = async |row: Row| -> Vec<String> {
        let problem = olga.put(&row, 0).await.problem(422, ProblemCode::Invalid);
        problem.fields.into_iter().map(|field| field.field).collect()
    };
    let mut hours = clinic.hours(id(), clinic.span(0, 25 * 60));
    hours.repeat = Repeat::Weekly(Weekly {
        weeks: 9,
        until: None,
        except: vec![],
    });
    hours.services = vec![id()];
    assert_eq!(
        named(hours.into()).await,
        ["span.end", "repeat.weeks", "staff", "services[0]"]
    );
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 13 * 60));
    booking.clients.clear();
    booking.assignments.clear();
    booking.services.clear();
    assert_eq!(
        named(booking.into()).await,
        ["span.end", "clients", "assignments", "services"]
    );
    let client = deskbell_clinic::Client {
        id: id(),
        name: "  ".into(),
        phones: vec![Phone {
            typed: "0917 555".into(),
            normalised: "1".into(),
        }],
        address: String::new(),
        wishes: deskbell_clinic::Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    };
    assert_eq!(
        named(client.into()).await,
        ["name", "phones[0].typed", "phones[0].normalised"]
    );
    let waiting = WaitingClient {
        id: id(),
        client: id(),
        services: vec![],
        staff: vec![],
        gender: None,
        time: deskbell_clinic::TimeWish::default(),
        urgent: false,
        since: clinic.now(),
    };
    assert_eq!(named(waiting.into()).await, ["services", "client"]);
}

#[tokio::test]
async fn a_new_booking_is_requested_or_confirmed_and_its_status_changes_by_steps_only() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    booking.status = Status::Completed;
    let refused = olga
        .put(&booking.clone().into(), 0)
        .await
        .problem(422, ProblemCode::Invalid);
    assert_eq!(refused.fields[0].field, "status");
    booking.status = Status::Requested;
    let written = olga.create(&booking.clone().into()).await;
    let history = &written.body.unwrap()["history"];
    assert_eq!(history[0]["status"], "requested");
    assert_eq!(history[0]["by"], json!(olga.session.who.account));
    booking.status = Status::Confirmed;
    let refused = olga.put(&booking.into(), 1).await.problem(422, ProblemCode::Invalid);
    assert_eq!(refused.fields[0].field, "status");
}

#[tokio::test]
async fn what_others_refer_to_is_not_deleted() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    ada.create(&booking.clone().into()).await;
    let used = [
        (Kind::Staff, clinic.tina.uuid()),
        (Kind::Service, clinic.massage.uuid()),
        (Kind::Client, clinic.clara.uuid()),
    ];
    for (kind, id) in used {
        ada.delete(kind, id, 1).await.problem(409, ProblemCode::InUse);
    }
    ada.delete(Kind::Appointment, booking.id.uuid(), 1).await.written();
    // The client's viewers were counted in the log, not in its version.
    for (kind, id) in used {
        ada.delete(kind, id, 1).await.written();
    }
}

#[tokio::test]
async fn payments_and_the_clinic_are_not_written_or_deleted_like_other_rows() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let row = ada.pull(None, 200).await.of(Kind::Clinic)[0].clone();
    ada.delete(Kind::Clinic, row.id, 1)
        .await
        .problem(403, ProblemCode::Forbidden);
    let deleted = ada.delete(Kind::Payment, Uuid::now_v7(), 1).await;
    deleted.problem(403, ProblemCode::Forbidden);
    let mut body = row.body.unwrap();
    body["zone"] = json!("Mars/Olympus");
    let refused = ada.put(&Row::read(Kind::Clinic, &body).unwrap(), 1).await;
    assert_eq!(refused.problem(422, ProblemCode::Invalid).fields[0].field, "zone");
}
