//! That server's rows as ours, under our ids.
//!
//! Its days and clock times are those of Manila and nowhere named so: the zone is in this file and in no other. A stretch
//! whose end is not after its start ends on the next day.

use super::ids::Ids;
use super::shape::{AvailabilityShape, BookingShape, ClientShape, ServiceShape, StaffShape};
use super::status::status_of;
use deskbell_clinic::{
    Answer, Appointment, Assignment, Attendee, Availability, Block, BlockOf, BlockReason, Calendar, Client, Clinic,
    ClinicId, Kind, Part, Phone, Place, Repeat, Role, Row, Service, Span, Staff, StaffId, Status, Wishes,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use uuid::Uuid;

/// The server's zone. It has no daylight saving time.
pub(super) const ZONE: &str = "Asia/Manila";
/// The server keeps no name of the clinic.
pub(super) const CLINIC: &str = "Royal Care";
/// Bookings that touch are refused there: ends count as taken. So each needs a minute after it.
const TOUCHING: u32 = 1;
/// Stands for a last name that was not given: the server wants one.
pub(super) const NO_LAST_NAME: &str = "-";

/// The server's days and clock times.
pub(super) fn calendar() -> &'static Calendar {
    static MANILA: LazyLock<Calendar> = LazyLock::new(|| {
        // The zone's rules are built into the program, so that it is known on every computer.
        Calendar::new(ZONE, vec![]).expect("the built-in table of zones has Manila")
    });
    &MANILA
}

/// The clinic's own row, which that server does not have.
pub(super) fn clinic(id: ClinicId) -> Row {
    Row::Clinic(Clinic {
        id,
        name: CLINIC.to_owned(),
        zone: ZONE.to_owned(),
        opening_hours: vec![],
        currency: "PHP".to_owned(),
    })
}

/// A time as ours; none where it begins and ends in the same minute.
fn span(date: Date, start: Time, end: Time) -> Option<Span> {
    if start == end {
        return None;
    }
    calendar().span(date, start, end)
}

/// Somebody's two names as one.
fn whole_name(first: &str, last: &str) -> String {
    let last = if last.trim() == NO_LAST_NAME { "" } else { last };
    format!("{} {}", first.trim(), last.trim()).trim().to_owned()
}

pub(super) fn staff(ids: &Ids, shape: &StaffShape) -> Row {
    let role = match shape.role.as_str() {
        "therapist" => Role::Therapist,
        "driver" => Role::Driver,
        _ => Role::Operator,
    };
    Row::Staff(Staff {
        id: ids.ours(Kind::Staff, shape.id).into(),
        name: whole_name(&shape.first_name, &shape.last_name),
        role,
        services: vec![],
        // Far apart for neighbours, and always the same for the same person.
        hue: u16::try_from(shape.id * 137 % 360).unwrap_or(0),
        gender: None,
        active: shape.is_active,
    })
}

