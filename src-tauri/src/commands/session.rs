//! Signing in and out, and which clinic.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_core::backend::Speaks;
use deskbell_core::view::SessionView;
use tauri::{AppHandle, State};

/// Who is signed in, and where.
#[tauri::command]
#[specta::specta]
pub(crate) async fn session(shell: State<'_, Shell>) -> Answer<SessionView> {
    Ok(shell.session().await)
}

/// Signs in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(
    app: AppHandle,
    shell: State<'_, Shell>,
    login: String,
    password: String,
) -> Answer<SessionView> {
    shell.sign_in(&app, &login, &password).await
}

/// Signs in with a one-time code, and makes what the person chose their password.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_password(
    app: AppHandle,
    shell: State<'_, Shell>,
    login: String,
    code: String,
    chosen: String,
) -> Answer<SessionView> {
    shell.choose_password(&app, &login, &code, &chosen).await
}

/// Signs in to the sample clinic as one of its people.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_sample(app: AppHandle, shell: State<'_, Shell>, login: String) -> Answer<SessionView> {
    shell.sign_in_sample(&app, &login).await
}

/// Signs out. With work that waits to be sent, only when forced.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(app: AppHandle, shell: State<'_, Shell>, force: bool) -> Answer<()> {
    shell.sign_out(&app, force).await
}

/// Chooses the clinic's server.
#[tauri::command]
#[specta::specta]
pub(crate) async fn connect(
    app: AppHandle,
    shell: State<'_, Shell>,
    server: String,
    speaks: Speaks,
) -> Answer<SessionView> {
    shell.connect(&app, &server, speaks).await
}

/// Chooses the embedded sample clinic.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_sample(shell: State<'_, Shell>) -> Answer<SessionView> {
    shell.try_sample().await
}
