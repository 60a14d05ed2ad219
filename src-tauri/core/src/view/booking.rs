//! One booking, whole; and what a person says to make one.

use super::{Author, PendingMark, Repeats};
use deskbell_clinic::{AppointmentId, ClientId, OperationId, PaymentMethod, ServiceId, StaffId, Status, Step};
use serde::{Deserialize, Serialize};

/// A booking's sheet.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct BookingSheet {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// The appointment.
    pub id: AppointmentId,
    /// Its day, as an ISO date.
    pub day: String,
    /// `Mon 23 Nov`.
    pub day_title: String,
    /// `14:30–15:30`.
    pub span: String,
    /// Its start as `HH:MM`, for a form.
    pub start: String,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// Whether this person may give it another time, length or staff member now.
    pub may_move: bool,
    /// Who comes.
    pub clients: Vec<SheetClient>,
    /// Who works on it: `Ana`, `Dan (driver)`.
    pub staff: Vec<SheetStaff>,
    /// `Shiatsu 60`.
    pub services: String,
    /// `Room 2`, an address, or empty.
    pub place: String,
    /// How far it has come.
    pub status: Status,
    /// The clinic's server's own word for that, where it has one: `driver assigned pickup`.
    pub step: Option<String>,
    /// For the staff.
    pub notes: String,
    /// The number to call should it come to nothing, or empty.
    pub call_back: String,
    /// Why it was cancelled or declined.
    pub reason: Option<String>,
    /// The reason for which a clash was accepted.
    pub overlap_reason: Option<String>,
    /// What this person may do now, the usual one first.
    pub steps: Vec<Step>,
    /// Where a correction leads, when this person may correct.
    pub correction: Option<Status>,
    /// What is to be paid, when this person may record the payment now.
    pub payment_due: Option<PaymentDue>,
    /// How many of its series come after it and can still be changed; none for a booking by itself.
    pub later: Option<u32>,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
    /// How it came here, oldest first.
    pub history: Vec<SheetStage>,
}

/// A payment that can be recorded.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct PaymentDue {
    /// What its services cost, in hundredths of `currency`.
    pub amount_cents: u32,
    /// ISO 4217 code, such as `PHP`.
    pub currency: String,
}

/// A payment that a person records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, specta::Type)]
pub struct NewPayment {
    /// What was paid for.
    pub appointment: AppointmentId,
    /// How.
    pub method: PaymentMethod,
    /// How much, in hundredths of the clinic's currency.
    pub amount_cents: u32,
}

/// A client on a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct SheetClient {
    /// Who.
    pub id: ClientId,
    /// Their name.
    pub name: String,
    /// Their preferred number, as typed.
    pub phone: String,
    /// What everyone must know.
    pub alert: String,
    /// `14:28`, when they came.
    pub arrived: Option<String>,
}

/// A staff member on a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct SheetStaff {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// As what.
    pub part: deskbell_clinic::Part,
    /// What they said to it.
    pub answer: deskbell_clinic::Answer,
}

/// One entry of a sheet's history.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct SheetStage {
    /// The status entered.
    pub status: Status,
    /// `23 Nov 14:02`.
    pub at: String,
    /// By whom, where that is known.
    pub by: Option<Author>,
}

/// What can be booked, for forms.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Catalogue {
    /// Services that can be booked, by name.
    pub services: Vec<ServiceChoice>,
    /// Staff who work here, by name.
    pub staff: Vec<StaffChoice>,
}

/// A service to choose.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ServiceChoice {
    /// The service.
    pub id: ServiceId,
    /// Its name.
    pub name: String,
    /// Its length in minutes.
    pub minutes: u32,
    /// Minutes needed before and after together.
    pub buffer: u32,
}

/// A staff member to choose.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct StaffChoice {
    /// Who.
    pub id: StaffId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: deskbell_clinic::Role,
    /// What they offer; empty means everything.
    pub services: Vec<ServiceId>,
}

