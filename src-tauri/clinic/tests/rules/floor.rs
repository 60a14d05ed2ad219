//! A small clinic for the tests: three therapists and a driver, two services, two rooms, three clients, three days.

use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::*;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

/// Everything random falls on whole ticks of 5 minutes, so that a rule can be checked tick by tick.
pub(crate) const TICK: i64 = 5;
pub(crate) const DAYS: i64 = 3;
const TICKS: i64 = DAYS * 24 * 60 / TICK;

#[derive(Clone, Debug)]
pub(crate) struct Floor {
    pub(crate) calendar: Calendar,
    pub(crate) staff: Vec<Staff>,
    pub(crate) services: Vec<Service>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) availabilities: Vec<Availability>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) appointments: Vec<Appointment>,
    pub(crate) clients: Vec<Client>,
}

impl Floor {
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            calendar: &self.calendar,
            staff: &self.staff,
            services: &self.services,
            resources: &self.resources,
            availabilities: &self.availabilities,
            blocks: &self.blocks,
            appointments: &self.appointments,
            clients: &self.clients,
        }
    }

    /// An empty clinic in Manila: nobody works, nothing is booked. Service 0 has no buffers, service 1 has 10 minutes
    /// before and 15 after; room 0 holds one booking, room 1 two.
    pub(crate) fn empty() -> Self {
        let staff = |n: u128, role, gender| Staff {
            id: staff(n),
            name: format!("Staff {n}"),
            role,
            services: vec![],
            hue: 0,
            gender: Some(gender),
            active: true,
        };
        let service = |n: u128, minutes, buffer_before, buffer_after| Service {
            id: service(n),
            name: format!("Service {n}"),
            minutes,
            price_cents: 100_000,
            buffer_before,
            buffer_after,
            active: true,
        };
        let room = |n: u128, capacity| Resource {
            id: room(n),
            name: format!("Room {n}"),
            capacity,
            services: vec![],
        };
        Self {
            calendar: Calendar::new("Asia/Manila", vec![]).unwrap(),
            staff: vec![
                staff(0, Role::Therapist, Gender::Female),
                staff(1, Role::Therapist, Gender::Male),
                staff(2, Role::Therapist, Gender::Female),
                staff(3, Role::Driver, Gender::Male),
            ],
            services: vec![service(0, 60, 0, 0), service(1, 45, 10, 15)],
            resources: vec![room(0, 1), room(1, 2)],
            availabilities: vec![],
            blocks: vec![],
            appointments: vec![],
            clients: (0..3).map(a_client).collect(),
        }
    }
}

pub(crate) fn staff(n: u128) -> StaffId {
    StaffId(Uuid::from_u128(0x100 + n))
}

pub(crate) fn service(n: u128) -> ServiceId {
    ServiceId(Uuid::from_u128(0x200 + n))
}

pub(crate) fn room(n: u128) -> ResourceId {
    ResourceId(Uuid::from_u128(0x300 + n))
}

pub(crate) fn client(n: u128) -> ClientId {
    ClientId(Uuid::from_u128(0x400 + n))
}

pub(crate) fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(0x500 + n))
}

pub(crate) fn booking_id(n: u128) -> AppointmentId {
    AppointmentId(Uuid::from_u128(0x600 + n))
}

