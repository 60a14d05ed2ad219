//! The steps of that server, in its own order: who may take which from where, what is called for it, and where it leads.

use super::status::status_of;
use crate::backend::Landing;
use deskbell_clinic::{Actions, Actor, Answer, Appointment, Part, Role, Status, Step};

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Any operator.
    Desk,
    /// An operator whom the server counts among its staff.
    SeniorDesk,
    /// A therapist of the booking.
    Therapist,
    /// The therapist of a booking that has one only: the server refuses a group's.
    OnlyTherapist,
    /// The booking's driver.
    Driver,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// `POST <id>/<name>/` with an empty body.
    Plain(&'static str),
    /// `reject`, with its reason.
    Reject,
    /// `review_rejection`: the rejection stands, and the booking is deleted.
    AcceptRejection,
    /// `review_rejection`: the staff is asked again.
    DenyRejection,
    /// `request_pickup`.
    RequestPickup,
}

struct Transition {
    from: &'static [&'static str],
    step: Step,
    by: &'static [By],
    call: Call,
    to: &'static str,
}

const fn step(
    from: &'static [&'static str],
    step: Step,
    by: &'static [By],
    call: Call,
    to: &'static str,
) -> Transition {
    Transition {
        from,
        step,
        by,
        call,
        to,
    }
}

/// Bookings that the desk may still call off. The server would let it call off any.
const BEFORE_THE_SESSION: &[&str] = &[
    "pending",
    "therapist_confirmed",
    "driver_confirmed",
    "confirmed",
    "in_progress",
    "journey",
    "arrived",
    "dropped_off",
    "therapist_confirm",
    "driver_confirm",
    "driver_assigned",
];

/// In the order in which a booking goes through them. The older `accept` path is left to what is on it already.
const TABLE: &[Transition] = &[
    step(
        &["pending"],
        Step::Accept,
        &[By::Therapist],
        Call::Plain("therapist_confirm"),
        "therapist_confirmed",
    ),
    step(
        &["therapist_confirmed"],
        Step::Accept,
        &[By::Driver],
        Call::Plain("driver_confirm"),
        "driver_confirmed",
    ),
    step(
        &["pending"],
        Step::Decline,
        &[By::OnlyTherapist, By::Driver],
        Call::Reject,
        "rejected",
    ),
    step(
        &["driver_confirmed"],
        Step::Release,
        &[By::SeniorDesk],
        Call::Plain("start_appointment"),
        "in_progress",
    ),
    step(
        &["confirmed"],
        Step::Release,
        &[By::OnlyTherapist],
        Call::Plain("start"),
        "in_progress",
    ),
    step(
        &["in_progress"],
        Step::Depart,
        &[By::Driver],
        Call::Plain("start_journey"),
        "journey",
    ),
    step(
        &["journey"],
        Step::Arrive,
        &[By::Driver],
        Call::Plain("arrive_at_location"),
        "arrived",
    ),
    step(
        &["arrived"],
        Step::DropOff,
        &[By::Driver],
        Call::Plain("drop_off_therapist"),
        "dropped_off",
    ),
    step(
        &["dropped_off"],
        Step::Start,
        &[By::Therapist],
        Call::Plain("start_session"),
        "session_in_progress",
    ),
    step(
        &["session_in_progress"],
        Step::Finish,
        &[By::Therapist],
        Call::Plain("mark_awaiting_payment"),
        "awaiting_payment",
    ),
    step(
        &["payment_verified"],
        Step::Complete,
        &[By::Desk],
        Call::Plain("complete"),
        "completed",
    ),
    step(
        &["completed"],
        Step::CallPickup,
        &[By::Therapist],
        Call::RequestPickup,
        "pickup_requested",
    ),
    step(
        &["driver_assigned_pickup"],
        Step::TakePickup,
        &[By::Driver],
        Call::Plain("confirm_pickup"),
        "return_journey",
    ),
    step(
        &["return_journey"],
        Step::Return,
        &[By::Driver],
        Call::Plain("complete_return_journey"),
        "transport_completed",
    ),
    step(
        &["rejected"],
        Step::Reinstate,
        &[By::Desk],
        Call::DenyRejection,
        "pending",
    ),
    step(
        &["rejected"],
        Step::Cancel,
        &[By::Desk],
        Call::AcceptRejection,
        "cancelled",
    ),
    step(
        BEFORE_THE_SESSION,
        Step::Cancel,
        &[By::Desk],
        Call::Plain("cancel"),
        "cancelled",
    ),
];

