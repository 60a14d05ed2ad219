//! A therapist's day and hours, and opening, changing and removing hours.

mod copy;
mod leave;
mod series;

use self::series::{keep_exceptions, of_whole_series, without_day};
use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{HoursAnswer, HoursForm, Kept, MyDay, MyHours, Scene, parse_clock, parse_day, span_label};
use deskbell_clinic::rules::occurrences::occurrences;
use deskbell_clinic::rules::spans::subtract;
use deskbell_clinic::{Availability, AvailabilityId, Kind, Repeat, Role, Row, Span, Staff, StaffId, Weekly};
use jiff::{SignedDuration, ToSpan};
use uuid::Uuid;

/// How far ahead bookings are looked for that lie in hours which are taken away.
const STRANDED_AHEAD: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The longest note.
const LONGEST_NOTE: usize = 500;

impl Desk {
    /// A therapist's day: one's own, or for the desk anyone's (the first therapist when none is named).
    ///
    /// # Errors
    /// When it is somebody else's day and this account may not see it, or the cache cannot be read.
    pub async fn my_day(&self, staff: Option<StaffId>, day: Option<&str>) -> Result<MyDay, DeskError> {
        let staff = self.whose(staff).await?;
        let (id, asked) = (staff.id, day.map(str::to_owned));
        let for_wanted = asked.clone();
        let scene = self
            .scene(move |calendar, now| {
                let day = Self::day_or_today(for_wanted.as_deref(), calendar, now)?;
                Ok(Wanted {
                    spans: vec![calendar.day(day)],
                    staff: Some(vec![id]),
                    desk_lists: false,
                })
            })
            .await?;
        let day = Self::day_or_today(asked.as_deref(), &scene.calendar, scene.now)?;
        Ok(scene.my_day(&staff, day, |row| self.actions(row)))
    }

    /// A therapist's week of hours; this week when none is named.
    ///
    /// # Errors
    /// As for [`Desk::my_day`].
    pub async fn my_hours(&self, staff: Option<StaffId>, week: Option<&str>) -> Result<MyHours, DeskError> {
        let staff = self.whose(staff).await?;
        let (id, asked) = (staff.id, week.map(str::to_owned));
        let for_wanted = asked.clone();
        let scene = self
            .scene(move |calendar, now| {
                let first = calendar
                    .customs()
                    .week_of(Self::day_or_today(for_wanted.as_deref(), calendar, now)?);
                let week = Span::new(
                    calendar.day(first).start(),
                    calendar.day(first.saturating_add(6.days())).end(),
                );
                let week = week.unwrap_or_else(|_| calendar.day(first));
                Ok(Wanted {
                    spans: vec![week],
                    staff: Some(vec![id]),
                    desk_lists: false,
                })
            })
            .await?;
        let day = Self::day_or_today(asked.as_deref(), &scene.calendar, scene.now)?;
        Ok(scene.my_hours(&staff, day))
    }

