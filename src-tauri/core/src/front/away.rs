//! *Staff away*: somebody calls in sick, and everyone who is booked with them must be given to somebody else and told.
//! What is left to do lies on the clinic's list of tasks, so that another desk can go on with it.

use super::bookings::opening;
use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{
    AwayBooking, AwaySettled, AwayWish, BookingAnswer, BookingMove, Kept, Scene, StaffAway, clock, day_title,
    parse_clock, parse_day, span_label, time_label,
};
use deskbell_clinic::rules::openings::{ALTERNATIVES_WITHIN, alternatives};
use deskbell_clinic::rules::spans::cover;
use deskbell_clinic::rules::substitutes::substitutes;
use deskbell_clinic::wire::Alternative;
use deskbell_clinic::{
    Appointment, AppointmentId, Block, BlockId, BlockOf, BlockReason, Calendar, Kind, Repeat, Row, Span, Staff,
    StaffId, Status, Task, TaskId, TaskKind, TaskOutcome,
};
use jiff::SignedDuration;
use jiff::civil::Time;
use uuid::Uuid;

/// The longest time that can be asked about: reading more takes longer than a caller waits.
const LONGEST: SignedDuration = SignedDuration::from_hours(62 * 24);
/// How many substitutes are offered: what can be read at a glance.
const SUBSTITUTES: usize = 3;

impl Desk {
    /// Every booking of somebody in a span of time, with whom to call and who could take it over.
    ///
    /// # Errors
    /// When the wish is no span of time or too long a one, nobody is signed in, or the cache cannot be read.
    pub async fn staff_away(&self, wish: AwayWish) -> Result<StaffAway, DeskError> {
        let asked = wish.clone();
        let scene = self
            .scene(move |calendar, _| {
                let span = away_span(calendar, &asked)?;
                let around = Span::new(span.start() - ALTERNATIVES_WITHIN, span.end() + ALTERNATIVES_WITHIN);
                Ok(Wanted {
                    spans: vec![around.unwrap_or(span)],
                    staff: None,
                    desk_lists: true,
                })
            })
            .await?;
        let span = away_span(&scene.calendar, &wish)?;
        let staff = scene.staff.iter().find(|row| row.id == wish.staff);
        let staff = staff.ok_or_else(|| DeskError::bad_input("There is no such staff member here yet."))?;
        Ok(staff_away(&scene, staff, span, |row| self.actions(row).may_move))
    }

    /// Marks the time as not theirs to be booked in.
    ///
    /// # Errors
    /// As for [`Desk::staff_away`]; also when the clinic's server keeps no such marks, or the act cannot be kept.
    pub async fn mark_away(&self, wish: AwayWish) -> Result<Kept, DeskError> {
        if !self.holds().desk_lists {
            return Err(DeskError::bad_input(
                "The clinic’s server cannot mark staff as away. Take their hours out instead.",
            ));
        }
        let staff = wish.staff;
        let span = self.away_span_of(wish).await?;
        let id = BlockId(Uuid::now_v7());
        let block = Block {
            id,
            of: BlockOf::Staff(staff),
            span,
            reason: BlockReason::Leave,
            note: String::new(),
            repeat: Repeat::None,
        };
        let kept = self.keep(Intent::put(block, None)).await?;
        self.remember_inverse(
            kept.operation,
            Intent::Delete {
                kind: Kind::Block,
                id: id.uuid(),
                base_version: None,
            },
        );
        Ok(kept)
    }

    /// Gives a booking of somebody who is away to somebody else, or another time. That its client must be told is put on
    /// the list of tasks with it, where the clinic's server keeps one; both are taken back together.
    ///
    /// # Errors
    /// As for [`Desk::move_booking`].
    pub async fn reassign(&self, to: BookingMove) -> Result<BookingAnswer, DeskError> {
        let absent = to.from_staff;
        let known = self.call_back(to.appointment, absent).await?;
        let tell = known.is_none() && self.holds().desk_lists;
        self.move_with(to, |before| tell.then(|| to_tell(before, absent))).await
    }

