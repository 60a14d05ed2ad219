//! The settings in force, and changing them while the desk is open.

use super::{Desk, DeskError};
use crate::settings::Settings;
use crate::view::{SettingsForm, SettingsView};
use tokio::sync::watch;

impl Desk {
    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.inner.desktop.settings.borrow().clone()
    }

    /// The settings in force, as they change.
    pub fn settings_now(&self) -> watch::Receiver<Settings> {
        self.inner.desktop.settings.subscribe()
    }

    /// Keeps other settings, and follows them from now on. Another server is for the next start.
    ///
    /// # Errors
    /// When a value is outside its range or locked, or the file cannot be written.
    pub fn change_settings(&self, settings: &Settings) -> Result<(), DeskError> {
        let in_force = self.inner.settings_files.save(settings)?;
        self.inner.desktop.settings.send_replace(in_force.settings);
        Ok(())
    }

    /// Reads the settings' files again and follows what they say now. Answers whether that is something else.
    ///
    /// # Errors
    /// When they cannot be read or hold a value outside its range; then what held goes on holding.
    pub fn reread_settings(&self) -> Result<bool, DeskError> {
        let settings = self.inner.settings_files.load()?.settings;
        Ok(self.inner.desktop.settings.send_if_modified(|held| {
            let other = *held != settings;
            *held = settings;
            other
        }))
    }

    /// The settings that hold, for a person to change.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn settings_view(&self) -> Result<SettingsView, DeskError> {
        let files = &self.inner.settings_files;
        Ok(SettingsView::of(&files.load()?, files, self.lock_unless_set()))
    }

    /// Keeps what a person set, and follows it from now on.
    ///
    /// # Errors
    /// When a value is outside its range or set for the whole computer, or the file cannot be written. Nothing is changed.
    pub fn fill_in_settings(&self, form: &SettingsForm) -> Result<SettingsView, DeskError> {
        let held = self.inner.settings_files.load()?.settings;
        self.change_settings(&form.applied_to(&held, self.lock_unless_set())?)?;
        self.settings_view()
    }
}
