//! Longer stretches than a day: one staff member's week, and a month of the clinic at a glance.

use super::labels::week_title;
use super::{DayAxis, Scene, StaffRow, axis};
use deskbell_clinic::rules::free::{free_time, offered};
use deskbell_clinic::{Customs, Role, Span, Staff, StaffId, Status};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::HashSet;

/// One staff member's week.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct StaffWeek {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// `23–29 Nov 2026`.
    pub title: String,
    /// The week before, as the ISO date of its first day.
    pub previous: String,
    /// The week after.
    pub next: String,
    /// Whether today is in it.
    pub today: bool,
    /// Its seven days.
    pub days: Vec<WeekDay>,
}

/// One day of a staff member's week.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct WeekDay {
    /// The axis.
    pub day: DayAxis,
    /// What the day holds.
    pub row: StaffRow,
}

/// A month of the clinic, or of one staff member.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct MonthView {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// `November 2026`.
    pub title: String,
    /// The first of the month before, as an ISO date.
    pub previous: String,
    /// The first of the month after.
    pub next: String,
    /// Whether today is in it.
    pub today: bool,
    /// Whole weeks: the first and the last days may belong to the months around.
    pub days: Vec<MonthDay>,
}

/// One day of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct MonthDay {
    /// ISO date.
    pub date: String,
    /// `23`, and `1 Dec` where a month begins.
    pub label: String,
    /// Whether it belongs to the month that is shown.
    pub inside: bool,
    /// Whether it is today.
    pub today: bool,
    /// Whether the clinic opens at all.
    pub open: bool,
    /// Bookings that begin on it.
    pub bookings: u32,
    /// Those of them that nobody has answered yet.
    pub unanswered: u32,
    /// Whether it is over.
    pub past: bool,
    /// Minutes that can still be booked from now on, all staff together.
    pub free_minutes: u32,
    /// Staff who work.
    pub working: u32,
}

impl Scene {
    /// A staff member's week around a day.
    pub fn staff_week(&self, staff: &Staff, day: Date) -> StaffWeek {
        let first = self.calendar.customs().week_of(day);
        let days: Vec<_> = (0..7).map(|after| first.saturating_add(after.days())).collect();
        let last = days.last().copied().unwrap_or(first);
        StaffWeek {
            revision: self.revision,
            staff: staff.id,
            name: staff.name.clone(),
            title: week_title(first, last),
            previous: first.saturating_sub(7.days()).to_string(),
            next: first.saturating_add(7.days()).to_string(),
            today: days.contains(&self.today()),
            days: days
                .into_iter()
                .map(|day| WeekDay {
                    day: axis(&self.calendar, day, self.today()),
                    row: self.row_on(staff, day),
                })
                .collect(),
        }
    }

    fn row_on(&self, staff: &Staff, day: Date) -> StaffRow {
        let window = self.calendar.day(day);
        let booked: Vec<_> = self
            .appointments
            .iter()
            .filter(|row| row.status.takes_time() && row.span.overlaps(window))
            .filter(|row| row.staff().any(|id| id == staff.id))
            .collect();
        self.staff_row(staff, day, &booked)
    }

