//! `GET /v1/changes`: nothing missed, nothing that is not one's own, in commit order.

use crate::clinic::{TestClinic, id};
use deskbell_clinic::wire::{ChangeOp, ProblemCode};
use deskbell_clinic::{Kind, Repeat, Role, Row, Weekly};
use jiff::SignedDuration;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[tokio::test]
async fn a_first_sync_streams_every_row_once_and_what_it_refers_to_first() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&booking.clone().into()).await;
    let gone = olga.create(&clinic.hours(clinic.tina, clinic.span(0, 60)).into()).await;
    olga.delete(Kind::Availability, gone.id, 1).await.written();
    let pulled = olga.pull(None, 2).await;
    assert!(pulled.pages > 3, "in small pages");
    let ids: HashSet<_> = pulled.changes.iter().map(|change| (change.kind, change.id)).collect();
    assert_eq!(ids.len(), pulled.changes.len(), "each row once");
    assert!(
        pulled.changes.iter().all(|change| change.op == ChangeOp::Put),
        "no tombstones"
    );
    assert!(pulled.place(gone.id).is_none());
    let at = pulled.place(booking.id.uuid()).unwrap();
    for referred in [clinic.tina.uuid(), clinic.clara.uuid(), clinic.massage.uuid()] {
        assert!(pulled.place(referred).unwrap() < at);
    }
}

#[tokio::test]
async fn after_a_first_sync_only_what_changes_comes_with_its_author() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let first = olga.pull(None, 200).await;
    assert!(olga.pull(Some(&first.cursor), 200).await.changes.is_empty());
    let operation = id();
    let hours: Row = clinic.hours(clinic.tina, clinic.span(0, 60)).into();
    olga.put_as(operation, &hours, 0).await.written();
    let next = olga.pull(Some(&first.cursor), 200).await;
    let [change] = next.changes.as_slice() else {
        panic!("one change, not {:?}", next.changes)
    };
    assert_eq!((change.id, change.op, change.version), (hours.id(), ChangeOp::Put, 1));
    assert_eq!(change.body, Some(hours.to_json()));
    assert_eq!(change.by, Some(olga.session.who.account));
    assert_eq!(change.device.map(|device| device.uuid()), Some(olga.device));
    assert_eq!(change.operation, Some(operation));
    assert_eq!(change.at, clinic.now());
}

#[tokio::test]
async fn a_row_that_changed_often_comes_once_as_it_is_now_and_a_deleted_one_as_deleted() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut hours = clinic.hours(clinic.tina, clinic.span(0, 60));
    let other = clinic.hours(clinic.theo, clinic.span(0, 60));
    olga.create(&other.clone().into()).await;
    let before = olga.pull(None, 200).await.cursor;
    olga.create(&hours.clone().into()).await;
    for version in 1..4 {
        hours.note = format!("version {version}");
        olga.put(&hours.clone().into(), version).await.written();
    }
    olga.delete(Kind::Availability, other.id.uuid(), 1).await.written();
    let pulled = olga.pull(Some(&before), 200).await;
    assert_eq!(pulled.changes.len(), 2);
    assert_eq!(pulled.changes[0].version, 4);
    assert_eq!(pulled.changes[0].body, Some(Row::from(hours).to_json()));
    assert_eq!((pulled.changes[1].op, pulled.changes[1].version), (ChangeOp::Delete, 2));
    assert_eq!(pulled.changes[1].body, None);
}

#[tokio::test]
async fn a_therapist_receives_their_own_hours_and_not_those_of_others() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let since = tina.pull(None, 200).await.cursor;
    let (mine, theirs) = (
        clinic.hours(clinic.tina, clinic.span(0, 60)),
        clinic.hours(clinic.theo, clinic.span(0, 60)),
    );
    olga.create(&theirs.clone().into()).await;
    olga.create(&mine.clone().into()).await;
    let ids: Vec<_> = tina
        .pull(Some(&since), 200)
        .await
        .changes
        .iter()
        .map(|c| c.id)
        .collect();
    assert_eq!(ids, [mine.id.uuid()]);
    let whole = tina.pull(None, 200).await;
    assert!(whole.place(theirs.id.uuid()).is_none(), "nor in a first sync");
    assert!(whole.of(Kind::Client).is_empty(), "nor clients that are not theirs");
}