    /// Notes that a client was told of somebody's being away, or was not after all.
    ///
    /// # Errors
    /// When the clinic's server keeps no tasks, the booking is gone, nobody is signed in, or the act cannot be kept.
    pub async fn mark_told(&self, id: AppointmentId, absent: StaffId, told: bool) -> Result<Kept, DeskError> {
        if !self.holds().desk_lists {
            return Err(DeskError::bad_input("The clinic’s server does not keep who was told."));
        }
        let known = self.call_back(id, absent).await?;
        let row = self.appointment(id).await?;
        let (before, base_version) = known.unzip();
        let task = before.clone().unwrap_or_else(|| to_tell(&row, absent));
        let after = Task {
            outcome: told.then_some(TaskOutcome::Done),
            ..task
        };
        let task_id = after.id.uuid();
        let kept = self.keep(Intent::put(after, base_version.flatten())).await?;
        let back = match before {
            Some(before) => Intent::put(before, None),
            None => Intent::Delete {
                kind: Kind::Task,
                id: task_id,
                base_version: None,
            },
        };
        self.remember_inverse(kept.operation, back);
        Ok(kept)
    }

    async fn away_span_of(&self, wish: AwayWish) -> Result<Span, DeskError> {
        let nothing = |_: &Calendar, _| {
            Ok(Wanted {
                spans: vec![],
                staff: None,
                desk_lists: false,
            })
        };
        away_span(&self.scene(nothing).await?.calendar, &wish)
    }

    /// The task to tell a booking's client of somebody's being away, and its version at the server.
    async fn call_back(&self, id: AppointmentId, absent: StaffId) -> Result<Option<(Task, Option<u32>)>, DeskError> {
        let rows = self.read(|snapshot| Ok(snapshot.rows(Kind::Task)?)).await?;
        Ok(rows.into_iter().find_map(|seen| match seen.row {
            Row::Task(task) if is_to_tell(&task, id, absent) => Some((task, seen.version)),
            _ => None,
        }))
    }
}

/// The task to tell a booking's client that somebody is away.
fn to_tell(row: &Appointment, absent: StaffId) -> Task {
    Task {
        id: TaskId(Uuid::now_v7()),
        kind: TaskKind::CallBack,
        appointment: Some(row.id),
        client: row.clients.first().map(|attendee| attendee.client),
        staff: Some(absent),
        due: Some(row.span.start()),
        claimed_by: None,
        outcome: None,
    }
}

fn is_to_tell(task: &Task, about: AppointmentId, absent: StaffId) -> bool {
    task.kind == TaskKind::CallBack && task.appointment == Some(about) && task.staff == Some(absent)
}

fn away_span(calendar: &Calendar, wish: &AwayWish) -> Result<Span, DeskError> {
    let span = stretch_of(calendar, wish)?;
    if span.end().duration_since(span.start()) > LONGEST {
        return Err(DeskError::bad_input("Two months at most can be looked at together."));
    }
    Ok(span)
}

/// From one day to another, whole or from a clock time to another.
///
/// # Errors
/// When a day or a time cannot be read, or the end is not after the start.
pub(super) fn stretch_of(calendar: &Calendar, wish: &AwayWish) -> Result<Span, DeskError> {
    let day = |text: &str| parse_day(text).map_err(DeskError::bad_input);
    let time = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(parse_clock).transpose().map_err(DeskError::bad_input)
    };
    let (first, last) = (day(&wish.from_day)?, day(&wish.to_day)?);
    let start = time(&wish.from)?.map_or_else(|| calendar.day(first).start(), |time| calendar.at(first, time));
    // `24:00` is midnight at the day's end.
    let until = time(&wish.to)?.filter(|time| *time != Time::midnight());
    let end = until.map_or_else(|| calendar.day(last).end(), |time| calendar.at(last, time));
    Span::new(start, end).map_err(|_| DeskError::bad_input("The end must be after the start."))
}

fn staff_away(scene: &Scene, staff: &Staff, span: Span, may_move: impl Fn(&Appointment) -> bool) -> StaffAway {
    let blocked: Vec<_> = scene.facts().blocked(BlockOf::Staff(staff.id), span).collect();
    let task_of = |id| scene.tasks.iter().find(|task| is_to_tell(task, id, staff.id));
    // What was taken over is known by its task, which also says where it was.
    let concerned = scene.appointments.iter().filter(|row| {
        let theirs = row.span.overlaps(span) && is_to_come(scene, row) && row.staff().any(|id| id == staff.id);
        theirs || task_of(row.id).is_some_and(|task| task.due.is_some_and(|due| span.contains(due)))
    });
    let booking = |row: &Appointment| {
        let told = task_of(row.id).is_some_and(|task| task.outcome == Some(TaskOutcome::Done));
        away_booking(scene, row, staff.id, span, told, may_move(row))
    };
    StaffAway {
        revision: scene.revision,
        staff: staff.id,
        name: staff.name.clone(),
        when: when(&scene.calendar, span),
        marked: cover(&blocked, span),
        bookings: concerned.map(booking).collect(),
    }
}

