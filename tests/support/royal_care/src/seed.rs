//! The clinic that the stand-in opens with: invented people, as many of everything as were measured on the real one, the
//! same at every start.

use crate::appointments::{Appointment, Taken};
use crate::clinic::{Availability, Client, Clinic, Notification, Rejection, Role, Service, User};
use crate::clock::{instant, manila_day};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::Value;

/// The password of every account.
pub const PASSWORD: &str = "Guitara#2025";

const THERAPISTS: usize = 30;
const DRIVERS: usize = 8;
const CLIENTS: usize = 120;
const BOOKINGS: usize = 400;
/// Bookings lie on this many days, from six before today on; hours too, from two before today on.
const DAYS: usize = 14;

const FIRST: [&str; 38] = [
    "Ana", "Bea", "Carla", "Dina", "Ella", "Faye", "Gina", "Hana", "Ivy", "Joy", "Kara", "Lea", "Mia", "Nina", "Olga",
    "Pia", "Rhea", "Sara", "Tina", "Uma", "Vera", "Wena", "Xyla", "Yna", "Zia", "Alma", "Bing", "Cora", "Dely", "Edna",
    "Jose", "Paul", "Mark", "Juan", "Noel", "Rico", "Andres", "Ramon",
];
const LAST: [&str; 20] = [
    "Bautista",
    "Aquino",
    "Tan",
    "Ocampo",
    "Navarro",
    "Go",
    "Garcia",
    "Castillo",
    "Salazar",
    "Mendoza",
    "Villanueva",
    "Santos",
    "Torres",
    "Rivera",
    "Reyes",
    "Flores",
    "Dizon",
    "Cruz",
    "Ramos",
    "Lim",
];
const SPECIALIZATIONS: [&str; 6] = ["Shiatsu", "Swedish", "Combi", "Hot Stone", "Ventosa", "Foot Massage"];
const PRESSURES: [&str; 3] = ["soft", "moderate", "hard"];
/// Today's bookings go through these.
const STATUSES: [&str; 19] = [
    "pending",
    "therapist_confirmed",
    "driver_confirmed",
    "confirmed",
    "in_progress",
    "journey",
    "arrived",
    "dropped_off",
    "session_in_progress",
    "awaiting_payment",
    "payment_verified",
    "completed",
    "pickup_requested",
    "driver_assigned_pickup",
    "return_journey",
    "transport_completed",
    "cancelled",
    "rejected",
    "auto_cancelled",
];
const NOTICES: [&str; 7] = [
    "appointment_created",
    "appointment_updated",
    "appointment_accepted",
    "appointment_rejected",
    "appointment_started",
    "appointment_completed",
    "appointment_cancelled",
];

pub(crate) fn clinic(at: Timestamp, token_life: SignedDuration) -> Clinic {
    let mut clinic = Clinic::empty(token_life);
    clinic.services = services();
    people(&mut clinic, at);
    clients(&mut clinic, at);
    let today = manila_day(at);
    hours(&mut clinic, today);
    bookings(&mut clinic, today, at);
    clinic
}

fn services() -> Vec<Service> {
    let service = |id, name, description, minutes, pesos| Service {
        id,
        name,
        description,
        minutes,
        pesos,
    };
    vec![
        service(
            1,
            "Shiatsu Massage",
            "A Japanese technique involving pressure points.",
            60,
            500.0,
        ),
        service(
            2,
            "Combi Massage",
            "A combination of multiple massage techniques.",
            60,
            400.0,
        ),
        service(3, "Dry Massage", "Performed without oils or lotions.", 60, 500.0),
        service(4, "Foot Massage", "Focused on the feet and lower legs.", 60, 500.0),
        service(
            5,
            "Hot Stone Service",
            "Uses heated stones for deep muscle relaxation.",
            90,
            675.0,
        ),
        service(
            6,
            "Ventosa",
            "Traditional cupping therapy to relieve muscle tension.",
            90,
            675.0,
        ),
        service(7, "Hand Massage", "Focused on hands and arms.", 60, 400.0),
    ]
}

fn person(clinic: &mut Clinic, username: &str, number: usize, role: Role, at: Timestamp) -> User {
    User {
        id: clinic.next("user"),
        username: username.to_owned(),
        first_name: FIRST[number % FIRST.len()].to_owned(),
        last_name: LAST[number % LAST.len()].to_owned(),
        email: format!("{username}@example.test"),
        role,
        active: true,
        joined: at + SignedDuration::from_micros(768_969),
        phone: format!("+63917{:07}", 1_000_000 + number * 137),
        password: PASSWORD.to_owned(),
        ..clinic.nobody.clone()
    }
}

