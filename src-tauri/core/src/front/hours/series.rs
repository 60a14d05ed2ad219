//! Hours that come again: an edit of all of them keeps where they began, and one day can leave them.

use crate::desk::DeskError;
use crate::view::{HoursForm, Scene, parse_day};
use deskbell_clinic::rules::occurrences::occurrences;
use deskbell_clinic::{Availability, Calendar, Repeat, Weekly};
use jiff::ToSpan;
use jiff::civil::Date;

/// A form about repeating hours names the day that was looked at, perhaps weeks after the first: the series keeps its
/// beginning, or what lies before that day would be gone.
pub(super) fn of_whole_series(scene: &Scene, before: &Availability, form: HoursForm) -> Result<HoursForm, DeskError> {
    let (Repeat::Weekly(series), Some(weeks @ 1..)) = (&before.repeat, form.repeat_weeks) else {
        return Ok(form);
    };
    let asked = parse_day(&form.day).map_err(DeskError::bad_input)?;
    let first = scene.calendar.day_of(before.span.start());
    let day = first_of_series(first, series.weeks, asked, weeks).to_string();
    Ok(HoursForm { day, ..form })
}

/// Where a series begins after its occurrence on or near `asked` was edited: moved by as many days as that occurrence
/// was; with another rhythm, so that `asked` stays one of its days.
fn first_of_series(first: Date, weeks_before: u8, asked: Date, weeks: u8) -> Date {
    let every = 7 * i32::from(weeks);
    let away = (asked - first).get_days();
    let to_nearest = if weeks == weeks_before { every / 2 } else { 0 };
    let times = (away + to_nearest).div_euclid(every);
    asked.saturating_sub(i64::from(times * every).days())
}

/// An edit of repeating hours does not bring back the days that were taken out.
pub(super) fn keep_exceptions(before: &Availability, after: &mut Availability) {
    if let (Repeat::Weekly(before), Repeat::Weekly(after)) = (&before.repeat, &mut after.repeat) {
        after.except.clone_from(&before.except);
    }
}

/// Repeating hours without those that begin on `day` (an ISO date).
pub(super) fn without_day(calendar: &Calendar, before: &Availability, day: &str) -> Result<Availability, DeskError> {
    let day = parse_day(day).map_err(DeskError::bad_input)?;
    let Repeat::Weekly(series) = &before.repeat else {
        return Err(DeskError::bad_input("These hours do not come again."));
    };
    let comes = occurrences(before.span, &before.repeat, calendar, calendar.day(day));
    if !comes.iter().any(|span| calendar.day_of(span.start()) == day) {
        return Err(DeskError::bad_input("These hours do not begin on this day."));
    }
    let mut except = series.except.clone();
    except.push(day);
    except.sort_unstable();
    Ok(Availability {
        repeat: Repeat::Weekly(Weekly {
            except,
            ..series.clone()
        }),
        ..before.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_edit_in_a_later_week_keeps_the_beginning_of_the_series() {
        let first = date(2026, 11, 2);
        assert_eq!(first_of_series(first, 1, date(2026, 11, 23), 1), first);
        assert_eq!(first_of_series(first, 2, date(2026, 11, 30), 2), first);
    }

    #[test]
    fn moving_one_day_of_a_series_moves_every_one_by_as_much() {
        let first = date(2026, 11, 2);
        assert_eq!(first_of_series(first, 1, date(2026, 11, 24), 1), date(2026, 11, 3));
        assert_eq!(first_of_series(first, 1, date(2026, 11, 22), 1), date(2026, 11, 1));
    }

    #[test]
    fn another_rhythm_keeps_the_day_that_was_edited_and_adds_none_before_the_first() {
        let first = date(2026, 11, 2);
        let changed = first_of_series(first, 1, date(2026, 11, 23), 2);
        assert_eq!(changed, date(2026, 11, 9));
        assert_eq!((date(2026, 11, 23) - changed).get_days() % 14, 0);
    }

    #[test]
    fn one_day_leaves_the_series_and_no_other_and_a_day_that_is_none_of_it_is_refused() {
        let calendar = Calendar::new("Asia/Manila", vec![]).unwrap();
        // Every Monday from 22:00 to 02:00.
        let mondays: Availability = serde_json::from_value(serde_json::json!({
            "id": uuid::Uuid::from_u128(1), "staff": uuid::Uuid::from_u128(2), "services": [], "note": "",
            "span": { "start": "2026-11-02T14:00:00Z", "end": "2026-11-02T18:00:00Z" },
            "repeat": { "every": "weekly", "weeks": 1, "until": null, "except": ["2026-11-30"] },
        }))
        .unwrap();
        let rest = without_day(&calendar, &mondays, "2026-11-23").unwrap();
        let Repeat::Weekly(series) = &rest.repeat else {
            panic!("it still comes again")
        };
        assert_eq!(series.except, [date(2026, 11, 23), date(2026, 11, 30)]);
        // It lies on the Tuesday too, but begins on none.
        for none in ["2026-11-24", "2026-11-30", "2026-10-26"] {
            assert!(without_day(&calendar, &mondays, none).is_err(), "{none}");
        }
        let once = Availability {
            repeat: Repeat::None,
            ..mondays
        };
        assert!(without_day(&calendar, &once, "2026-11-02").is_err());
    }
}
