//! Where in the calendar something is, for a link or a click that leads there.

use crate::desk::{Desk, DeskError};
use deskbell_clinic::{AppointmentId, StaffId};

/// A place in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// The day, as an ISO date.
    pub day: String,
    /// Whose column or row; none for a booking that nobody has yet.
    pub staff: Option<StaffId>,
    /// Minute of the day it begins at.
    pub minute: i32,
}

impl Desk {
    /// Where a booking is, as this person sees it.
    ///
    /// # Errors
    /// When there is no such booking here, nobody is signed in, or the cache cannot be read.
    pub async fn whereabouts(&self, id: AppointmentId) -> Result<Whereabouts, DeskError> {
        let row = self.appointment(id).await?;
        let calendar = self.read_calendar().await?;
        let day = calendar.day_of(row.span.start());
        Ok(Whereabouts {
            day: day.to_string(),
            staff: row.therapists().next().or_else(|| row.staff().next()),
            minute: calendar.minute_of_day(day, row.span.start()),
        })
    }
}
