//! Booking and moving on, with the clinic's rules asked first: what the server would refuse is refused here at once.

use super::series::AskedDay;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{BookingAnswer, ClashLine, ClientChoice, Kept, NewBooking, NewPayment, Opening, Scene};
use deskbell_clinic::rules::clash::{Clash, ClashAbout, Severity};
use deskbell_clinic::rules::openings::alternatives;
use deskbell_clinic::wire::{Alternative, StepRequest};
use deskbell_clinic::{
    Answer, Appointment, AppointmentId, Assignment, Attendee, Client, ClientId, Kind, OverlapAccepted, Part, Payment,
    PaymentId, Phone, Place, Span, Step, Wishes,
};
use jiff::SignedDuration;
use jiff::civil::Date;
use uuid::Uuid;

/// How far from the wished time alternatives are looked for.
pub(super) const ALTERNATIVES_AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Why a booking was cancelled that was taken back.
const UNDONE: &str = "Undone right after booking";
/// The longest name that a form may hold.
const LONGEST_NAME: usize = 200;

impl Desk {
    /// Books an appointment. When a hard clash is in the way and no reason to override it is given, nothing is kept and
    /// the answer says what is in the way and where there is room.
    ///
    /// # Errors
    /// When the form is not complete, nobody is signed in, or the act cannot be kept (a full disk).
    pub async fn book(&self, form: NewBooking) -> Result<BookingAnswer, DeskError> {
        self.book_typed_in(form, None).await
    }

    /// Books what was typed in a window of this kind: with the booking, the draft that was kept of it is gone.
    ///
    /// # Errors
    /// As for [`Desk::book`].
    pub async fn book_typed_in(&self, form: NewBooking, window: Option<&str>) -> Result<BookingAnswer, DeskError> {
        let asked = self.asked(&form).await?;
        let lines = asked.lines();
        if asked.rows.iter().any(AskedDay::is_refused) {
            let alternatives = match asked.rows.as_slice() {
                [only] => alternatives_to(&asked.scene, only),
                // Another time for one day of several is chosen on that day.
                _ => vec![],
            };
            return Ok(BookingAnswer::Refused {
                clashes: lines,
                alternatives,
            });
        }
        let rows: Vec<_> = asked.rows.into_iter().map(|one| one.row).collect();
        let Some(appointment) = rows.first().map(|row| row.id) else {
            return Err(DeskError::bad_input("There is nothing to keep."));
        };
        let cancels = rows.iter().map(|row| Intent::Step {
            appointment: row.id,
            step: self.step_request(Step::Cancel, Some(UNDONE.to_owned())),
            base_version: None,
            lands: None,
        });
        let cancels: Vec<_> = cancels.collect();
        let of_client = usize::from(asked.new_client.is_some());
        // A new client and their bookings are kept together, or nothing is.
        let client = asked.new_client.map(|client| Intent::put(client, None));
        let acts = client
            .into_iter()
            .chain(rows.into_iter().map(|row| Intent::put(row, None)));
        let all = self.keep_ending_draft(acts.collect(), window).await?;
        let kept = self.done_together(all.get(of_client..).unwrap_or_default(), cancels)?;
        Ok(BookingAnswer::Kept {
            appointment,
            operation: kept.operation,
            revision: kept.revision,
            warnings: lines,
        })
    }

    pub(super) fn new_appointment(
        &self,
        form: &NewBooking,
        client: ClientId,
        span: Span,
    ) -> Result<Appointment, DeskError> {
        if form.staff.is_empty() {
            return Err(DeskError::bad_input("Choose who treats."));
        }
        let by = self.account().ok_or_else(DeskError::signed_out)?.account;
        let holds = self.holds();
        let reason = form
            .override_reason
            .as_deref()
            .map(str::trim)
            .filter(|reason| !reason.is_empty() && holds.overrides);
        let (notes, call_back) = notes_and_number(form, holds.call_backs);
        Ok(Appointment {
            id: AppointmentId(Uuid::now_v7()),
            series: None,
            clients: vec![Attendee {
                client,
                arrived_at: None,
            }],
            assignments: form
                .staff
                .iter()
                .map(|staff| (*staff, Part::Therapist))
                .chain(form.driver.map(|driver| (driver, Part::Driver)))
                .map(|(staff, part)| Assignment {
                    staff,
                    part,
                    answer: Answer::Pending,
                })
                .collect(),
            services: form.services.clone(),
            span,
            place: Place::Anywhere,
            status: holds.begins,
            step: None,
            notes,
            call_back,
            reason: None,
            answer_due: None,
            overlap_accepted: reason.map(|reason| OverlapAccepted {
                by,
                reason: reason.to_owned(),
            }),
            history: vec![],
        })
    }

