//! What is set on this computer, as the shell follows it.

use super::Shell;
use crate::events::GoTo;
use crate::ipc::{Answer, CommandError};
use crate::notifications::Shown;
use crate::pump::tell_time;
use deskbell_core::backend::Speaks;
use deskbell_core::desk::DeskError;
use deskbell_core::settings::{InForce, SettingsError, SettingsFiles};
use tauri::AppHandle;

impl Shell {
    /// The files that the settings come from.
    pub(crate) fn settings(&self) -> &SettingsFiles {
        &self.settings
    }

    /// Shows a person what a notification looks like here.
    pub(crate) async fn try_notification(&self) -> Answer<()> {
        let shown = Shown {
            summary: "New availability shows like this".to_owned(),
            body: "A click opens the board where the time is.".to_owned(),
            place: GoTo::default(),
            button: None,
            sound: self
                .signed_in_desk()
                .await
                .is_ok_and(|desk| desk.settings().notifications.sound),
        };
        match self.notifications.try_to_show(shown).await {
            true => Ok(()),
            false => Err(CommandError::other(
                "The desktop shows no notifications: nothing on it takes them. New availability still shows on the board.",
            )),
        }
    }

    /// A person's file or the computer's has changed: follows what it says now. What cannot be followed is told on the
    /// desktop, since whoever edits a file is not looking at a window of ours.
    pub(crate) async fn reread_settings(&self, app: &AppHandle) {
        let Ok(desk) = self.signed_in_desk().await else { return };
        let reread = desk.clone();
        match tokio::task::spawn_blocking(move || reread.reread_settings()).await {
            Ok(Ok(true)) => {
                tracing::info!("other settings hold from now on");
                self.tell_session(app).await;
                tell_time(app, &desk).await;
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the settings' files are not followed");
                let shown = Shown {
                    summary: "Settings were not taken over".to_owned(),
                    body: error.to_string(),
                    place: GoTo::default(),
                    button: None,
                    sound: false,
                };
                self.notifications.show(shown, vec![]);
            }
            Ok(Ok(false)) | Err(_) => {}
        }
    }

    /// Switches single keys on or off at this desk, in every window and also for the next start.
    pub(crate) async fn set_single_keys(&self, app: &AppHandle, on: bool) -> Answer<()> {
        let desk = self.desk_for("set_single_keys").await?;
        let kept = tokio::task::spawn_blocking(move || {
            let mut settings = desk.settings();
            settings.keys.single = on;
            desk.change_settings(&settings)
        });
        kept.await
            .map_err(|_| CommandError::other("The setting could not be kept. Try again."))??;
        self.tell_session(app).await;
        Ok(())
    }
}

/// Refuses what this computer's administrator has locked otherwise.
pub(super) fn may_choose(in_force: &InForce, server: &str, speaks: Speaks) -> Answer<()> {
    let held = &in_force.settings;
    let other = [
        ("server", held.server.as_deref() != Some(server)),
        ("backend", held.backend != speaks),
    ];
    match other
        .into_iter()
        .find(|(setting, other)| *other && in_force.is_locked(setting))
    {
        Some((setting, _)) => Err(DeskError::from(SettingsError::Locked {
            setting: setting.to_owned(),
            file: SettingsFiles::machine_place(),
        })
        .into()),
        None => Ok(()),
    }
}