#[tokio::test]
async fn a_therapist_gains_the_client_before_the_appointment_and_both_leave_when_it_moves_away() {
    let clinic = TestClinic::open().await;
    let (olga, tina, theo) = (
        clinic.sign_in("olga").await,
        clinic.sign_in("tina").await,
        clinic.sign_in("theo").await,
    );
    let (for_tina, for_theo) = (tina.pull(None, 200).await.cursor, theo.pull(None, 200).await.cursor);
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&booking.clone().into()).await;

    let gained = tina.pull(Some(&for_tina), 200).await;
    let seen: Vec<_> = gained.changes.iter().map(|change| (change.kind, change.op)).collect();
    assert_eq!(
        seen,
        [(Kind::Client, ChangeOp::Put), (Kind::Appointment, ChangeOp::Put)]
    );
    assert_eq!(gained.changes[0].version, 1, "the client's row itself has not changed");
    assert!(theo.pull(Some(&for_theo), 200).await.changes.is_empty());

    booking.assignments[0].staff = clinic.theo;
    olga.put(&booking.clone().into(), 1).await.written();
    let lost = tina.pull(Some(&gained.cursor), 200).await;
    let seen: HashMap<_, _> = lost.changes.iter().map(|change| (change.kind, change.op)).collect();
    assert_eq!(
        seen,
        HashMap::from([(Kind::Client, ChangeOp::Leave), (Kind::Appointment, ChangeOp::Leave)])
    );
    assert!(
        lost.changes.iter().all(|change| change.body.is_none()),
        "a leave carries nothing"
    );
    let moved = theo.pull(Some(&for_theo), 200).await;
    assert!(moved.place(clinic.clara.uuid()) < moved.place(booking.id.uuid()));
    assert_eq!(moved.changes.len(), 2);
}

#[tokio::test]
async fn a_client_who_changed_after_the_appointment_still_comes_before_it() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let since = tina.pull(None, 200).await.cursor;
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&booking.clone().into()).await;
    let mut clara = olga.pull(None, 200).await.of(Kind::Client)[0].clone();
    if clara.id != clinic.clara.uuid() {
        clara = olga.pull(None, 200).await.of(Kind::Client)[1].clone();
    }
    let Ok(Row::Client(mut row)) = Row::read(Kind::Client, &clara.body.unwrap()) else {
        panic!("a client")
    };
    row.alert = "Pregnant".into();
    olga.put(&row.into(), 1).await.written();
    for limit in [1, 2, 200] {
        let pulled = tina.pull(Some(&since), limit).await;
        assert!(
            pulled.place(clinic.clara.uuid()).unwrap() < pulled.place(booking.id.uuid()).unwrap(),
            "in pages of {limit}"
        );
    }
}

#[tokio::test]
async fn a_row_that_came_and_went_between_two_pulls_leaves_nothing_behind() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let since = tina.pull(None, 200).await.cursor;
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(60, 60));
    olga.create(&booking.clone().into()).await;
    booking.assignments[0].staff = clinic.theo;
    olga.put(&booking.clone().into(), 1).await.written();
    let pulled = tina.pull(Some(&since), 200).await;
    assert!(
        pulled.changes.iter().all(|change| change.op == ChangeOp::Leave),
        "{pulled:?}"
    );
}

