//! Whether an act still makes sense by the time it can be sent. Pure.
//!
//! An act that was kept while the network was gone may reach the server hours later. "Arrived" then says something wrong
//! about now, and a booking may have slipped into the past. Such an act asks a person; it does not fire.

use crate::backend::Act;
use deskbell_clinic::{Kind, Row, Step};
use jiff::{SignedDuration, Timestamp};

/// A step that says "now" is not sent when it is older than this.
pub const NOW_LASTS: SignedDuration = SignedDuration::from_hours(2);
/// Acts younger than this are sent as they are: nobody books into the past by being offline for a moment.
const MOMENT: SignedDuration = SignedDuration::from_mins(10);

/// Why a person is asked before the act goes out; none sends it.
pub fn asks(kind: Kind, act: &Act, kept_at: Timestamp, now: Timestamp) -> Option<String> {
    let age = now.duration_since(kept_at);
    match act {
        Act::Step(step) if says_now(step.step) && age > NOW_LASTS => Some(
            "This was done while there was no connection, hours ago. Check how the appointment stands, then send or discard it."
                .to_owned(),
        ),
        Act::Put(body) if kind == Kind::Appointment && age > MOMENT => {
            let Ok(Row::Appointment(row)) = Row::read(kind, body) else { return None };
            // What was in the past already when the person did it, they meant so.
            (row.span.start() > kept_at && row.span.start() <= now).then(|| {
                "Its time has passed while there was no connection. Check it, then send or discard it.".to_owned()
            })
        }
        Act::Put(_) | Act::Delete | Act::Step(_) | Act::Payment(_) => None,
    }
}

const fn says_now(step: Step) -> bool {
    matches!(
        step,
        Step::Depart
            | Step::Arrive
            | Step::Start
            | Step::Finish
            | Step::MarkNoShow
            | Step::DropOff
            | Step::CallPickup
            | Step::TakePickup
            | Step::Return
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::wire::StepRequest;
    use serde_json::json;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + minute * 60).unwrap()
    }

    fn step(step: Step) -> Act {
        Act::Step(StepRequest {
            step,
            client: None,
            reason: None,
            acted_at: at(0),
        })
    }

    fn booking(start: i64) -> Act {
        Act::Put(json!({
            "id": "00000000-0000-0000-0000-000000000001", "series": null, "clients": [], "assignments": [],
            "services": [], "span": {"start": at(start), "end": at(start + 60)}, "place": {"at": "anywhere"},
            "status": "confirmed", "step": null, "notes": "", "reason": null, "answer_due": null,
            "overlap_accepted": null,
        }))
    }

    #[test]
    fn arrived_said_hours_ago_asks_and_said_just_now_does_not() {
        assert!(asks(Kind::Appointment, &step(Step::Arrive), at(0), at(121)).is_some());
        assert_eq!(asks(Kind::Appointment, &step(Step::Arrive), at(0), at(119)), None);
    }

    #[test]
    fn what_says_nothing_about_now_is_sent_however_late() {
        assert_eq!(asks(Kind::Appointment, &step(Step::Cancel), at(0), at(10_000)), None);
        assert_eq!(asks(Kind::Availability, &Act::Delete, at(0), at(10_000)), None);
    }

    #[test]
    fn a_booking_whose_time_passed_while_offline_asks() {
        assert!(asks(Kind::Appointment, &booking(30), at(0), at(31)).is_some());
        assert_eq!(
            asks(Kind::Appointment, &booking(60), at(0), at(31)),
            None,
            "its time is still to come"
        );
        assert_eq!(
            asks(Kind::Appointment, &booking(-30), at(0), at(31)),
            None,
            "it was entered after the fact"
        );
    }
}
