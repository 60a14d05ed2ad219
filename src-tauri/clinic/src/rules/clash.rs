//! What is in the way of a booking.

use crate::appointment::{Appointment, OverlapAccepted};
use crate::availability::{Block, BlockOf};
use crate::calendar::Calendar;
use crate::ids::{AppointmentId, BlockId, ClientId, ResourceId, StaffId};
use crate::rules::facts::Facts;
use crate::rules::free::offered;
use crate::rules::occurrences::of_block;
use crate::rules::spans::{at_least, cover};
use crate::rules::wish::suits_gender;
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// One thing in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Whether it refuses the booking.
    pub severity: Severity,
    /// What it is about.
    pub about: ClashAbout,
    /// The part of the booking's time that it is about.
    pub span: Span,
    /// The other booking, where it is one.
    pub with: Option<AppointmentId>,
}

/// How bad a clash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Refuses the booking, unless an operator accepts it with a reason.
    Hard,
    /// Warns.
    Soft,
}

/// What a clash is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "about", content = "id", rename_all = "snake_case")]
pub enum ClashAbout {
    /// Hard: they are in another booking.
    Staff(StaffId),
    /// Hard: they are in another booking.
    Client(ClientId),
    /// Hard: no more bookings fit in. Soft: only the buffers do not.
    Resource(ResourceId),
    /// Hard: a block of the clinic, of a staff member or of the room.
    Blocked(BlockId),
    /// Soft: not, or not all of it, in their availability.
    OutsideHours(StaffId),
    /// Soft: the clinic is closed for some of it.
    OutsideOpening,
    /// Soft: the buffers of two bookings of theirs overlap.
    Buffer(StaffId),
    /// Soft: they do not offer the service, or not at that time.
    NotOffered(StaffId),
    /// Soft: not with whom this client wishes.
    Wish(ClientId),
}

/// Everything that is in the way of `proposed`, the hard first. An appointment of the same id in the facts is its own
/// earlier state and not in the way; a proposal that takes no time (a cancelled one) has nothing in its way.
pub fn clashes(proposed: &Appointment, facts: &Facts<'_>) -> Vec<Clash> {
    if !proposed.status.takes_time() {
        return vec![];
    }
    let mut staff: Vec<StaffId> = Vec::new();
    for id in proposed.staff() {
        if !staff.contains(&id) {
            staff.push(id);
        }
    }
    let mut found = Vec::new();
    with_others(proposed, &staff, facts, &mut found);
    room(proposed, facts, &mut found);
    found.extend(blocks(proposed, &staff, facts));
    found.extend(staff.iter().flat_map(|id| hours(proposed, *id, facts)));
    if !open_throughout(facts.calendar, proposed.span) {
        found.push(soft(ClashAbout::OutsideOpening, proposed.span, None));
    }
    found.extend(wishes(proposed, facts));
    found.sort_by_key(|clash| clash.severity);
    found
}

/// Whether these clashes refuse a booking: one is hard, and nobody has accepted it with a reason.
pub fn refused(clashes: &[Clash], overlap_accepted: Option<&OverlapAccepted>) -> bool {
    let accepted = overlap_accepted.is_some_and(|accepted| !accepted.reason.trim().is_empty());
    !accepted && clashes.iter().any(|clash| clash.severity == Severity::Hard)
}

const fn hard(about: ClashAbout, span: Span, with: Option<AppointmentId>) -> Clash {
    Clash {
        severity: Severity::Hard,
        about,
        span,
        with,
    }
}

const fn soft(about: ClashAbout, span: Span, with: Option<AppointmentId>) -> Clash {
    Clash {
        severity: Severity::Soft,
        about,
        span,
        with,
    }
}

/// The same people in two bookings.
fn with_others(proposed: &Appointment, staff: &[StaffId], facts: &Facts<'_>, found: &mut Vec<Clash>) {
    let occupied = facts.occupied(proposed);
    for other in facts.taking_time(Some(proposed.id)) {
        let shared = staff.iter().filter(|id| other.staff().any(|theirs| theirs == **id));
        if let Some(span) = proposed.span.intersection(other.span) {
            found.extend(shared.map(|id| hard(ClashAbout::Staff(*id), span, Some(other.id))));
            let clients = proposed.clients.iter().map(|attendee| attendee.client);
            let both = clients.filter(|id| other.clients.iter().any(|theirs| theirs.client == *id));
            found.extend(both.map(|id| hard(ClashAbout::Client(id), span, Some(other.id))));
        } else {
            found.extend(shared.filter_map(|id| {
                let span = occupied.intersection(facts.occupied(other))?;
                Some(soft(ClashAbout::Buffer(*id), span, Some(other.id)))
            }));
        }
    }
}

