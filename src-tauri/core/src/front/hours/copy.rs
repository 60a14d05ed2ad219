//! The hours of one week once more in the next: most weeks are like the one before.

use crate::desk::{Desk, DeskError};
use crate::front::scenes::Wanted;
use crate::outbox::intent::Intent;
use crate::view::{HoursCopied, Scene, parse_day};
use deskbell_clinic::rules::occurrences::of_availability;
use deskbell_clinic::{Availability, AvailabilityId, Kind, Repeat, Span, StaffId};
use jiff::ToSpan;
use jiff::civil::Date;
use uuid::Uuid;

impl Desk {
    /// Opens the hours of the week before once more in the week of `week` (an ISO date), one by one and not repeating.
    /// What would lie over hours that are there already, or is over, is left out.
    ///
    /// # Errors
    /// When nothing is left to copy, this account may not, or the acts cannot be kept (a full disk).
    pub async fn copy_week(&self, staff: StaffId, week: &str) -> Result<HoursCopied, DeskError> {
        let staff = self.whose(Some(staff)).await?.id;
        let first = self.customs().week_of(parse_day(week).map_err(DeskError::bad_input)?);
        let scene = self
            .scene(move |calendar, _| {
                let (from, to) = (week_before(first), first.saturating_add(6.days()));
                let both = Span::new(calendar.day(from).start(), calendar.day(to).end());
                Ok(Wanted {
                    spans: vec![both.unwrap_or_else(|_| calendar.day(first))],
                    staff: Some(vec![staff]),
                    desk_lists: false,
                })
            })
            .await?;
        let copies = copies(&scene, staff, first);
        let count = u32::try_from(copies.len()).unwrap_or(u32::MAX);
        if copies.is_empty() {
            return Err(DeskError::bad_input(
                "There is nothing to copy: the week before has no hours that are not in this one already.",
            ));
        }
        let back = copies.iter().map(|row| Intent::Delete {
            kind: Kind::Availability,
            id: row.id.uuid(),
            base_version: None,
        });
        let back = back.collect();
        let acts = copies.into_iter().map(|row| Intent::put(row, None)).collect();
        let kept = self.keep_together(acts, back).await?;
        Ok(HoursCopied { kept, count })
    }
}

fn week_before(first: Date) -> Date {
    first.saturating_sub(7.days())
}

fn copies(scene: &Scene, staff: StaffId, first: Date) -> Vec<Availability> {
    let calendar = &scene.calendar;
    let week = |first: Date| {
        let last = calendar.day(first.saturating_add(6.days()));
        Span::new(calendar.day(first).start(), last.end()).unwrap_or(last)
    };
    let (before, after) = (week(week_before(first)), week(first));
    let own = || scene.availabilities.iter().filter(|row| row.staff == staff);
    // What begins on Sunday evening may end in the week after.
    let reach = after.widened(0, 24 * 60);
    let mut there: Vec<Span> = own().flat_map(|row| of_availability(row, calendar, reach)).collect();
    let mut made = vec![];
    for row in own() {
        let begun = of_availability(row, calendar, before).into_iter();
        for span in begun.filter(|span| before.contains(span.start())) {
            let Some(span) = calendar.weeks_later(span, 1) else {
                continue;
            };
            if span.end() <= scene.now || there.iter().any(|other| other.overlaps(span)) {
                continue;
            }
            there.push(span);
            made.push(Availability {
                id: AvailabilityId(Uuid::now_v7()),
                span,
                repeat: Repeat::None,
                ..row.clone()
            });
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::Calendar;
    use jiff::civil::date;
    use serde_json::json;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));

    /// Hours in Manila's November, as UTC.
    fn hours(start: &str, end: &str, repeat: &serde_json::Value) -> Availability {
        serde_json::from_value(json!({
            "id": Uuid::now_v7(), "staff": ANA, "services": [], "note": "Nights", "repeat": repeat,
            "span": { "start": format!("2026-11-{start}:00:00Z"), "end": format!("2026-11-{end}:00:00Z") },
        }))
        .unwrap()
    }

    fn scene(availabilities: Vec<Availability>) -> Scene {
        let calendar = Calendar::new("Asia/Manila", vec![]).unwrap();
        let mut scene = Scene::empty(7, "2026-11-20T02:00:00Z".parse().unwrap(), calendar);
        scene.availabilities = availabilities;
        scene
    }

    #[test]
    fn what_is_there_once_is_there_a_week_later_also_past_midnight() {
        // Sunday 22 November, 22:00 to 02:00.
        let once = hours("22T14", "22T18", &json!({ "every": "none" }));
        let made = copies(&scene(vec![once.clone()]), ANA, date(2026, 11, 23));
        let [copy] = &made[..] else { panic!("one is made") };
        let a_week_later: Span = serde_json::from_value(json!({
            "start": "2026-11-29T14:00:00Z", "end": "2026-11-29T18:00:00Z",
        }))
        .unwrap();
        assert_eq!(copy.span, a_week_later);
        assert_eq!((copy.note.as_str(), &copy.repeat), ("Nights", &Repeat::None));
        assert_ne!(copy.id, once.id);
    }

    #[test]
    fn what_comes_again_by_itself_or_would_lie_over_other_hours_is_left_out() {
        let weekly = json!({ "every": "weekly", "weeks": 1, "until": null, "except": [] });
        let again = hours("16T01", "16T05", &weekly);
        let tuesday = hours("17T01", "17T05", &json!({ "every": "none" }));
        let over_it = hours("24T04", "24T08", &json!({ "every": "none" }));
        let made = copies(&scene(vec![again, tuesday, over_it]), ANA, date(2026, 11, 23));
        assert_eq!(made, []);
    }

    #[test]
    fn every_second_week_fills_the_week_between() {
        let second = json!({ "every": "weekly", "weeks": 2, "until": null, "except": [] });
        let made = copies(&scene(vec![hours("16T01", "16T05", &second)]), ANA, date(2026, 11, 23));
        assert_eq!(made.len(), 1);
    }

    #[test]
    fn what_would_be_over_already_and_somebody_elses_hours_are_left_out() {
        let early = hours("09T01", "09T05", &json!({ "every": "none" }));
        let ben = Availability {
            staff: StaffId(Uuid::from_u128(2)),
            ..hours("16T01", "16T05", &json!({ "every": "none" }))
        };
        let scene = scene(vec![early, ben]);
        assert_eq!(copies(&scene, ANA, date(2026, 11, 16)), []);
        assert_eq!(copies(&scene, ANA, date(2026, 11, 23)), []);
    }
}
