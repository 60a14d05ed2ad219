//! Whether an appointment's slot is free, asked inside the transaction that takes it: two desks that want the same
//! slot ask one after the other, and the second finds the first's booking.

use super::calendar;
use crate::api::problem::Fault;
use crate::store::{StoreError, Writing, account, row};
use clinic::rules::clash::{Clash, ClashAbout, Severity, clashes};
use clinic::rules::facts::Facts;
use clinic::rules::openings::alternatives;
use clinic::scope::scope_of;
use clinic::wire::{SlotTaken, Taken};
use clinic::{Actor, Appointment, Availability, Block, BlockOf, Calendar, Kind, Resource, Row, Service, Span, Staff};
use deskbell_clinic as clinic;
use jiff::SignedDuration;
use rusqlite::Connection;

/// How far around a lost slot the rows for alternatives are loaded.
const REACH: SignedDuration = SignedDuration::from_hours(8 * 24);

/// Why a slot cannot be had.
pub(super) enum Refused {
    /// Another booking or a block has it.
    Taken(SlotTaken),
    /// It could not be found out.
    Failed(Fault),
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Taken(slot) => Fault::slot_taken(slot),
            Refused::Failed(fault) => fault,
        }
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Refused::Failed(fault)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused::Failed(error.into())
    }
}

/// # Errors
/// [`Refused::Taken`] when something is in the way that only an operator's word can overrule.
pub(super) fn check(writing: &Writing<'_>, actor: &Actor, appointment: &Appointment) -> Result<(), Refused> {
    let connection = writing.reading();
    let calendar = calendar(writing)?;
    let near = Loaded::around(connection, appointment.span)?;
    let hard: Vec<Clash> = clashes(appointment, &near.facts(&calendar))
        .into_iter()
        .filter(|clash| clash.severity == Severity::Hard)
        .collect();
    if hard.is_empty() {
        return Ok(());
    }
    let taken = hard
        .iter()
        .filter_map(|clash| taken(connection, actor, &near, clash).transpose())
        .collect::<Result<_, StoreError>>()?;
    let span = appointment.span;
    let reach = Span::new(
        span.start().saturating_sub(REACH).unwrap_or(span.start()),
        span.end().saturating_add(REACH).unwrap_or(span.end()),
    )
    .unwrap_or(span);
    let wide = Loaded::around(connection, reach)?;
    Err(Refused::Taken(SlotTaken {
        clashes: taken,
        alternatives: alternatives(appointment, &wide.facts(&calendar), writing.now),
    }))
}

/// What is in the way, as far as this person may know: the booking behind it only where they see it.
fn taken(connection: &Connection, actor: &Actor, loaded: &Loaded, clash: &Clash) -> Result<Option<Taken>, StoreError> {
    let (kind, id) = match clash.about {
        ClashAbout::Staff(id) => (Kind::Staff, id.uuid()),
        ClashAbout::Client(id) => (Kind::Client, id.uuid()),
        ClashAbout::Resource(id) => (Kind::Resource, id.uuid()),
        ClashAbout::Blocked(id) => match loaded.blocks.iter().find(|block| block.id == id).map(|block| block.of) {
            Some(BlockOf::Staff(staff)) => (Kind::Staff, staff.uuid()),
            Some(BlockOf::Resource(resource)) => (Kind::Resource, resource.uuid()),
            Some(BlockOf::Clinic) | None => (Kind::Block, id.uuid()),
        },
        // These only warn.
        ClashAbout::OutsideHours(_)
        | ClashAbout::OutsideOpening
        | ClashAbout::Buffer(_)
        | ClashAbout::NotOffered(_)
        | ClashAbout::Wish(_) => return Ok(None),
    };
    let other = clash
        .with
        .and_then(|with| loaded.appointments.iter().find(|other| other.id == with))
        .filter(|other| scope_of(&Row::Appointment((*other).clone())).includes(actor));
    let booked = other.and_then(|other| other.history.first());
    Ok(Some(Taken {
        kind,
        id,
        span: other.map_or(clash.span, |other| other.span),
        appointment: other.map(|other| other.id),
        booked_by: booked.map_or(Ok(None), |stage| account::name(connection, stage.by))?,
        booked_at: booked.map(|stage| stage.at),
    }))
}

/// The rows that the clinic's rules decide by.
pub(super) struct Loaded {
    staff: Vec<Staff>,
    services: Vec<Service>,
    resources: Vec<Resource>,
    availabilities: Vec<Availability>,
    blocks: Vec<Block>,
    appointments: Vec<Appointment>,
}

impl Loaded {
    /// All that has time in a span.
    pub(super) fn around(connection: &Connection, span: Span) -> Result<Self, StoreError> {
        let mut loaded = Self {
            staff: vec![],
            services: vec![],
            resources: vec![],
            availabilities: vec![],
            blocks: vec![],
            appointments: vec![],
        };
        for kind in [Kind::Staff, Kind::Service, Kind::Resource] {
            loaded.take(row::all(connection, kind)?);
        }
        for kind in [Kind::Availability, Kind::Block, Kind::Appointment] {
            loaded.take(row::within(connection, kind, span)?);
        }
        Ok(loaded)
    }

    fn take(&mut self, rows: Vec<Row>) {
        for row in rows {
            match row {
                Row::Staff(row) => self.staff.push(row),
                Row::Service(row) => self.services.push(row),
                Row::Resource(row) => self.resources.push(row),
                Row::Availability(row) => self.availabilities.push(row),
                Row::Block(row) => self.blocks.push(row),
                Row::Appointment(row) => self.appointments.push(row),
                Row::Clinic(_) | Row::Client(_) | Row::Payment(_) | Row::Waiting(_) | Row::Task(_) => {}
            }
        }
    }

    /// As the rules take them. Wishes only warn, so no client is needed.
    pub(super) fn facts<'a>(&'a self, calendar: &'a Calendar) -> Facts<'a> {
        Facts {
            calendar,
            staff: &self.staff,
            services: &self.services,
            resources: &self.resources,
            availabilities: &self.availabilities,
            blocks: &self.blocks,
            appointments: &self.appointments,
            clients: &[],
        }
    }
}