/// A booking that a person makes.
#[derive(Clone, Debug, PartialEq, Deserialize, specta::Type)]
pub struct NewBooking {
    /// Who comes.
    pub client: ClientChoice,
    /// What is done; their lengths add up.
    pub services: Vec<ServiceId>,
    /// By whom.
    pub staff: Vec<StaffId>,
    /// Who brings them, where staff visits clients.
    #[serde(default)]
    pub driver: Option<StaffId>,
    /// Where, where staff visits clients; the client's own address when left out.
    #[serde(default)]
    pub address: Option<String>,
    /// ISO date.
    pub day: String,
    /// `HH:MM`.
    pub start: String,
    /// For the staff.
    pub notes: String,
    /// The number to call should it come to nothing, as typed: booked without a connection, it may be refused later.
    #[serde(default)]
    pub call_back: Option<String>,
    /// Why a hard clash is accepted; none refuses the booking when there is one.
    pub override_reason: Option<String>,
    /// When it comes again; none for a booking by itself.
    #[serde(default)]
    pub repeats: Option<Repeats>,
}

/// Another time, length or staff member for a booking.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, specta::Type)]
pub struct BookingMove {
    /// Which.
    pub appointment: AppointmentId,
    /// Whose part in it is given to `staff`.
    pub from_staff: StaffId,
    /// By whom from now on: the same person, or another.
    pub staff: StaffId,
    /// ISO date.
    pub day: String,
    /// `HH:MM`.
    pub start: String,
    /// How long it takes, in minutes: 5 to 720.
    pub minutes: u32,
    /// Why a hard clash is accepted; none refuses the move when there is one.
    pub override_reason: Option<String>,
}

/// Who is booked.
#[derive(Clone, Debug, PartialEq, Deserialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ClientChoice {
    /// Somebody who is known.
    Known {
        /// Who.
        id: ClientId,
    },
    /// Somebody new.
    New {
        /// Their name.
        name: String,
        /// Their number, as typed.
        phone: String,
    },
}

/// What came of a booking, or of moving one.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum BookingAnswer {
    /// It is kept on this computer and on its way.
    Kept {
        /// The appointment.
        appointment: AppointmentId,
        /// The act, for undo.
        operation: OperationId,
        /// The cache's revision that shows it.
        revision: u32,
        /// What a person should know all the same.
        warnings: Vec<ClashLine>,
    },
    /// Nothing was kept: something is in the way.
    Refused {
        /// What is in the way.
        clashes: Vec<ClashLine>,
        /// Where there is room instead; at most three.
        alternatives: Vec<Opening>,
    },
}

/// One clash, as a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct ClashLine {
    /// `Ana has Jo Santos 14:00–15:00`.
    pub text: String,
    /// Whether it refuses the booking, or only warns.
    pub hard: bool,
}

/// Free time to book instead.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct Opening {
    /// Whose.
    pub staff: StaffId,
    /// Their name.
    pub staff_name: String,
    /// ISO date.
    pub day: String,
    /// `Mon 23 Nov`, empty on the day that was asked for.
    pub day_title: String,
    /// `HH:MM`.
    pub start: String,
    /// `15:00–16:00`.
    pub span: String,
}

/// What free time is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, specta::Type)]
pub struct OpeningWish {
    /// What is to be done, one after the other.
    pub services: Vec<ServiceId>,
    /// Minutes of treatment; the services' own length when none are given.
    pub minutes: Option<u32>,
    /// With whom; empty means anyone who offers it.
    pub staff: Vec<StaffId>,
    /// With whom, by gender.
    pub gender: Option<deskbell_clinic::Gender>,
    /// Not before this day, as an ISO date; today when none is given.
    pub from_day: Option<String>,
    /// Only these weekdays (1 is Monday); empty means any.
    pub weekdays: Vec<u8>,
    /// Not starting before this time, `HH:MM`.
    pub earliest: Option<String>,
    /// Not ending after this time, `HH:MM`.
    pub latest: Option<String>,
}

/// An act that waits, for the list behind the sync pill.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct WaitingAct {
    /// The act and how far it is.
    pub pending: PendingMark,
    /// `Booking · Jo Santos · Ana 14:00–15:00`.
    pub what: String,
    /// Why it waits, as a sentence a person can act on.
    pub reason: String,
    /// `14:02`, when it was done.
    pub at: String,
    /// Who has the slot and since when, with a lost slot.
    pub taken_by: Vec<String>,
    /// Where there is room instead; at most three.
    pub alternatives: Vec<Opening>,
    /// What a person can do now.
    pub may: Vec<WaitingChoice>,
}

/// What a person can do with an act that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum WaitingChoice {
    /// Send it again.
    Retry,
    /// Take it back; nothing was sent.
    Cancel,
    /// Give it up.
    Discard,
    /// Book one of the alternatives instead.
    TakeAlternative,
}
