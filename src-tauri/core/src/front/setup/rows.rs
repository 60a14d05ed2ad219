//! Forms of a clinic's parts, as the rows that they become. What the server would refuse is refused here, with a sentence.

use crate::desk::DeskError;
use crate::view::{ClinicForm, HolidayForm, RoomForm, Scene, ServiceForm, StaffForm, parse_clock, parse_day};
use deskbell_clinic::{
    Block, BlockId, BlockOf, BlockReason, Clinic, OpeningHours, Repeat, Resource, ResourceId, Service, ServiceId, Span,
    Staff, StaffId,
};
use jiff::ToSpan;
use uuid::Uuid;

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

pub(super) fn as_clinic(before: &Clinic, form: &ClinicForm) -> Result<Clinic, DeskError> {
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

pub(super) fn as_service(form: &ServiceForm) -> Result<Service, DeskError> {
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

pub(super) fn as_staff(form: StaffForm) -> Result<Staff, DeskError> {
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

pub(super) fn as_room(form: RoomForm) -> Result<Resource, DeskError> {
    Ok(Resource {
        id: form.id.unwrap_or_else(|| ResourceId(Uuid::now_v7())),
        name: named(&form.name, "the room")?,
        capacity: within("Bookings at a time", form.capacity, 1, LARGEST_ROOM)?,
        services: form.services,
    })
}

pub(super) fn as_holiday(scene: &Scene, form: &HolidayForm) -> Result<Block, DeskError> {
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
    use super::super::setup_of;
    use super::*;
    use crate::view::OpenHours;
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
