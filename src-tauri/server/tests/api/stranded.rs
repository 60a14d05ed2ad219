//! Bookings that lose the hours they stand on, or whose staff member goes on leave: a task for each, and none cancelled.

use crate::clinic::TestClinic;
use deskbell_clinic::{Block, BlockOf, BlockReason, Kind, Repeat, Task, TaskKind};
use uuid::Uuid;

#[tokio::test]
async fn hours_taken_away_under_bookings_raise_a_task_for_each_and_cancel_none() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let mut hours = clinic.hours(clinic.tina, clinic.span(0, 300));
    tina.create(&hours.clone().into()).await;
    let early = clinic.booking(clinic.tina, clinic.clara, clinic.span(30, 60));
    let late = clinic.booking(clinic.tina, clinic.carl, clinic.span(200, 60));
    let outside = clinic.booking(clinic.tina, clinic.carl, clinic.span(600, 60));
    for booking in [&early, &late, &outside] {
        olga.create(&booking.clone().into()).await;
    }
    let stranded = async || -> Vec<Task> {
        let pulled = olga.pull(None, 200).await;
        let tasks = pulled.of(Kind::Task).into_iter();
        tasks
            .map(|task| serde_json::from_value(task.body.clone().unwrap()).unwrap())
            .collect()
    };
    hours.span = clinic.span(0, 120);
    tina.put(&hours.clone().into(), 1).await.written();
    let tasks = stranded().await;
    assert_eq!(tasks.len(), 1, "only the late one stands on nothing");
    assert_eq!(
        (tasks[0].kind, tasks[0].appointment),
        (TaskKind::Stranded, Some(late.id))
    );
    assert_eq!(
        (tasks[0].client, tasks[0].staff),
        (Some(clinic.carl), Some(clinic.tina))
    );
    tina.delete(Kind::Availability, hours.id.uuid(), 2).await.written();
    let about: Vec<_> = stranded().await.iter().map(|task| task.appointment).collect();
    assert_eq!(about, [Some(late.id), Some(early.id)], "each once");
    let pulled = olga.pull(None, 200).await;
    for booking in pulled.of(Kind::Appointment) {
        assert_eq!(booking.body.as_ref().unwrap()["status"], "confirmed");
    }
}

#[tokio::test]
async fn a_leave_over_bookings_raises_a_task_for_each_once_and_cancels_none() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let within = clinic.booking(clinic.tina, clinic.clara, clinic.span(30, 60));
    let later = clinic.booking(clinic.tina, clinic.carl, clinic.span(200, 60));
    for booking in [&within, &later] {
        olga.create(&booking.clone().into()).await;
    }
    let told_about = async || -> Vec<_> {
        let pulled = olga.pull(None, 200).await;
        let tasks = pulled.of(Kind::Task).into_iter();
        let task = |body: serde_json::Value| serde_json::from_value::<Task>(body).unwrap();
        tasks.map(|row| task(row.body.clone().unwrap()).appointment).collect()
    };
    let mut leave = Block {
        id: Uuid::now_v7().into(),
        of: BlockOf::Staff(clinic.tina),
        span: clinic.span(0, 120),
        reason: BlockReason::Leave,
        note: String::new(),
        repeat: Repeat::None,
    };
    tina.create(&leave.clone().into()).await;
    assert_eq!(told_about().await, [Some(within.id)]);
    leave.note = "By train".into();
    tina.put(&leave.clone().into(), 1).await.written();
    assert_eq!(told_about().await, [Some(within.id)], "nothing new is taken");
    leave.span = clinic.span(0, 300);
    tina.put(&leave.clone().into(), 2).await.written();
    let mut about = told_about().await;
    about.sort();
    let mut both = [Some(within.id), Some(later.id)];
    both.sort();
    assert_eq!(about, both);
    tina.delete(Kind::Block, leave.id.uuid(), 3).await.written();
    assert_eq!(told_about().await.len(), 2, "taking it back takes no time from anybody");
}

#[tokio::test]
async fn what_was_to_be_done_about_a_booking_ends_when_it_was_done_or_the_leave_was_taken_back() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    tina.create(&clinic.hours(clinic.tina, clinic.span(0, 600)).into())
        .await;
    let mut moved = clinic.booking(clinic.tina, clinic.clara, clinic.span(30, 60));
    let stays = clinic.booking(clinic.tina, clinic.carl, clinic.span(200, 60));
    for booking in [&moved, &stays] {
        olga.create(&booking.clone().into()).await;
    }
    let leave = Block {
        id: Uuid::now_v7().into(),
        of: BlockOf::Staff(clinic.tina),
        span: clinic.span(0, 300),
        reason: BlockReason::Leave,
        note: String::new(),
        repeat: Repeat::None,
    };
    tina.create(&leave.clone().into()).await;
    let open = async || -> Vec<_> {
        let pulled = olga.pull(None, 200).await;
        let tasks = pulled.of(Kind::Task).into_iter();
        let tasks = tasks.map(|row| serde_json::from_value::<Task>(row.body.clone().unwrap()).unwrap());
        let open = tasks.filter(|task| task.outcome.is_none());
        open.map(|task| task.appointment).collect()
    };
    assert_eq!(open().await.len(), 2);
    moved.span = clinic.span(400, 60);
    olga.put(&moved.clone().into(), 1).await.written();
    assert_eq!(open().await, [Some(stays.id)], "it lies beyond the leave now");
    tina.delete(Kind::Block, leave.id.uuid(), 1).await.written();
    assert_eq!(open().await, [], "nobody is away any more");
}
