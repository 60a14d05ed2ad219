//! How a person has arranged their board.

use deskbell_clinic::StaffId;
use serde::{Deserialize, Serialize};

/// The board's arrangement, of one person at one desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct BoardLook {
    /// Whose rows are on top, in no order.
    pub pinned: Vec<StaffId>,
    /// Who is shown.
    pub shown: BoardShown,
    /// Hundredths of a pixel per minute, 50 to 600; none fits the opening hours into the window.
    pub zoom: Option<u16>,
}

/// Who is shown on the board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum BoardShown {
    /// Everyone.
    #[default]
    All,
    /// Who works or is booked on that day.
    Working,
    /// Therapists.
    Therapist,
    /// Drivers.
    Driver,
}
