//! Another time, length or staff member for a booking. The rules are asked with every place that it is dragged over, and
//! again when it is let go: a window colours what they said and works nothing out by itself.

use super::bookings::{ALTERNATIVES_AHEAD, clash_line, opening};
use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{BookingAnswer, BookingMove, ClashLine, Scene, parse_clock, parse_day};
use deskbell_clinic::rules::clash::{Clash, clashes, refused};
use deskbell_clinic::rules::openings::alternatives;
use deskbell_clinic::{Answer, Appointment, Calendar, Kind, OverlapAccepted, Span, Task};
use jiff::SignedDuration;

/// A day on either side: what is in the way may have begun the evening before.
const AROUND: SignedDuration = SignedDuration::from_hours(24);
/// The shortest booking, in minutes.
const SHORTEST: u32 = 5;
/// The longest booking, in minutes.
const LONGEST: u32 = 12 * 60;

/// Why a booking lies over something that lay there before it was moved and taken back.
const TAKEN_BACK: &str = "Taken back to where it was";

/// A booking as it would be, and what stands in its way.
struct Proposed {
    scene: Scene,
    before: Appointment,
    after: Appointment,
    found: Vec<Clash>,
}

impl Proposed {
    fn lines(&self) -> Vec<ClashLine> {
        self.found.iter().map(|clash| clash_line(&self.scene, clash)).collect()
    }
}

impl Desk {
    /// What the rules say about a move: what is in the way, the hard first. Nothing is kept.
    ///
    /// # Errors
    /// When the wish is none (a bad time, a length out of range), the booking may not be moved, or nobody is signed in.
    pub async fn try_move(&self, to: BookingMove) -> Result<Vec<ClashLine>, DeskError> {
        Ok(self.proposed(&to, AROUND).await?.lines())
    }

    /// Moves a booking. When a hard clash is in the way and no reason to override it is given, nothing is kept and the
    /// answer says what is in the way and where there is room.
    ///
    /// # Errors
    /// As for [`Desk::try_move`]; also when the act cannot be kept (a full disk).
    pub async fn move_booking(&self, to: BookingMove) -> Result<BookingAnswer, DeskError> {
        self.move_with(to, |_| None).await
    }

    /// Moves a booking, and keeps with it the task that comes of it: both, or neither; and both are taken back together.
    pub(super) async fn move_with(
        &self,
        to: BookingMove,
        task: impl FnOnce(&Appointment) -> Option<Task>,
    ) -> Result<BookingAnswer, DeskError> {
        let proposed = self.proposed(&to, ALTERNATIVES_AHEAD).await?;
        let lines = proposed.lines();
        let Proposed {
            scene,
            before,
            after,
            found,
        } = proposed;
        if refused(&found, after.overlap_accepted.as_ref()) {
            let asked = scene.calendar.day_of(after.span.start());
            let open = alternatives(&after, &scene.facts(), scene.now);
            let alternatives = open.into_iter().map(|open| opening(&scene, asked, open)).collect();
            return Ok(BookingAnswer::Refused {
                clashes: lines,
                alternatives,
            });
        }
        let before = self.as_it_may_come_back(&scene, before);
        let base_version = self.version_of(Kind::Appointment, before.id.uuid()).await?;
        let appointment = after.id;
        let task = task(&before);
        let no_task = task.as_ref().map(|task| Intent::Delete {
            kind: Kind::Task,
            id: task.id.uuid(),
            base_version: None,
        });
        let acts = [Intent::put(after, base_version)].into_iter();
        let acts = acts.chain(task.map(|task| Intent::put(task, None))).collect();
        let all = self.keep_all(acts).await?;
        let Some(&kept) = all.first() else {
            return Err(DeskError::bad_input("There is nothing to keep."));
        };
        let revision = all.last().map_or(kept.revision, |last| last.revision);
        let back = [Intent::put(before, base_version)].into_iter().chain(no_task);
        self.remember_together(all.iter().map(|kept| kept.operation).zip(back).collect());
        Ok(BookingAnswer::Kept {
            appointment,
            operation: kept.operation,
            revision,
            warnings: lines,
        })
    }

    /// A booking that lay over something already (its staff member was marked as away) may go back there: it would be
    /// refused as if it were new.
    fn as_it_may_come_back(&self, scene: &Scene, mut before: Appointment) -> Appointment {
        let accepted = before.overlap_accepted.as_ref();
        if self.holds().overrides && refused(&clashes(&before, &scene.facts()), accepted) {
            before.overlap_accepted = self.account().map(|account| OverlapAccepted {
                by: account.account,
                reason: TAKEN_BACK.to_owned(),
            });
        }
        before
    }

