//! What a person has arranged on the board, kept for their next start at this desk.

use crate::desk::{Desk, DeskError};
use crate::view::BoardLook;
use std::ops::RangeInclusive;

/// What a zoom can be, in hundredths of a pixel per minute.
const ZOOM: RangeInclusive<u16> = 50..=600;
/// More rows on top than this are no rows on top.
const MOST_PINNED: usize = 200;

impl Desk {
    /// The board as this person has arranged it; what an older or newer program kept otherwise is left.
    pub(super) async fn board_look(&self) -> Result<BoardLook, DeskError> {
        let kept = self.read(|snapshot| Ok(snapshot.look()?)).await?;
        Ok(kept
            .and_then(|kept| serde_json::from_str(&kept).ok())
            .unwrap_or_default())
    }

    /// Keeps how this person has arranged the board.
    ///
    /// # Errors
    /// When it cannot be, nobody is signed in, or the file cannot be written.
    pub async fn keep_board_look(&self, look: &BoardLook) -> Result<(), DeskError> {
        if look.zoom.is_some_and(|zoom| !ZOOM.contains(&zoom)) || look.pinned.len() > MOST_PINNED {
            return Err(DeskError::bad_input("The board cannot be arranged like this."));
        }
        let text = serde_json::to_string(look).map_err(|error| DeskError::bad_input(error.to_string()))?;
        self.keep_look(text).await
    }
}
