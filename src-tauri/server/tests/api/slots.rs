//! Double bookings: impossible without an operator's word.

use crate::clinic::TestClinic;
use deskbell_clinic::wire::ProblemCode;
use deskbell_clinic::{AccountId, Kind, OverlapAccepted, Place};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_desks_that_book_one_slot_at_once_exactly_one_gets_it() {
    let clinic = Arc::new(TestClinic::open().await);
    let (olga, ada) = (clinic.sign_in("olga").await, clinic.sign_in("ada").await);
    for round in 0..12 {
        let span = clinic.span(round * 60, 60);
        let one = clinic.booking(clinic.tina, clinic.clara, span);
        let two = clinic.booking(clinic.tina, clinic.carl, span);
        let (one, two) = (one.into(), two.into());
        let (one, two) = tokio::join!(olga.put(&one, 0), ada.put(&two, 0));
        let (won, lost) = if one.status.is_success() {
            (one, two)
        } else {
            (two, one)
        };
        assert_eq!(won.status, 201);
        lost.problem(409, ProblemCode::SlotTaken);
    }
    assert_eq!(olga.pull(None, 200).await.of(Kind::Appointment).len(), 12);
}

#[tokio::test]
async fn a_lost_slot_says_who_has_it_since_when_and_three_free_alternatives() {
    let clinic = TestClinic::open().await;
    let (olga, ada) = (clinic.sign_in("olga").await, clinic.sign_in("ada").await);
    olga.create(&clinic.hours(clinic.tina, clinic.span(0, 480)).into())
        .await;
    let first = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&first.clone().into()).await;
    let second = clinic.booking(clinic.tina, clinic.carl, clinic.span(90, 60));
    let slot = ada
        .put(&second.into(), 0)
        .await
        .problem(409, ProblemCode::SlotTaken)
        .slot
        .unwrap();
    let [taken] = slot.clashes.as_slice() else {
        panic!("one clash, not {:?}", slot.clashes)
    };
    assert_eq!((taken.kind, taken.id), (Kind::Staff, clinic.tina.uuid()));
    assert_eq!((taken.span, taken.appointment), (first.span, Some(first.id)));
    assert_eq!(taken.booked_by.as_deref(), Some("olga of the desk"));
    assert_eq!(taken.booked_at, Some(clinic.now()));
    assert_eq!(slot.alternatives.len(), 3);
    for free in &slot.alternatives {
        assert_eq!(free.span.minutes(), 60);
        assert!(!free.span.overlaps(first.span) && free.span.start() >= clinic.now());
        let again = clinic.booking(free.staff, clinic.carl, free.span);
        let written = ada.create(&again.clone().into()).await;
        ada.delete(Kind::Appointment, written.id, 1).await.written();
    }
}

#[tokio::test]
async fn a_room_a_client_and_a_block_are_slots_too() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut first = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    first.place = Place::Resource(clinic.room);
    olga.create(&first.into()).await;
    let mut same_room = clinic.booking(clinic.theo, clinic.carl, clinic.span(90, 60));
    same_room.place = Place::Resource(clinic.room);
    let slot = olga
        .put(&same_room.into(), 0)
        .await
        .problem(409, ProblemCode::SlotTaken)
        .slot
        .unwrap();
    assert_eq!(
        (slot.clashes[0].kind, slot.clashes[0].id),
        (Kind::Resource, clinic.room.uuid())
    );
    let same_client = clinic.booking(clinic.theo, clinic.clara, clinic.span(90, 60));
    let slot = olga
        .put(&same_client.into(), 0)
        .await
        .problem(409, ProblemCode::SlotTaken)
        .slot
        .unwrap();
    assert_eq!(
        (slot.clashes[0].kind, slot.clashes[0].id),
        (Kind::Client, clinic.clara.uuid())
    );
    let leave = deskbell_clinic::Block {
        id: crate::clinic::id(),
        of: deskbell_clinic::BlockOf::Staff(clinic.theo),
        span: clinic.span(200, 60),
        reason: deskbell_clinic::BlockReason::Leave,
        note: String::new(),
        repeat: deskbell_clinic::Repeat::None,
    };
    olga.create(&leave.into()).await;
    let on_leave = clinic.booking(clinic.theo, clinic.carl, clinic.span(220, 60));
    let slot = olga
        .put(&on_leave.into(), 0)
        .await
        .problem(409, ProblemCode::SlotTaken)
        .slot
        .unwrap();
    assert_eq!(
        (slot.clashes[0].kind, slot.clashes[0].id),
        (Kind::Staff, clinic.theo.uuid())
    );
}

#[tokio::test]
async fn an_operator_may_accept_a_clash_with_a_reason_and_it_is_in_the_audit() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let span = clinic.span(60, 60);
    olga.create(&clinic.booking(clinic.tina, clinic.clara, span).into())
        .await;
    let mut second = clinic.booking(clinic.tina, clinic.carl, span);
    let accepted = |reason: &str| {
        Some(OverlapAccepted {
            by: AccountId(Uuid::nil()),
            reason: reason.into(),
        })
    };
    second.overlap_accepted = accepted(" ");
    let refused = olga
        .put(&second.clone().into(), 0)
        .await
        .problem(422, ProblemCode::Invalid);
    assert_eq!(refused.fields[0].field, "overlap_accepted.reason");
    second.overlap_accepted = accepted("sisters, side by side");
    let written = olga.create(&second.clone().into()).await;
    let stored = &written.body.unwrap()["overlap_accepted"];
    assert_eq!(
        stored["by"],
        json!(olga.session.who.account),
        "who accepts is who writes"
    );
    let database = rusqlite::Connection::open(clinic.folder.path().join("clinic.db")).unwrap();
    let reason: String = database
        .query_row("SELECT reason FROM audit WHERE act = 'overlap accepted'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(reason, "sisters, side by side");
}

#[tokio::test]
async fn an_accepted_clash_accepts_nothing_where_the_booking_moves_to() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    for from in [60, 300] {
        olga.create(&clinic.booking(clinic.tina, clinic.clara, clinic.span(from, 60)).into())
            .await;
    }
    let mut second = clinic.booking(clinic.tina, clinic.carl, clinic.span(60, 60));
    second.overlap_accepted = Some(OverlapAccepted {
        by: olga.session.who.account,
        reason: "only this once".into(),
    });
    olga.create(&second.clone().into()).await;
    second.notes = "nothing moved".into();
    olga.put(&second.clone().into(), 1).await.written();
    second.span = clinic.span(300, 60);
    olga.put(&second.into(), 2).await.problem(409, ProblemCode::SlotTaken);
}

#[tokio::test]
async fn a_cancelled_booking_gives_its_slot_back_and_uncancelling_asks_for_it_again() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let first = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&first.clone().into()).await;
    let why = json!({"reason": "ill"});
    olga.step(&first, "cancel", &why, clinic.now()).await.written();
    let second = clinic.booking(clinic.tina, clinic.carl, clinic.span(60, 60));
    olga.create(&second.clone().into()).await;
    let back = olga.step(&first, "correct", &json!({}), clinic.now()).await;
    back.problem(409, ProblemCode::SlotTaken);
    olga.step(&second, "cancel", &why, clinic.now()).await.written();
    let back = olga
        .step(&first, "correct", &json!({}), clinic.now())
        .await
        .written()
        .body
        .unwrap();
    assert_eq!((&back["status"], &back["reason"]), (&json!("confirmed"), &json!(null)));
}
