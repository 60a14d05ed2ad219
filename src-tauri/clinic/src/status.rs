//! How far an appointment has come, and who may move it on.
//!
//! One table holds the allowed steps. It is the sync API's answer only: windows and outbox ask a backend's `actions`,
//! because other backends allow other steps.

use crate::appointment::Appointment;
use crate::ids::{AccountId, StaffId};
use crate::staff::Role;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Where an appointment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The staff member has been asked.
    Requested,
    /// Booked.
    Confirmed,
    /// Staff is on the way to the client.
    EnRoute,
    /// The client is here, or the staff is there.
    Arrived,
    /// Being treated.
    InSession,
    /// Treated, to be paid.
    AwaitingPayment,
    /// Done.
    Completed,
    /// The staff member said no.
    Declined,
    /// Called off.
    Cancelled,
    /// The client did not come.
    NoShow,
    /// Nobody answered in time.
    Expired,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 11] = [
        Status::Requested,
        Status::Confirmed,
        Status::EnRoute,
        Status::Arrived,
        Status::InSession,
        Status::AwaitingPayment,
        Status::Completed,
        Status::Declined,
        Status::Cancelled,
        Status::NoShow,
        Status::Expired,
    ];

    /// Whether an appointment in this status takes the time of its staff and room.
    pub const fn takes_time(self) -> bool {
        !matches!(
            self,
            Status::Declined | Status::Cancelled | Status::NoShow | Status::Expired
        )
    }

    /// Whether nothing but a correction leaves it.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Status::Completed | Status::Declined | Status::Cancelled | Status::NoShow | Status::Expired
        )
    }
}

/// One act that moves an appointment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The staff asked says yes.
    Accept,
    /// The staff asked says no.
    Decline,
    /// Staff sets off.
    Depart,
    /// The client is here.
    Arrive,
    /// Treatment begins.
    Start,
    /// Treatment is over, payment is open.
    Finish,
    /// All done and paid.
    Complete,
    /// Called off.
    Cancel,
    /// The client did not come.
    MarkNoShow,
    /// Nobody answered in time.
    Expire,
    /// Back to the status before: the last step was a mistake.
    Correct,
    /// The desk lets a visit begin that everyone has accepted.
    Release,
    /// The driver has let the staff out at the client's.
    DropOff,
    /// The staff asks to be fetched.
    CallPickup,
    /// The driver comes to fetch them.
    TakePickup,
    /// The staff is back.
    Return,
    /// The desk does not accept that the staff said no: they are asked again.
    Reinstate,
}

impl Step {
    /// Every step. Those after `Correct` are only taken at servers of clinics that visit their clients.
    pub const ALL: [Step; 17] = [
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
        Step::Release,
        Step::DropOff,
        Step::CallPickup,
        Step::TakePickup,
        Step::Return,
        Step::Reinstate,
    ];
}

/// Who wants to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Their account.
    pub account: AccountId,
    /// Their role.
    pub role: Role,
    /// The staff member they are, when they are one.
    pub staff: Option<StaffId>,
}

/// What a person may do with an appointment now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actions {
    /// Steps, the usual one first. `Correct` is not among them: see `correction`.
    pub steps: Vec<Step>,
    /// Where a correction leads, when this person may correct.
    pub correction: Option<Status>,
    /// Whether they may move it: span, staff, place.
    pub may_move: bool,
    /// Whether they may record now that it was paid, at a server where that is a step of its own.
    pub may_take_payment: bool,
}

struct Transition {
    from: &'static [Status],
    step: Step,
    to: Status,
    /// Whether a therapist or driver who is assigned may do it; the desk may do all of them.
    assigned: &'static [Role],
}

use Status::{
    Arrived, AwaitingPayment, Cancelled, Completed, Confirmed, Declined, EnRoute, Expired, InSession, NoShow, Requested,
};

const TABLE: &[Transition] = &[
    Transition {
        from: &[Requested],
        step: Step::Accept,
        to: Confirmed,
        assigned: &[Role::Therapist, Role::Driver],
    },
    Transition {
        from: &[Requested],
        step: Step::Decline,
        to: Declined,
        assigned: &[Role::Therapist, Role::Driver],
    },
    Transition {
        from: &[Confirmed, EnRoute],
        step: Step::Arrive,
        to: Arrived,
        assigned: &[Role::Therapist, Role::Driver],
    },
    Transition {
        from: &[Confirmed],
        step: Step::Depart,
        to: EnRoute,
        assigned: &[Role::Therapist, Role::Driver],
    },
    Transition {
        from: &[Arrived],
        step: Step::Start,
        to: InSession,
        assigned: &[Role::Therapist],
    },
    Transition {
        from: &[InSession],
        step: Step::Finish,
        to: AwaitingPayment,
        assigned: &[Role::Therapist],
    },
    Transition {
        from: &[AwaitingPayment, InSession],
        step: Step::Complete,
        to: Completed,
        assigned: &[],
    },
    Transition {
        from: &[Confirmed, EnRoute],
        step: Step::MarkNoShow,
        to: NoShow,
        assigned: &[Role::Therapist],
    },
    Transition {
        from: &[Requested, Confirmed, EnRoute, Arrived],
        step: Step::Cancel,
        to: Cancelled,
        assigned: &[],
    },
    Transition {
        from: &[Requested],
        step: Step::Expire,
        to: Expired,
        assigned: &[],
    },
];

/// How long an author may take their own last step back.
pub const CORRECTION_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// What `actor` may do with `row` at `now`, by the sync API's table.
pub fn actions(row: &Appointment, actor: &Actor, now: Timestamp) -> Actions {
    let assigned = actor.staff.is_some_and(|me| row.staff().any(|staff| staff == me));
    let may =
        |transition: &&Transition| actor.role.is_desk() || (assigned && transition.assigned.contains(&actor.role));
    Actions {
        steps: TABLE
            .iter()
            .filter(|t| t.from.contains(&row.status))
            .filter(may)
            .map(|t| t.step)
            .collect(),
        correction: correction(row, actor, now),
        may_move: actor.role.is_desk() && matches!(row.status, Requested | Confirmed),
        may_take_payment: false,
    }
}

/// Where `step` leads from `from`, when the table knows it. `Correct` needs the history: see [`actions`].
pub fn target(from: Status, step: Step) -> Option<Status> {
    TABLE
        .iter()
        .find(|t| t.step == step && t.from.contains(&from))
        .map(|t| t.to)
}

fn correction(row: &Appointment, actor: &Actor, now: Timestamp) -> Option<Status> {
    let [.., before, last] = row.history.as_slice() else {
        return None;
    };
    let author_in_time = last.by == actor.account && now.duration_since(last.at) <= CORRECTION_WINDOW;
    (actor.role.is_desk() || author_in_time).then_some(before.status)
}