    /// The month around a day, of everyone who treats or of one.
    pub fn month(&self, day: Date, only: Option<StaffId>) -> MonthView {
        let first = day.first_of_month();
        let shown = month_days(self.calendar.customs(), day);
        let mut days: Vec<_> = shown.iter().map(|date| self.empty_day(*date, first)).collect();
        let counted = |row: &&Staff| match only {
            Some(id) => row.id == id,
            None => row.active && row.role == Role::Therapist,
        };
        let window = self.shown_span(&shown);
        // What was free and is over cannot be booked any more.
        let ahead = Span::new(window.start().max(self.now), window.end()).ok();
        for staff in self.staff.iter().filter(counted) {
            let free = ahead.map_or_else(Vec::new, |ahead| free_time(staff.id, &self.facts(), ahead));
            for (at, minutes) in self.minutes_by_day(&free, &shown) {
                days[at].free_minutes += minutes;
            }
            let works = self.minutes_by_day(&offered(staff.id, &[], &self.facts(), window), &shown);
            for at in works.into_iter().map(|(at, _)| at).collect::<HashSet<_>>() {
                days[at].working += 1;
            }
        }
        let theirs = |id: StaffId| only.is_none_or(|only| only == id);
        for row in self
            .appointments
            .iter()
            .filter(|row| row.status.takes_time() && row.staff().any(theirs))
        {
            let begins = self.calendar.day_of(row.span.start());
            if let Some(at) = shown.iter().position(|date| *date == begins) {
                days[at].bookings += 1;
                days[at].unanswered += u32::from(row.status == Status::Requested);
            }
        }
        MonthView {
            revision: self.revision,
            title: first.strftime("%B %Y").to_string(),
            previous: first.saturating_sub(1.months()).to_string(),
            next: first.saturating_add(1.months()).to_string(),
            today: self.today().first_of_month() == first,
            days,
        }
    }

    fn empty_day(&self, date: Date, first: Date) -> MonthDay {
        let label = if date.day() == 1 { "%-d %b" } else { "%-d" };
        MonthDay {
            date: date.to_string(),
            label: date.strftime(label).to_string(),
            inside: date.first_of_month() == first,
            today: date == self.today(),
            open: !self.calendar.open_spans(date).is_empty(),
            bookings: 0,
            unanswered: 0,
            past: date < self.today(),
            free_minutes: 0,
            working: 0,
        }
    }

    fn shown_span(&self, shown: &[Date]) -> Span {
        let day = |date: Option<&Date>| self.calendar.day(date.copied().unwrap_or_else(|| self.today()));
        let (first, last) = (day(shown.first()), day(shown.last()));
        Span::new(first.start(), last.end()).unwrap_or(first)
    }

    /// How much of each shown day these spans take, by the day's place; a span over midnight counts on both its days.
    fn minutes_by_day(&self, spans: &[Span], shown: &[Date]) -> Vec<(usize, u32)> {
        let mut found = Vec::new();
        for span in spans {
            let begins = self.calendar.day_of(span.start());
            let from = shown.partition_point(|date| *date < begins);
            for (at, date) in shown.iter().enumerate().skip(from) {
                let Some(part) = self.calendar.day(*date).intersection(*span) else {
                    break;
                };
                found.push((at, u32::try_from(part.minutes()).unwrap_or_default()));
            }
        }
        found
    }
}

