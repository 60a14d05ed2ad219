//! Booking, moving and deleting. The server compares with a few statuses of one therapist only, so all that it does not
//! compare is compared here, with what it holds at this moment.

use super::{Pusher, cannot_hold, lost, not_done, unasked};
use crate::backend::royal_care::http::refused;
use crate::backend::royal_care::reader::BOOKINGS;
use crate::backend::royal_care::rows::{self, calendar};
use crate::backend::royal_care::shape::BookingShape;
use crate::backend::snapshot_diff::{Again, same};
use crate::backend::{BackendError, Receipt, Write};
use crate::cache::CacheError;
use deskbell_clinic::rules::clash::{Clash, ClashAbout, Severity, clashes};
use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::rules::openings::{ALTERNATIVES_WITHIN, alternatives};
use deskbell_clinic::wire::{ProblemCode, SlotTaken, Taken};
use deskbell_clinic::{Appointment, Availability, Block, Kind, Part, Place, Row, Service, Span, Staff, StaffId};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

impl Pusher<'_> {
    pub(super) async fn book(&self, write: &Write, row: &Appointment) -> Result<Receipt, BackendError> {
        let body = self.booking_body(row).await?;
        let there = self.booked_near(row).await?;
        if let Some(found) = self.found_booking(row, &there).await? {
            return self.adopt_booking(row, &found).await;
        }
        if write.repeated {
            return Err(BackendError::Timeout { sent: true });
        }
        self.room_for(row, &there).await?;
        let answer = self.ask(Method::POST, BOOKINGS.to_owned(), Some(&body)).await;
        let answer = match answer {
            Err(error) if lost(&error) => return self.look_for_booking(row, error).await,
            answer => answer?,
        };
        match answer.status.as_u16() {
            201 => {
                let shape: BookingShape = answer.read()?;
                self.site.ids.bind(Kind::Appointment, shape.id, row.id.uuid());
                let made = rows::booking(&self.site.ids, &shape, row.id.uuid()).ok_or(BackendError::Protocol)?;
                self.site.written(&made).await
            }
            400 if answer.says("already booked") => {
                let there = self.booked_near(row).await?;
                self.room_for(row, &there).await?;
                // The server counts bookings that only touch: nothing of ours overlaps, and it is refused all the same.
                Err(self.slot_taken(row, &there, &[]).await?)
            }
            status @ 500.. => self.look_for_booking(row, BackendError::Server(status)).await,
            _ => Err(answer.refusal()),
        }
    }

    async fn look_for_booking(&self, row: &Appointment, error: BackendError) -> Result<Receipt, BackendError> {
        let there = self.booked_near(row).await.map_err(|_| error.clone())?;
        match self.found_booking(row, &there).await? {
            Some(found) => self.adopt_booking(row, &found).await,
            None => Err(error),
        }
    }

    /// A booking that says the same, and was not seen here before.
    async fn found_booking(
        &self,
        row: &Appointment,
        there: &[Appointment],
    ) -> Result<Option<Appointment>, BackendError> {
        let ours = Row::Appointment(row.clone());
        for other in there {
            let seen = other.id != row.id && self.site.truth(Kind::Appointment, other.id.uuid()).await?.is_some();
            if !seen && same(&ours, &Row::Appointment(other.clone())) {
                return Ok(Some(other.clone()));
            }
        }
        Ok(None)
    }

    async fn adopt_booking(&self, row: &Appointment, found: &Appointment) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Appointment, found.id.uuid())?;
        self.site.ids.bind(Kind::Appointment, number, row.id.uuid());
        let mut made = found.clone();
        made.id = row.id;
        self.site.written(&Row::Appointment(made)).await
    }

    pub(super) async fn move_booking(&self, row: &Appointment, seen: u32) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Appointment, row.id.uuid())?;
        let body = self.booking_body(row).await?;
        let fresh = self.booking_now(number, row.id.uuid()).await?;
        let wanted = Row::Appointment(row.clone());
        if same(&wanted, &Row::Appointment(fresh.clone())) && fresh.place == row.place && fresh.notes == row.notes {
            return self.site.written(&Row::Appointment(fresh)).await;
        }
        self.unchanged(&Row::Appointment(fresh), seen).await?;
        let there = self.booked_near(row).await?;
        self.room_for(row, &there).await?;
        let answer = self
            .ask(Method::PATCH, format!("{BOOKINGS}{number}/"), Some(&body))
            .await;
        let refusal = match answer {
            Err(error) if lost(&error) => not_done(),
            Err(error) => return Err(error),
            // Its answer may show the row as it was before.
            Ok(answer) if answer.status.is_success() => BackendError::Protocol,
            Ok(answer) if answer.says("already booked") => self.slot_taken(row, &there, &[]).await?,
            Ok(answer) => answer.refusal(),
        };
        let now = Row::Appointment(self.booking_now(number, row.id.uuid()).await?);
        if same(&wanted, &now) {
            self.site.written(&now).await
        } else {
            Err(refusal)
        }
    }

    pub(super) async fn remove_booking(&self, id: Uuid) -> Result<Receipt, BackendError> {
        let number = self.number(Kind::Appointment, id)?;
        let Some((row, _)) = self.site.truth(Kind::Appointment, id).await? else {
            return Err(BackendError::NotFound);
        };
        let answer = self.ask(Method::DELETE, format!("{BOOKINGS}{number}/"), None).await;
        let refusal = match answer {
            Ok(answer) if answer.status.is_success() => return self.site.gone(Kind::Appointment, id).await,
            Ok(answer) if answer.status.is_server_error() => not_done(),
            Ok(answer) => return Err(answer.refusal()),
            Err(error) if lost(&error) => not_done(),
            Err(error) => return Err(error),
        };
        // One that is missing is answered like a failure.
        match self.reader.again(&row).await.map_err(unasked)? {
            Again::Gone => self.site.gone(Kind::Appointment, id).await,
            Again::There(_) | Again::Unsure => Err(refusal),
        }
    }

    /// The booking as it is now.
    pub(super) async fn booking_now(&self, number: u64, id: Uuid) -> Result<Appointment, BackendError> {
        let answer = self.reader.get(&format!("{BOOKINGS}{number}/"), &[]).await;
        let answer = answer.map_err(unasked)?;
        if answer.status.is_server_error() {
            let Some((row, _)) = self.site.truth(Kind::Appointment, id).await? else {
                return Err(BackendError::NotFound);
            };
            return match self.reader.again(&row).await.map_err(unasked)? {
                Again::There(row) => appointment(*row),
                Again::Gone => Err(BackendError::NotFound),
                Again::Unsure => Err(not_done()),
            };
        }
        let shape: BookingShape = answer.read()?;
        let row = rows::booking(&self.site.ids, &shape, id).ok_or(BackendError::Protocol)?;
        appointment(row)
    }

    /// What the booking's staff has on its day, as the server holds it at this moment.
    async fn booked_near(&self, row: &Appointment) -> Result<Vec<Appointment>, BackendError> {
        let day = calendar().day_of(row.span.start()).to_string();
        let mut found: Vec<Appointment> = Vec::new();
        for assignment in &row.assignments {
            let by = match assignment.part {
                Part::Therapist => "therapist",
                Part::Driver => "driver",
            };
            let number = self.number(Kind::Staff, assignment.staff.uuid())?;
            let query = vec![("date", day.clone()), (by, number.to_string())];
            for told in self.reader.bookings_of(query).await.map_err(unasked)?.rows {
                if let Row::Appointment(other) = told.row
                    && !found.iter().any(|known| known.id == other.id)
                {
                    found.push(other);
                }
            }
        }
        Ok(found)
    }

    /// Refuses what clashes with what the server holds now, and with what the cache knows besides.
    async fn room_for(&self, row: &Appointment, there: &[Appointment]) -> Result<(), BackendError> {
        let known = self.known(row, there).await?;
        let found = clashes(row, &known.facts());
        let hard: Vec<_> = found
            .into_iter()
            .filter(|clash| clash.severity == Severity::Hard)
            .collect();
        if hard.is_empty() {
            Ok(())
        } else {
            Err(self.slot_taken(row, there, &hard).await?)
        }
    }

    async fn slot_taken(
        &self,
        row: &Appointment,
        there: &[Appointment],
        found: &[Clash],
    ) -> Result<BackendError, BackendError> {
        let known = self.known(row, there).await?;
        let first = row.staff().next();
        let mut taken: Vec<_> = found.iter().filter_map(|clash| taken(clash, first)).collect();
        if found.is_empty() {
            // Bookings that touch this one.
            let touching = there
                .iter()
                .filter(|other| other.span.end() == row.span.start() || row.span.end() == other.span.start());
            taken.extend(touching.filter_map(|other| {
                Some(Taken {
                    kind: Kind::Staff,
                    id: first?.uuid(),
                    span: other.span,
                    appointment: Some(other.id),
                    booked_by: None,
                    booked_at: None,
                })
            }));
        }
        let mut problem = refused(ProblemCode::SlotTaken, 409, None);
        problem.slot = Some(SlotTaken {
            clashes: taken,
            alternatives: alternatives(row, &known.facts(), self.session.now()),
        });
        Ok(BackendError::Conflict(Box::new(problem)))
    }

    /// What the cache knows of the days around, with what the server holds now in place of older knowledge.
    async fn known(&self, row: &Appointment, there: &[Appointment]) -> Result<Known, BackendError> {
        let start = row.span.start();
        let from = start.saturating_sub(ALTERNATIVES_WITHIN).unwrap_or(start);
        let to = start.saturating_add(ALTERNATIVES_WITHIN).unwrap_or(start);
        let window = Span::new(from, to).unwrap_or(row.span);
        let mut known = self
            .site
            .cache()
            .read(move |snapshot| {
                let mut known = Known::default();
                for kind in [Kind::Staff, Kind::Service] {
                    for (row, _) in snapshot.truth(kind, None)? {
                        known.add(row);
                    }
                }
                for kind in [Kind::Availability, Kind::Block, Kind::Appointment] {
                    for (row, _) in snapshot.truth(kind, Some(window))? {
                        known.add(row);
                    }
                }
                Ok::<_, CacheError>(known)
            })
            .await?;
        known
            .appointments
            .retain(|known| !there.iter().any(|other| other.id == known.id));
        known.appointments.extend(there.iter().cloned());
        Ok(known)
    }

    /// The booking as the server takes it.
    async fn booking_body(&self, row: &Appointment) -> Result<Value, BackendError> {
        let [attendee] = row.clients.as_slice() else {
            return Err(cannot_hold("The clinic’s server keeps one client a booking."));
        };
        let location = match &row.place {
            Place::Address(address) => address.clone(),
            Place::Resource(_) => return Err(cannot_hold("The clinic’s server keeps no rooms.")),
            Place::Anywhere => self.address_of(attendee.client.uuid()).await?,
        };
        if location.trim().is_empty() {
            return Err(cannot_hold("The clinic’s server keeps no booking without an address."));
        }
        let numbers = |kind: Kind, ids: Vec<Uuid>| -> Result<Vec<u64>, BackendError> {
            ids.into_iter().map(|id| self.number(kind, id)).collect()
        };
        let of = |part: Part| {
            let assigned = row.assignments.iter().filter(move |assignment| assignment.part == part);
            assigned.map(|assignment| assignment.staff.uuid()).collect::<Vec<_>>()
        };
        let therapists = numbers(Kind::Staff, of(Part::Therapist))?;
        let drivers = numbers(Kind::Staff, of(Part::Driver))?;
        let services = numbers(Kind::Service, row.services.iter().map(|id| id.uuid()).collect())?;
        let (calendar, start, end) = (calendar(), row.span.start(), row.span.end());
        let (one, group) = match therapists.as_slice() {
            [one] => (Some(*one), vec![]),
            several => (None, several.to_vec()),
        };
        Ok(json!({
            "client": self.number(Kind::Client, attendee.client.uuid())?,
            "services": services,
            "date": calendar.day_of(start),
            "start_time": calendar.time_of(start),
            "end_time": calendar.time_of(end),
            "location": location,
            "therapist": one,
            "therapists": group,
            "group_size": group.len().max(1),
            "driver": drivers.first(),
            "notes": row.notes,
        }))
    }

    async fn address_of(&self, client: Uuid) -> Result<String, BackendError> {
        Ok(match self.site.truth(Kind::Client, client).await? {
            Some((Row::Client(client), _)) => client.address,
            _ => String::new(),
        })
    }
}

