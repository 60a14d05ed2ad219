//! 400 appointments from five days ago to eight days ahead, densest today, none in another's way.

use super::hours::Hours;
use super::names::THERAPISTS;
use super::people::{FOOT_LOUNGE, FOOT_REFLEX};
use super::{Source, progress};
use crate::store::account::Enrolment;
use clinic::rules::occurrences::{of_availability, of_block};
use clinic::{
    Answer, Appointment, Assignment, Attendee, BlockOf, Client, Part, Payment, Place, Resource, Service, Span, Staff,
    Status, Task, TaskKind,
};
use deskbell_clinic as clinic;
use jiff::civil::{Date, time};
use jiff::{SignedDuration, ToSpan};
use rand::Rng;
use uuid::Uuid;

const TOTAL: usize = 400;
const TODAY: usize = 84;

/// Bookings with what follows from them.
pub(super) struct Booked {
    pub(super) appointments: Vec<Appointment>,
    pub(super) payments: Vec<Payment>,
    pub(super) tasks: Vec<Task>,
}

pub(super) fn around_today(
    source: &mut Source,
    staff: &[Staff],
    services: &[Service],
    resources: &[Resource],
    clients: &[Client],
    hours: &Hours,
    accounts: &[Enrolment],
) -> Booked {
    let mut diary = Diary {
        staff,
        services,
        resources,
        clients,
        hours,
        taken: Vec::new(),
        appointments: Vec::new(),
    };
    let days: Vec<Date> = (-5..=8)
        .map(|offset: i64| source.today.saturating_add(offset.days()))
        .collect();
    for _ in 0..TODAY {
        diary.try_day(source, source.today, 200);
    }
    let others: Vec<Date> = days.into_iter().filter(|day| *day != source.today).collect();
    // Round and round the other days: a day that is full passes its turn on. The bound is far beyond what is needed.
    for turn in 0..TOTAL * 20 {
        if diary.appointments.len() == TOTAL {
            break;
        }
        diary.try_day(source, others[turn % others.len()], 8);
    }
    let mut appointments = diary.appointments;
    let mut payments = Vec::new();
    for appointment in &mut appointments {
        payments.extend(progress::bring_up_to_now(source, appointment, accounts, services));
    }
    let tasks = tasks(source, &appointments);
    Booked {
        appointments,
        payments,
        tasks,
    }
}

struct Diary<'a> {
    staff: &'a [Staff],
    services: &'a [Service],
    resources: &'a [Resource],
    clients: &'a [Client],
    hours: &'a Hours,
    /// Whose or what's time is gone, with buffers.
    taken: Vec<(Uuid, Span)>,
    appointments: Vec<Appointment>,
}