    pub(super) async fn client(&self, id: ClientId) -> Result<Option<Client>, DeskError> {
        let seen = self
            .read(move |snapshot| Ok(snapshot.row(Kind::Client, id.uuid())?))
            .await?;
        Ok(seen.and_then(|seen| match seen.row {
            deskbell_clinic::Row::Client(client) => Some(client),
            _ => None,
        }))
    }

    /// Takes one step with an appointment, when this person may.
    ///
    /// # Errors
    /// When the step is not possible now, a reason is missing, nobody is signed in, or the act cannot be kept.
    pub async fn take_step(&self, id: AppointmentId, step: Step, reason: Option<String>) -> Result<Kept, DeskError> {
        let row = self.appointment(id).await?;
        let may = self.actions(&row);
        let allowed = may.steps.contains(&step) || (step == Step::Correct && may.correction.is_some());
        if !allowed {
            return Err(DeskError::bad_input(
                "This is not possible any more: the booking has moved on.",
            ));
        }
        let reason = reason
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        if matches!(step, Step::Cancel | Step::Decline) && reason.is_none() {
            return Err(DeskError::bad_input("Say why, so that the client can be told."));
        }
        let base_version = self.version_of(Kind::Appointment, id.uuid()).await?;
        let request = self.step_request(step, reason);
        let kept = self
            .keep(Intent::Step {
                appointment: id,
                step: request,
                base_version,
                lands: self.landing(&row, step),
            })
            .await?;
        let undoable = step != Step::Correct && self.holds().corrections;
        if undoable {
            let correct = self.step_request(Step::Correct, None);
            self.remember_inverse(
                kept.operation,
                Intent::Step {
                    appointment: id,
                    step: correct,
                    base_version,
                    lands: None,
                },
            );
        }
        Ok(Kept { undoable, ..kept })
    }

    /// Records that an appointment was paid, when this person may.
    ///
    /// # Errors
    /// When it is not to be paid now, nobody is signed in, or the act cannot be kept.
    pub async fn take_payment(&self, form: NewPayment) -> Result<Kept, DeskError> {
        let row = self.appointment(form.appointment).await?;
        if !self.actions(&row).may_take_payment {
            return Err(DeskError::bad_input(
                "This booking is not to be paid now: it has moved on.",
            ));
        }
        let by = self.account().ok_or_else(DeskError::signed_out)?.account;
        let client = row.clients.first().map(|attendee| attendee.client);
        let payment = Payment {
            id: PaymentId(Uuid::now_v7()),
            appointment: row.id,
            client: client.ok_or_else(|| DeskError::bad_input("This booking has no client."))?,
            method: form.method,
            amount_cents: i32::try_from(form.amount_cents)
                .map_err(|_| DeskError::bad_input("This amount is too large."))?,
            at: self.now(),
            by,
            reverses: None,
        };
        let kept = self.keep(Intent::Pay { payment }).await?;
        Ok(Kept {
            undoable: false,
            ..kept
        })
    }

    pub(super) fn step_request(&self, step: Step, reason: Option<String>) -> StepRequest {
        StepRequest {
            step,
            client: None,
            reason,
            acted_at: self.now(),
        }
    }

    /// The server's version of a row, as the person saw it.
    pub(super) async fn version_of(&self, kind: Kind, id: Uuid) -> Result<Option<u32>, DeskError> {
        let seen = self.read(move |snapshot| Ok(snapshot.row(kind, id)?)).await?;
        Ok(seen.and_then(|seen| seen.version))
    }
}

/// What is noted, and the number to call back; in the notes where the clinic's server has no place for it.
fn notes_and_number(form: &NewBooking, has_place: bool) -> (String, String) {
    let notes = form.notes.trim();
    let number = form.call_back.as_deref().map_or("", str::trim);
    if has_place || number.is_empty() {
        return (notes.to_owned(), number.to_owned());
    }
    let noted = format!("{notes}\nCall back on {number}");
    (noted.trim().to_owned(), String::new())
}

