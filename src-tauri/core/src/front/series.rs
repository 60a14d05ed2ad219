//! Bookings that come again: one booking a day, each a row of its own with its own hour, staff and fate, held together by
//! the id of their series. So one of them is moved or cancelled as any booking is, and "this one and later" is so many acts
//! that are kept together and taken back together.

use super::bookings::{chosen_client, clash_line, visited, wished_span};
use super::moves::moved;
use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{
    BookingAnswer, BookingMove, ClashLine, ClientChoice, Kept, NewBooking, RepeatDay, Repeats, Scene, day_title,
    parse_clock, parse_day, span_label,
};
use deskbell_clinic::rules::clash::{Clash, Severity, clashes, refused};
use deskbell_clinic::rules::series::{MOST, WEEKS_APART, days};
use deskbell_clinic::{
    Actions, Appointment, AppointmentId, Client, Kind, OverlapAccepted, Row, SeriesId, Span, StaffId, Step,
};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use uuid::Uuid;

/// How far the longest series reaches.
const REACHES: SignedDuration = SignedDuration::from_hours(MOST as i64 * WEEKS_APART as i64 * 7 * 24);
/// What is in the way of a day may have begun the evening before.
const AROUND: SignedDuration = SignedDuration::from_hours(24);
/// How far from the wished time alternatives are looked for.
const ALTERNATIVES_AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A booking as it was asked for, on each of its days.
pub(super) struct Asked {
    pub scene: Scene,
    /// Whoever is not known yet.
    pub new_client: Option<Client>,
    /// In their order; never empty.
    pub rows: Vec<AskedDay>,
}

/// One of them, and what is in its way.
pub(super) struct AskedDay {
    pub day: Date,
    pub row: Appointment,
    pub found: Vec<Clash>,
}

impl AskedDay {
    pub(super) fn is_refused(&self) -> bool {
        refused(&self.found, self.row.overlap_accepted.as_ref())
    }
}

impl Asked {
    /// What is in the way, as sentences; each with its day where there are several.
    pub(super) fn lines(&self) -> Vec<ClashLine> {
        let several = self.rows.len() > 1;
        let all = self.rows.iter();
        all.flat_map(|one| lines_of(&self.scene, several.then_some(one.day), &one.found))
            .collect()
    }
}

fn lines_of(scene: &Scene, day: Option<Date>, found: &[Clash]) -> Vec<ClashLine> {
    let line = |clash| {
        let ClashLine { text, hard } = clash_line(scene, clash);
        let text = day.map_or(text.clone(), |day| format!("{}: {text}", day_title(day)));
        ClashLine { text, hard }
    };
    found.iter().map(line).collect()
}

impl Desk {
    /// What is in the way of a booking on each day that it would come on. Nothing is kept.
    ///
    /// # Errors
    /// When the form does not say what comes when, the clinic's server holds no series, or nobody is signed in.
    pub async fn preview_repeats(&self, mut form: NewBooking) -> Result<Vec<RepeatDay>, DeskError> {
        if let ClientChoice::New { name, .. } = &mut form.client
            && name.trim().is_empty()
        {
            // Whoever is not named yet has no other booking that could be in the way.
            "New client".clone_into(name);
        }
        if let Some(repeats) = &mut form.repeats {
            repeats.leave_out.clear();
        }
        let asked = self.asked(&form).await?;
        let day = |one: &AskedDay| RepeatDay {
            day: one.day.to_string(),
            day_title: day_title(one.day),
            span: span_label(&asked.scene.calendar, one.row.span),
            clashes: lines_of(&asked.scene, None, &one.found),
            hard: one.found.iter().any(|clash| clash.severity == Severity::Hard),
        };
        Ok(asked.rows.iter().map(day).collect())
    }

