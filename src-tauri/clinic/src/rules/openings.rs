//! Where there is room.

use super::clash::{Severity, clashes};
use super::facts::Facts;
use super::free::free_time;
use crate::appointment::Appointment;
use crate::calendar::Calendar;
use crate::client::Gender;
use crate::ids::{ServiceId, StaffId};
use crate::service::Service;
use crate::span::Span;
use crate::staff::{Role, Staff};
use crate::waiting::TimeWish;
use crate::wire::Alternative;
use jiff::{SignedDuration, Timestamp};

/// Openings start on this grid of the clinic's clock.
const GRID_MINUTES: i64 = 15;
/// How many alternatives a lost slot offers.
pub const ALTERNATIVES: usize = 3;
/// How far around a lost slot alternatives are looked for.
const ALTERNATIVES_REACH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Services that must be offered.
    pub services: Vec<ServiceId>,
    /// Treatment time in minutes, without buffers.
    pub minutes: u32,
    /// By whom; empty means anyone who treats.
    pub staff: Vec<StaffId>,
    /// By whom, by gender.
    pub gender: Option<Gender>,
    /// When.
    pub time: TimeWish,
}

/// The next openings inside `horizon` and not before `from`, by start and then in the order of the staff; at most
/// `most`. Each lies, with its buffers, in free time; one opening a staff member and stretch of free time a grid step.
pub fn openings(wanted: &Wanted, facts: &Facts<'_>, from: Timestamp, horizon: Span, most: usize) -> Vec<Alternative> {
    let Ok(window) = Span::new(horizon.start().max(from), horizon.end()) else {
        return vec![];
    };
    let (before, after) = buffers(&wanted.services, facts);
    let mut found: Vec<(Timestamp, usize, Alternative)> = Vec::new();
    for (order, staff) in facts.staff.iter().enumerate().filter(|(_, row)| suits(row, wanted)) {
        let starts = free_time(staff.id, facts, window)
            .into_iter()
            .flat_map(|free| starts_in(facts.calendar, free, wanted.minutes, before, after))
            .filter(|span| wish_met(&wanted.time, facts.calendar, *span));
        found.extend(
            starts
                .take(most)
                .map(|span| (span.start(), order, Alternative { staff: staff.id, span })),
        );
    }
    found.sort_by_key(|(start, order, _)| (*start, *order));
    found.into_iter().take(most).map(|(_, _, open)| open).collect()
}

/// Free slots of the same length for an appointment that lost its own, the nearest first; the same staff before others
/// at the same distance. Never in the past, and none clashes hard.
pub fn alternatives(proposed: &Appointment, facts: &Facts<'_>, now: Timestamp) -> Vec<Alternative> {
    let wished = proposed.span;
    let reach = Span::new(wished.start() - ALTERNATIVES_REACH, wished.end() + ALTERNATIVES_REACH).unwrap_or(wished);
    let wanted = Wanted {
        services: proposed.services.clone(),
        minutes: u32::try_from(wished.minutes()).unwrap_or(0),
        ..Wanted::default()
    };
    let own: Vec<StaffId> = proposed.therapists().collect();
    let mut open = openings(&wanted, facts, now, reach, usize::MAX);
    open.sort_by_key(|open| {
        (
            open.span.start().duration_since(wished.start()).abs(),
            !own.contains(&open.staff),
            open.span.start(),
        )
    });
    let mut chosen: Vec<Alternative> = Vec::with_capacity(ALTERNATIVES);
    for candidate in open {
        if chosen.len() == ALTERNATIVES {
            break;
        }
        if !clashes_hard(proposed, candidate, facts) {
            chosen.push(candidate);
        }
    }
    chosen
}

fn clashes_hard(proposed: &Appointment, candidate: Alternative, facts: &Facts<'_>) -> bool {
    let mut moved = proposed.clone();
    moved.span = candidate.span;
    if let Some(first) = moved.assignments.iter_mut().find(|a| a.part == crate::Part::Therapist) {
        first.staff = candidate.staff;
    }
    clashes(&moved, facts)
        .iter()
        .any(|clash| clash.severity == Severity::Hard)
}

fn buffers(services: &[ServiceId], facts: &Facts<'_>) -> (u32, u32) {
    let rows: Vec<&Service> = services.iter().filter_map(|id| facts.service(*id)).collect();
    let before = rows.iter().map(|row| row.buffer_before).max().unwrap_or(0);
    let after = rows.iter().map(|row| row.buffer_after).max().unwrap_or(0);
    (before, after)
}

fn suits(staff: &Staff, wanted: &Wanted) -> bool {
    staff.active
        && staff.role == Role::Therapist
        && (wanted.staff.is_empty() || wanted.staff.contains(&staff.id))
        && wanted.gender.is_none_or(|wish| staff.gender == Some(wish))
        && wanted.services.iter().all(|id| staff.offers(*id))
}

/// Treatment spans on the grid whose buffers fit into `free` as well.
fn starts_in(calendar: &Calendar, free: Span, minutes: u32, before: u32, after: u32) -> impl Iterator<Item = Span> {
    let first = on_grid(calendar, free.start() + SignedDuration::from_mins(i64::from(before)));
    let starts = std::iter::successors(Some(first), |at| {
        at.checked_add(SignedDuration::from_mins(GRID_MINUTES)).ok()
    });
    starts
        .map_while(move |start| Span::of_minutes(start, minutes))
        .take_while(move |span| free.covers(span.widened(before, after)))
}

/// The same instant, or the next on the grid of the clinic's clock.
fn on_grid(calendar: &Calendar, at: Timestamp) -> Timestamp {
    let time = calendar.time_of(at);
    let seconds = i64::from(time.minute()) * 60 + i64::from(time.second());
    let past = seconds.rem_euclid(GRID_MINUTES * 60);
    let partial = past > 0 || time.subsec_nanosecond() > 0;
    if partial {
        let to_next = GRID_MINUTES * 60 - past;
        at + SignedDuration::from_secs(to_next) - SignedDuration::from_nanos(i64::from(time.subsec_nanosecond()))
    } else {
        at
    }
}

/// Whether a span is when the client could come.
pub(super) fn wish_met(wish: &TimeWish, calendar: &Calendar, span: Span) -> bool {
    let day = calendar.day_of(span.start());
    let (starts, ends) = (calendar.time_of(span.start()), calendar.time_of(span.end()));
    let same_day = calendar.day_of(span.end() - SignedDuration::from_nanos(1)) == day;
    wish.from_day.is_none_or(|from| day >= from)
        && wish.to_day.is_none_or(|to| day <= to)
        && (wish.weekdays.is_empty()
            || wish
                .weekdays
                .iter()
                .any(|d| i8::try_from(*d) == Ok(day.weekday().to_monday_one_offset())))
        && wish.earliest.is_none_or(|earliest| starts >= earliest)
        && wish
            .latest
            .is_none_or(|latest| same_day && ends <= latest && ends > starts)
}