#[tokio::test]
async fn what_ended_before_the_first_day_is_left_out_of_a_first_sync_but_running_repeats_are_not() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let past = clinic.span(-3 * 24 * 60, 60);
    let weekly = |until| {
        Repeat::Weekly(Weekly {
            weeks: 1,
            until,
            except: vec![],
        })
    };
    let once = clinic.hours(clinic.tina, past);
    let mut running = clinic.hours(clinic.tina, past);
    running.repeat = weekly(None);
    let mut over = clinic.hours(clinic.tina, clinic.span(-30 * 24 * 60, 60));
    over.repeat = weekly(Some("2026-11-01".parse().unwrap()));
    let ahead = clinic.hours(clinic.tina, clinic.span(60, 60));
    for row in [&once, &running, &over, &ahead] {
        olga.create(&row.clone().into()).await;
    }
    let page = olga.get("/v1/changes?from=2026-11-23").await.body.to_string();
    let holds = |row: &deskbell_clinic::Availability| page.contains(&row.id.to_string());
    assert!(!holds(&once) && !holds(&over), "over before that day");
    assert!(holds(&running) && holds(&ahead));
    let all = olga.pull(None, 200).await;
    assert!(
        all.place(once.id.uuid()).is_some(),
        "90 days back when nothing is asked"
    );
}

#[tokio::test]
async fn a_cursor_expires_with_the_role_with_another_account_and_with_age() {
    let clinic = TestClinic::open().await;
    let (ada, tina) = (clinic.sign_in("ada").await, clinic.sign_in("tina").await);
    let (of_ada, of_tina) = (ada.pull(None, 200).await.cursor, tina.pull(None, 200).await.cursor);
    let with = |cursor: &str| format!("/v1/changes?since={cursor}");
    tina.get(&with(&of_ada)).await.problem(410, ProblemCode::CursorExpired);
    clinic
        .running
        .set_role("tina", Role::Therapist, Some(clinic.theo))
        .await
        .unwrap();
    tina.get(&with(&of_tina)).await.problem(410, ProblemCode::CursorExpired);
    assert!(ada.get(&with(&of_ada)).await.status.is_success());
    tina.get(&with("bm9uc2Vuc2U"))
        .await
        .problem(400, ProblemCode::BadRequest);
}

#[tokio::test]
async fn pages_have_one_to_two_hundred_changes_and_unknown_questions_are_refused() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    for query in ["limit=0", "limit=201", "limit=x", "sicne=abc", "from=yesterday"] {
        ada.get(&format!("/v1/changes?{query}"))
            .await
            .problem(400, ProblemCode::BadRequest);
    }
    let last = ada.pull(None, 200).await.cursor;
    let page = ada.page(Some(&last), 1).await;
    assert!(!page.more && page.next_poll_ms > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_concurrent_writers_every_change_arrives_in_commit_order_and_none_is_missed() {
    const WRITERS: usize = 6;
    const EACH: i64 = 25;
    let clinic = Arc::new(TestClinic::open().await);
    let reader = clinic.sign_in("olga").await;
    let mut cursor = reader.pull(None, 200).await.cursor;
    let done = Arc::new(AtomicBool::new(false));
    let writing: Vec<_> = (0..WRITERS)
        .map(|_| {
            let clinic = clinic.clone();
            tokio::spawn(async move {
                let desk = clinic.sign_in("ada").await;
                let mut seqs = Vec::new();
                for n in 0..EACH {
                    let written = desk.create(&clinic.hours(clinic.tina, clinic.span(n, 30)).into()).await;
                    seqs.push((written.seq, written.id));
                }
                seqs
            })
        })
        .collect();
    let stop = done.clone();
    let reading = tokio::spawn(async move {
        let mut read = Vec::new();
        loop {
            // Looked at before pulling: what was written before it is in the last pull.
            let last = stop.load(Ordering::SeqCst);
            let page = reader.page(Some(&cursor), 7).await;
            read.extend(page.changes.iter().map(|change| change.id));
            cursor = page.cursor;
            if last && !page.more {
                return read;
            }
        }
    });
    let mut written = Vec::new();
    for writer in writing {
        written.extend(writer.await.unwrap());
    }
    done.store(true, Ordering::SeqCst);
    written.sort_unstable();
    let expected: Vec<_> = written.into_iter().map(|(_, id)| id).collect();
    assert_eq!(reading.await.unwrap(), expected);
}

#[tokio::test]
async fn a_cursor_older_than_the_tombstones_expires_and_a_younger_one_goes_on() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let old = ada.pull(None, 200).await.cursor;
    ada.create(&clinic.hours(clinic.tina, clinic.span(0, 60)).into()).await;
    let younger = ada.pull(Some(&old), 200).await.cursor;
    clinic.pass(SignedDuration::from_hours(36 * 24));
    // Old changes are forgotten at a start.
    let clinic = clinic.restart().await;
    let ada = clinic.sign_in("ada").await;
    let since = |cursor: &str| format!("/v1/changes?since={cursor}");
    assert!(clinic.eventually_expires(&ada, &since(&old)).await);
    assert!(ada.get(&since(&younger)).await.status.is_success());
}