/// Who asks: the account, and whether the server counts it among its staff.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) actor: Actor,
    pub(super) senior: bool,
}

impl Asker {
    fn is(&self, by: By, row: &Appointment) -> bool {
        let Some(me) = self.actor.staff else {
            return self.is_desk(by);
        };
        let mine = |part: Part| row.assignments.iter().find(|a| a.staff == me && a.part == part);
        match by {
            By::Desk | By::SeniorDesk => self.is_desk(by),
            By::Therapist => mine(Part::Therapist).is_some(),
            By::OnlyTherapist => mine(Part::Therapist).is_some() && row.therapists().count() == 1,
            By::Driver => mine(Part::Driver).is_some(),
        }
    }

    fn is_desk(&self, by: By) -> bool {
        let desk = matches!(self.actor.role, Role::Operator | Role::Admin);
        desk && (by == By::Desk || (by == By::SeniorDesk && self.senior))
    }

    /// In a group the booking waits for the others; who has answered is not asked again.
    fn has_accepted(&self, row: &Appointment) -> bool {
        let answer = row.assignments.iter().find(|a| Some(a.staff) == self.actor.staff);
        answer.is_some_and(|assignment| assignment.answer == Answer::Accepted)
    }
}

/// What a person may do now.
pub(super) fn actions(row: &Appointment, asker: &Asker) -> Actions {
    let steps: Vec<Step> = possible(row, asker).map(|transition| transition.step).collect();
    let desk = asker.is_desk(By::Desk);
    Actions {
        steps,
        correction: None,
        may_move: desk && matches!(row.status, Status::Requested | Status::Confirmed),
        may_take_payment: desk && row.status == Status::AwaitingPayment,
    }
}

/// What is called for a step; none when it is not possible from where the booking stands, or not for this person.
pub(super) fn call(row: &Appointment, asker: &Asker, wanted: Step) -> Option<Call> {
    possible(row, asker)
        .find(|transition| transition.step == wanted)
        .map(|transition| transition.call)
}

/// Where a step leads.
pub(super) fn landing(row: &Appointment, wanted: Step) -> Option<Landing> {
    let raw = row.step.as_deref()?;
    let found = TABLE
        .iter()
        .find(|transition| transition.step == wanted && transition.from.contains(&raw))?;
    Some(Landing {
        status: status_of(found.to),
        step: found.to.to_owned(),
    })
}

fn possible<'a>(row: &'a Appointment, asker: &'a Asker) -> impl Iterator<Item = &'static Transition> + 'a {
    let raw = row.step.as_deref().unwrap_or("");
    TABLE
        .iter()
        .filter(move |transition| transition.from.contains(&raw))
        .filter(move |transition| transition.by.iter().any(|by| asker.is(*by, row)))
        .filter(move |transition| transition.step != Step::Accept || !asker.has_accepted(row))
}

