//! The rows that a rule decides by.

use crate::appointment::Appointment;
use crate::availability::{Availability, Block, BlockOf};
use crate::calendar::Calendar;
use crate::client::Client;
use crate::ids::{AppointmentId, ClientId, ResourceId, ServiceId, StaffId};
use crate::rules::occurrences::of_block;
use crate::service::{Resource, Service};
use crate::span::Span;
use crate::staff::Staff;

/// What is known about the time asked about. Rows that have nothing to do with it do no harm, missing ones do.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The clinic's zone and opening hours.
    pub calendar: &'a Calendar,
    /// Everyone who may be asked about; their order is the order of answers.
    pub staff: &'a [Staff],
    /// Every service.
    pub services: &'a [Service],
    /// Every room and piece of equipment.
    pub resources: &'a [Resource],
    /// Availabilities with an occurrence in the time asked about.
    pub availabilities: &'a [Availability],
    /// Blocks with an occurrence in the time asked about.
    pub blocks: &'a [Block],
    /// Appointments in the time asked about, of whatever status.
    pub appointments: &'a [Appointment],
    /// Clients whose wishes count.
    pub clients: &'a [Client],
}

impl<'a> Facts<'a> {
    /// The service, where it is known.
    pub fn service(&self, id: ServiceId) -> Option<&'a Service> {
        self.services.iter().find(|row| row.id == id)
    }

    /// The staff member, where they are known.
    pub fn staff_member(&self, id: StaffId) -> Option<&'a Staff> {
        self.staff.iter().find(|row| row.id == id)
    }

    /// The room, where it is known.
    pub fn resource(&self, id: ResourceId) -> Option<&'a Resource> {
        self.resources.iter().find(|row| row.id == id)
    }

    /// The client, where they are known.
    pub fn client(&self, id: ClientId) -> Option<&'a Client> {
        self.clients.iter().find(|row| row.id == id)
    }

    /// Appointments that take time, without the one of this id.
    pub fn taking_time(&self, ignoring: Option<AppointmentId>) -> impl Iterator<Item = &'a Appointment> + use<'a> {
        self.appointments
            .iter()
            .filter(move |row| row.status.takes_time() && Some(row.id) != ignoring)
    }

    /// The appointment with the buffers of its services.
    pub fn occupied(&self, appointment: &Appointment) -> Span {
        appointment.occupied(|id| self.service(id))
    }

    /// The largest buffers of these services, before and after, in minutes.
    pub fn buffers(&self, services: &[ServiceId]) -> (u32, u32) {
        let known = services.iter().filter_map(|id| self.service(*id));
        known.fold((0, 0), |(before, after), service| {
            (before.max(service.buffer_before), after.max(service.buffer_after))
        })
    }

    /// How many appointments a room holds at once; 1 where the room is not known.
    pub fn capacity(&self, id: ResourceId) -> usize {
        self.resource(id)
            .map_or(1, |row| usize::try_from(row.capacity).unwrap_or(usize::MAX))
    }

    /// The time that blocks take of this, in no order. The whole clinic's blocks count only for [`BlockOf::Clinic`].
    pub fn blocked(&self, of: BlockOf, window: Span) -> impl Iterator<Item = Span> + use<'a> {
        let calendar = self.calendar;
        self.blocks
            .iter()
            .filter(move |row| row.of == of)
            .flat_map(move |row| of_block(row, calendar, window))
    }
}
