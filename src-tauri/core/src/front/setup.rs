//! What a clinic consists of: reading it, and changing it as any other row is changed, so that every window of every desk
//! shows it at once, a desk without a network too, and Undo takes it back.

mod rows;

use self::rows::{as_clinic, as_holiday, as_room, as_service, as_staff};
use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{
    ClinicForm, ClinicPart, ClinicSetup, Entry, HolidayForm, Kept, OpenHours, Removable, RoomForm, Scene, ServiceForm,
    StaffForm, clock, day_title,
};
use deskbell_clinic::{
    Appointment, Block, BlockId, BlockOf, Clinic, Kind, Resource, ResourceId, Role, Row, Service, ServiceId, Span,
    Staff,
};
use jiff::SignedDuration;
use uuid::Uuid;

/// How far ahead bookings and closed days are looked for.
const AHEAD: SignedDuration = SignedDuration::from_hours(400 * 24);
impl Desk {
    /// What the clinic consists of.
    ///
    /// # Errors
    /// When this account does not administer the clinic, its server is not set up from here, or the cache cannot be read.
    pub async fn clinic_setup(&self) -> Result<ClinicSetup, DeskError> {
        self.may_set_up()?;
        let scene = self.setup_scene().await?;
        let clinic = scene.clinic.as_ref().ok_or_else(not_read_yet)?;
        Ok(setup_of(&scene, clinic))
    }

    /// Changes a part of the clinic, or adds one.
    ///
    /// # Errors
    /// As for [`Desk::clinic_setup`]; when something in the form is not valid, each time with a sentence that says what; and
    /// when the act cannot be kept (a full disk).
    pub async fn change_clinic(&self, part: ClinicPart) -> Result<Kept, DeskError> {
        self.may_set_up()?;
        let scene = self.setup_scene().await?;
        let row: Row = match part {
            ClinicPart::Clinic(form) => as_clinic(scene.clinic.as_ref().ok_or_else(not_read_yet)?, &form)?.into(),
            ClinicPart::Service(form) => as_service(&form)?.into(),
            ClinicPart::Staff(form) => as_staff(form)?.into(),
            ClinicPart::Room(form) => as_room(form)?.into(),
            ClinicPart::Holiday(form) => as_holiday(&scene, &form)?.into(),
        };
        let (kind, id) = (row.kind(), row.id());
        let before = self.read(move |snapshot| Ok(snapshot.row(kind, id)?)).await?;
        let base_version = before.as_ref().and_then(|before| before.version);
        let kept = self.keep(Intent::put(row, base_version)).await?;
        let back = match before {
            Some(before) => Intent::put(before.row, base_version),
            None => Intent::Delete {
                kind,
                id,
                base_version: None,
            },
        };
        self.remember_inverse(kept.operation, back);
        Ok(kept)
    }

    /// Takes a part out of the clinic.
    ///
    /// # Errors
    /// As for [`Desk::change_clinic`]; also when bookings to come are in it, or it is gone already.
    pub async fn remove_from_clinic(&self, part: Removable) -> Result<Kept, DeskError> {
        self.may_set_up()?;
        let (kind, id) = match part {
            Removable::Room(id) => (Kind::Resource, id.uuid()),
            Removable::Holiday(id) => (Kind::Block, id.uuid()),
        };
        if let Removable::Room(room) = part {
            let scene = self.setup_scene().await?;
            let ahead = ahead(&scene, |row| in_room(row, room));
            if ahead > 0 {
                return Err(DeskError::bad_input(format!(
                    "{ahead} bookings to come are in this room. Move them first."
                )));
            }
        }
        let before = self.read(move |snapshot| Ok(snapshot.row(kind, id)?)).await?;
        let before = before
            .filter(|before| !matches!(&before.row, Row::Block(row) if row.of != BlockOf::Clinic))
            .ok_or_else(|| DeskError::bad_input("It is not there any more."))?;
        let intent = Intent::Delete {
            kind,
            id,
            base_version: before.version,
        };
        let kept = self.keep(intent).await?;
        // What is gone from the server comes back as a new row.
        let again: Option<Row> = match before.row {
            Row::Resource(row) => Some(
                Resource {
                    id: ResourceId(Uuid::now_v7()),
                    ..row
                }
                .into(),
            ),
            Row::Block(row) => Some(
                Block {
                    id: BlockId(Uuid::now_v7()),
                    ..row
                }
                .into(),
            ),
            _ => None,
        };
        if let Some(again) = again {
            self.remember_inverse(kept.operation, Intent::put(again, None));
        }
        Ok(kept)
    }

    fn may_set_up(&self) -> Result<(), DeskError> {
        let account = self.account().ok_or_else(DeskError::signed_out)?;
        if account.role != Role::Admin {
            return Err(DeskError::new(
                "forbidden",
                "Only an administrator changes the clinic itself.",
            ));
        }
        if !self.holds().setup {
            return Err(DeskError::bad_input(
                "This clinic’s server is set up on its own pages, not from Deskbell.",
            ));
        }
        Ok(())
    }

    async fn setup_scene(&self) -> Result<Scene, DeskError> {
        self.scene(|calendar, now| {
            let today = calendar.day(calendar.day_of(now)).start();
            let ahead = Span::new(today, now + AHEAD).map_err(|_| DeskError::bad_input("The clock is wrong."))?;
            Ok(Wanted {
                spans: vec![ahead],
                staff: None,
                desk_lists: false,
            })
        })
        .await
    }
}