/// Where the visit is: the address that was typed, else the client's own. A new client's is kept with them.
pub(super) fn visited(form: &NewBooking, known: Option<&Client>, new: Option<&mut Client>) -> Result<Place, DeskError> {
    let typed = form.address.as_deref().map(str::trim).filter(|typed| !typed.is_empty());
    let own = known.map(|client| client.address.trim()).filter(|own| !own.is_empty());
    let address = typed
        .or(own)
        .ok_or_else(|| DeskError::bad_input("Say where: the client’s address."))?
        .to_owned();
    if let Some(client) = new {
        if client.phones.is_empty() {
            return Err(DeskError::bad_input("Say the client’s telephone number."));
        }
        client.address.clone_from(&address);
    }
    Ok(Place::Address(address))
}

pub(super) fn chosen_client(choice: &ClientChoice) -> Result<(ClientId, Option<Client>), DeskError> {
    match choice {
        ClientChoice::Known { id } => Ok((*id, None)),
        ClientChoice::New { name, phone } => {
            let name = name.trim();
            if name.is_empty() {
                return Err(DeskError::bad_input("Say who comes: a name."));
            }
            if name.chars().count() > LONGEST_NAME {
                return Err(DeskError::bad_input("This name is too long (at most 200 letters)."));
            }
            let id = ClientId(Uuid::now_v7());
            let phones = if phone.trim().is_empty() {
                vec![]
            } else {
                vec![Phone::from_typed(phone)]
            };
            let client = Client {
                id,
                name: name.to_owned(),
                phones,
                address: String::new(),
                wishes: Wishes::default(),
                alert: String::new(),
                notes: String::new(),
            };
            Ok((id, Some(client)))
        }
    }
}

pub(super) fn wished_span(
    scene: &Scene,
    form: &NewBooking,
    day: Date,
    start: jiff::civil::Time,
) -> Result<Span, DeskError> {
    let minutes: u32 = form
        .services
        .iter()
        .filter_map(|id| scene.service(*id))
        .map(|service| service.minutes)
        .sum();
    if minutes == 0 {
        return Err(DeskError::bad_input("Choose what is booked: a service."));
    }
    Span::of_minutes(scene.calendar.at(day, start), minutes)
        .ok_or_else(|| DeskError::bad_input("This time is too far away."))
}

/// Where there is room instead.
fn alternatives_to(scene: &Scene, asked: &AskedDay) -> Vec<Opening> {
    let open = alternatives(&asked.row, &scene.facts(), scene.now);
    open.into_iter().map(|open| opening(scene, asked.day, open)).collect()
}

/// A clash as a sentence.
pub(super) fn clash_line(scene: &Scene, clash: &Clash) -> ClashLine {
    let when = crate::view::span_label(&scene.calendar, clash.span);
    let other = clash
        .with
        .and_then(|id| scene.appointments.iter().find(|row| row.id == id));
    let whose = other.map_or_else(|| "another booking".to_owned(), |row| scene.clients_label(row));
    let text = match clash.about {
        ClashAbout::Staff(id) => format!("{} has {whose} {when}", scene.staff_name(id)),
        ClashAbout::Client(_) => format!("{whose} is already booked {when}"),
        ClashAbout::Resource(id) => format!("{} is taken {when}", scene.resource_name(id)),
        ClashAbout::Blocked(_) => format!("Not available {when}"),
        ClashAbout::OutsideHours(id) => format!("Outside {}’s hours", scene.staff_name(id)),
        ClashAbout::OutsideOpening => "Outside opening hours".to_owned(),
        ClashAbout::Buffer(id) => format!("No time left before or after for {}", scene.staff_name(id)),
        ClashAbout::NotOffered(id) => format!("{} does not offer this service", scene.staff_name(id)),
        ClashAbout::Wish(_) => "Not with whom the client wishes".to_owned(),
    };
    ClashLine {
        text,
        hard: clash.severity == Severity::Hard,
    }
}

/// Free time as a person reads it.
pub(super) fn opening(scene: &Scene, asked: Date, open: Alternative) -> Opening {
    let day = scene.calendar.day_of(open.span.start());
    Opening {
        staff: open.staff,
        staff_name: scene.staff_name(open.staff),
        day: day.to_string(),
        day_title: if day == asked {
            String::new()
        } else {
            crate::view::day_title(day)
        },
        start: crate::view::clock(scene.calendar.time_of(open.span.start())),
        span: crate::view::span_label(&scene.calendar, open.span),
    }
}
