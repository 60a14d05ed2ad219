//! Whether a row is sound: every bad field is named at once, so that a form can show them all.

use crate::api::problem::Fault;
use crate::store::{meta, reference, row};
use clinic::wire::FieldProblem;
use clinic::{
    Appointment, Availability, Block, Calendar, Client, Clinic, Phone, Repeat, Row, Service, Span, WaitingClient,
};
use deskbell_clinic as clinic;
use rusqlite::Connection;
use std::collections::HashSet;
use std::hash::Hash;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;
/// The longest note, in characters.
const LONGEST_TEXT: usize = 10_000;
/// The most entries of one list.
const LONGEST_LIST: usize = 50;

/// # Errors
/// 422 with every bad field.
pub(super) fn check(connection: &Connection, row: &Row) -> Result<(), Fault> {
    let mut wrong = Wrong(Vec::new());
    match row {
        Row::Clinic(row) => wrong.in_clinic(row, connection)?,
        Row::Staff(row) => {
            wrong.name("name", &row.name);
            wrong.unless(row.hue < 360, "hue", "is between 0 and 359");
            wrong.list("services", &row.services);
        }
        Row::Service(row) => wrong.in_service(row),
        Row::Resource(row) => {
            wrong.name("name", &row.name);
            wrong.unless((1..=1_000).contains(&row.capacity), "capacity", "is between 1 and 1000");
            wrong.list("services", &row.services);
        }
        Row::Client(row) => wrong.in_client(row),
        Row::Availability(row) => wrong.in_availability(row),
        Row::Block(row) => wrong.in_block(row),
        Row::Appointment(row) => wrong.in_appointment(row),
        Row::Waiting(row) => wrong.in_waiting(row),
        Row::Task(_) | Row::Payment(_) => {}
    }
    for to in reference::of(row) {
        if row::read(connection, to.kind, to.id)?.is_none() {
            wrong.add(to.field, format!("there is no such {}", to.kind));
        }
    }
    if wrong.0.is_empty() {
        Ok(())
    } else {
        Err(Fault::invalid(wrong.0))
    }
}

struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldProblem {
            field: field.into(),
            message: message.into(),
        });
    }

    fn unless(&mut self, sound: bool, field: &str, message: &str) {
        if !sound {
            self.add(field, message);
        }
    }

    fn name(&mut self, field: &str, name: &str) {
        self.unless(!name.trim().is_empty(), field, "must not be empty");
        self.unless(name.chars().count() <= LONGEST_NAME, field, "is too long");
    }

    fn text(&mut self, field: &str, text: &str) {
        self.unless(text.chars().count() <= LONGEST_TEXT, field, "is too long");
    }

    /// No doubles, and not endless.
    fn list<T: Eq + Hash>(&mut self, field: &str, list: &[T]) {
        let different: HashSet<_> = list.iter().collect();
        self.unless(different.len() == list.len(), field, "names one twice");
        self.unless(list.len() <= LONGEST_LIST, field, "is too long");
    }

    fn span(&mut self, span: Span, longest_minutes: i64, message: &str) {
        self.unless(span.minutes() >= 1, "span.end", "is at least a minute after the start");
        self.unless(span.minutes() <= longest_minutes, "span.end", message);
    }

    fn repeat(&mut self, repeat: &Repeat) {
        if let Repeat::Weekly(weekly) = repeat {
            self.unless((1..=8).contains(&weekly.weeks), "repeat.weeks", "is between 1 and 8");
            self.unless(weekly.except.len() <= 1_000, "repeat.except", "is too long");
        }
    }

    fn in_clinic(&mut self, row: &Clinic, connection: &Connection) -> Result<(), Fault> {
        self.unless(
            meta::get(connection)?.clinic == row.id,
            "id",
            "this server has one clinic, another",
        );
        self.name("name", &row.name);
        self.unless(Calendar::new(&row.zone, vec![]).is_ok(), "zone", "is not a time zone");
        self.unless(
            row.currency.len() == 3 && row.currency.bytes().all(|b| b.is_ascii_uppercase()),
            "currency",
            "is a code of three letters, such as PHP",
        );
        self.unless(
            row.opening_hours.iter().all(|hours| (1..=7).contains(&hours.weekday)),
            "opening_hours",
            "a weekday is between 1 and 7",
        );
        Ok(())
    }

    fn in_service(&mut self, row: &Service) {
        self.name("name", &row.name);
        self.unless((1..=12 * 60).contains(&row.minutes), "minutes", "is between 1 and 720");
        self.unless(row.buffer_before <= 240, "buffer_before", "is at most 240");
        self.unless(row.buffer_after <= 240, "buffer_after", "is at most 240");
    }

    fn in_client(&mut self, row: &Client) {
        self.name("name", &row.name);
        self.text("address", &row.address);
        self.text("alert", &row.alert);
        self.text("notes", &row.notes);
        self.list("wishes.staff", &row.wishes.staff);
        self.unless(row.phones.len() <= LONGEST_LIST, "phones", "is too long");
        for (index, phone) in row.phones.iter().enumerate() {
            let digits = phone.normalised.bytes().filter(u8::is_ascii_digit).count();
            self.unless(
                (3..=20).contains(&digits),
                &format!("phones[{index}].typed"),
                "is not a telephone number",
            );
            self.unless(
                Phone::from_typed(&phone.typed).normalised == phone.normalised,
                &format!("phones[{index}].normalised"),
                "is not the number that was typed",
            );
        }
    }

    fn in_availability(&mut self, row: &Availability) {
        self.span(row.span, 24 * 60, "is at most 24 hours after the start");
        self.repeat(&row.repeat);
        self.list("services", &row.services);
        self.text("note", &row.note);
    }

    fn in_block(&mut self, row: &Block) {
        if row.repeat == Repeat::None {
            self.span(row.span, 366 * 24 * 60, "is at most a year after the start");
        } else {
            self.span(row.span, 24 * 60, "is at most 24 hours after the start when it repeats");
        }
        self.repeat(&row.repeat);
        self.text("note", &row.note);
    }

    fn in_appointment(&mut self, row: &Appointment) {
        self.span(row.span, 12 * 60, "is at most 12 hours after the start");
        self.unless(!row.clients.is_empty(), "clients", "somebody must come");
        let clients: Vec<_> = row.clients.iter().map(|attendee| attendee.client).collect();
        self.list("clients", &clients);
        self.unless(
            row.therapists().next().is_some(),
            "assignments",
            "a therapist must be assigned",
        );
        let staff: Vec<_> = row.staff().collect();
        self.list("assignments", &staff);
        self.unless(!row.services.is_empty(), "services", "something must be done");
        self.unless(row.services.len() <= LONGEST_LIST, "services", "is too long");
        self.text("notes", &row.notes);
        self.unless(
            row.call_back.chars().count() <= LONGEST_NAME,
            "call_back",
            "is too long",
        );
        self.text("reason", row.reason.as_deref().unwrap_or_default());
        if let clinic::Place::Address(address) = &row.place {
            self.unless(!address.trim().is_empty(), "place.value", "must not be empty");
            self.text("place.value", address);
        }
        if let Some(accepted) = &row.overlap_accepted {
            self.unless(
                !accepted.reason.trim().is_empty(),
                "overlap_accepted.reason",
                "must say why the clash is accepted",
            );
        }
    }

    fn in_waiting(&mut self, row: &WaitingClient) {
        self.unless(!row.services.is_empty(), "services", "must say for what");
        self.list("services", &row.services);
        self.list("staff", &row.staff);
        self.unless(
            row.time.weekdays.iter().all(|weekday| (1..=7).contains(weekday)),
            "time.weekdays",
            "a weekday is between 1 and 7",
        );
        if let (Some(from), Some(to)) = (row.time.from_day, row.time.to_day) {
            self.unless(from <= to, "time.to_day", "is before the first day");
        }
    }
}

/// A 422 about one field.
pub(super) fn field(field: &str, message: impl Into<String>) -> Fault {
    Fault::invalid(vec![FieldProblem {
        field: field.into(),
        message: message.into(),
    }])
}
