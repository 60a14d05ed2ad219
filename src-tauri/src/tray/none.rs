//! No icon yet on Windows and macOS: nobody has built or seen one there. Closing the last window ends Deskbell.

use super::{Deed, Look};
use tokio::sync::mpsc;

/// Shown by no desktop.
#[derive(Default)]
pub(crate) struct Tray;

impl Tray {
    /// Nothing is asked of it.
    pub(crate) async fn begin(&self, _profile: &str, _deeds: mpsc::UnboundedSender<Deed>) {}

    /// It is not.
    pub(crate) fn is_shown(&self) -> bool {
        false
    }

    /// Nobody sees it.
    pub(crate) async fn show(&self, _look: Look) {}

    /// There is nothing to take away.
    pub(crate) async fn end(&self) {}
}
