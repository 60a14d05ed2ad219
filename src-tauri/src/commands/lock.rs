//! Locking the desk, coming back to it, and one person taking it over from another.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::AccountId;
use deskbell_core::desk::Proof;
use deskbell_core::secret::Secret;
use deskbell_core::view::{LockView, SessionView};
use serde::Deserialize;
use tauri::{AppHandle, State};

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

/// What a person typed to prove who they are.
#[derive(Clone, Copy, Debug, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProofKind {
    /// The PIN that they set.
    Pin,
    /// What they sign in with.
    Password,
}

/// A person of this desk comes to it: back to what they left locked, or in the place of another.
#[tauri::command]
#[specta::specta]
pub(crate) async fn come_in(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: AccountId,
    kind: ProofKind,
    secret: String,
) -> Answer<()> {
    let secret = Secret::new(secret);
    let proof = match kind {
        ProofKind::Pin => Proof::Pin(secret),
        ProofKind::Password => Proof::Password(secret),
    };
    shell.come_in(&app, account, proof).await
}

/// Gives the passphrase that protects what is kept here, or a new one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn give_passphrase(
    app: AppHandle,
    shell: State<'_, Shell>,
    passphrase: String,
) -> Answer<SessionView> {
    shell.give_passphrase(&app, Secret::new(passphrase)).await
}

/// Sets aside what is kept here, since nobody knows its passphrase any more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn give_passphrase_up(shell: State<'_, Shell>) -> Answer<SessionView> {
    shell.give_passphrase_up().await
}

/// Lets the person in front of the desk in by a PIN from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_pin(app: AppHandle, shell: State<'_, Shell>, password: String, pin: String) -> Answer<()> {
    let desk = shell.desk_for("set_pin").await?;
    desk.set_pin(Secret::new(password), Secret::new(pin)).await?;
    shell.tell_session(&app).await;
    Ok(())
}

/// Takes the PIN of the person in front of the desk away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_pin(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    shell.desk_for("remove_pin").await?.remove_pin().await?;
    shell.tell_session(&app).await;
    Ok(())
}

/// Gives the data of the person in front of the desk another key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_key(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    shell.change_key(&app).await
}
