//! The sample clinic: invented people, two weeks of hours and 400 appointments around the present day, the same for
//! the same seed and time.

mod bookings;
mod hours;
mod names;
mod people;
mod progress;

use crate::serve::{ServerError, hash};
use crate::store::account::Enrolment;
use crate::store::{Author, Store, StoreError, Writing};
use clinic::{Calendar, Clinic, OpeningHours, Role, Row, Staff};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use jiff::civil::{Date, time};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng as _};
use uuid::{Builder, Uuid};

/// The password of every account of the sample clinic.
pub const PASSWORD: &str = "deskbell";

/// Fills an empty database. Everything is written in one transaction.
///
/// # Errors
/// When the database fails, or has a clinic already.
pub async fn fill(store: &Store, seed: u64, now: Timestamp) -> Result<(), ServerError> {
    let password_hash = hash(PASSWORD.to_owned()).await?;
    store
        .write(Author::default(), move |writing| {
            let sample = Sample::invent(seed, now)?;
            sample.write(writing, &password_hash)
        })
        .await?;
    Ok(())
}

/// What everything is made from.
struct Source {
    random: StdRng,
    now: Timestamp,
    today: Date,
    calendar: Calendar,
}

impl Source {
    /// A new id, as if the row had been made a month ago.
    fn id<T: From<Uuid>>(&mut self) -> T {
        let made = self.now.as_millisecond().unsigned_abs().saturating_sub(30 * 86_400_000);
        Builder::from_unix_timestamp_millis(made, &self.random.random())
            .into_uuid()
            .into()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.random.random_range(0..from.len())]
    }

    /// True in so many of a hundred cases.
    fn percent(&mut self, chance: u32) -> bool {
        self.random.random_range(0..100) < chance
    }
}

/// The whole clinic before it is written.
struct Sample {
    clinic: Clinic,
    accounts: Vec<Enrolment>,
    rows: Vec<Row>,
}

impl Sample {
    fn invent(seed: u64, now: Timestamp) -> Result<Self, StoreError> {
        let hours: Vec<OpeningHours> = (1..=7)
            .map(|weekday| OpeningHours {
                weekday,
                opens: time(9, 0, 0, 0),
                closes: time(21, 0, 0, 0),
            })
            .collect();
        let zone = "Asia/Manila";
        let calendar = Calendar::new(zone, hours.clone()).map_err(|error| StoreError::Broken {
            kind: "clinic",
            why: error.to_string(),
        })?;
        let mut source = Source {
            random: StdRng::seed_from_u64(seed),
            now,
            today: calendar.day_of(now),
            calendar,
        };
        let clinic = Clinic {
            id: source.id(),
            name: "Sampaguita Wellness".into(),
            zone: zone.into(),
            opening_hours: hours,
            currency: "PHP".into(),
        };
        let services = people::services(&mut source);
        let staff = people::staff(&mut source, &services);
        let resources = people::resources(&mut source, &services);
        let clients = people::clients(&mut source, &staff);
        let accounts = accounts(&mut source, &staff);
        let hours = hours::of(&mut source, &staff, &resources);
        let booked = bookings::around_today(&mut source, &staff, &services, &resources, &clients, &hours, &accounts);
        let waiting = people::waiting(&mut source, &clients, &services, &staff);
        let mut rows: Vec<Row> = Vec::new();
        rows.extend(services.into_iter().map(Row::from));
        rows.extend(staff.into_iter().map(Row::from));
        rows.extend(resources.into_iter().map(Row::from));
        rows.extend(clients.into_iter().map(Row::from));
        rows.extend(hours.availabilities.into_iter().map(Row::from));
        rows.extend(hours.blocks.into_iter().map(Row::from));
        rows.extend(booked.appointments.into_iter().map(Row::from));
        rows.extend(booked.payments.into_iter().map(Row::from));
        rows.extend(waiting.into_iter().map(Row::from));
        rows.extend(booked.tasks.into_iter().map(Row::from));
        Ok(Self { clinic, accounts, rows })
    }

    fn write(&self, writing: &Writing<'_>, password_hash: &str) -> Result<(), StoreError> {
        writing.set_up(self.clinic.clone())?;
        for account in &self.accounts {
            writing.enrol(&Enrolment {
                password_hash: password_hash.to_owned(),
                ..account.clone()
            })?;
        }
        for row in &self.rows {
            writing.put(row)?;
        }
        Ok(())
    }
}

