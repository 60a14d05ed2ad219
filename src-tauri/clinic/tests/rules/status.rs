//! The table of steps: who may do what from where, exhaustively.

use crate::floor::{account, assignment, at, booking, span, staff};
use deskbell_clinic::status::{CORRECTION_WINDOW, actions, target};
use deskbell_clinic::{Actor, Appointment, Part, Role, Stage, Status, Step};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

const STEPS: [Step; 11] = [
    Step::Accept,
    Step::Decline,
    Step::Depart,
    Step::Arrive,
    Step::Start,
    Step::Finish,
    Step::Complete,
    Step::Cancel,
    Step::MarkNoShow,
    Step::Expire,
    Step::Correct,
];
const ROLES: [Role; 4] = [Role::Operator, Role::Therapist, Role::Driver, Role::Admin];

/// Therapist 0 treats, driver 3 drives; account 0 made the last step at minute 0.
fn standing(status: Status) -> Appointment {
    let mut row = booking(1, 0, 0, span(60, 120));
    row.assignments.push(assignment(3, Part::Driver));
    row.status = status;
    let stage = |status, minute| Stage {
        status,
        at: at(minute),
        by: account(0),
    };
    row.history = vec![stage(Status::Requested, -60), stage(status, 0)];
    row
}

fn actor(role: Role, who: Option<u128>) -> Actor {
    Actor {
        account: account(9),
        role,
        staff: who.map(staff),
    }
}

fn desk() -> Actor {
    actor(Role::Operator, None)
}

fn now() -> Timestamp {
    at(1)
}

#[test]
fn every_status_that_is_not_final_has_a_way_out_for_the_desk_and_a_final_one_has_none() {
    for status in Status::ALL {
        for desk in [desk(), actor(Role::Admin, None)] {
            let steps = actions(&standing(status), &desk, now()).steps;
            assert_eq!(steps.is_empty(), status.is_final(), "{status:?}: {steps:?}");
        }
    }
}

#[test]
fn what_the_desk_may_do_is_what_leads_somewhere() {
    for status in Status::ALL {
        let steps = actions(&standing(status), &desk(), now()).steps;
        for step in STEPS {
            assert_eq!(
                steps.contains(&step),
                target(status, step).is_some(),
                "{status:?} {step:?}"
            );
            assert_ne!(target(status, step), Some(status), "{step:?} stays where it is");
        }
        let offered: HashSet<Step> = steps.iter().copied().collect();
        assert_eq!(offered.len(), steps.len(), "no step is offered twice: {steps:?}");
    }
}

#[test]
fn every_status_can_be_reached_from_a_request() {
    let mut reached = vec![Status::Requested];
    let mut next = 0;
    while let Some(from) = reached.get(next).copied() {
        for to in STEPS.into_iter().filter_map(|step| target(from, step)) {
            if !reached.contains(&to) {
                reached.push(to);
            }
        }
        next += 1;
    }
    assert!(Status::ALL.iter().all(|status| reached.contains(status)), "{reached:?}");
}

#[test]
fn nobody_but_the_desk_may_step_somebody_elses_appointment() {
    for status in Status::ALL {
        for role in ROLES {
            for who in [None, Some(1), Some(2)] {
                let may = actions(&standing(status), &actor(role, who), now());
                if role.is_desk() {
                    continue;
                }
                assert_eq!(may.steps, [], "{status:?} {role:?}");
                assert_eq!(may.correction, None, "{status:?} {role:?}");
                assert!(!may.may_move, "{status:?} {role:?}");
            }
        }
    }
}

#[test]
fn a_therapist_treats_but_does_not_take_money_and_a_driver_does_neither() {
    let may = |status, role, who| actions(&standing(status), &actor(role, Some(who)), now()).steps;
    assert_eq!(
        may(Status::Requested, Role::Therapist, 0),
        [Step::Accept, Step::Decline]
    );
    assert_eq!(may(Status::Arrived, Role::Therapist, 0), [Step::Start]);
    assert_eq!(may(Status::InSession, Role::Therapist, 0), [Step::Finish]);
    assert_eq!(may(Status::AwaitingPayment, Role::Therapist, 0), []);
    assert_eq!(may(Status::Confirmed, Role::Driver, 3), [Step::Arrive, Step::Depart]);
    assert_eq!(may(Status::Arrived, Role::Driver, 3), []);
    assert_eq!(may(Status::InSession, Role::Driver, 3), []);
}

#[test]
fn a_step_is_corrected_by_its_author_within_ten_minutes_and_by_the_desk_at_any_time() {
    let mut author = actor(Role::Therapist, Some(0));
    author.account = account(0);
    let late = at(0) + CORRECTION_WINDOW + SignedDuration::from_nanos(1);
    for status in Status::ALL {
        let row = standing(status);
        let correction = |actor: &Actor, now| actions(&row, actor, now).correction;
        assert_eq!(
            correction(&author, at(0) + CORRECTION_WINDOW),
            Some(Status::Requested),
            "{status:?}"
        );
        assert_eq!(correction(&author, late), None, "{status:?}");
        assert_eq!(
            correction(&actor(Role::Therapist, Some(0)), at(0)),
            None,
            "somebody else's step"
        );
        assert_eq!(correction(&desk(), at(100_000)), Some(Status::Requested), "{status:?}");
    }
}

#[test]
fn there_is_nothing_to_correct_before_the_first_step() {
    let mut row = standing(Status::Requested);
    row.history.truncate(1);
    assert_eq!(actions(&row, &desk(), now()).correction, None);
    row.history.clear();
    assert_eq!(actions(&row, &desk(), now()).correction, None);
}

#[test]
fn only_the_desk_moves_a_booking_and_only_before_anybody_came() {
    for status in Status::ALL {
        let movable = matches!(status, Status::Requested | Status::Confirmed);
        assert_eq!(
            actions(&standing(status), &desk(), now()).may_move,
            movable,
            "{status:?}"
        );
        assert!(!actions(&standing(status), &actor(Role::Therapist, Some(0)), now()).may_move);
    }
}