    /// Opens hours.
    ///
    /// # Errors
    /// When the form is not valid, this account may not, or the act cannot be kept (a full disk).
    pub async fn add_hours(&self, form: HoursForm) -> Result<Kept, DeskError> {
        let staff = self.whose(Some(form.staff)).await?;
        self.can_hold(&form)?;
        let scene = self
            .scene(|_, _| {
                Ok(Wanted {
                    spans: vec![],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let row = as_availability(&scene, AvailabilityId(Uuid::now_v7()), staff.id, &form, &[])?;
        let id = row.id.uuid();
        let kept = self.keep(Intent::put(row, None)).await?;
        self.remember_inverse(
            kept.operation,
            Intent::Delete {
                kind: Kind::Availability,
                id,
                base_version: None,
            },
        );
        Ok(kept)
    }

    /// Changes hours: all of them, or of repeating ones those that begin on `only_on` (an ISO date), which leave the
    /// series. With bookings in what would go, asks first unless `strand`.
    ///
    /// # Errors
    /// As for [`Desk::add_hours`]; also when the hours are gone.
    pub async fn change_hours(
        &self,
        id: AvailabilityId,
        form: HoursForm,
        only_on: Option<&str>,
        strand: bool,
    ) -> Result<HoursAnswer, DeskError> {
        let (before, base_version) = self.availability(id).await?;
        self.whose(Some(before.staff)).await?;
        self.can_hold(&form)?;
        let scene = self.stranded_scene(&before).await?;
        if let Some(day) = only_on {
            let rest = without_day(&scene.calendar, &before, day)?;
            let once = HoursForm {
                repeat_weeks: None,
                repeat_until: None,
                ..form
            };
            let new_id = AvailabilityId(Uuid::now_v7());
            let apart = as_availability(&scene, new_id, before.staff, &once, &before.services)?;
            let stranded = stranded(&scene, &before, &[rest.clone(), apart.clone()]);
            if !strand && !stranded.is_empty() {
                return Ok(HoursAnswer::Strands { bookings: stranded });
            }
            let none_apart = Intent::Delete {
                kind: Kind::Availability,
                id: new_id.uuid(),
                base_version: None,
            };
            let back = vec![Intent::put(before, base_version), none_apart];
            let acts = vec![Intent::put(rest, base_version), Intent::put(apart, None)];
            return Ok(HoursAnswer::Kept(self.keep_together(acts, back).await?));
        }
        let form = of_whole_series(&scene, &before, form)?;
        let mut after = as_availability(&scene, id, before.staff, &form, &before.services)?;
        keep_exceptions(&before, &mut after);
        let stranded = stranded(&scene, &before, std::slice::from_ref(&after));
        if !strand && !stranded.is_empty() {
            return Ok(HoursAnswer::Strands { bookings: stranded });
        }
        let kept = self.keep(Intent::put(after, base_version)).await?;
        self.remember_inverse(kept.operation, Intent::put(before, base_version));
        Ok(HoursAnswer::Kept(kept))
    }

    /// Takes hours away: all of them, or of repeating ones those that begin on `only_on` (an ISO date). With bookings in
    /// them, asks first unless `strand`.
    ///
    /// # Errors
    /// When the hours are gone already, this account may not, or the act cannot be kept.
    pub async fn remove_hours(
        &self,
        id: AvailabilityId,
        only_on: Option<&str>,
        strand: bool,
    ) -> Result<HoursAnswer, DeskError> {
        let (before, base_version) = self.availability(id).await?;
        self.whose(Some(before.staff)).await?;
        let scene = self.stranded_scene(&before).await?;
        let rest = only_on
            .map(|day| without_day(&scene.calendar, &before, day))
            .transpose()?;
        let stranded = stranded(&scene, &before, rest.as_slice());
        if !strand && !stranded.is_empty() {
            return Ok(HoursAnswer::Strands { bookings: stranded });
        }
        if let Some(rest) = rest {
            let back = vec![Intent::put(before, base_version)];
            let acts = vec![Intent::put(rest, base_version)];
            return Ok(HoursAnswer::Kept(self.keep_together(acts, back).await?));
        }
        let intent = Intent::Delete {
            kind: Kind::Availability,
            id: id.uuid(),
            base_version,
        };
        let kept = self.keep(intent).await?;
        // What is gone from the server comes back as a new row.
        let again = Availability {
            id: AvailabilityId(Uuid::now_v7()),
            ..before
        };
        self.remember_inverse(kept.operation, Intent::put(again, None));
        Ok(HoursAnswer::Kept(kept))
    }

    /// Keeps acts as one, with what takes each of them back; both in the same order.
    async fn keep_together(&self, acts: Vec<Intent>, back: Vec<Intent>) -> Result<Kept, DeskError> {
        let all = self.keep_all(acts).await?;
        let (Some(&first), Some(&last)) = (all.first(), all.last()) else {
            return Err(DeskError::bad_input("There is nothing to keep."));
        };
        self.remember_together(all.iter().map(|kept| kept.operation).zip(back).collect());
        Ok(Kept {
            revision: last.revision,
            ..first
        })
    }

    /// The staff member that is meant, when this account may act for them.
    async fn whose(&self, asked: Option<StaffId>) -> Result<Staff, DeskError> {
        let account = self.account().ok_or_else(DeskError::signed_out)?;
        if !account.role.is_desk() && asked.is_some() && asked != account.staff {
            return Err(DeskError::new("forbidden", "These are somebody else’s hours."));
        }
        let wanted = asked.or(account.staff);
        let rows = self.read(|snapshot| Ok(snapshot.rows(Kind::Staff)?)).await?;
        let mut staff: Vec<_> = rows
            .into_iter()
            .filter_map(|seen| match seen.row {
                Row::Staff(staff) => Some(staff),
                _ => None,
            })
            .collect();
        staff.sort_by(|a, b| a.name.cmp(&b.name));
        let found = match wanted.filter(|_| !account.role.is_desk() || asked.is_some()) {
            Some(id) => staff.into_iter().find(|row| row.id == id),
            None => staff.into_iter().find(|row| row.role == Role::Therapist && row.active),
        };
        found.ok_or_else(|| DeskError::bad_input("There is no such staff member here yet."))
    }

    /// What the clinic's server has no room for is refused at once, not lost there.
    fn can_hold(&self, form: &HoursForm) -> Result<(), DeskError> {
        let holds = self.holds();
        if form.repeat_weeks.is_some() && !holds.repeats {
            return Err(DeskError::bad_input(
                "The clinic’s server keeps no repeating hours. Add each day by itself.",
            ));
        }
        if !form.note.trim().is_empty() && !holds.hours_notes {
            return Err(DeskError::bad_input("The clinic’s server keeps no notes with hours."));
        }
        Ok(())
    }

    async fn availability(&self, id: AvailabilityId) -> Result<(Availability, Option<u32>), DeskError> {
        let seen = self
            .read(move |snapshot| Ok(snapshot.row(Kind::Availability, id.uuid())?))
            .await?;
        match seen.map(|seen| (seen.row, seen.version)) {
            Some((Row::Availability(row), version)) => Ok((row, version)),
            _ => Err(DeskError::bad_input("These hours are not there any more.")),
        }
    }

    async fn stranded_scene(&self, before: &Availability) -> Result<Scene, DeskError> {
        let staff = before.staff;
        self.scene(move |_, now| {
            let ahead =
                Span::new(now, now + STRANDED_AHEAD).map_err(|_| DeskError::bad_input("The clock is wrong."))?;
            Ok(Wanted {
                spans: vec![ahead],
                staff: Some(vec![staff]),
                desk_lists: false,
            })
        })
        .await
    }
}

fn as_availability(
    scene: &Scene,
    id: AvailabilityId,
    staff: StaffId,
    form: &HoursForm,
    services: &[deskbell_clinic::ServiceId],
) -> Result<Availability, DeskError> {
    let day = parse_day(&form.day).map_err(DeskError::bad_input)?;
    let start = parse_clock(&form.start).map_err(DeskError::bad_input)?;
    let end = parse_clock(&form.end).map_err(DeskError::bad_input)?;
    if start == end {
        return Err(DeskError::bad_input("The end must be after the start."));
    }
    let span = scene
        .calendar
        .span(day, start, end)
        .ok_or_else(|| DeskError::bad_input("The end must be after the start."))?;
    if form.note.chars().count() > LONGEST_NOTE {
        return Err(DeskError::bad_input("This note is too long (at most 500 letters)."));
    }
    let repeat = match form.repeat_weeks {
        None => Repeat::None,
        Some(weeks @ 1..=8) => {
            let until = form
                .repeat_until
                .as_deref()
                .map(parse_day)
                .transpose()
                .map_err(DeskError::bad_input)?;
            if until.is_some_and(|until| until < day) {
                return Err(DeskError::bad_input("The repeat ends before it begins."));
            }
            Repeat::Weekly(Weekly {
                weeks,
                until,
                except: vec![],
            })
        }
        Some(_) => return Err(DeskError::bad_input("Hours come again every 1 to 8 weeks.")),
    };
    Ok(Availability {
        id,
        staff,
        span,
        services: services.to_vec(),
        note: form.note.trim().to_owned(),
        repeat,
    })
}

/// Bookings that lie in hours which go, and in no others that stay.
fn stranded(scene: &Scene, before: &Availability, after: &[Availability]) -> Vec<String> {
    let Ok(window) = Span::new(scene.now, scene.now + STRANDED_AHEAD) else {
        return vec![];
    };
    let spans = |row: &Availability| occurrences(row.span, &row.repeat, &scene.calendar, window);
    let others = scene
        .availabilities
        .iter()
        .filter(|row| row.staff == before.staff && row.id != before.id);
    let staying: Vec<Span> = after.iter().chain(others).flat_map(spans).collect();
    let going = subtract(&spans(before), &staying);
    let booked = scene
        .appointments
        .iter()
        .filter(|row| row.status.takes_time() && row.span.start() >= scene.now);
    booked
        .filter(|row| row.staff().any(|id| id == before.staff))
        .filter(|row| going.iter().any(|span| span.overlaps(row.span)))
        .map(|row| {
            let day = scene.calendar.day_of(row.span.start());
            let day = if day == scene.today() {
                String::new()
            } else {
                format!("{} ", crate::view::day_title(day))
            };
            format!(
                "{day}{} {}",
                span_label(&scene.calendar, row.span),
                scene.services_label(&row.services)
            )
        })
        .collect()
}
