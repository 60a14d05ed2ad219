//! Somebody is away: which bookings that concerns, who could take each over, and which clients know of it.

use super::{Opening, PendingMark};
use deskbell_clinic::{AppointmentId, StaffId, Status};
use serde::{Deserialize, Serialize};

/// Who is away, and when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, specta::Type)]
pub struct AwayWish {
    /// Who.
    pub staff: StaffId,
    /// The first day, as an ISO date.
    pub from_day: String,
    /// From when on that day, `HH:MM`; its beginning when none is given.
    pub from: Option<String>,
    /// The last day, as an ISO date.
    pub to_day: String,
    /// Until when on that day, `HH:MM`; its end when none is given.
    pub to: Option<String>,
}

/// What it means that somebody is away.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct StaffAway {
    /// The cache's revision this was read at.
    pub revision: u32,
    /// Who.
    pub staff: StaffId,
    /// Their name.
    pub name: String,
    /// `Tue 24 Nov`, `Tue 24 Nov 09:00 – Thu 26 Nov`.
    pub when: String,
    /// Whether all of that time is marked as not theirs to be booked in.
    pub marked: bool,
    /// Every booking that it concerns, by start; also those that somebody else has taken over by now.
    pub bookings: Vec<AwayBooking>,
}

/// One booking of somebody who is away.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct AwayBooking {
    /// Which.
    pub id: AppointmentId,
    /// ISO date.
    pub day: String,
    /// `Tue 24 Nov`.
    pub day_title: String,
    /// `HH:MM`.
    pub start: String,
    /// `14:30–15:30`.
    pub span: String,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// `Jo Santos`.
    pub client: String,
    /// Their numbers as typed, the preferred first; the number to call back before both where one was given.
    pub phones: Vec<String>,
    /// What everyone must know about them.
    pub alert: String,
    /// `Shiatsu 60`.
    pub services: String,
    /// How far it has come.
    pub status: Status,
    /// How it is settled.
    pub settled: AwaySettled,
    /// Who has it now, where that is somebody else.
    pub now_with: String,
    /// Whether the client was told.
    pub told: bool,
    /// Whether this person may give it to somebody else.
    pub may_move: bool,
    /// Who could take it over at the same time, the best first; at most three.
    pub substitutes: Vec<Opening>,
    /// Where else there is room, when nobody could: at most three.
    pub other_times: Vec<Opening>,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
}

/// Whether a booking of somebody who is away is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum AwaySettled {
    /// It is still theirs.
    Open,
    /// Somebody else has it, or it is at another time.
    Covered,
    /// It was called off.
    CalledOff,
}
