//! The calendar's week of one staff member, and its month.

use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::view::{MonthView, Scene, StaffRow, StaffWeek, month_days};
use deskbell_clinic::{Role, Span, StaffId};
use jiff::ToSpan;
use std::collections::BTreeSet;

impl Desk {
    /// A staff member's week around a day; the first who treats, and this week, when none is named.
    ///
    /// # Errors
    /// When `day` is no ISO date, there is no such staff member here, nobody is signed in, or the cache cannot be read.
    pub async fn staff_week(&self, staff: Option<StaffId>, day: Option<&str>) -> Result<StaffWeek, DeskError> {
        let asked = day.map(str::to_owned);
        let for_wanted = asked.clone();
        let scene = self
            .scene(move |calendar, now| {
                let first = calendar
                    .customs()
                    .week_of(Self::day_or_today(for_wanted.as_deref(), calendar, now)?);
                let last = calendar.day(first.saturating_add(6.days()));
                let week = Span::new(calendar.day(first).start(), last.end()).unwrap_or(last);
                Ok(Wanted {
                    spans: vec![week],
                    staff: staff.map(|id| vec![id]),
                    desk_lists: false,
                })
            })
            .await?;
        let day = Self::day_or_today(asked.as_deref(), &scene.calendar, scene.now)?;
        let meant = scene.staff.iter().find(|row| match staff {
            Some(id) => row.id == id,
            None => row.active && row.role == Role::Therapist,
        });
        let meant = meant.ok_or_else(|| DeskError::bad_input("There is no such staff member here yet."))?;
        let mut week = scene.staff_week(meant, day);
        self.mark_movable(&scene, week.days.iter_mut().map(|day| &mut day.row));
        Ok(week)
    }

    /// The month around a day, of everyone who treats or of one; this month when no day is named.
    ///
    /// # Errors
    /// When `day` is no ISO date, nobody is signed in, or the cache cannot be read.
    pub async fn month(&self, staff: Option<StaffId>, day: Option<&str>) -> Result<MonthView, DeskError> {
        let asked = day.map(str::to_owned);
        let for_wanted = asked.clone();
        let scene = self
            .scene(move |calendar, now| {
                let day = Self::day_or_today(for_wanted.as_deref(), calendar, now)?;
                let shown = month_days(calendar.customs(), day);
                let first = calendar.day(shown.first().copied().unwrap_or(day));
                let last = calendar.day(shown.last().copied().unwrap_or(day));
                Ok(Wanted {
                    spans: vec![Span::new(first.start(), last.end()).unwrap_or(first)],
                    staff: staff.map(|id| vec![id]),
                    desk_lists: false,
                })
            })
            .await?;
        let day = Self::day_or_today(asked.as_deref(), &scene.calendar, scene.now)?;
        Ok(scene.month(day, staff))
    }

    /// Says of each booking drawn whether this person may move it.
    pub(super) fn mark_movable<'a>(&self, scene: &Scene, rows: impl Iterator<Item = &'a mut StaffRow>) {
        let movable: BTreeSet<_> = scene
            .appointments
            .iter()
            .filter(|row| self.actions(row).may_move)
            .map(|row| row.id)
            .collect();
        for bar in rows.flat_map(|row| &mut row.bookings) {
            bar.may_move = movable.contains(&bar.id);
        }
    }
}