#[tokio::test]
async fn a_digest_comes_with_a_last_page_at_most_every_ten_minutes() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let first = ada.page(None, 2).await;
    assert!(first.more && first.digest.is_empty());
    let mut page = first;
    while page.more {
        page = ada.page(Some(&page.cursor), 2).await;
    }
    assert_eq!(page.digest.len(), Kind::ALL.len(), "at the end of a first sync");
    clinic.pass(SignedDuration::from_mins(9));
    page = ada.page(Some(&page.cursor), 200).await;
    assert!(page.digest.is_empty());
    clinic.pass(SignedDuration::from_mins(1));
    page = ada.page(Some(&page.cursor), 200).await;
    assert_eq!(page.digest.len(), Kind::ALL.len());
}

#[tokio::test]
async fn a_digest_counts_no_row_that_ended_before_the_window_and_goes_on_counting_what_repeats() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let once = clinic.hours(clinic.tina, clinic.span(0, 60));
    let mut weekly = clinic.hours(clinic.tina, clinic.span(120, 60));
    weekly.repeat = Repeat::Weekly(Weekly {
        weeks: 1,
        until: None,
        except: vec![],
    });
    ada.create(&once.into()).await;
    ada.create(&weekly.into()).await;
    let hours = |page: deskbell_clinic::wire::ChangesPage| {
        let of_kind = page.digest.into_iter().find(|digest| digest.kind == Kind::Availability);
        of_kind.unwrap().rows
    };
    assert_eq!(hours(ada.page(None, 200).await), 2);
    clinic.pass(SignedDuration::from_hours(24 * 92));
    let ada = clinic.sign_in("ada").await;
    assert_eq!(hours(ada.page(None, 200).await), 1);
}

#[tokio::test]
async fn a_server_that_was_set_back_to_a_copy_has_another_past_and_every_cursor_expires() {
    let clinic = TestClinic::open().await;
    let ada = clinic.sign_in("ada").await;
    let kept = ada.create(&clinic.hours(clinic.tina, clinic.span(0, 60)).into()).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    clinic.back_up(&copy).await;
    let lost = ada.create(&clinic.hours(clinic.tina, clinic.span(60, 60)).into()).await;
    let before = ada.page(None, 200).await;
    let clinic = clinic.set_back_to(&copy).await;
    let ada = clinic.sign_in("ada").await;
    ada.get(&format!("/v1/changes?since={}", before.cursor))
        .await
        .problem(410, ProblemCode::CursorExpired);
    let after = ada.page(None, 200).await;
    assert_ne!(after.epoch, before.epoch);
    let ids: Vec<_> = after.changes.iter().map(|change| change.id).collect();
    assert!(ids.contains(&kept.id) && !ids.contains(&lost.id));
    assert!(clinic.folder.path().join("clinic.db.before-restore").exists());
}