/// More bookings in the room than it holds. Two that follow each other fill it no more than one does.
fn room(proposed: &Appointment, facts: &Facts<'_>, found: &mut Vec<Clash>) {
    let Some(room) = proposed.place.resource() else { return };
    let capacity = facts.capacity(room);
    if capacity == 0 {
        found.push(hard(ClashAbout::Resource(room), proposed.span, None));
        return;
    }
    let inside: Vec<&Appointment> = facts
        .taking_time(Some(proposed.id))
        .filter(|row| row.place.resource() == Some(room))
        .collect();
    let full = |mine: Span, theirs: &dyn Fn(&Appointment) -> Span| -> Vec<(AppointmentId, Span)> {
        let shared: Vec<(AppointmentId, Span)> = inside
            .iter()
            .filter_map(|row| Some((row.id, theirs(row).intersection(mine)?)))
            .collect();
        let full = at_least(&shared.iter().map(|(_, span)| *span).collect::<Vec<_>>(), capacity);
        shared
            .into_iter()
            .filter(|(_, span)| full.iter().any(|stretch| stretch.overlaps(*span)))
            .collect()
    };
    let taken = full(proposed.span, &|row| row.span);
    let tight = full(facts.occupied(proposed), &|row| facts.occupied(row));
    let about = ClashAbout::Resource(room);
    let only_tight = tight
        .into_iter()
        .filter(|(id, _)| !taken.iter().any(|(hard, _)| hard == id));
    found.extend(only_tight.map(|(id, span)| soft(about, span, Some(id))));
    found.extend(taken.iter().map(|(id, span)| hard(about, *span, Some(*id))));
}

fn blocks<'a>(
    proposed: &'a Appointment,
    staff: &'a [StaffId],
    facts: &'a Facts<'_>,
) -> impl Iterator<Item = Clash> + 'a {
    let concerns = move |block: &&Block| match block.of {
        BlockOf::Clinic => true,
        BlockOf::Staff(id) => staff.contains(&id),
        BlockOf::Resource(id) => proposed.place.resource() == Some(id),
    };
    facts.blocks.iter().filter(concerns).flat_map(move |block| {
        let spans = of_block(block, facts.calendar, proposed.span).into_iter();
        let shared = spans.filter_map(|span| span.intersection(proposed.span));
        shared.map(|span| hard(ClashAbout::Blocked(block.id), span, None))
    })
}

/// Outside somebody's hours, or not what they offer (then).
fn hours(proposed: &Appointment, staff: StaffId, facts: &Facts<'_>) -> Vec<Clash> {
    let span = proposed.span;
    let within = cover(&offered(staff, &[], facts, span), span);
    // A driver brings somebody who treats; what is treated is not theirs to offer.
    let treats = proposed.therapists().any(|id| id == staff);
    let able = facts
        .staff_member(staff)
        .is_none_or(|row| proposed.services.iter().all(|service| row.offers(*service)));
    let then = || !within || cover(&offered(staff, &proposed.services, facts, span), span);
    let outside = (!within).then(|| soft(ClashAbout::OutsideHours(staff), span, None));
    let not_offered = (treats && !(able && then())).then(|| soft(ClashAbout::NotOffered(staff), span, None));
    outside.into_iter().chain(not_offered).collect()
}

fn open_throughout(calendar: &Calendar, span: Span) -> bool {
    // From the day before: what opens then may close past midnight. Spans that touch, as midnight to midnight, are one.
    let first = calendar.day_of(span.start());
    let mut day = first.yesterday().unwrap_or(first);
    let mut open_until = span.start();
    loop {
        let mut stretches = calendar.open_spans(day);
        stretches.sort_unstable();
        for stretch in stretches {
            if stretch.start() <= open_until {
                open_until = open_until.max(stretch.end());
            }
        }
        if open_until >= span.end() {
            return true;
        }
        let begun = calendar.day_of(open_until) > day || day < first;
        match day.tomorrow() {
            Ok(next) if begun => day = next,
            _ => return false,
        }
    }
}

/// Wishes that who treats does not meet: one of the preferred, and all of the preferred gender.
fn wishes<'a>(proposed: &'a Appointment, facts: &'a Facts<'_>) -> impl Iterator<Item = Clash> + 'a {
    let treated = proposed.therapists().next().is_some();
    let clients = proposed
        .clients
        .iter()
        .filter_map(|attendee| facts.client(attendee.client));
    let unmet = clients.filter(move |client| {
        let wish = &client.wishes;
        let preferred = wish.staff.is_empty() || proposed.therapists().any(|id| wish.staff.contains(&id));
        let gender = proposed
            .therapists()
            .filter_map(|id| facts.staff_member(id))
            .all(|staff| suits_gender(wish.gender, staff));
        treated && !(preferred && gender)
    });
    unmet.map(|client| soft(ClashAbout::Wish(client.id), proposed.span, None))
}
