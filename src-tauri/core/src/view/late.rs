//! Whom a late client keeps waiting. Windows have the minute, so they are told how much delay there is room for.

use super::Strand;
use super::labels::time_label;
use super::scene::Scene;
use deskbell_clinic::rules::delay::stranded_by;
use deskbell_clinic::{Appointment, Status};
use jiff::SignedDuration;

/// A booking so far ahead is not late before the board is read again.
const SOON: SignedDuration = SignedDuration::from_hours(4);

impl Scene {
    /// Whom a delay of a booking pushes back: of those that may be late today.
    pub(super) fn strands(&self, row: &Appointment) -> Vec<Strand> {
        let may_be_late = matches!(row.status, Status::Confirmed | Status::EnRoute)
            && row.span.end() > self.now
            && row.span.start() < self.now + SOON
            && self.calendar.day_of(row.span.start()) == self.today();
        if !may_be_late {
            return vec![];
        }
        let pushed = stranded_by(row, &self.facts()).into_iter().filter_map(|stranded| {
            let other = self
                .appointments
                .iter()
                .find(|other| other.id == stranded.appointment)?;
            Some(Strand {
                appointment: other.id,
                client: self.clients_label(other),
                time: time_label(&self.calendar, other.span.start()),
                slack: u16::try_from(stranded.slack).unwrap_or(u16::MAX),
            })
        });
        pushed.collect()
    }
}