/// Whether it is not over, and nobody is being treated yet.
fn is_to_come(scene: &Scene, row: &Appointment) -> bool {
    let ahead = matches!(
        row.status,
        Status::Requested | Status::Confirmed | Status::EnRoute | Status::Arrived
    );
    ahead && row.span.end() > scene.now
}

fn away_booking(
    scene: &Scene,
    row: &Appointment,
    absent: StaffId,
    away: Span,
    told: bool,
    may_move: bool,
) -> AwayBooking {
    let still = row.staff().any(|id| id == absent) && row.span.overlaps(away);
    let settled = match (row.status.takes_time(), still) {
        (false, _) => AwaySettled::CalledOff,
        (true, true) => AwaySettled::Open,
        (true, false) => AwaySettled::Covered,
    };
    let asked = scene.calendar.day_of(row.span.start());
    let offered = |span, staff| opening(scene, asked, Alternative { staff, span });
    let able = if settled == AwaySettled::Open {
        substitutes(row, absent, &scene.facts(), SUBSTITUTES)
    } else {
        vec![]
    };
    let elsewhere = if settled == AwaySettled::Open && able.is_empty() {
        alternatives(row, &scene.facts(), scene.now)
    } else {
        vec![]
    };
    // While they are not marked as away, their own free time is none to offer.
    let elsewhere = elsewhere
        .into_iter()
        .filter(|open| open.staff != absent || !open.span.overlaps(away));
    let client = row.clients.first().and_then(|attendee| scene.client(attendee.client));
    let phones = client.into_iter().flat_map(|client| &client.phones);
    let call_back = Some(row.call_back.clone()).filter(|number| !number.is_empty());
    let now_with: Vec<_> = row.therapists().map(|id| scene.staff_name(id)).collect();
    AwayBooking {
        id: row.id,
        day: asked.to_string(),
        day_title: day_title(asked),
        start: clock(scene.calendar.time_of(row.span.start())),
        span: span_label(&scene.calendar, row.span),
        minutes: u32::try_from(row.span.minutes()).unwrap_or_default(),
        client: scene.clients_label(row),
        phones: call_back
            .into_iter()
            .chain(phones.map(|phone| phone.typed.clone()))
            .collect(),
        alert: client.map_or_else(String::new, |client| client.alert.clone()),
        services: scene.services_label(&row.services),
        status: row.status,
        settled,
        now_with: if settled == AwaySettled::Covered {
            now_with.join(", ")
        } else {
            String::new()
        },
        told,
        may_move,
        substitutes: able.into_iter().map(|staff| offered(row.span, staff)).collect(),
        other_times: elsewhere.map(|open| offered(open.span, open.staff)).collect(),
        pending: scene.mark(Kind::Appointment, row.id.uuid()),
    }
}

/// `Tue 24 Nov`, `Tue 24 Nov – Thu 26 Nov`, with clock times where they are not whole days.
fn when(calendar: &Calendar, span: Span) -> String {
    let last_instant = span.end() - SignedDuration::from_nanos(1);
    let (first, last) = (calendar.day_of(span.start()), calendar.day_of(last_instant));
    let from = (span.start() != calendar.day(first).start()).then(|| time_label(calendar, span.start()));
    let to = (span.end() != calendar.day(last).end()).then(|| time_label(calendar, span.end()));
    let whole = from.is_none() && to.is_none();
    if first == last && whole {
        return day_title(first);
    }
    if first == last {
        return format!("{} {}", day_title(first), span_label(calendar, span));
    }
    let stop = |day, time: Option<String>| match time {
        Some(time) => format!("{} {time}", day_title(day)),
        None => day_title(day),
    };
    format!("{} – {}", stop(first, from), stop(last, to))
}

#[cfg(test)]
mod tests;