fn people(clinic: &mut Clinic, at: Timestamp) {
    for (username, number) in [("op1", 31), ("op2", 33), ("op2fa", 35)] {
        let user = person(clinic, username, number, Role::Operator, at);
        // Only the first has the framework's staff flag, and only the last a second factor.
        let user = User {
            staff: username == "op1",
            two_factor: username == "op2fa",
            ..user
        };
        clinic.users.insert(user.id, user);
    }
    for number in 0..THERAPISTS {
        let user = therapist(clinic, &format!("th{:02}", number + 1), number, at);
        clinic.users.insert(user.id, user);
    }
    for number in 0..DRIVERS {
        let user = person(clinic, &format!("dr{:02}", number + 1), number + 36, Role::Driver, at);
        let user = User {
            plate: Some(format!("ABC-{}", 100 + number)),
            available_since: Some(at),
            ..user
        };
        clinic.users.insert(user.id, user);
    }
    let disabled = User {
        active: false,
        license: None,
        ..therapist(clinic, "thoff", 12, at)
    };
    clinic.users.insert(disabled.id, disabled);
}

fn therapist(clinic: &mut Clinic, username: &str, number: usize, at: Timestamp) -> User {
    User {
        specialization: Some(SPECIALIZATIONS[number % SPECIALIZATIONS.len()].to_owned()),
        pressure: Some(PRESSURES[number % PRESSURES.len()].to_owned()),
        license: Some(format!("LIC-{}", 1000 + number)),
        ..person(clinic, username, number, Role::Therapist, at)
    }
}

fn clients(clinic: &mut Clinic, at: Timestamp) {
    for number in 0..CLIENTS {
        let id = clinic.next("client");
        let notes = match number % 10 {
            0 | 2 | 8 => "Has a dog; ring the bell twice",
            6 => "Prefers light pressure",
            _ => "",
        };
        let client = Client {
            id,
            first_name: FIRST[(number * 7 + 20) % FIRST.len()].to_owned(),
            last_name: LAST[(number * 11 + 3) % LAST.len()].to_owned(),
            email: Some(format!("client{id}@example.test")),
            phone: format!("+63918{:07}", 2_000_000 + number * 311),
            address: format!(
                "{} Sampaguita St, Barangay {}, Pasig City",
                number + 10,
                number % 30 + 1
            ),
            notes: Some(notes.to_owned()),
            created: at + SignedDuration::from_micros(792_320),
        };
        clinic.clients.insert(id, client);
    }
}

const fn clock(hour: i8, minute: i8) -> Time {
    Time::constant(hour, minute, 0, 0)
}

/// A turn of five days: a split day, a day off, one past midnight, two ordinary ones.
fn hours(clinic: &mut Clinic, today: Date) {
    let staff: Vec<i64> = clinic
        .users
        .values()
        .filter(|user| user.role != Role::Operator && user.active)
        .map(|user| user.id)
        .collect();
    for (number, user) in staff.into_iter().enumerate() {
        for day in 0..DAYS {
            let date = days_from(today, day, 2);
            let rows: &[(Time, Time, bool)] = match (number + day) % 5 {
                0 => &[(clock(8, 0), clock(12, 0), true), (clock(14, 0), clock(21, 30), true)],
                1 => &[(clock(10, 0), clock(16, 0), false)],
                2 => &[(clock(13, 0), clock(1, 0), true)],
                _ => &[(clock(9, 0), clock(18, 0), true)],
            };
            for (start, end, available) in rows {
                let id = clinic.next("availability");
                let row = Availability {
                    id,
                    user,
                    date,
                    start: *start,
                    end: *end,
                    available: *available,
                };
                clinic.availabilities.insert(id, row);
            }
        }
    }
}

/// The `day`th day of a span that began `before` days before today.
fn days_from(today: Date, day: usize, before: i64) -> Date {
    let day = i64::try_from(day).unwrap_or_default() - before;
    today.checked_add(day.days()).unwrap_or(today)
}

/// The state of a booking: of today's every one there is, past ones over, coming ones not begun.
fn status(number: usize) -> &'static str {
    let mixed = number * 37 % 100;
    match number % DAYS {
        6 => STATUSES[number / DAYS % STATUSES.len()],
        0..6 => match mixed {
            0..72 => "completed",
            72..88 => "transport_completed",
            88..94 => "cancelled",
            94..97 => "auto_cancelled",
            _ => "rejected",
        },
        _ => match mixed {
            0..54 => "pending",
            54..72 => "therapist_confirmed",
            72..86 => "driver_confirmed",
            86..91 => "confirmed",
            _ => "cancelled",
        },
    }
}

