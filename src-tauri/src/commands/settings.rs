//! What is set on this computer.

use crate::ipc::{Answer, CommandError};
use crate::pump::tell_time;
use crate::shell::Shell;
use deskbell_core::desk::{Desk, DeskError};
use deskbell_core::view::{SettingsForm, SettingsView};
use tauri::{AppHandle, State};

/// The settings that hold.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(shell: State<'_, Shell>) -> Answer<SettingsView> {
    let desk = shell.desk_for("settings").await?;
    with_files(move || desk.settings_view()).await
}

/// Keeps what a person set; it holds at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_settings(
    app: AppHandle,
    shell: State<'_, Shell>,
    form: SettingsForm,
) -> Answer<SettingsView> {
    let desk: Desk = shell.desk_for("change_settings").await?;
    let filled_in = desk.clone();
    let view = with_files(move || filled_in.fill_in_settings(&form)).await?;
    // Windows hear with the time how it is written.
    tell_time(&app, &desk).await;
    Ok(view)
}

/// Shows a notification as the desk shows them, so that a person sees whether and how the desktop does.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_notification(shell: State<'_, Shell>) -> Answer<()> {
    shell.desk_for("try_notification").await?;
    shell.try_notification().await
}

/// Files are read and written on a thread that may wait for them.
async fn with_files<T: Send + 'static>(work: impl FnOnce() -> Result<T, DeskError> + Send + 'static) -> Answer<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(CommandError::other("Deskbell is closing.")),
    }
}