    /// The booking of a form on each of its days, and what the rules say to it there.
    pub(super) async fn asked(&self, form: &NewBooking) -> Result<Asked, DeskError> {
        let first = parse_day(&form.day).map_err(DeskError::bad_input)?;
        let start = parse_clock(&form.start).map_err(DeskError::bad_input)?;
        let holds = self.holds();
        let days = match &form.repeats {
            None => vec![first],
            Some(_) if !holds.series => {
                return Err(DeskError::bad_input(
                    "This clinic’s server holds no bookings that come again.",
                ));
            }
            Some(repeats) => days_of(first, repeats)?,
        };
        let wished = days.clone();
        let mut scene = self
            .scene(move |calendar, now| {
                let first = calendar.day(first);
                let from = first.start().min(now) - AROUND;
                let around = Span::new(from, first.end() + ALTERNATIVES_AHEAD).unwrap_or(first);
                let later = wished.iter().map(|day| around_day(calendar.day(*day)));
                Ok(Wanted {
                    spans: [around].into_iter().chain(later).collect(),
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let (client, mut new_client) = chosen_client(&form.client)?;
        let known = self.client(client).await?;
        let series = (days.len() > 1).then(|| SeriesId(Uuid::now_v7()));
        let place = match holds.visits {
            true => Some(visited(form, known.as_ref(), new_client.as_mut())?),
            false => None,
        };
        scene.clients.extend(known);
        let mut rows = Vec::with_capacity(days.len());
        for day in days {
            let span = wished_span(&scene, form, day, start)?;
            let mut row = self.new_appointment(form, client, span)?;
            row.series = series;
            row.place = place.clone().unwrap_or(row.place);
            let found = clashes(&row, &scene.facts());
            rows.push(AskedDay { day, row, found });
        }
        Ok(Asked {
            scene,
            new_client,
            rows,
        })
    }

    /// How many bookings of its series come after this one and can still be changed; none for a booking by itself.
    pub(super) async fn later_in_series(&self, row: &Appointment) -> Result<Option<u32>, DeskError> {
        if row.series.is_none() {
            return Ok(None);
        }
        let all = self.this_and_later(row, can_change).await?;
        let later = all.iter().filter(|(other, _)| other.id != row.id).count();
        Ok(Some(u32::try_from(later).unwrap_or(u32::MAX)))
    }

    /// Cancels a booking and those of its series that come after it and have not moved on: all, or none; and all are taken
    /// back together.
    ///
    /// # Errors
    /// When it cannot be cancelled any more, no reason is given, nobody is signed in, or the acts cannot be kept.
    pub async fn cancel_series(&self, id: AppointmentId, reason: &str) -> Result<Kept, DeskError> {
        let row = self.appointment(id).await?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(DeskError::bad_input("Say why, so that the client can be told."));
        }
        let may_cancel = |may: &Actions| may.steps.contains(&Step::Cancel);
        if !may_cancel(&self.actions(&row)) {
            return Err(DeskError::bad_input(
                "This is not possible any more: the booking has moved on.",
            ));
        }
        let rows = self.this_and_later(&row, may_cancel).await?;
        let step = |row: &Appointment, version, step, reason: Option<&str>| Intent::Step {
            appointment: row.id,
            step: self.step_request(step, reason.map(str::to_owned)),
            base_version: version,
            lands: self.landing(row, Step::Cancel),
        };
        let cancel = rows
            .iter()
            .map(|(row, version)| step(row, *version, Step::Cancel, Some(reason)));
        let all = self.keep_all(cancel.collect()).await?;
        let back = rows.iter().map(|(row, version)| Intent::Step {
            appointment: row.id,
            step: self.step_request(Step::Correct, None),
            base_version: *version,
            lands: None,
        });
        self.done_together(&all, back.collect())
    }

    /// Moves a booking and those of its series that come after it by as many days, to the same hour, length and staff
    /// member. With a hard clash on any of the days and no reason to override it, nothing is kept, and the answer says what
    /// is in the way on which day.
    ///
    /// # Errors
    /// As for [`Desk::move_booking`].
    pub async fn move_series(&self, to: BookingMove) -> Result<BookingAnswer, DeskError> {
        let before = self.appointment(to.appointment).await?;
        if !self.actions(&before).may_move {
            return Err(DeskError::bad_input(
                "This booking cannot be moved any more: it has moved on.",
            ));
        }
        let by = self.account().ok_or_else(DeskError::signed_out)?.account;
        let reason = to.override_reason.as_deref().map_or("", str::trim);
        let accepted = (!reason.is_empty() && self.holds().overrides).then(|| OverlapAccepted {
            by,
            reason: reason.to_owned(),
        });
        let rows = self.this_and_later(&before, |may| may.may_move).await?;
        let calendar = self.read_calendar().await?;
        let asked = parse_day(&to.day).map_err(DeskError::bad_input)?;
        let shift = (asked - calendar.day_of(before.span.start())).get_days();
        let mut after = Vec::with_capacity(rows.len());
        for (row, _) in &rows {
            let day = calendar.day_of(row.span.start()).saturating_add(shift.days());
            let mut next = moved(&calendar, row, &wish_for(row, &to, day))?;
            next.overlap_accepted.clone_from(&accepted);
            after.push((day, next));
        }
        let days: Vec<_> = after.iter().map(|(day, _)| *day).collect();
        let mut scene = self
            .scene(move |calendar, _| {
                Ok(Wanted {
                    spans: days.iter().map(|day| around_day(calendar.day(*day))).collect(),
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        // They all go: none of them is in another's way where it lies now.
        scene
            .appointments
            .retain(|row| !rows.iter().any(|(moving, _)| moving.id == row.id));
        let mut lines = vec![];
        let mut is_refused = false;
        for (day, row) in &after {
            let found = clashes(row, &scene.facts());
            is_refused |= refused(&found, row.overlap_accepted.as_ref());
            lines.extend(lines_of(&scene, Some(*day), &found));
        }
        if is_refused {
            return Ok(BookingAnswer::Refused {
                clashes: lines,
                alternatives: vec![],
            });
        }
        let versions = rows.iter().map(|(_, version)| *version);
        let acts = after
            .into_iter()
            .zip(versions)
            .map(|((_, row), version)| Intent::put(row, version));
        let all = self.keep_all(acts.collect()).await?;
        let back = rows.into_iter().map(|(row, version)| Intent::put(row, version));
        let kept = self.done_together(&all, back.collect())?;
        Ok(BookingAnswer::Kept {
            appointment: to.appointment,
            operation: kept.operation,
            revision: kept.revision,
            warnings: lines,
        })
    }

    /// Remembers how acts that were kept together are taken back together, in their order.
    pub(super) fn done_together(&self, all: &[Kept], back: Vec<Intent>) -> Result<Kept, DeskError> {
        let nothing = || DeskError::bad_input("There is nothing to keep.");
        let (first, last) = (all.first().ok_or_else(nothing)?, all.last().ok_or_else(nothing)?);
        self.remember_together(all.iter().map(|kept| kept.operation).zip(back).collect());
        Ok(Kept {
            operation: first.operation,
            revision: last.revision,
            undoable: self.holds().corrections,
        })
    }

    /// A booking and those of its series that come after it, as far as `may` lets them be changed, with the versions that
    /// were seen.
    async fn this_and_later(
        &self,
        row: &Appointment,
        may: impl Fn(&Actions) -> bool,
    ) -> Result<Vec<(Appointment, Option<u32>)>, DeskError> {
        let (series, from, only) = (row.series, row.span.start(), row.id);
        let ahead = Span::new(from, from + REACHES).map_err(|_| DeskError::bad_input("This time is too far away."))?;
        let mut rows: Vec<_> = self
            .read(move |snapshot| {
                let seen = snapshot.rows_between(Kind::Appointment, ahead, None)?.into_iter();
                let in_series = seen.filter_map(|seen| match seen.row {
                    Row::Appointment(row) => {
                        let of_series = series.is_some() && row.series == series && row.span.start() >= from;
                        (row.id == only || of_series).then_some((row, seen.version))
                    }
                    _ => None,
                });
                Ok(in_series.collect())
            })
            .await?;
        rows.retain(|(row, _)| may(&self.actions(row)));
        rows.sort_by_key(|(row, _)| (row.span.start(), row.id));
        // The one that is meant is known by its act: it goes first.
        rows.sort_by_key(|(row, _)| row.id != only);
        Ok(rows)
    }
}

fn can_change(may: &Actions) -> bool {
    may.may_move || may.steps.contains(&Step::Cancel)
}

fn around_day(day: Span) -> Span {
    Span::new(day.start() - AROUND, day.end() + AROUND).unwrap_or(day)
}

/// What is asked for one booking of a series. Somebody who took one of them over alone keeps it.
fn wish_for(row: &Appointment, to: &BookingMove, day: Date) -> BookingMove {
    let works_on_it = |staff: StaffId| row.staff().any(|one| one == staff);
    let staff = if works_on_it(to.from_staff) {
        to.staff
    } else {
        to.from_staff
    };
    BookingMove {
        appointment: row.id,
        staff,
        day: day.to_string(),
        ..to.clone()
    }
}

/// The days that a booking comes on, without those that are left out.
fn days_of(first: Date, repeats: &Repeats) -> Result<Vec<Date>, DeskError> {
    let left_out = repeats.leave_out.iter().map(|day| parse_day(day));
    let left_out = left_out.collect::<Result<Vec<_>, _>>().map_err(DeskError::bad_input)?;
    days(first, repeats.weeks, repeats.times, &left_out).map_err(|refused| DeskError::bad_input(refused.to_string()))
}
