//! Who looks at which window, which decides how fresh it is kept.

use super::Desk;
use crate::sync::attention::{self, Look};

impl Desk {
    /// A window says how it is looked at; `input` means that a person touched it just now.
    pub fn attend(&self, window: &str, desk: attention::Desk, visible: bool, focused: bool, input: bool) {
        if input {
            self.touch();
        }
        let last_input = input.then(tokio::time::Instant::now);
        let look = Look {
            desk,
            visible,
            focused,
            last_input,
        };
        self.inner
            .desktop
            .windows
            .send_modify(|windows| windows.set(window, look));
    }

    /// A window is gone.
    pub fn unattend(&self, window: &str) {
        self.inner.desktop.windows.send_modify(|windows| windows.remove(window));
    }

    /// Asks the server now, unless it asked not to be.
    pub fn refresh(&self) {
        if let Ok(open) = self.inner.open.try_read()
            && let Some(open) = open.as_ref()
        {
            open.line.pull_now.notify_one();
        }
    }
}