/// One account for each of the staff, by first name.
fn accounts(source: &mut Source, staff: &[Staff]) -> Vec<Enrolment> {
    staff
        .iter()
        .map(|person| Enrolment {
            id: source.id(),
            login: person.name.to_lowercase(),
            name: person.name.clone(),
            password_hash: String::new(),
            role: person.role,
            staff: matches!(person.role, Role::Therapist | Role::Driver).then_some(person.id),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinic::rules::clash::{Severity, clashes};
    use clinic::rules::facts::Facts;
    use clinic::{Appointment, Kind};
    use std::collections::HashSet;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn appointments(sample: &Sample) -> Vec<Appointment> {
        let of = |row: &Row| match row {
            Row::Appointment(row) => Some(row.clone()),
            _ => None,
        };
        sample.rows.iter().filter_map(of).collect()
    }

    fn of_kind(sample: &Sample, kind: Kind) -> usize {
        sample.rows.iter().filter(|row| row.kind() == kind).count()
    }

    #[test]
    fn the_same_seed_and_time_give_the_same_clinic_and_another_seed_another() {
        let now = at("2026-11-23T05:00:00Z");
        let first = Sample::invent(7, now).unwrap();
        assert_eq!(first.rows, Sample::invent(7, now).unwrap().rows);
        assert_ne!(first.rows, Sample::invent(8, now).unwrap().rows);
    }

    #[test]
    fn it_has_the_people_and_bookings_that_it_promises() {
        let sample = Sample::invent(1, at("2026-11-23T05:00:00Z")).unwrap();
        assert_eq!(of_kind(&sample, Kind::Staff), 35);
        assert_eq!(of_kind(&sample, Kind::Service), 8);
        assert_eq!(of_kind(&sample, Kind::Resource), 10);
        assert_eq!(of_kind(&sample, Kind::Client), 120);
        assert_eq!(of_kind(&sample, Kind::Appointment), 400);
        assert_eq!(of_kind(&sample, Kind::Waiting), 8);
        let statuses: HashSet<_> = appointments(&sample).iter().map(|row| row.status).collect();
        assert!(statuses.len() >= 9, "only {statuses:?}");
        let logins: HashSet<_> = sample.accounts.iter().map(|account| account.login.clone()).collect();
        assert_eq!(logins.len(), 35, "every login is one person's");
        for login in ["olivia", "adam", "ana", "ben", "carla", "dan"] {
            assert!(logins.contains(login), "{login} is missing");
        }
    }

    #[test]
    fn no_booking_clashes_hard_on_any_day_of_the_week_and_at_any_hour() {
        for day in 0..7 {
            let now = at("2026-11-23T01:30:00Z") + jiff::SignedDuration::from_hours(27 * day);
            let sample = Sample::invent(day.unsigned_abs(), now).unwrap();
            let calendar = Calendar::new(&sample.clinic.zone, sample.clinic.opening_hours.clone()).unwrap();
            let booked = appointments(&sample);
            assert_eq!(booked.len(), 400);
            let pick = |row: &Row| match row {
                Row::Block(row) => Some(row.clone()),
                _ => None,
            };
            let blocks: Vec<_> = sample.rows.iter().filter_map(pick).collect();
            let pick = |row: &Row| match row {
                Row::Resource(row) => Some(row.clone()),
                _ => None,
            };
            let resources: Vec<_> = sample.rows.iter().filter_map(pick).collect();
            let facts = Facts {
                calendar: &calendar,
                staff: &[],
                services: &[],
                resources: &resources,
                availabilities: &[],
                blocks: &blocks,
                appointments: &booked,
                clients: &[],
            };
            for row in &booked {
                let hard: Vec<_> = clashes(row, &facts)
                    .into_iter()
                    .filter(|clash| clash.severity == Severity::Hard)
                    .collect();
                assert!(hard.is_empty(), "day {day}: {row:?} against {hard:?}");
            }
        }
    }

    #[test]
    fn what_lies_ahead_has_not_happened_and_what_lies_behind_is_not_waited_for() {
        use clinic::Status;
        let now = at("2026-11-23T05:00:00Z");
        for row in appointments(&Sample::invent(3, now).unwrap()) {
            let last = row.history.last().unwrap();
            assert_eq!(last.status, row.status, "the history ends where the appointment stands");
            assert!(
                row.history.iter().all(|stage| stage.at <= now),
                "history is of the past"
            );
            assert!(row.history.is_sorted_by_key(|stage| stage.at), "{:?}", row.history);
            match row.status {
                Status::Completed | Status::NoShow => assert!(row.span.start() < now),
                Status::Confirmed | Status::EnRoute => assert!(row.span.end() > now),
                Status::InSession => assert!(row.span.contains(now)),
                _ => {}
            }
        }
    }
}
