//! What a query read in one transaction, ready to be drawn: rows as this person sees them, pending acts included.

use super::PendingMark;
use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::{
    Appointment, Availability, Block, Calendar, Client, ClientId, Clinic, Kind, Place, Resource, ResourceId, Row,
    Service, ServiceId, Staff, StaffId, Task, WaitingClient,
};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::HashMap;
use uuid::Uuid;

/// The rows of one query.
#[derive(Debug)]
pub struct Scene {
    /// The cache's revision they were read at.
    pub revision: u32,
    /// The server's clock, as well as this computer knows it.
    pub now: Timestamp,
    /// The clinic's zone and hours.
    pub calendar: Calendar,
    /// The clinic, once it is known.
    pub clinic: Option<Clinic>,
    /// Every staff member, by name.
    pub staff: Vec<Staff>,
    /// Every service, by name.
    pub services: Vec<Service>,
    /// Every room, by name.
    pub resources: Vec<Resource>,
    /// The clients that the appointments and the waiting list name, as far as this account may know them.
    pub clients: Vec<Client>,
    /// Availabilities that may have an occurrence in what was asked for.
    pub availabilities: Vec<Availability>,
    /// Blocks that may have an occurrence in what was asked for.
    pub blocks: Vec<Block>,
    /// Appointments in what was asked for, by start.
    pub appointments: Vec<Appointment>,
    /// The waiting list.
    pub waiting: Vec<WaitingClient>,
    /// Open tasks.
    pub tasks: Vec<Task>,
    /// Acts that the server has not confirmed, by row.
    pub pending: HashMap<(Kind, Uuid), PendingMark>,
}

impl Scene {
    /// An empty scene of a clinic, to be filled row by row.
    pub fn empty(revision: u32, now: Timestamp, calendar: Calendar) -> Self {
        Self {
            revision,
            now,
            calendar,
            clinic: None,
            staff: vec![],
            services: vec![],
            resources: vec![],
            clients: vec![],
            availabilities: vec![],
            blocks: vec![],
            appointments: vec![],
            waiting: vec![],
            tasks: vec![],
            pending: HashMap::new(),
        }
    }

    /// Takes one row in.
    pub fn add(&mut self, row: Row, pending: Option<PendingMark>) {
        if let Some(mark) = pending {
            self.pending.insert((row.kind(), row.id()), mark);
        }
        match row {
            Row::Clinic(row) => self.clinic = Some(row),
            Row::Staff(row) => self.staff.push(row),
            Row::Service(row) => self.services.push(row),
            Row::Resource(row) => self.resources.push(row),
            Row::Client(row) => self.clients.push(row),
            Row::Availability(row) => self.availabilities.push(row),
            Row::Block(row) => self.blocks.push(row),
            Row::Appointment(row) => self.appointments.push(row),
            Row::Waiting(row) => self.waiting.push(row),
            Row::Task(row) => self.tasks.push(row),
            Row::Payment(_) => {}
        }
    }

    /// Puts everything in the order that windows show.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.staff.sort_by(|a, b| a.name.cmp(&b.name));
        self.services.sort_by(|a, b| a.name.cmp(&b.name));
        self.resources.sort_by(|a, b| a.name.cmp(&b.name));
        self.appointments.sort_by_key(|row| (row.span, row.id));
        self.waiting.sort_by_key(|row| (!row.urgent, row.since));
        self
    }

    /// The same rows, as the rules want them.
    pub fn facts(&self) -> Facts<'_> {
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

    /// Today in the clinic's zone.
    pub fn today(&self) -> Date {
        self.calendar.day_of(self.now)
    }

    pub(crate) fn staff_name(&self, id: StaffId) -> String {
        self.staff
            .iter()
            .find(|row| row.id == id)
            .map_or_else(|| "Somebody".to_owned(), |row| row.name.clone())
    }

    pub(crate) fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.iter().find(|row| row.id == id)
    }

    pub(crate) fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.iter().find(|row| row.id == id)
    }

    pub(crate) fn resource_name(&self, id: ResourceId) -> String {
        self.resources
            .iter()
            .find(|row| row.id == id)
            .map_or_else(String::new, |row| row.name.clone())
    }

    /// `Jo Santos`, or `Jo Santos +1` for several; “A client” where this account may not know.
    pub(crate) fn clients_label(&self, appointment: &Appointment) -> String {
        let unknown = || "A client".to_owned();
        let first = appointment.clients.first().and_then(|a| self.client(a.client));
        let name = first.map_or_else(unknown, |client| client.name.clone());
        match appointment.clients.len() {
            0 | 1 => name,
            several => format!("{name} +{}", several - 1),
        }
    }

    /// `Shiatsu 60 + Foot reflex 45`.
    pub(crate) fn services_label(&self, services: &[ServiceId]) -> String {
        let names: Vec<_> = services
            .iter()
            .filter_map(|id| self.service(*id))
            .map(service_label)
            .collect();
        names.join(" + ")
    }

    pub(crate) fn place_label(&self, place: &Place) -> String {
        match place {
            Place::Anywhere => String::new(),
            Place::Resource(id) => self.resource_name(*id),
            Place::Address(address) => address.clone(),
        }
    }

    pub(crate) fn mark(&self, kind: Kind, id: Uuid) -> Option<PendingMark> {
        self.pending.get(&(kind, id)).copied()
    }
}

/// `Shiatsu 60`; the length is not said twice where the name already has it.
pub(crate) fn service_label(service: &Service) -> String {
    let minutes = service.minutes.to_string();
    if service.name.ends_with(&minutes) {
        service.name.clone()
    } else {
        format!("{} {minutes}", service.name)
    }
}
