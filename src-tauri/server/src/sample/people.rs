//! Services, staff, rooms, clients, and who waits.

use super::Source;
use super::names::{ALERTS, FAMILY, FIRST, NOTES, STREETS, THERAPISTS};
use clinic::{Client, Gender, Phone, Resource, Role, Service, Staff, TimeWish, WaitingClient, Wishes};
use deskbell_clinic as clinic;
use jiff::civil::time;
use jiff::{SignedDuration, ToSpan};
use rand::Rng;

/// The price list: name, minutes, price in pesos, buffers before and after.
const SERVICES: [(&str, u32, u32, u32, u32); 8] = [
    ("Swedish", 60, 900, 5, 10),
    ("Shiatsu", 60, 950, 5, 10),
    ("Deep tissue", 90, 1_400, 5, 15),
    ("Thai", 90, 1_350, 5, 15),
    ("Hot stone", 75, 1_500, 15, 15),
    ("Foot reflex", 45, 550, 0, 5),
    ("Sports", 60, 1_100, 5, 10),
    ("Physio session", 30, 1_200, 0, 10),
];

/// Which of the services is done in the foot lounge.
pub(super) const FOOT_REFLEX: usize = 5;
/// Which of the rooms is the foot lounge.
pub(super) const FOOT_LOUNGE: usize = 9;

pub(super) fn services(source: &mut Source) -> Vec<Service> {
    SERVICES
        .iter()
        .map(|(name, minutes, price, before, after)| Service {
            id: source.id(),
            name: (*name).into(),
            minutes: *minutes,
            price_cents: price * 100,
            buffer_before: *before,
            buffer_after: *after,
            active: true,
        })
        .collect()
}

/// The therapists first, then the desk, then the drivers.
pub(super) fn staff(source: &mut Source, services: &[Service]) -> Vec<Staff> {
    let others = [
        ("Olivia", Role::Operator, Gender::Female),
        ("Oskar", Role::Operator, Gender::Male),
        ("Adam", Role::Admin, Gender::Male),
        ("Dan", Role::Driver, Gender::Male),
        ("Dora", Role::Driver, Gender::Female),
    ];
    let therapists = THERAPISTS
        .iter()
        .map(|(name, gender)| (*name, Role::Therapist, *gender));
    therapists
        .chain(others)
        .enumerate()
        .map(|(index, (name, role, gender))| {
            // Half offer everything; the others leave out what takes special training.
            let offered = if role == Role::Therapist && index % 2 == 1 {
                let left_out = source.random.random_range(2..services.len());
                services
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| *i != left_out)
                    .map(|(_, s)| s.id)
                    .collect()
            } else {
                vec![]
            };
            Staff {
                id: source.id(),
                name: name.into(),
                role,
                services: offered,
                // The golden angle keeps neighbours apart.
                hue: u16::try_from(index * 137 % 360).unwrap_or(0),
                gender: Some(gender),
                active: true,
            }
        })
        .collect()
}

pub(super) fn resources(source: &mut Source, services: &[Service]) -> Vec<Resource> {
    (0..=FOOT_LOUNGE)
        .map(|index| {
            let lounge = index == FOOT_LOUNGE;
            Resource {
                id: source.id(),
                name: if lounge {
                    "Foot lounge".into()
                } else {
                    format!("Room {}", index + 1)
                },
                capacity: if lounge { 4 } else { 1 },
                services: if lounge { vec![services[FOOT_REFLEX].id] } else { vec![] },
            }
        })
        .collect()
}

pub(super) fn clients(source: &mut Source, staff: &[Staff]) -> Vec<Client> {
    (0..120)
        .map(|index| {
            let name = format!("{} {}", FIRST[index % FIRST.len()], FAMILY[index * 7 % FAMILY.len()]);
            let (middle, last) = (
                source.random.random_range(0..1000),
                source.random.random_range(0..10_000),
            );
            let typed = if source.percent(30) {
                format!("+63 9{:02} {middle:03} {last:04}", index % 100)
            } else {
                format!("09{:02} {middle:03} {last:04}", index % 100)
            };
            let wish_staff = source.percent(15).then(|| source.pick(&staff[..THERAPISTS.len()]).id);
            let gender = source
                .percent(12)
                .then(|| *source.pick(&[Gender::Female, Gender::Female, Gender::Male]));
            Client {
                id: source.id(),
                name,
                phones: vec![Phone::from_typed(&typed)],
                address: format!("{} {}", source.random.random_range(1..200), source.pick(&STREETS)),
                wishes: Wishes {
                    staff: wish_staff.into_iter().collect(),
                    gender,
                },
                alert: some_text(source, 9, &ALERTS),
                notes: some_text(source, 20, &NOTES),
            }
        })
        .collect()
}

fn some_text(source: &mut Source, chance: u32, texts: &[&str]) -> String {
    if source.percent(chance) {
        (*source.pick(texts)).into()
    } else {
        String::new()
    }
}

/// Eight who wait for time that is not free yet, two of them urgently.
pub(super) fn waiting(
    source: &mut Source,
    clients: &[Client],
    services: &[Service],
    staff: &[Staff],
) -> Vec<WaitingClient> {
    (0..8)
        .map(|index: usize| {
            let time = TimeWish {
                from_day: Some(source.today),
                to_day: source
                    .today
                    .checked_add((2 + 2 * i64::try_from(index).unwrap_or(0)).days())
                    .ok(),
                weekdays: if index == 5 { vec![6, 7] } else { vec![] },
                earliest: index.is_multiple_of(3).then(|| time(17, 0, 0, 0)),
                latest: (index % 3 == 1).then(|| time(13, 0, 0, 0)),
            };
            let asked = if index.is_multiple_of(4) {
                vec![staff[index % 3].id]
            } else {
                vec![]
            };
            let since = source.now - SignedDuration::from_mins(source.random.random_range(20..4_000));
            WaitingClient {
                id: source.id(),
                client: clients[index * 11].id,
                services: vec![services[index % services.len()].id],
                staff: asked,
                gender: (index == 6).then_some(Gender::Female),
                time,
                urgent: index % 4 == 1,
                since,
            }
        })
        .collect()
}