/// Whether a booking stands where a step leads: it was taken, by us or by somebody else.
pub(super) fn landed(before: &Appointment, wanted: Step, now: &Appointment) -> bool {
    let target = landing(before, wanted);
    let fetched = wanted == Step::CallPickup && now.step.as_deref() == Some("driver_assigned_pickup");
    fetched || target.is_some_and(|target| now.step.as_deref() == Some(target.step.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::royal_care::status::STATUSES;
    use deskbell_clinic::{AccountId, AppointmentId, Assignment, Attendee, ClientId, Place, Span, StaffId};
    use jiff::Timestamp;
    use uuid::Uuid;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));
    const BEA: StaffId = StaffId(Uuid::from_u128(2));
    const DAN: StaffId = StaffId(Uuid::from_u128(3));

    fn booking(raw: &str, therapists: &[StaffId]) -> Appointment {
        let assigned = |staff, part| Assignment {
            staff,
            part,
            answer: Answer::Pending,
        };
        let mut assignments: Vec<_> = therapists.iter().map(|id| assigned(*id, Part::Therapist)).collect();
        assignments.push(assigned(DAN, Part::Driver));
        Appointment {
            id: AppointmentId(Uuid::from_u128(9)),
            series: None,
            clients: vec![Attendee {
                client: ClientId(Uuid::from_u128(8)),
                arrived_at: None,
            }],
            assignments,
            services: vec![],
            span: Span::of_minutes(Timestamp::UNIX_EPOCH, 60).unwrap(),
            place: Place::Anywhere,
            status: status_of(raw),
            step: Some(raw.to_owned()),
            notes: String::new(),
            reason: None,
            answer_due: None,
            overlap_accepted: None,
            call_back: String::new(),
            history: vec![],
        }
    }

    fn asker(role: Role, staff: Option<StaffId>, senior: bool) -> Asker {
        let account = AccountId(Uuid::from_u128(7));
        Asker {
            actor: Actor { account, role, staff },
            senior,
        }
    }

    /// Who moves a booking on from each status of the main line, as the server's recorded life of one booking shows.
    #[test]
    fn each_status_of_the_main_line_is_left_by_the_person_whose_step_it_is() {
        let ana = asker(Role::Therapist, Some(ANA), false);
        let dan = asker(Role::Driver, Some(DAN), false);
        let desk = asker(Role::Operator, None, true);
        let line = [
            ("pending", &ana, Step::Accept, "therapist_confirmed"),
            ("therapist_confirmed", &dan, Step::Accept, "driver_confirmed"),
            ("driver_confirmed", &desk, Step::Release, "in_progress"),
            ("in_progress", &dan, Step::Depart, "journey"),
            ("journey", &dan, Step::Arrive, "arrived"),
            ("arrived", &dan, Step::DropOff, "dropped_off"),
            ("dropped_off", &ana, Step::Start, "session_in_progress"),
            ("session_in_progress", &ana, Step::Finish, "awaiting_payment"),
            ("payment_verified", &desk, Step::Complete, "completed"),
            ("completed", &ana, Step::CallPickup, "pickup_requested"),
            ("driver_assigned_pickup", &dan, Step::TakePickup, "return_journey"),
            ("return_journey", &dan, Step::Return, "transport_completed"),
        ];
        for (raw, who, step, to) in line {
            let row = booking(raw, &[ANA]);
            assert_eq!(actions(&row, who).steps.first(), Some(&step), "{raw}");
            assert_eq!(landing(&row, step).unwrap().step, to, "{raw}");
            for other in [&ana, &dan, &desk] {
                let offered = actions(&row, other).steps.contains(&step);
                assert_eq!(offered, std::ptr::eq(other, who), "{raw}: only one of the three");
            }
        }
    }

    #[test]
    fn what_the_server_refuses_is_not_offered() {
        let plain = asker(Role::Operator, None, false);
        assert!(
            !actions(&booking("driver_confirmed", &[ANA]), &plain)
                .steps
                .contains(&Step::Release)
        );
        let ana = asker(Role::Therapist, Some(ANA), false);
        let group = booking("pending", &[ANA, BEA]);
        assert_eq!(
            actions(&group, &ana).steps,
            [Step::Accept],
            "a group's therapist cannot say no there"
        );
        let mut answered = group;
        answered.assignments[0].answer = Answer::Accepted;
        assert_eq!(actions(&answered, &ana).steps, [], "and says yes once");
        let stranger = asker(Role::Therapist, Some(BEA), false);
        assert_eq!(actions(&booking("pending", &[ANA]), &stranger).steps, []);
    }

    #[test]
    fn every_step_leads_to_a_status_of_the_table() {
        for transition in TABLE {
            for name in transition.from.iter().chain([&transition.to]) {
                assert!(STATUSES.iter().any(|(known, _)| known == name), "{name}");
            }
        }
    }
}
