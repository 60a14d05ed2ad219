//! A lost slot is a task for every desk, raised once and ended with the act that lost it.

use crate::fixture::{Place, act, appointment, id, now, page};
use deskbell_clinic::wire::{ChangeOp, Problem, ProblemCode, Written};
use deskbell_clinic::{Kind, OperationId, Row, Task, TaskKind, TaskOutcome};
use deskbell_core::cache::{Cache, CacheError, OutboxState, Settlement};
use deskbell_core::outbox::intent::Intent;
use deskbell_core::outbox::lost;

fn lost(operation: OperationId) -> Settlement {
    let problem = Problem {
        type_uri: "about:blank".into(),
        title: "The slot is taken".into(),
        status: 409,
        detail: None,
        code: ProblemCode::SlotTaken,
        fields: vec![],
        slot: None,
        current: None,
    };
    let task = lost::task(operation, &appointment(2, &[]).into(), false).unwrap();
    Settlement::LostSlot("Somebody else was faster.".into(), Box::new(problem), Box::new(task))
}

fn done(row: impl Into<Row>, version: u32) -> Settlement {
    let row = row.into();
    Settlement::Done(Box::new(Written {
        kind: row.kind(),
        id: row.id(),
        version,
        seq: 0,
        op: ChangeOp::Put,
        body: Some(row.to_json()),
    }))
}

/// A cache with a booking that has just lost its slot.
async fn losing(place: &Place) -> (Cache, OperationId) {
    let cache = place.open().await;
    cache.apply(page(vec![], "1")).await.unwrap();
    let booking = act(&cache, Intent::put(appointment(2, &[]), None)).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    cache.settle(booking, lost(booking)).await.unwrap();
    (cache, booking)
}

async fn task(cache: &Cache, booking: OperationId) -> Option<Task> {
    let id = lost::task_id(booking).uuid();
    let seen = cache.read::<_, CacheError>(move |snapshot| snapshot.row(Kind::Task, id));
    seen.await.unwrap().map(|seen| match seen.row {
        Row::Task(task) => task,
        _ => unreachable!("a task was asked for"),
    })
}

/// The task goes out; answers what is sent.
async fn send(cache: &Cache, version: u32) -> Task {
    let sent = cache.claim_next(now()).await.unwrap().expect("the task is sent");
    let Some(Row::Task(task)) = sent.intent.row().cloned() else {
        panic!("a task is sent, not {:?}", sent.kind)
    };
    cache.settle(sent.operation, done(task.clone(), version)).await.unwrap();
    task
}

#[tokio::test]
async fn a_lost_slot_raises_one_task_however_often_the_act_is_refused() {
    let place = Place::new();
    let (cache, booking) = losing(&place).await;
    let raised = task(&cache, booking).await.unwrap();
    assert_eq!((raised.kind, raised.outcome), (TaskKind::LostSlot, None));
    assert_eq!(raised.appointment, None, "the server never took the booking");
    assert_eq!(raised.due, Some(appointment(2, &[]).span.start()));
    assert_eq!(send(&cache, 1).await, raised);
    cache.retry(booking).await.unwrap();
    cache.claim_next(now()).await.unwrap();
    cache.settle(booking, lost(booking)).await.unwrap();
    let waiting = cache.waiting().await.unwrap();
    assert_eq!(waiting.len(), 1, "the act alone waits");
    assert_eq!(waiting[0].state, OutboxState::Conflict);
}

#[tokio::test]
async fn a_task_that_was_not_sent_yet_leaves_with_the_act_that_is_booked_otherwise() {
    let place = Place::new();
    let (cache, booking) = losing(&place).await;
    let elsewhere = Intent::put(appointment(2, &[]), None);
    let amended = cache.amend(booking, elsewhere, now()).await.unwrap();
    assert_eq!(task(&cache, booking).await, None);
    let waiting = cache.waiting().await.unwrap();
    assert_eq!(
        waiting.iter().map(|item| item.operation).collect::<Vec<_>>(),
        [amended.operation]
    );
}

#[tokio::test]
async fn a_task_that_the_server_has_is_done_with_the_act_and_not_needed_when_it_is_given_up() {
    for given_up in [false, true] {
        let place = Place::new();
        let (cache, booking) = losing(&place).await;
        send(&cache, 1).await;
        if given_up {
            cache.discard(booking).await.unwrap();
        } else {
            cache.retry(booking).await.unwrap();
            cache.claim_next(now()).await.unwrap();
            cache.settle(booking, done(appointment(2, &[]), 1)).await.unwrap();
        }
        let outcome = if given_up {
            TaskOutcome::NotNeeded
        } else {
            TaskOutcome::Done
        };
        assert_eq!(send(&cache, 2).await.outcome, Some(outcome));
        assert!(cache.waiting().await.unwrap().is_empty());
        let there = cache.read::<_, CacheError>(|snapshot| snapshot.row(Kind::Appointment, id(2)));
        assert_eq!(there.await.unwrap().is_some(), !given_up);
    }
}

#[tokio::test]
async fn a_task_on_its_way_when_the_act_ends_is_ended_behind_it() {
    let place = Place::new();
    let (cache, booking) = losing(&place).await;
    let sending = cache.claim_next(now()).await.unwrap().unwrap();
    cache.discard(booking).await.unwrap();
    assert_eq!(cache.claim_next(now()).await.unwrap(), None, "one after the other");
    let raised = sending.intent.row().cloned().unwrap();
    cache.settle(sending.operation, done(raised, 1)).await.unwrap();
    let ending = cache.claim_next(now()).await.unwrap().unwrap();
    assert_eq!(ending.base_version, Some(1));
    assert!(matches!(ending.intent.row(), Some(Row::Task(task)) if task.outcome == Some(TaskOutcome::NotNeeded)));
}
