//! Locking the desk, and coming back.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_core::secret::Secret;
use deskbell_core::view::LockView;
use tauri::State;

/// How the desk stands towards whoever is in front of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_view(shell: State<'_, Shell>) -> Answer<LockView> {
    Ok(shell.lock_view().await)
}

/// Locks at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(shell: State<'_, Shell>) -> Answer<()> {
    shell.desk_for("lock").await?.lock();
    Ok(())
}

/// Opens a locked desk to the person who is signed in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(shell: State<'_, Shell>, password: String) -> Answer<()> {
    Ok(shell.desk_for("unlock").await?.unlock(Secret::new(password)).await?)
}