fn bookings(clinic: &mut Clinic, today: Date, at: Timestamp) {
    for number in 0..BOOKINGS {
        let row = booking(clinic, number, today, at);
        notices(clinic, &row, number, at);
        // Today's was set to that state by hand, as the service lets anybody do.
        if row.status == "rejected" && row.date < today {
            let rejection = Rejection {
                id: clinic.next("rejection"),
                appointment: row.id,
                reason: "Sick".to_owned(),
                by: row.therapist.unwrap_or_default(),
                at: row.updated,
                response: "pending",
                response_reason: None,
                reviewed_by: None,
                reviewed_at: None,
            };
            clinic.rejections.insert(row.id, rejection);
        }
        clinic.appointments.insert(row.id, row);
    }
}

fn booking(clinic: &mut Clinic, number: usize, today: Date, at: Timestamp) -> Appointment {
    let id = clinic.next("appointment");
    let index = i64::try_from(number).unwrap_or_default();
    let mut services = vec![index % 7 + 1];
    if number.is_multiple_of(4) {
        services.push((index + 3) % 7 + 1);
    }
    let chosen = clinic.services.iter().filter(|service| services.contains(&service.id));
    let minutes: i64 = chosen.clone().map(|service| service.minutes).sum();
    let price: f64 = chosen.map(|service| service.pesos).sum();
    let hour = i8::try_from(8 + number / DAYS % DAYS).unwrap_or(8);
    let start = clock(hour, if number.is_multiple_of(2) { 0 } else { 30 });
    let end = start.wrapping_add(minutes.minutes());
    let date = days_from(today, number % DAYS, 6);
    let status = status(number);
    let paid = matches!(status, "payment_verified" | "completed" | "transport_completed");
    let past = SignedDuration::from_hours(24 * (6 - index % 14).max(0));
    let created = at - SignedDuration::from_hours(index % 24) - SignedDuration::from_mins(index % 60) - past;
    let client = index % i64::try_from(CLIENTS).unwrap_or(1) + 1;
    let therapist = 4 + index % i64::try_from(THERAPISTS).unwrap_or(1);
    let rejected = (status == "rejected").then_some(therapist);
    Appointment {
        id,
        client,
        therapist: Some(therapist),
        therapists: vec![therapist],
        driver: Some(34 + index % i64::try_from(DRIVERS).unwrap_or(1)),
        operator: Some(1 + index % 2),
        services,
        date,
        start,
        end,
        status,
        payment_status: if paid { "paid" } else { "unpaid" },
        payment_pesos: if paid { price } else { 0.0 },
        payment_method: if number.is_multiple_of(2) { "gcash" } else { "cash" },
        payment_notes: None,
        receipt_hash: None,
        receipt_url: None,
        location: clinic
            .clients
            .get(&client)
            .map(|client| client.address.clone())
            .unwrap_or_default(),
        notes: Some(String::new()),
        pickup_urgency: "normal",
        pickup_notes: None,
        pickup_requested: false,
        requires_car: false,
        group_size: 1,
        group_complete: false,
        confirmed_by: Vec::new(),
        therapist_accepted: false,
        driver_accepted: false,
        rejected_by: rejected,
        rejection_reason: rejected.map(|_| "Sick".to_owned()),
        metadata: Value::Null,
        created,
        updated: created + SignedDuration::from_mins(5),
        response_deadline: (status == "pending").then(|| created + SignedDuration::from_mins(30)),
        taken: Taken::default(),
    }
}

/// Three for each booking: its operator's, its therapist's, its driver's.
fn notices(clinic: &mut Clinic, row: &Appointment, number: usize, at: Timestamp) {
    let client = clinic.clients.get(&row.client).map(Client::name).unwrap_or_default();
    let start = crate::field::print_time(row.start);
    for user in [row.operator, row.therapist, row.driver].into_iter().flatten() {
        let id = clinic.next("notification");
        let notice = Notification {
            id,
            user,
            appointment: row.id,
            kind: NOTICES[number % NOTICES.len()],
            message: format!("Appointment for {client} on {} at {start}: {}", row.date, row.status),
            read: !number.is_multiple_of(3),
            created: at + SignedDuration::from_micros(1_318_124 + id * 19),
            rejection: None,
        };
        clinic.notifications.insert(id, notice);
    }
}

/// The instant at which the exchanges were recorded: a clinic that opens then answers as in them.
#[must_use]
pub fn recorded_at() -> Timestamp {
    let opened = jiff::civil::date(2026, 11, 22).at(19, 22, 27, 956_430_000);
    instant(opened)
}
