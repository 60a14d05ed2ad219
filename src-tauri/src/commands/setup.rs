//! What the clinic consists of, for its administrator.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_core::view::{ClinicPart, ClinicSetup, Kept, Removable};
use tauri::State;

/// Services, staff, rooms, opening hours and holidays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clinic_setup(shell: State<'_, Shell>) -> Answer<ClinicSetup> {
    Ok(shell.desk_for("clinic_setup").await?.clinic_setup().await?)
}

/// Changes one of them, or adds one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_clinic(shell: State<'_, Shell>, part: ClinicPart) -> Answer<Kept> {
    Ok(shell.desk_for("change_clinic").await?.change_clinic(part).await?)
}

/// Takes a room or a holiday out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_from_clinic(shell: State<'_, Shell>, part: Removable) -> Answer<Kept> {
    Ok(shell
        .desk_for("remove_from_clinic")
        .await?
        .remove_from_clinic(part)
        .await?)
}
