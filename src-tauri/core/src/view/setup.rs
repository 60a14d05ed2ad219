//! What a clinic consists of, as its administrator reads and changes it.

use super::PendingMark;
use deskbell_clinic::{BlockId, Gender, ResourceId, Role, ServiceId, StaffId};
use serde::{Deserialize, Serialize};

/// The whole of it.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ClinicSetup {
    /// The cache's revision it was read at.
    pub revision: u32,
    /// The clinic itself.
    pub clinic: ClinicForm,
    /// Its zone, such as `Asia/Manila`: it was fixed when the clinic was set up, since every stored time hangs on it.
    pub zone: String,
    /// What is done here: what can be booked first, then by name.
    pub services: Vec<Entry<ServiceForm>>,
    /// Who works here: those who still do first, then by name.
    pub staff: Vec<Entry<StaffForm>>,
    /// Rooms and equipment, by name.
    pub rooms: Vec<Entry<RoomForm>>,
    /// Days on which the whole clinic is closed, from today on.
    pub holidays: Vec<Entry<HolidayForm>>,
}

/// One of them, with what a person should know before they change it.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Entry<F> {
    /// As it is.
    pub form: F,
    /// In words, such as `60 min · 850.00 · 10 min after`.
    pub says: String,
    /// Bookings to come that it is part of.
    pub ahead: u32,
    /// Not confirmed by the server yet.
    pub pending: Option<PendingMark>,
}

/// The clinic itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct ClinicForm {
    /// As the staff say it.
    pub name: String,
    /// A code of three letters, such as `PHP`.
    pub currency: String,
    /// When it is open; none at all means always.
    pub hours: Vec<OpenHours>,
}

/// One stretch of one weekday. `closes` not after `opens` means: past midnight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct OpenHours {
    /// 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// `09:00`.
    pub opens: String,
    /// `18:00`.
    pub closes: String,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct ServiceForm {
    /// Which; none for a new one.
    pub id: Option<ServiceId>,
    /// As it stands on the price list.
    pub name: String,
    /// Minutes, without buffers.
    pub minutes: u32,
    /// In hundredths of the clinic's currency.
    pub price_cents: u32,
    /// Minutes that staff and room need before.
    pub buffer_before: u32,
    /// Minutes that staff and room need after.
    pub buffer_after: u32,
    /// Whether it can be booked.
    pub active: bool,
}

/// A staff member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct StaffForm {
    /// Who; none for somebody new.
    pub id: Option<StaffId>,
    /// As colleagues say it.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// What they offer; empty means everything.
    pub services: Vec<ServiceId>,
    /// A hue in degrees, 0 to 359.
    pub hue: u16,
    /// For a client's wish, when they choose to say.
    pub gender: Option<Gender>,
    /// Whether they still work here.
    pub active: bool,
}

/// A room, or a piece of equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct RoomForm {
    /// Which; none for a new one.
    pub id: Option<ResourceId>,
    /// As on the door.
    pub name: String,
    /// How many bookings it holds at once.
    pub capacity: u32,
    /// What can be done there; empty means anything.
    pub services: Vec<ServiceId>,
}

/// Days on which the whole clinic is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct HolidayForm {
    /// Which; none for a new one.
    pub id: Option<BlockId>,
    /// Its first day, as an ISO date.
    pub from_day: String,
    /// Its last day, as an ISO date.
    pub to_day: String,
    /// Why, for colleagues.
    pub note: String,
}

/// One part of a clinic as it is to be.
#[derive(Clone, Debug, PartialEq, Deserialize, specta::Type)]
#[serde(tag = "part", content = "form", rename_all = "snake_case")]
pub enum ClinicPart {
    /// The clinic itself.
    Clinic(ClinicForm),
    /// A service.
    Service(ServiceForm),
    /// A staff member.
    Staff(StaffForm),
    /// A room.
    Room(RoomForm),
    /// Closed days.
    Holiday(HolidayForm),
}

/// What can be taken out of a clinic. Services and staff cannot, since bookings tell of them: they stop being offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, specta::Type)]
#[serde(tag = "part", content = "id", rename_all = "snake_case")]
pub enum Removable {
    /// A room.
    Room(ResourceId),
    /// Closed days.
    Holiday(BlockId),
}
