//! What can be set of how Deskbell looks and behaves on the desktop: nothing here touches the clinic.

use serde::{Deserialize, Serialize};

/// How Deskbell sits on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DesktopSettings {
    /// Light or dark.
    pub theme: Theme,
    /// How large everything in the windows is, in per cent; 80 to 250.
    pub zoom: u16,
    /// Closing the last window leaves Deskbell running behind its icon, where the desktop shows one.
    pub close_to_tray: bool,
    /// Start when the person signs in to the computer.
    pub start_at_login: bool,
}

impl Default for DesktopSettings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            zoom: 100,
            close_to_tray: false,
            start_at_login: false,
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the desktop has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}