/// A client under the id that is given.
pub(super) fn client(shape: &ClientShape, id: Uuid) -> Row {
    let phones = match shape.phone_number.trim() {
        "" => vec![],
        typed => vec![Phone::from_typed(typed)],
    };
    Row::Client(Client {
        id: id.into(),
        name: whole_name(&shape.first_name, &shape.last_name),
        phones,
        address: shape.address.clone(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: shape.notes.clone(),
    })
}

pub(super) fn service(ids: &Ids, shape: &ServiceShape) -> Row {
    Row::Service(Service {
        id: ids.ours(Kind::Service, shape.id).into(),
        name: shape.name.clone(),
        minutes: shape.duration,
        price_cents: shape.price.cents,
        buffer_before: 0,
        buffer_after: TOUCHING,
        active: shape.is_active,
    })
}

/// What a stretch is to us: hours, or a block where somebody is expressly not available.
pub(super) const fn kind_of(shape: &AvailabilityShape) -> Kind {
    if shape.is_available {
        Kind::Availability
    } else {
        Kind::Block
    }
}

/// Hours, or a block, under the id that is given.
pub(super) fn availability(ids: &Ids, shape: &AvailabilityShape, id: Uuid) -> Option<Row> {
    let staff = StaffId(ids.ours(Kind::Staff, shape.user));
    let span = span(shape.date, shape.start_time, shape.end_time)?;
    Some(if shape.is_available {
        Row::Availability(Availability {
            id: id.into(),
            staff,
            span,
            services: vec![],
            note: String::new(),
            repeat: Repeat::None,
        })
    } else {
        Row::Block(Block {
            id: id.into(),
            of: BlockOf::Staff(staff),
            span,
            reason: BlockReason::Other,
            note: String::new(),
            repeat: Repeat::None,
        })
    })
}

/// A booking under the id that is given.
pub(super) fn booking(ids: &Ids, shape: &BookingShape, id: Uuid) -> Option<Row> {
    let span = span(shape.date, shape.start_time, shape.end_time)?;
    let location = shape.location.trim();
    Some(Row::Appointment(Appointment {
        id: id.into(),
        series: None,
        clients: vec![Attendee {
            client: ids.ours(Kind::Client, shape.client).into(),
            arrived_at: None,
        }],
        assignments: assignments(ids, shape),
        services: shape
            .services
            .iter()
            .map(|id| ids.ours(Kind::Service, *id).into())
            .collect(),
        span,
        place: if location.is_empty() {
            Place::Anywhere
        } else {
            Place::Address(location.to_owned())
        },
        status: status_of(&shape.status),
        step: Some(shape.status.clone()),
        notes: shape.notes.clone(),
        reason: shape
            .rejection_reason
            .clone()
            .filter(|reason| !reason.trim().is_empty()),
        answer_due: deadline(shape),
        overlap_accepted: None,
        call_back: String::new(),
        history: vec![],
    }))
}

/// Once somebody has answered, the deadline of the first answer means nothing any more.
fn deadline(shape: &BookingShape) -> Option<Timestamp> {
    shape.response_deadline.filter(|_| shape.status == "pending")
}

/// The one therapist and the group's, each once, then the driver.
fn assignments(ids: &Ids, shape: &BookingShape) -> Vec<Assignment> {
    let therapists: BTreeSet<u64> = shape.therapists.iter().copied().collect();
    let first = shape.therapist.into_iter();
    let others = therapists.iter().copied().filter(|id| Some(*id) != shape.therapist);
    let group = therapists.len() > 1;
    let therapist_said = shape.therapist_confirmed_at.is_some() || shape.therapist_accepted;
    let assigned = |id: u64, part: Part, accepted: bool| Assignment {
        staff: ids.ours(Kind::Staff, id).into(),
        part,
        answer: match () {
            () if shape.rejected_by == Some(id) && status_of(&shape.status) == Status::Declined => Answer::Declined,
            () if accepted => Answer::Accepted,
            () => Answer::Pending,
        },
    };
    // Which of a group has answered is not told; all have once the booking is past being asked.
    let accepted = if group {
        therapist_said && shape.status != "pending"
    } else {
        therapist_said
    };
    first
        .chain(others)
        .map(|id| assigned(id, Part::Therapist, accepted))
        .chain(shape.driver.map(|id| {
            let accepted = shape.driver_confirmed_at.is_some() || shape.driver_accepted;
            assigned(id, Part::Driver, accepted)
        }))
        .collect()
}

/// What a booking tells of its staff and services.
pub(super) fn beside_booking(ids: &Ids, shape: &BookingShape) -> Vec<Row> {
    let people = [&shape.therapist_details, &shape.driver_details];
    let mut rows: Vec<Row> = people
        .into_iter()
        .flatten()
        .chain(&shape.therapists_details)
        .map(|one| staff(ids, one))
        .collect();
    rows.extend(shape.services_details.iter().map(|one| service(ids, one)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shape(start: &str, end: &str) -> AvailabilityShape {
        let row = json!({"id": 639, "user": 4, "date": "2027-01-01", "start_time": start, "end_time": end});
        serde_json::from_value(row).unwrap()
    }

    fn span_of(start: &str, end: &str) -> Option<Span> {
        let row = availability(&Ids::default(), &shape(start, end), Uuid::nil());
        row.and_then(|row| row.span())
    }

    #[test]
    fn clock_times_are_manilas_and_an_end_before_the_start_is_on_the_next_day() {
        let day = span_of("09:00:00", "12:00:00").unwrap();
        assert_eq!(day.start().to_string(), "2027-01-01T01:00:00Z");
        let night = span_of("22:00:00", "02:00:00").unwrap();
        assert_eq!(
            (night.minutes(), night.end().to_string().as_str()),
            (240, "2027-01-01T18:00:00Z")
        );
        assert_eq!(span_of("09:00:00.5", "09:00:00.500000"), None, "no time at all");
    }

    #[test]
    fn a_name_of_one_word_comes_back_as_it_was_typed() {
        assert_eq!(whole_name("Mara", NO_LAST_NAME), "Mara");
        assert_eq!(whole_name(" Mara ", "Quill"), "Mara Quill");
    }
}
