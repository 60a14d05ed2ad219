//! Who could take a booking over when somebody is away: at the same time, and without anything else in its way.

use crate::appointment::{Appointment, Part};
use crate::ids::StaffId;
use crate::rules::clash::{Clash, ClashAbout, Severity, clashes};
use crate::rules::facts::Facts;
use crate::staff::{Role, Staff};

/// Who can take the part of `absent` in a booking, the best first, at most `most`: those who work then, do what is to be
/// done and are in no other booking. Whom the client wishes goes before others, room for the buffers before none, and
/// who has less on that day before who has more; then the order of the staff in the facts.
pub fn substitutes(booking: &Appointment, absent: StaffId, facts: &Facts<'_>, most: usize) -> Vec<StaffId> {
    let Some(part) = booking.assignments.iter().find(|one| one.staff == absent) else {
        return vec![];
    };
    let fits = |staff: &&Staff| {
        let role = match part.part {
            Part::Therapist => staff.role == Role::Therapist,
            Part::Driver => staff.role == Role::Driver,
        };
        role && staff.active && booking.staff().all(|id| id != staff.id)
    };
    let mut able: Vec<_> = facts
        .staff
        .iter()
        .filter(fits)
        .filter_map(|staff| {
            let found = clashes(&taken_over(booking, absent, staff.id), facts);
            let rules_out = |clash: &Clash| {
                clash.severity == Severity::Hard
                    || matches!(clash.about, ClashAbout::OutsideHours(id) | ClashAbout::NotOffered(id) if id == staff.id)
            };
            if found.iter().any(rules_out) {
                return None;
            }
            let unwished = found.iter().any(|clash| matches!(clash.about, ClashAbout::Wish(_)));
            let tight = found
                .iter()
                .any(|clash| matches!(clash.about, ClashAbout::Buffer(id) if id == staff.id));
            Some(((unwished, tight, load(booking, staff.id, facts)), staff.id))
        })
        .collect();
    // Stable: of those who are as good, the order of the staff stays.
    able.sort_by_key(|(how_good, _)| *how_good);
    able.into_iter().map(|(_, id)| id).take(most).collect()
}

fn taken_over(booking: &Appointment, absent: StaffId, by: StaffId) -> Appointment {
    let mut after = booking.clone();
    for assignment in after.assignments.iter_mut().filter(|one| one.staff == absent) {
        assignment.staff = by;
    }
    after
}

/// How many bookings somebody has on the booking's day.
fn load(booking: &Appointment, staff: StaffId, facts: &Facts<'_>) -> usize {
    let day = facts.calendar.day(facts.calendar.day_of(booking.span.start()));
    facts
        .taking_time(Some(booking.id))
        .filter(|row| row.span.overlaps(day) && row.staff().any(|id| id == staff))
        .count()
}