fn appointment(row: Row) -> Result<Appointment, BackendError> {
    match row {
        Row::Appointment(row) => Ok(row),
        _ => Err(BackendError::Protocol),
    }
}

/// A clash as the conflict sheet shows it; `first` stands for whom a block is in the way of.
fn taken(clash: &Clash, first: Option<StaffId>) -> Option<Taken> {
    let (kind, id) = match clash.about {
        ClashAbout::Staff(id) => (Kind::Staff, id.uuid()),
        ClashAbout::Client(id) => (Kind::Client, id.uuid()),
        ClashAbout::Resource(id) => (Kind::Resource, id.uuid()),
        _ => (Kind::Staff, first?.uuid()),
    };
    Some(Taken {
        kind,
        id,
        span: clash.span,
        appointment: clash.with,
        booked_by: None,
        booked_at: None,
    })
}

/// What is known around a booking.
#[derive(Default)]
struct Known {
    staff: Vec<Staff>,
    services: Vec<Service>,
    availabilities: Vec<Availability>,
    blocks: Vec<Block>,
    appointments: Vec<Appointment>,
}

impl Known {
    fn add(&mut self, row: Row) {
        match row {
            Row::Staff(row) => self.staff.push(row),
            Row::Service(row) => self.services.push(row),
            Row::Availability(row) => self.availabilities.push(row),
            Row::Block(row) => self.blocks.push(row),
            Row::Appointment(row) => self.appointments.push(row),
            _ => {}
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            calendar: calendar(),
            staff: &self.staff,
            services: &self.services,
            resources: &[],
            availabilities: &self.availabilities,
            blocks: &self.blocks,
            appointments: &self.appointments,
            clients: &[],
        }
    }
}
