//! What a clinic consists of: reading it, and changing it as any other row is changed, so that every window of every desk
//! shows it at once, a desk without a network too, and Undo takes it back.

use super::scenes::Wanted;
use crate::desk::{Desk, DeskError};
use crate::outbox::intent::Intent;
use crate::view::{
    ClinicForm, ClinicPart, ClinicSetup, Entry, HolidayForm, Kept, OpenHours, Removable, RoomForm, Scene, ServiceForm,
    StaffForm, clock, day_title, parse_clock, parse_day,
};
use deskbell_clinic::{
    Appointment, Block, BlockId, BlockOf, BlockReason, Clinic, Kind, OpeningHours, Repeat, Resource, ResourceId, Role,
    Row, Service, ServiceId, Span, Staff, StaffId,
};
use jiff::{SignedDuration, ToSpan};
use uuid::Uuid;

/// How far ahead bookings and closed days are looked for.
const AHEAD: SignedDuration = SignedDuration::from_hours(400 * 24);
/// The longest name; the server takes no longer one either.
const LONGEST_NAME: usize = 200;
/// The longest service, in minutes.
const LONGEST_SERVICE: u32 = 12 * 60;
/// The longest buffer, in minutes.
const LONGEST_BUFFER: u32 = 240;
/// The most that a room holds.
const LARGEST_ROOM: u32 = 1_000;
/// The longest holiday, in days.
const LONGEST_HOLIDAY: i32 = 366;

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
        let before = before.ok_or_else(|| DeskError::bad_input("It is not there any more."))?;
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

fn named(name: &str, what: &str) -> Result<String, DeskError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(DeskError::bad_input(format!("Give {what} a name.")));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(DeskError::bad_input(format!(
            "The name is too long: {LONGEST_NAME} letters at most."
        )));
    }
    Ok(name.to_owned())
}

fn within<T: Copy + PartialOrd + std::fmt::Display>(what: &str, number: T, least: T, most: T) -> Result<T, DeskError> {
    if least <= number && number <= most {
        return Ok(number);
    }
    Err(DeskError::bad_input(format!("{what}: {least} to {most}.")))
}

fn as_clinic(before: &Clinic, form: &ClinicForm) -> Result<Clinic, DeskError> {
    let currency = form.currency.trim().to_uppercase();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(DeskError::bad_input(
            "The currency is a code of three letters, such as PHP.",
        ));
    }
    let mut hours: Vec<_> = form
        .hours
        .iter()
        .map(|hours| {
            Ok(OpeningHours {
                weekday: within("Weekday", hours.weekday, 1, 7)?,
                opens: parse_clock(&hours.opens).map_err(DeskError::bad_input)?,
                closes: parse_clock(&hours.closes).map_err(DeskError::bad_input)?,
            })
        })
        .collect::<Result<_, DeskError>>()?;
    hours.sort_by_key(|hours: &OpeningHours| (hours.weekday, hours.opens));
    Ok(Clinic {
        name: named(&form.name, "the clinic")?,
        currency,
        opening_hours: hours,
        ..before.clone()
    })
}

fn as_service(form: &ServiceForm) -> Result<Service, DeskError> {
    Ok(Service {
        id: form.id.unwrap_or_else(|| ServiceId(Uuid::now_v7())),
        name: named(&form.name, "the service")?,
        minutes: within("Minutes", form.minutes, 1, LONGEST_SERVICE)?,
        price_cents: form.price_cents,
        buffer_before: within("Minutes before", form.buffer_before, 0, LONGEST_BUFFER)?,
        buffer_after: within("Minutes after", form.buffer_after, 0, LONGEST_BUFFER)?,
        active: form.active,
    })
}

fn as_staff(form: StaffForm) -> Result<Staff, DeskError> {
    Ok(Staff {
        id: form.id.unwrap_or_else(|| StaffId(Uuid::now_v7())),
        name: named(&form.name, "the person")?,
        role: form.role,
        services: form.services,
        hue: within("Colour", form.hue, 0, 359)?,
        gender: form.gender,
        active: form.active,
    })
}

fn as_room(form: RoomForm) -> Result<Resource, DeskError> {
    Ok(Resource {
        id: form.id.unwrap_or_else(|| ResourceId(Uuid::now_v7())),
        name: named(&form.name, "the room")?,
        capacity: within("Bookings at a time", form.capacity, 1, LARGEST_ROOM)?,
        services: form.services,
    })
}