fn not_read_yet() -> DeskError {
    DeskError::bad_input("The clinic was not read yet. Wait for the first answer of its server.")
}

/// Bookings to come that are not over and not called off.
fn ahead(scene: &Scene, of: impl Fn(&Appointment) -> bool) -> u32 {
    let to_come = |row: &&Appointment| !row.status.is_final() && row.span.end() > scene.now && of(row);
    u32::try_from(scene.appointments.iter().filter(to_come).count()).unwrap_or(u32::MAX)
}

fn in_room(row: &Appointment, room: ResourceId) -> bool {
    row.place.resource() == Some(room)
}

fn setup_of(scene: &Scene, clinic: &Clinic) -> ClinicSetup {
    let pending = |kind, id| scene.pending.get(&(kind, id)).copied();
    let mut services: Vec<_> = scene
        .services
        .iter()
        .map(|row| Entry {
            says: service_words(row),
            ahead: ahead(scene, |booking| booking.services.contains(&row.id)),
            pending: pending(Kind::Service, row.id.uuid()),
            form: ServiceForm {
                id: Some(row.id),
                name: row.name.clone(),
                minutes: row.minutes,
                price_cents: row.price_cents,
                buffer_before: row.buffer_before,
                buffer_after: row.buffer_after,
                active: row.active,
            },
        })
        .collect();
    services.sort_by_key(|entry| !entry.form.active);
    let mut staff: Vec<_> = scene
        .staff
        .iter()
        .map(|row| Entry {
            says: staff_words(scene, row),
            ahead: ahead(scene, |booking| booking.staff().any(|one| one == row.id)),
            pending: pending(Kind::Staff, row.id.uuid()),
            form: StaffForm {
                id: Some(row.id),
                name: row.name.clone(),
                role: row.role,
                services: row.services.clone(),
                hue: row.hue,
                gender: row.gender,
                active: row.active,
            },
        })
        .collect();
    staff.sort_by_key(|entry| !entry.form.active);
    let rooms = scene.resources.iter().map(|row| Entry {
        says: room_words(scene, row),
        ahead: ahead(scene, |booking| in_room(booking, row.id)),
        pending: pending(Kind::Resource, row.id.uuid()),
        form: RoomForm {
            id: Some(row.id),
            name: row.name.clone(),
            capacity: row.capacity,
            services: row.services.clone(),
        },
    });
    let closed = scene.blocks.iter().filter(|row| row.of == BlockOf::Clinic);
    let mut holidays: Vec<_> = closed
        .map(|row| {
            let from = scene.calendar.day_of(row.span.start());
            // The end is the first moment that is open again.
            let to = scene.calendar.day_of(row.span.end() - SignedDuration::from_secs(1));
            let says = if from == to {
                day_title(from)
            } else {
                format!("{} – {}", day_title(from), day_title(to))
            };
            Entry {
                says,
                ahead: ahead(scene, |booking| booking.span.overlaps(row.span)),
                pending: pending(Kind::Block, row.id.uuid()),
                form: HolidayForm {
                    id: Some(row.id),
                    from_day: from.to_string(),
                    to_day: to.to_string(),
                    note: row.note.clone(),
                },
            }
        })
        .collect();
    holidays.sort_by(|a, b| a.form.from_day.cmp(&b.form.from_day));
    let hours = clinic.opening_hours.iter().map(|hours| OpenHours {
        weekday: hours.weekday,
        opens: clock(hours.opens),
        closes: clock(hours.closes),
    });
    ClinicSetup {
        revision: scene.revision,
        clinic: ClinicForm {
            name: clinic.name.clone(),
            currency: clinic.currency.clone(),
            hours: hours.collect(),
        },
        zone: clinic.zone.clone(),
        services,
        staff,
        rooms: rooms.collect(),
        holidays,
    }
}

fn service_words(row: &Service) -> String {
    let mut words = vec![
        format!("{} min", row.minutes),
        format!("{}.{:02}", row.price_cents / 100, row.price_cents % 100),
    ];
    if row.buffer_before > 0 {
        words.push(format!("{} min before", row.buffer_before));
    }
    if row.buffer_after > 0 {
        words.push(format!("{} min after", row.buffer_after));
    }
    words.join(" · ")
}

fn staff_words(scene: &Scene, row: &Staff) -> String {
    match row.role {
        Role::Therapist => format!("Therapist · {}", offered(scene, &row.services, "everything")),
        Role::Driver => "Driver".to_owned(),
        Role::Operator => "Front desk".to_owned(),
        Role::Admin => "Administrator".to_owned(),
    }
}

fn room_words(scene: &Scene, row: &Resource) -> String {
    let holds = match row.capacity {
        1 => "one booking at a time".to_owned(),
        more => format!("{more} bookings at a time"),
    };
    format!("{holds} · {}", offered(scene, &row.services, "anything"))
}

/// Up to three by name, more by number.
fn offered(scene: &Scene, services: &[ServiceId], all: &str) -> String {
    let named = |id: &ServiceId| {
        let service = scene.services.iter().find(|row| row.id == *id);
        service.map(|row| row.name.as_str())
    };
    match services.len() {
        0 => all.to_owned(),
        1..=3 => services.iter().filter_map(named).collect::<Vec<_>>().join(", "),
        more => format!("{more} services"),
    }
}
