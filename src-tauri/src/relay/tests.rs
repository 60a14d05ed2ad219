use super::*;
use crate::events::KeyOp;
use deskbell_clinic::Kind;
use jiff::civil::date;
use uuid::Uuid;

fn staff(n: u128) -> StaffId {
    StaffId(Uuid::from_u128(n))
}

fn row(id: u128, days: &[Date], of: &[StaffId]) -> Routed {
    let key = ChangedKey {
        kind: Kind::Availability,
        id: Uuid::from_u128(id),
        op: KeyOp::Put,
        left: false,
    };
    Routed {
        key,
        days: days.to_vec(),
        staff: of.to_vec(),
        repeats: false,
    }
}

fn commit(revision: u32, rows: Vec<Routed>) -> CommitNotice {
    CommitNotice {
        epoch: "e".into(),
        revision,
        rows,
        overflow: false,
        origin: ChangeOrigin::Elsewhere,
    }
}

fn monday() -> Date {
    date(2026, 11, 23)
}

fn watching(shown: Option<Vec<StaffId>>) -> Chain {
    let mut chain = Chain::new();
    chain.set_interest(Interest {
        from_day: monday(),
        to_day: monday(),
        staff: shown,
    });
    chain
}

#[test]
fn the_first_change_goes_out_at_once_and_what_follows_is_sent_together() {
    let mut chain = watching(None);
    let start = Instant::now();
    let first = chain
        .offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), start)
        .unwrap();
    assert_eq!((first.prev, first.revision), (0, 8));
    assert_eq!(
        chain.offer(&commit(9, vec![row(2, &[monday()], &[staff(1)])]), start),
        None
    );
    assert_eq!(
        chain.offer(&commit(10, vec![row(2, &[monday()], &[staff(1)])]), start),
        None
    );
    let second = chain.due(chain.deadline().unwrap()).unwrap();
    assert_eq!(
        (second.prev, second.revision, second.items.len()),
        (8, 10, 1),
        "one row, named once"
    );
}

#[test]
fn a_change_of_another_therapist_or_day_does_not_reach_a_window_and_leaves_no_gap() {
    let mut chain = watching(Some(vec![staff(1)]));
    let now = Instant::now();
    assert_eq!(
        chain.offer(&commit(8, vec![row(1, &[monday()], &[staff(2)])]), now),
        None
    );
    assert_eq!(
        chain.offer(&commit(9, vec![row(1, &[date(2026, 12, 1)], &[staff(1)])]), now),
        None
    );
    let own = chain
        .offer(&commit(10, vec![row(1, &[monday()], &[staff(1)])]), now)
        .unwrap();
    assert_eq!(own.prev, 0, "what this window was not to see is no gap in its chain");
}

#[test]
fn the_therapist_who_lost_a_row_is_told_as_well_as_the_one_who_got_it() {
    let moved = commit(8, vec![row(1, &[monday()], &[staff(1), staff(2)])]);
    for shown in [1, 2] {
        assert!(
            watching(Some(vec![staff(shown)]))
                .offer(&moved, Instant::now())
                .is_some()
        );
    }
}

#[test]
fn a_row_that_moved_to_another_day_is_told_to_the_window_of_the_day_it_left() {
    let moved = commit(8, vec![row(1, &[monday(), date(2026, 12, 1)], &[staff(1)])]);
    let mut left = watching(Some(vec![staff(1)]));
    assert!(left.offer(&moved, Instant::now()).is_some());
    let mut neither = Chain::new();
    neither.set_interest(Interest {
        from_day: date(2026, 11, 24),
        to_day: date(2026, 11, 30),
        staff: Some(vec![staff(1)]),
    });
    assert_eq!(
        neither.offer(&moved, Instant::now()),
        None,
        "days between are not touched"
    );
}

#[test]
fn what_asks_for_a_new_reading_swallows_the_rows_that_wait_and_those_that_follow_it() {
    let mut chain = watching(None);
    let now = Instant::now();
    chain
        .offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), now)
        .unwrap();
    assert_eq!(
        chain.offer(&commit(9, vec![row(2, &[monday()], &[staff(1)])]), now),
        None
    );
    let overflow = CommitNotice {
        overflow: true,
        ..commit(10, vec![])
    };
    assert_eq!(chain.offer(&overflow, now), None);
    assert_eq!(
        chain.offer(&commit(11, vec![row(3, &[monday()], &[staff(1)])]), now),
        None
    );
    let notice = chain.due(now + COALESCE).unwrap();
    assert_eq!((notice.prev, notice.revision), (8, 11));
    assert!(notice.overflow && notice.items.is_empty());
}

#[test]
fn each_window_has_a_chain_of_its_own_and_one_that_was_closed_has_none() {
    let mut chains = Chains::default();
    chains.open("operator");
    chains.open("therapist");
    let start = Instant::now();
    let interest = Interest {
        from_day: monday(),
        to_day: monday(),
        staff: Some(vec![staff(2)]),
    };
    chains.watch("therapist", interest);
    let told = chains.offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), start);
    assert_eq!(told.len(), 1, "the therapist is not concerned");
    let later = start + COALESCE;
    let mut told = chains.offer(&commit(9, vec![row(2, &[monday()], &[staff(2)])]), later);
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let prevs: Vec<_> = told
        .iter()
        .map(|(label, notice)| (label.as_str(), notice.prev))
        .collect();
    assert_eq!(
        prevs,
        [("operator", 8), ("therapist", 0)],
        "each goes on from its own last"
    );
    chains.close("therapist");
    let told = chains.offer(&commit(10, vec![row(3, &[monday()], &[staff(2)])]), later + COALESCE);
    assert_eq!(told.len(), 1);
}

#[test]
fn a_change_between_a_windows_first_reading_and_its_watching_is_not_missed() {
    let mut chains = Chains::default();
    chains.open("operator");
    let told = chains.offer(&commit(8, vec![row(1, &[monday()], &[staff(1)])]), Instant::now());
    assert_eq!(
        told.len(),
        1,
        "a window that has not said what it shows is told of everything"
    );
    let interest = Interest {
        from_day: date(2026, 12, 1),
        to_day: date(2026, 12, 1),
        staff: None,
    };
    assert_eq!(
        chains.watch("operator", interest),
        8,
        "what went by meanwhile can be asked for"
    );
}

#[test]
fn a_window_of_the_whole_clinic_hears_of_other_days_for_its_lists() {
    let elsewhere = commit(8, vec![row(1, &[date(2026, 12, 1)], &[staff(1)])]);
    assert!(watching(None).offer(&elsewhere, Instant::now()).is_some());
}

#[test]
fn more_rows_than_are_worth_listing_ask_for_a_new_reading() {
    let rows = (0..65).map(|n| row(n, &[monday()], &[staff(1)])).collect();
    let notice = watching(None).offer(&commit(8, rows), Instant::now()).unwrap();
    assert!(notice.overflow && notice.items.is_empty());
}