fn as_holiday(scene: &Scene, form: &HolidayForm) -> Result<Block, DeskError> {
    let from = parse_day(&form.from_day).map_err(DeskError::bad_input)?;
    let to = parse_day(&form.to_day).map_err(DeskError::bad_input)?;
    if to < from {
        return Err(DeskError::bad_input("The last day is before the first."));
    }
    if from.saturating_add(LONGEST_HOLIDAY.days()) <= to {
        return Err(DeskError::bad_input("A holiday is a year long at most."));
    }
    let span = Span::new(scene.calendar.day(from).start(), scene.calendar.day(to).end())
        .map_err(|_| DeskError::bad_input("These days are too far away."))?;
    Ok(Block {
        id: form.id.unwrap_or_else(|| BlockId(Uuid::now_v7())),
        of: BlockOf::Clinic,
        span,
        reason: BlockReason::Holiday,
        note: form.note.trim().to_owned(),
        repeat: Repeat::None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::Calendar;
    use jiff::Timestamp;

    fn scene() -> Scene {
        let calendar = Calendar::new("Asia/Manila", vec![]).unwrap();
        let now: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        Scene::empty(7, now, calendar)
    }

    fn service() -> ServiceForm {
        ServiceForm {
            id: None,
            name: " Shiatsu 60 ".into(),
            minutes: 60,
            price_cents: 85_000,
            buffer_before: 0,
            buffer_after: 10,
            active: true,
        }
    }

    fn holiday(from: &str, to: &str) -> HolidayForm {
        HolidayForm {
            id: None,
            from_day: from.into(),
            to_day: to.into(),
            note: String::new(),
        }
    }

    #[test]
    fn a_form_becomes_a_row_and_the_row_the_same_form_again() {
        let mut scene = scene();
        let row = as_service(&service()).unwrap();
        scene.services.push(row.clone());
        let clinic = Clinic {
            id: Uuid::now_v7().into(),
            name: "Harbour".into(),
            zone: "Asia/Manila".into(),
            opening_hours: vec![],
            currency: "PHP".into(),
        };
        scene
            .blocks
            .push(as_holiday(&scene, &holiday("2026-12-24", "2026-12-26")).unwrap());
        let setup = setup_of(&scene, &clinic);
        let shown = &setup.services[0];
        assert_eq!((shown.form.name.as_str(), shown.form.id), ("Shiatsu 60", Some(row.id)));
        assert_eq!(shown.says, "60 min · 850.00 · 10 min after");
        assert_eq!(as_service(&shown.form).unwrap(), row);
        let closed = &setup.holidays[0];
        assert_eq!(closed.says, "Thu 24 Dec – Sat 26 Dec");
        assert_eq!(as_holiday(&scene, &closed.form).unwrap(), scene.blocks[0]);
        let form = ClinicForm {
            currency: "eur".into(),
            hours: vec![
                OpenHours {
                    weekday: 2,
                    opens: "09:00".into(),
                    closes: "18:00".into(),
                },
                OpenHours {
                    weekday: 1,
                    opens: "20:00".into(),
                    closes: "02:00".into(),
                },
            ],
            ..setup.clinic
        };
        let changed = as_clinic(&clinic, &form).unwrap();
        assert_eq!((changed.id, changed.currency.as_str()), (clinic.id, "EUR"));
        let days: Vec<_> = changed.opening_hours.iter().map(|hours| hours.weekday).collect();
        assert_eq!(days, [1, 2], "in the week's order");
    }

    #[test]
    fn what_the_server_would_refuse_is_refused_here_with_a_sentence() {
        let scene = scene();
        let refused = |result: Result<(), DeskError>, part: &str| {
            let said = result.unwrap_err().to_string();
            assert!(said.contains(part), "{said}");
        };
        let nameless = ServiceForm {
            name: "  ".into(),
            ..service()
        };
        refused(as_service(&nameless).map(drop), "Give the service a name");
        let endless = ServiceForm {
            minutes: 721,
            ..service()
        };
        refused(as_service(&endless).map(drop), "Minutes: 1 to 720");
        let backwards = holiday("2026-12-26", "2026-12-24");
        refused(as_holiday(&scene, &backwards).map(drop), "before the first");
        let too_long = holiday("2026-12-24", "2027-12-25");
        refused(as_holiday(&scene, &too_long).map(drop), "a year long");
        let no_day = holiday("tomorrow", "2026-12-24");
        refused(as_holiday(&scene, &no_day).map(drop), "tomorrow");
        let room = RoomForm {
            id: None,
            name: "Room".into(),
            capacity: 0,
            services: vec![],
        };
        refused(as_room(room).map(drop), "1 to 1000");
    }
}
