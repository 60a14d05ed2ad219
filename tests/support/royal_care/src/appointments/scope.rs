//! Whose bookings a person meets, and what happens at one that is not among them: the service breaks down instead of
//! saying so.

use super::Appointment;
use crate::answer::Answer;
use crate::clinic::{Clinic, Role};
use crate::visit::Visit;

/// Whether the account meets the booking.
pub(crate) fn visible_to(clinic: &Clinic, user: i64, row: &Appointment) -> bool {
    match clinic.user(user).role {
        Role::Operator => true,
        Role::Therapist => row.treats(user),
        Role::Driver => row.driver == Some(user),
    }
}

/// The booking that the address names.
pub(super) fn named(visit: &Visit<'_>) -> Result<Appointment, Answer> {
    match visit.clinic.appointments.get(&visit.call.id()) {
        Some(row) if visible_to(visit.clinic, visit.me, row) => Ok(row.clone()),
        _ => Err(Answer::server_error()),
    }
}