    async fn proposed(&self, to: &BookingMove, ahead: SignedDuration) -> Result<Proposed, DeskError> {
        let before = self.appointment(to.appointment).await?;
        if !self.actions(&before).may_move {
            return Err(DeskError::bad_input(
                "This booking cannot be moved any more: it has moved on.",
            ));
        }
        let day = parse_day(&to.day).map_err(DeskError::bad_input)?;
        let mut scene = self
            .scene(move |calendar, now| {
                let wished = calendar.day(day);
                // Alternatives begin now at the earliest; while it is only tried, none are looked for.
                let from = if ahead == AROUND {
                    wished.start()
                } else {
                    wished.start().min(now)
                };
                Ok(Wanted {
                    spans: vec![Span::new(from - AROUND, wished.end() + ahead).unwrap_or(wished)],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        for attendee in &before.clients {
            if scene.client(attendee.client).is_none() {
                scene.clients.extend(self.client(attendee.client).await?);
            }
        }
        let by = self.account().ok_or_else(DeskError::signed_out)?.account;
        let mut after = moved(&scene.calendar, &before, to)?;
        let reason = to.override_reason.as_deref().map_or("", str::trim);
        after.overlap_accepted = (!reason.is_empty() && self.holds().overrides).then(|| OverlapAccepted {
            by,
            reason: reason.to_owned(),
        });
        let found = clashes(&after, &scene.facts());
        Ok(Proposed {
            scene,
            before,
            after,
            found,
        })
    }
}

/// The booking at its new place; whoever is new to it has not answered yet.
pub(super) fn moved(calendar: &Calendar, before: &Appointment, to: &BookingMove) -> Result<Appointment, DeskError> {
    let day = parse_day(&to.day).map_err(DeskError::bad_input)?;
    let start = parse_clock(&to.start).map_err(DeskError::bad_input)?;
    if !(SHORTEST..=LONGEST).contains(&to.minutes) {
        return Err(DeskError::bad_input("A booking takes 5 minutes to 12 hours."));
    }
    let stays = before.span.start();
    // In the hour that comes twice when the clocks go back, a booking that keeps its time keeps its instant.
    let from = if calendar.day_of(stays) == day && calendar.time_of(stays) == start {
        stays
    } else {
        calendar.at(day, start)
    };
    let span = Span::of_minutes(from, to.minutes).ok_or_else(|| DeskError::bad_input("This time is too far away."))?;
    let mut after = before.clone();
    if to.staff != to.from_staff {
        if before.staff().any(|staff| staff == to.staff) {
            return Err(DeskError::bad_input("They work on this booking already."));
        }
        let taken_over = after
            .assignments
            .iter_mut()
            .find(|assignment| assignment.staff == to.from_staff)
            .ok_or_else(|| DeskError::bad_input("Somebody else works on this booking by now."))?;
        taken_over.staff = to.staff;
        taken_over.answer = Answer::Pending;
    }
    after.span = span;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::{AppointmentId, Assignment, Part, StaffId};
    use jiff::Timestamp;
    use uuid::Uuid;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));
    const BEN: StaffId = StaffId(Uuid::from_u128(2));

    fn calendar() -> Calendar {
        Calendar::new("Europe/Berlin", vec![]).unwrap()
    }

    fn booked(start: &str) -> Appointment {
        let start: Timestamp = start.parse().unwrap();
        let mut row: Appointment = serde_json::from_value(serde_json::json!({
            "id": Uuid::from_u128(9), "series": null, "clients": [], "assignments": [], "services": [],
            "span": { "start": start, "end": start + SignedDuration::from_mins(60) }, "place": { "at": "anywhere" },
            "status": "confirmed", "step": null, "notes": "", "reason": null, "answer_due": null,
            "overlap_accepted": null,
        }))
        .unwrap();
        row.assignments.push(Assignment {
            staff: ANA,
            part: Part::Therapist,
            answer: Answer::Accepted,
        });
        row
    }

    fn wish(staff: StaffId, day: &str, start: &str, minutes: u32) -> BookingMove {
        BookingMove {
            appointment: AppointmentId(Uuid::from_u128(9)),
            from_staff: ANA,
            staff,
            day: day.into(),
            start: start.into(),
            minutes,
            override_reason: None,
        }
    }

    #[test]
    fn another_person_takes_the_part_over_and_has_not_answered_yet() {
        let before = booked("2026-11-23T09:00:00Z");
        let after = moved(&calendar(), &before, &wish(BEN, "2026-11-24", "14:30", 45)).unwrap();
        assert_eq!(
            (after.assignments[0].staff, after.assignments[0].answer),
            (BEN, Answer::Pending)
        );
        assert_eq!(after.span.start(), "2026-11-24T13:30:00Z".parse().unwrap());
        assert_eq!(after.span.minutes(), 45);
        let same = moved(&calendar(), &before, &wish(ANA, "2026-11-24", "14:30", 45)).unwrap();
        assert_eq!(
            same.assignments[0].answer,
            Answer::Accepted,
            "who stays keeps their answer"
        );
    }

    #[test]
    fn a_longer_booking_in_the_doubled_hour_keeps_its_instant() {
        // 25 October 2026, 02:10 comes at 00:10 and again at 01:10 UTC.
        let second = booked("2026-10-25T01:10:00Z");
        let after = moved(&calendar(), &second, &wish(ANA, "2026-10-25", "02:10", 90)).unwrap();
        assert_eq!(after.span.start(), second.span.start());
    }

    #[test]
    fn a_length_out_of_range_and_a_person_twice_are_refused() {
        let mut before = booked("2026-11-23T09:00:00Z");
        for minutes in [0, 4, 721] {
            assert!(moved(&calendar(), &before, &wish(ANA, "2026-11-23", "10:00", minutes)).is_err());
        }
        before.assignments.push(Assignment {
            staff: BEN,
            part: Part::Therapist,
            answer: Answer::Pending,
        });
        let twice = moved(&calendar(), &before, &wish(BEN, "2026-11-23", "10:00", 60)).unwrap_err();
        assert!(twice.to_string().contains("already"), "{twice}");
    }
}