pub(crate) fn a_client(n: u128) -> Client {
    Client {
        id: client(n),
        name: format!("Client {n}"),
        phones: vec![],
        address: String::new(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    }
}

/// Saturday evening before the clocks of Berlin go forward (29 March 2026, 01:00 UTC).
pub(crate) fn at(minute: i64) -> Timestamp {
    "2026-03-28T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute)
}

pub(crate) fn span(from: i64, to: i64) -> Span {
    Span::new(at(from), at(to)).unwrap()
}

/// All the time that random rows fall in.
pub(crate) fn everything() -> Span {
    span(0, DAYS * 24 * 60)
}

pub(crate) fn ticks(window: Span) -> impl Iterator<Item = Span> {
    let first = window.start();
    (0..window.minutes() / TICK).map(move |n| {
        let start = first + SignedDuration::from_mins(n * TICK);
        Span::new(start, start + SignedDuration::from_mins(TICK)).unwrap()
    })
}

pub(crate) fn hours(n: u128, span: Span) -> Availability {
    Availability {
        id: AvailabilityId(Uuid::from_u128(0x700)),
        staff: staff(n),
        span,
        services: vec![],
        note: String::new(),
        repeat: Repeat::None,
    }
}

pub(crate) fn block(of: BlockOf, span: Span) -> Block {
    Block {
        id: BlockId(Uuid::from_u128(0x800)),
        of,
        span,
        reason: BlockReason::Lunch,
        note: String::new(),
        repeat: Repeat::None,
    }
}

/// A confirmed booking of one client with one therapist.
pub(crate) fn booking(id: u128, with: u128, of: u128, span: Span) -> Appointment {
    Appointment {
        id: booking_id(id),
        series: None,
        clients: vec![Attendee {
            client: client(of),
            arrived_at: None,
        }],
        assignments: vec![assignment(with, Part::Therapist)],
        services: vec![service(0)],
        span,
        place: Place::Anywhere,
        status: Status::Confirmed,
        step: None,
        notes: String::new(),
        reason: None,
        answer_due: None,
        overlap_accepted: None,
        call_back: String::new(),
        history: vec![],
    }
}

pub(crate) fn assignment(n: u128, part: Part) -> Assignment {
    Assignment {
        staff: staff(n),
        part,
        answer: Answer::Accepted,
    }
}

pub(crate) fn accepted(reason: &str) -> OverlapAccepted {
    OverlapAccepted {
        by: account(0),
        reason: reason.to_owned(),
    }
}

pub(crate) fn any_zone() -> impl Strategy<Value = Calendar> {
    proptest::sample::select(vec![
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Manila",
    ])
    .prop_map(|zone| Calendar::new(zone, vec![]).unwrap())
}

/// A span of up to `longest` ticks.
pub(crate) fn any_span(longest: i64) -> impl Strategy<Value = Span> {
    (0..TICKS - longest, 1..=longest).prop_map(|(start, ticks)| span(start * TICK, (start + ticks) * TICK))
}

pub(crate) fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::vec(any_span(100), 0..8)
}

fn any_services() -> impl Strategy<Value = Vec<ServiceId>> {
    proptest::sample::subsequence(vec![service(0), service(1)], 0..=2)
}

pub(crate) fn any_availability() -> impl Strategy<Value = Availability> {
    let longest = 12 * 60 / TICK;
    (0..4_u128, any_span(longest), any_services(), any::<bool>()).prop_map(|(n, span, services, kept)| Availability {
        services: if kept { services } else { vec![] },
        ..hours(n, span)
    })
}

fn any_block() -> impl Strategy<Value = Block> {
    let of = prop_oneof![
        1 => Just(BlockOf::Clinic),
        3 => (0..4_u128).prop_map(|n| BlockOf::Staff(staff(n))),
        2 => (0..2_u128).prop_map(|n| BlockOf::Resource(room(n))),
    ];
    (of, any_span(24)).prop_map(|(of, span)| block(of, span))
}

/// A proposal; its id is one of few, so that some are the same booking moved.
pub(crate) fn any_booking() -> impl Strategy<Value = Appointment> {
    let people = (
        proptest::sample::subsequence(vec![0_u128, 1, 2], 1..=2),
        proptest::option::weighted(0.2, Just(3_u128)),
        proptest::sample::subsequence(vec![0_u128, 1, 2], 1..=2),
    );
    let status = prop_oneof![4 => Just(Status::Confirmed), 1 => proptest::sample::select(Status::ALL.to_vec())];
    // Places and reasons have no `Debug` on purpose, so numbers stand for them until the row is made.
    let (place, overridden) = (0..4_u128, proptest::bool::weighted(0.15));
    (
        0..12_u128,
        people,
        any_services(),
        any_span(36),
        place,
        status,
        overridden,
    )
        .prop_map(
            |(id, (therapists, driver, clients), services, span, place, status, overridden)| Appointment {
                clients: clients
                    .into_iter()
                    .map(|n| Attendee {
                        client: client(n),
                        arrived_at: None,
                    })
                    .collect(),
                assignments: (therapists.into_iter().map(|n| assignment(n, Part::Therapist)))
                    .chain(driver.map(|n| assignment(n, Part::Driver)))
                    .collect(),
                services,
                place: match place {
                    0 | 1 => Place::Resource(room(place)),
                    2 => Place::Anywhere,
                    _ => Place::Address("1 Sample Street".to_owned()),
                },
                status,
                overlap_accepted: overridden.then(|| accepted("Both want it")),
                ..booking(id, 0, 0, span)
            },
        )
}

/// Hours, blocks, and bookings as they came, clashing or not, each of its own id.
pub(crate) fn any_floor() -> impl Strategy<Value = Floor> {
    (
        any_zone(),
        proptest::collection::vec(any_availability(), 0..10),
        proptest::collection::vec(any_block(), 0..4),
        proptest::collection::vec(any_booking(), 0..10),
    )
        .prop_map(|(calendar, availabilities, blocks, mut appointments)| {
            for (n, row) in (100..).zip(&mut appointments) {
                row.id = booking_id(n);
            }
            Floor {
                calendar,
                availabilities,
                blocks,
                appointments,
                ..Floor::empty()
            }
        })
}
