//! What the shell tells the windows. Events are not capability-checked, so they carry keys, never a client's data.

use deskbell_clinic::{AppointmentId, Kind, StaffId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows that became stale. A window whose own revision is behind `prev` has missed something and asks
/// `changes_since`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub(crate) struct ClinicChanged {
    /// The server's epoch; another one means that everything must be read again.
    pub epoch: String,
    /// The last revision that was sent to this window.
    pub prev: u32,
    /// The revision this brings it to.
    pub revision: u32,
    /// What changed; empty with `overflow`.
    pub items: Vec<ChangedKey>,
    /// More changed than is worth listing: read again what is shown.
    pub overflow: bool,
    /// Where it came from.
    pub origin: ChangeOrigin,
}

/// One row that became stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub(crate) struct ChangedKey {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// Whether it is still there.
    pub op: KeyOp,
    /// Whether it left this account's sight, rather than the clinic.
    pub left: bool,
}

/// Whether a row is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyOp {
    /// It is there.
    Put,
    /// It is gone.
    Delete,
}

/// Where a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeOrigin {
    /// A person at this desk.
    Own,
    /// The server.
    Elsewhere,
    /// Everything was read anew.
    Resnapshot,
}

/// The answer to `changes_since`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub(crate) struct ChangesSinceView {
    /// The server's epoch.
    pub epoch: String,
    /// The revision this brings the window to.
    pub revision: u32,
    /// What changed; empty with `overflow`.
    pub items: Vec<ChangedKey>,
    /// Too long ago, or too much: read again what is shown.
    pub overflow: bool,
}

/// The shell's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct Tick(pub deskbell_core::view::Now);

/// The sync's state changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct SyncChanged(pub deskbell_core::view::SyncView);

/// Somebody signed in or out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct SessionChanged(pub deskbell_core::view::SessionView);

/// The desk was locked, is about to be, or is open again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type, tauri_specta::Event)]
pub(crate) struct LockChanged(pub deskbell_core::view::LockView);

/// Show this place: a notification was clicked, or another window asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type, tauri_specta::Event)]
pub(crate) struct GoTo {
    /// ISO date.
    pub day: Option<String>,
    /// Whose row.
    pub staff: Option<StaffId>,
    /// Minute of the day.
    pub minute: Option<i32>,
    /// The booking to show.
    pub appointment: Option<AppointmentId>,
    /// Whether to begin a booking there.
    pub book: bool,
}
