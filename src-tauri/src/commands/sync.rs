//! How fresh things are, and what waits.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::OperationId;
use deskbell_core::view::{HealthView, Kept, SyncView, WaitingAct, WaitingChoice};
use tauri::State;

/// Takes an act back: cancels it where it was not sent, corrects it where it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo(shell: State<'_, Shell>, operation: OperationId) -> Answer<Kept> {
    Ok(shell.desk_for("undo").await?.undo(operation).await?)
}

/// What the sync pill says.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_view(shell: State<'_, Shell>) -> Answer<SyncView> {
    Ok(shell.desk_for("sync_view").await?.sync_view().await)
}

/// How the sync has done within the last hour.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sync_health(shell: State<'_, Shell>) -> Answer<HealthView> {
    Ok(shell.desk_for("sync_health").await?.sync_health().await)
}

/// Acts that wait to be sent or for a person.
#[tauri::command]
#[specta::specta]
pub(crate) async fn waiting_acts(shell: State<'_, Shell>) -> Answer<Vec<WaitingAct>> {
    Ok(shell.desk_for("waiting_acts").await?.waiting_acts().await?)
}

/// Decides about an act that waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resolve_act(
    shell: State<'_, Shell>,
    operation: OperationId,
    choice: WaitingChoice,
    alternative: Option<u32>,
) -> Answer<()> {
    Ok(shell
        .desk_for("resolve_act")
        .await?
        .resolve_act(operation, choice, alternative)
        .await?)
}

/// A person has read what happened to this computer's data.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_notice(shell: State<'_, Shell>) -> Answer<()> {
    shell.desk_for("dismiss_notice").await?.dismiss_notice();
    Ok(())
}

/// Asks the server now, unless it has asked not to be.
#[tauri::command]
#[specta::specta]
pub(crate) async fn refresh(shell: State<'_, Shell>) -> Answer<()> {
    shell.desk_for("refresh").await?.refresh();
    Ok(())
}
