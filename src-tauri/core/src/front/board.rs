//! The board, the catalogue, and one booking's sheet.

use super::freshness::clock_of;
use super::history::{Names, sheet_stage};
use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::lost::task_id;
use crate::view::{
    Board, BookingSheet, Catalogue, PaymentDue, Scene, ServiceChoice, SheetClient, SheetStaff, StaffChoice, axis,
};
use deskbell_clinic::{Appointment, AppointmentId, Kind, Row, Span};
use jiff::SignedDuration;

/// How far ahead the board looks for requests that were declined or not answered.
const NEEDS_AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Desk {
    /// A day of the whole clinic by staff; today when `day` is none.
    ///
    /// # Errors
    /// When `day` is no ISO date, nobody is signed in, or the cache cannot be read.
    pub async fn board(&self, day: Option<&str>) -> Result<Board, DeskError> {
        let asked = day.map(str::to_owned);
        let for_wanted = asked.clone();
        let scene = self
            .scene(move |calendar, now| {
                let day = Self::day_or_today(for_wanted.as_deref(), calendar, now)?;
                let today = calendar.day(calendar.day_of(now));
                let ahead = Span::new(today.start(), today.end() + NEEDS_AHEAD).unwrap_or(today);
                Ok(Wanted {
                    spans: vec![calendar.day(day), ahead],
                    staff: None,
                    desk_lists: true,
                })
            })
            .await?;
        let day = Self::day_or_today(asked.as_deref(), &scene.calendar, scene.now)?;
        let mut needs = self.needs_of_outbox(&scene).await?;
        // What was lost at this very desk is listed as the act that lost it.
        let own: Vec<_> = self
            .outbox()
            .await?
            .iter()
            .map(|item| task_id(item.operation))
            .collect();
        let elsewhere = scene.needs().into_iter();
        needs.extend(elsewhere.filter(|need| need.task.is_none_or(|task| !own.contains(&task))));
        let mut rows = scene.staff_rows(day);
        self.mark_movable(&scene, rows.iter_mut());
        Ok(Board {
            revision: scene.revision,
            day: axis(&scene.calendar, day, scene.today()),
            now: clock_of(&scene.calendar, scene.now),
            rows,
            look: self.board_look().await?,
            changed: self.changed_entries(&scene).await?,
            needs,
            arrivals: scene.arrivals(),
            waiting: scene.waiting_rows(),
        })
    }

    /// What can be booked.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn catalogue(&self) -> Result<Catalogue, DeskError> {
        let scene = self
            .scene(|_, _| {
                Ok(Wanted {
                    spans: vec![],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let services = scene.services.iter().filter(|row| row.active).map(|row| ServiceChoice {
            id: row.id,
            name: row.name.clone(),
            minutes: row.minutes,
            buffer: row.buffer_before + row.buffer_after,
        });
        let staff = scene.staff.iter().filter(|row| row.active).map(|row| StaffChoice {
            id: row.id,
            name: row.name.clone(),
            role: row.role,
            services: row.services.clone(),
        });
        Ok(Catalogue {
            services: services.collect(),
            staff: staff.collect(),
        })
    }

    /// One booking, whole.
    ///
    /// # Errors
    /// When there is no such booking here, nobody is signed in, or the cache cannot be read.
    pub async fn booking_sheet(&self, id: AppointmentId) -> Result<BookingSheet, DeskError> {
        let row = self.appointment(id).await?;
        let span = row.span;
        let scene = self
            .scene(move |_, _| {
                Ok(Wanted {
                    spans: vec![span],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let names = self.names().await?;
        let later = self.later_in_series(&row).await?;
        Ok(BookingSheet {
            later,
            ..self.sheet(&scene, &row, &names)
        })
    }

    /// The appointment as this person sees it.
    pub(super) async fn appointment(&self, id: AppointmentId) -> Result<Appointment, DeskError> {
        let seen = self
            .read(move |snapshot| Ok(snapshot.row(Kind::Appointment, id.uuid())?))
            .await?;
        match seen.map(|seen| seen.row) {
            Some(Row::Appointment(row)) => Ok(row),
            _ => Err(DeskError::bad_input("This booking is not here any more.")),
        }
    }

    fn sheet(&self, scene: &Scene, row: &Appointment, names: &Names) -> BookingSheet {
        let day = scene.calendar.day_of(row.span.start());
        let may = self.actions(row);
        BookingSheet {
            revision: scene.revision,
            id: row.id,
            day: day.to_string(),
            day_title: crate::view::day_title(day),
            span: crate::view::span_label(&scene.calendar, row.span),
            start: crate::view::clock(scene.calendar.time_of(row.span.start())),
            minutes: u32::try_from(row.span.minutes()).unwrap_or_default(),
            may_move: may.may_move,
            clients: row
                .clients
                .iter()
                .map(|attendee| {
                    let client = scene.client(attendee.client);
                    SheetClient {
                        id: attendee.client,
                        name: client.map_or_else(|| "A client".to_owned(), |client| client.name.clone()),
                        phone: client
                            .and_then(|c| c.phones.first())
                            .map_or_else(String::new, |phone| phone.typed.clone()),
                        alert: client.map_or_else(String::new, |client| client.alert.clone()),
                        arrived: attendee
                            .arrived_at
                            .map(|at| crate::view::time_label(&scene.calendar, at)),
                    }
                })
                .collect(),
            staff: row
                .assignments
                .iter()
                .map(|assignment| SheetStaff {
                    id: assignment.staff,
                    name: scene.staff_name(assignment.staff),
                    part: assignment.part,
                    answer: assignment.answer,
                })
                .collect(),
            services: scene.services_label(&row.services),
            place: scene.place_label(&row.place),
            status: row.status,
            step: row.step.as_deref().map(crate::view::step_words),
            notes: row.notes.clone(),
            call_back: row.call_back.clone(),
            reason: row.reason.clone(),
            overlap_reason: row.overlap_accepted.as_ref().map(|accepted| accepted.reason.clone()),
            steps: may.steps,
            correction: may.correction,
            payment_due: may.may_take_payment.then(|| payment_due(scene, row)),
            later: None,
            pending: scene.mark(Kind::Appointment, row.id.uuid()),
            history: row
                .history
                .iter()
                .map(|stage| sheet_stage(scene, names, *stage))
                .collect(),
        }
    }
}

/// What the booking's services cost together.
fn payment_due(scene: &Scene, row: &Appointment) -> PaymentDue {
    let prices = row.services.iter().filter_map(|id| scene.service(*id));
    PaymentDue {
        amount_cents: prices.map(|service| service.price_cents).sum(),
        currency: scene
            .clinic
            .as_ref()
            .map_or_else(String::new, |clinic| clinic.currency.clone()),
    }
}