impl Diary<'_> {
    /// Adds one appointment on a day, unless so many tries find no room.
    fn try_day(&mut self, source: &mut Source, day: Date, tries: u32) {
        for _ in 0..tries {
            if let Some(appointment) = self.propose(source, day) {
                self.book(appointment);
                return;
            }
        }
    }

    fn propose(&self, source: &mut Source, day: Date) -> Option<Appointment> {
        let therapist = source.pick(&self.staff[..THERAPISTS.len()]);
        let service_index = source.random.random_range(0..self.services.len());
        let service = &self.services[service_index];
        if !therapist.offers(service.id) {
            return None;
        }
        let quarter = i8::try_from(source.random.random_range(0..48_i32)).ok()?;
        let start = source.calendar.at(day, time(9 + quarter / 4, quarter % 4 * 15, 0, 0));
        let span = Span::of_minutes(start, service.minutes)?;
        let occupied = span.widened(service.buffer_before, service.buffer_after);
        if !self.is_open(source, span) || !self.works(source, therapist, span) {
            return None;
        }
        let client = source.pick(self.clients);
        let home = source.percent(10);
        let driver = &self.staff[THERAPISTS.len() + 3 + source.random.random_range(0..2)];
        let room = if service_index == FOOT_REFLEX {
            &self.resources[FOOT_LOUNGE]
        } else {
            source.pick(&self.resources[..FOOT_LOUNGE])
        };
        let mut assignments = vec![Assignment {
            staff: therapist.id,
            part: Part::Therapist,
            answer: Answer::Accepted,
        }];
        let place = if home {
            assignments.push(Assignment {
                staff: driver.id,
                part: Part::Driver,
                answer: Answer::Accepted,
            });
            Place::Address(client.address.clone())
        } else {
            Place::Resource(room.id)
        };
        let people = assignments.iter().map(|assignment| assignment.staff.uuid());
        let all_free = people
            .chain([client.id.uuid()])
            .all(|who| self.at_once(who, occupied) == 0);
        let room_free = home || self.room_is_free(source, room, occupied);
        if !all_free || !room_free {
            return None;
        }
        Some(Appointment {
            id: source.id(),
            series: None,
            clients: vec![Attendee {
                client: client.id,
                arrived_at: None,
            }],
            assignments,
            services: vec![service.id],
            span,
            place,
            status: Status::Confirmed,
            step: None,
            notes: String::new(),
            reason: None,
            answer_due: None,
            overlap_accepted: None,
            call_back: String::new(),
            history: vec![],
        })
    }

    fn book(&mut self, appointment: Appointment) {
        let occupied = appointment.occupied(|id| self.services.iter().find(|service| service.id == id));
        let people = appointment.staff().map(|staff| staff.uuid());
        let clients = appointment.clients.iter().map(|attendee| attendee.client.uuid());
        let room = appointment.place.resource().map(|room| room.uuid());
        self.taken
            .extend(people.chain(clients).chain(room).map(|who| (who, occupied)));
        self.appointments.push(appointment);
    }

    fn is_open(&self, source: &Source, span: Span) -> bool {
        let day = source.calendar.day_of(span.start());
        source.calendar.open_spans(day).iter().any(|open| open.covers(span))
    }

    fn works(&self, source: &Source, therapist: &Staff, span: Span) -> bool {
        let hours = self.hours.availabilities.iter().filter(|row| row.staff == therapist.id);
        let offered = hours
            .flat_map(|row| of_availability(row, &source.calendar, span))
            .any(|hours| hours.covers(span));
        offered && !self.blocked(source, BlockOf::Staff(therapist.id), span)
    }

    fn room_is_free(&self, source: &Source, room: &Resource, span: Span) -> bool {
        let capacity = usize::try_from(room.capacity).unwrap_or(usize::MAX);
        self.at_once(room.id.uuid(), span) < capacity && !self.blocked(source, BlockOf::Resource(room.id), span)
    }

    fn blocked(&self, source: &Source, of: BlockOf, span: Span) -> bool {
        let mut blocks = self.hours.blocks.iter().filter(|row| row.of == of);
        blocks.any(|row| !of_block(row, &source.calendar, span).is_empty())
    }

    fn at_once(&self, who: Uuid, span: Span) -> usize {
        self.taken
            .iter()
            .filter(|(other, taken)| *other == who && taken.overlaps(span))
            .count()
    }
}

/// A couple of things that a person must do: call back who was declined, find somebody for another.
fn tasks(source: &mut Source, appointments: &[Appointment]) -> Vec<Task> {
    let declined = appointments.iter().filter(|row| row.status == Status::Declined).take(2);
    let requested = appointments
        .iter()
        .filter(|row| row.status == Status::Requested)
        .take(1);
    let asked = declined.map(|row| (row, TaskKind::CallBack));
    asked
        .chain(requested.map(|row| (row, TaskKind::ReplaceStaff)))
        .map(|(row, kind)| Task {
            id: source.id(),
            kind,
            appointment: Some(row.id),
            client: row.clients.first().map(|attendee| attendee.client),
            staff: row.therapists().next(),
            due: Some(source.now + SignedDuration::from_mins(90)),
            claimed_by: None,
            outcome: None,
        })
        .collect()
}
