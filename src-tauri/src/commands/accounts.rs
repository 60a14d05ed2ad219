//! Who may sign in, for the clinic's administrator.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_core::view::{AccountDone, AccountForm, AccountsView};
use tauri::State;

/// All accounts, asked of the clinic's server.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accounts(shell: State<'_, Shell>) -> Answer<AccountsView> {
    Ok(shell.desk_for("accounts").await?.accounts().await?)
}

/// Changes one of them, or gives somebody one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_account(shell: State<'_, Shell>, form: AccountForm) -> Answer<AccountDone> {
    Ok(shell.desk_for("change_account").await?.change_account(form).await?)
}
