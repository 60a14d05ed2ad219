//! A day of the whole clinic by staff: the operator's board and the scheduling calendar draw the same answer.

use super::{Author, BoardLook, DayAxis, Now, PendingMark};
use deskbell_clinic::{
    AppointmentId, AvailabilityId, BlockId, BlockReason, Role, ServiceId, StaffId, Status, TaskId, TaskKind, WaitingId,
};
use serde::Serialize;

/// A day by staff.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Board {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// The axis.
    pub day: DayAxis,
    /// The clock at that moment: a window's first board needs it before its first tick.
    pub now: Now,
    /// Staff who work or are booked that day first, by name; then the others.
    pub rows: Vec<StaffRow>,
    /// How this person has arranged it.
    pub look: BoardLook,
    /// Changes that came from elsewhere, newest first; at most 50.
    pub changed: Vec<ChangedEntry>,
    /// What needs a person, the most pressing first.
    pub needs: Vec<Need>,
    /// Who comes next today, and who is late.
    pub arrivals: Vec<Arrival>,
    /// The waiting list, urgent first, then the longest waiting.
    pub waiting: Vec<WaitingRow>,
}

/// One staff member's day.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct StaffRow {
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// A hue in degrees of OKLCH for their stripe.
    pub hue: u32,
    /// Where they are now (today only; `Off` on other days without hours).
    pub presence: Presence,
    /// What they have opened.
    pub hours: Vec<HoursBand>,
    /// What can still be booked of it, buffers and blocks taken off.
    pub free: Vec<Band>,
    /// What is not available whatever the hours say.
    pub blocks: Vec<BlockBand>,
    /// Bookings, by start. Those that overlap carry different lanes.
    pub bookings: Vec<BookingBar>,
}

/// Whether a staff member is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Works now.
    In,
    /// Works today, not now; or is on the way.
    Away,
    /// Does not work that day.
    Off,
}

/// A stretch of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Band {
    /// First minute.
    pub from: i32,
    /// First minute after.
    pub to: i32,
    /// `09:00–12:00`, with `+1` where it ends on the next day.
    pub label: String,
}

/// An availability as drawn on one day. One over midnight is on both days, clipped by the window.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct HoursBand {
    /// The availability.
    pub id: AvailabilityId,
    /// Where.
    pub band: Band,
    /// The day it starts on, as an ISO date: what an edit names.
    pub day: String,
    /// Start as `HH:MM`, for a form.
    pub start: String,
    /// End as `HH:MM`, for a form; on the next day where it is not after the start.
    pub end: String,
    /// Every how many weeks it comes again; none for once.
    pub repeat_weeks: Option<u8>,
    /// The last day of the repeat.
    pub repeat_until: Option<String>,
    /// For colleagues.
    pub note: String,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
}

/// A block as drawn on one day.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct BlockBand {
    /// The block.
    pub id: BlockId,
    /// Where.
    pub band: Band,
    /// Why.
    pub reason: BlockReason,
    /// For colleagues.
    pub note: String,
}

/// A booking as drawn on one day.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct BookingBar {
    /// The appointment.
    pub id: AppointmentId,
    /// Where, without buffers.
    pub band: Band,
    /// Who comes: `Jo Santos`, or `Jo Santos +1`. “A client” where this account may not know.
    pub client: String,
    /// The same as initials, for a screen that others can read.
    pub initials: String,
    /// What: `Shiatsu 60`.
    pub services: String,
    /// Where: `Room 2`, or empty.
    pub place: String,
    /// How far it has come.
    pub status: Status,
    /// 0 for the first of those that overlap, 1 for the second, and so on.
    pub lane: u32,
    /// How many lanes its overlapping group needs.
    pub lanes: u32,
    /// Whether it clashes with another booking of this row.
    pub clash: bool,
    /// Whether this person may give it another time, length or staff member now.
    pub may_move: bool,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
    /// Whom a delay of it pushes back, by start; only of today's that the client has still to come to.
    pub strands: Vec<Strand>,
}

/// A booking that another's delay pushes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Strand {
    /// Which.
    pub appointment: AppointmentId,
    /// Its client.
    pub client: String,
    /// When it should begin, `15:00`.
    pub time: String,
    /// Minutes of delay that there is room for: only what is more than this pushes it back.
    pub slack: u16,
}

/// A change that came from elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ChangedEntry {
    /// The change's own number: newer is larger.
    pub seq: u32,
    /// When, as seconds since 1970.
    pub at: u32,
    /// `14:02`.
    pub time: String,
    /// What happened.
    pub what: ChangedWhat,
    /// Whose row it is on, where it is on one.
    pub staff: Option<StaffId>,
    /// Their name.
    pub staff_name: Option<String>,
    /// The day it is on, as an ISO date.
    pub day: Option<String>,
    /// `Mon 23 Nov`, empty on today.
    pub day_title: String,
    /// `15:00–17:00`.
    pub span: String,
    /// The appointment, where it is about one.
    pub appointment: Option<AppointmentId>,
    /// Its client, where it is about one.
    pub client: Option<String>,
    /// Who did it, where the backend says.
    pub by: Option<Author>,
    /// How many waiting clients the new free time fits.
    pub fits: u32,
}

/// What a change from elsewhere did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ChangedWhat {
    HoursAdded,
    HoursChanged,
    HoursRemoved,
    Booked,
    BookingChanged,
    BookingMoved,
    Stepped,
    BookingGone,
    Blocked,
    Other,
}

/// Something that waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Need {
    /// Why.
    pub why: NeedWhy,
    /// One line: `Kim Reyes · declined by Carla`.
    pub title: String,
    /// Another: `Shiatsu 60 · 14:00–15:00`.
    pub detail: String,
    /// The appointment it is about.
    pub appointment: Option<AppointmentId>,
    /// The act it is about.
    pub pending: Option<PendingMark>,
    /// The task it is about.
    pub task: Option<TaskId>,
}

/// Why something waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum NeedWhy {
    /// A write of this desk was refused.
    Conflict,
    /// A write of this desk cannot go on.
    Parked,
    /// A staff member said no.
    Declined,
    /// Nobody answered in time.
    Overdue,
    /// A task on the desk's list.
    Task(TaskKind),
    /// Kept here, not sent yet.
    NotSent,
}

/// A client who comes today.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Arrival {
    /// The appointment.
    pub appointment: AppointmentId,
    /// Minute of the day it starts at.
    pub from: i32,
    /// `14:30`.
    pub time: String,
    /// Who.
    pub client: String,
    /// With whom.
    pub staff: String,
    /// How far it has come.
    pub status: Status,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
    /// Whom a delay of it pushes back, by start.
    pub strands: Vec<Strand>,
}

/// A client on the waiting list.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct WaitingRow {
    /// The place on the list.
    pub id: WaitingId,
    /// Who.
    pub client: String,
    /// For what: `Shiatsu 60`.
    pub services: String,
    /// The services, to prefill a booking.
    pub service_ids: Vec<ServiceId>,
    /// With whom: `Ana, Ben`, or empty for anyone.
    pub staff: String,
    /// When: `after 15:00`, or empty for any time.
    pub time: String,
    /// Goes first.
    pub urgent: bool,
    /// Waiting since, as `23 Nov`.
    pub since: String,
}