/// The days that a month's overview shows: whole weeks.
pub(crate) fn month_days(customs: Customs, day: Date) -> Vec<Date> {
    let first = customs.week_of(day.first_of_month());
    let last = customs.week_of(day.last_of_month()).saturating_add(6.days());
    let days = (last - first).get_days();
    (0..=days).map(|after| first.saturating_add(after.days())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::{Appointment, Availability, Calendar};
    use jiff::civil::{Weekday, date};
    use serde_json::json;
    use uuid::Uuid;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));

    /// Ana, open from 22:00 on the 24th to 02:00, and one request at 23:00.
    fn scene() -> Scene {
        let calendar = Calendar::new("Asia/Manila", vec![]).unwrap();
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let mut scene = Scene::empty(7, now, calendar);
        scene.staff.push(
            serde_json::from_value(json!({
                "id": ANA, "name": "Ana", "role": "therapist", "hue": 30, "services": [], "active": true,
                "gender": null, "location": null,
            }))
            .unwrap(),
        );
        let open: Availability = serde_json::from_value(json!({
            "id": Uuid::from_u128(2), "staff": ANA, "services": [], "note": "", "repeat": { "every": "none" },
            "span": { "start": "2026-11-24T14:00:00Z", "end": "2026-11-24T18:00:00Z" },
        }))
        .unwrap();
        let booked: Appointment = serde_json::from_value(json!({
            "id": Uuid::from_u128(9), "series": null, "clients": [],
            "assignments": [{ "staff": ANA, "part": "therapist", "answer": "pending" }], "services": [],
            "span": { "start": "2026-11-24T15:00:00Z", "end": "2026-11-24T15:45:00Z" },
            "place": { "at": "anywhere" }, "status": "requested", "step": null, "notes": "", "reason": null,
            "answer_due": null, "overlap_accepted": null,
        }))
        .unwrap();
        scene.availabilities.push(open);
        scene.appointments.push(booked);
        scene
    }

    #[test]
    fn a_month_is_whole_weeks_and_counts_what_lies_over_midnight_on_both_days() {
        let month = scene().month(date(2026, 11, 12), None);
        assert_eq!(
            (month.title.as_str(), month.days.len(), month.today),
            ("November 2026", 42, true)
        );
        assert_eq!(
            (month.days[0].date.as_str(), month.days[0].inside),
            ("2026-10-26", false)
        );
        let on = |date: &str| month.days.iter().find(|day| day.date == date).unwrap();
        let (before, after) = (on("2026-11-24"), on("2026-11-25"));
        assert_eq!((before.bookings, before.unanswered, before.working), (1, 1, 1));
        assert_eq!(
            before.free_minutes, 75,
            "two hours until midnight, 45 minutes of them booked"
        );
        assert_eq!((after.bookings, after.free_minutes, after.working), (0, 120, 1));
        assert_eq!(on("2026-11-26").working, 0);
        assert_eq!(on("2026-12-01").label, "1 Dec");
    }

    #[test]
    fn free_time_that_is_over_is_not_counted() {
        let mut scene = scene();
        // 23:50 on the 24th.
        scene.now = "2026-11-24T15:50:00Z".parse().unwrap();
        let month = scene.month(date(2026, 11, 12), None);
        let on = |date: &str| month.days.iter().find(|day| day.date == date).unwrap();
        assert_eq!(
            (on("2026-11-24").free_minutes, on("2026-11-25").free_minutes),
            (10, 120)
        );
        assert_eq!((on("2026-11-23").past, on("2026-11-24").past), (true, false));
    }

    #[test]
    fn a_month_of_somebody_else_has_nothing_of_hers() {
        let month = scene().month(date(2026, 11, 12), Some(StaffId(Uuid::from_u128(3))));
        assert!(month.days.iter().all(|day| day.bookings == 0 && day.working == 0));
    }

    #[test]
    fn weeks_and_months_begin_on_the_day_that_is_set() {
        let mut scene = scene();
        scene.calendar = scene.calendar.shown(Customs {
            week_starts: Weekday::Sunday,
            ..Customs::default()
        });
        let week = scene.staff_week(&scene.staff[0], date(2026, 11, 22));
        assert_eq!(
            (week.title.as_str(), week.days[0].day.date.as_str()),
            ("22–28 Nov 2026", "2026-11-22")
        );
        let month = scene.month(date(2026, 11, 12), None);
        assert_eq!((month.days[0].date.as_str(), month.days.len()), ("2026-11-01", 35));
    }

    #[test]
    fn a_week_has_the_staff_members_row_on_each_of_its_days() {
        let scene = scene();
        let week = scene.staff_week(&scene.staff[0], date(2026, 11, 25));
        assert_eq!((week.title.as_str(), week.today), ("23–29 Nov 2026", true));
        let booked: Vec<_> = week.days.iter().map(|day| day.row.bookings.len()).collect();
        assert_eq!(booked, [0, 1, 0, 0, 0, 0, 0]);
        let open: Vec<_> = week.days.iter().map(|day| day.row.hours.len()).collect();
        assert_eq!(open, [0, 1, 1, 0, 0, 0, 0], "past midnight it is on both days");
    }
}
