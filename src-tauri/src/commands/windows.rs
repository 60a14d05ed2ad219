//! The windows themselves: showing them, what they show, and whether a person is at them.

use crate::events::{ChangesSinceView, GoTo};
use crate::ipc::Answer;
use crate::pump;
use crate::relay::Interest;
use crate::shell::Shell;
use crate::windows::WindowKind;
use deskbell_clinic::StaffId;
use deskbell_core::view::parse_day;
use serde::Deserialize;
use tauri::{AppHandle, State, WebviewWindow};

use crate::ipc::CommandError;

/// Whether a person is at a window.
#[derive(Clone, Copy, Debug, Deserialize, specta::Type)]
pub(crate) struct Attention {
    /// It has the keyboard.
    pub focused: bool,
    /// It can be seen.
    pub visible: bool,
    /// There was input just now.
    pub input: bool,
}

/// What a window shows.
#[derive(Clone, Debug, Deserialize, specta::Type)]
pub(crate) struct Watched {
    /// The first day shown, as an ISO date.
    pub from_day: String,
    /// The last day shown.
    pub to_day: String,
    /// The staff shown; none means all.
    pub staff: Option<Vec<StaffId>>,
}

/// A window says whether a person is at it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attend(shell: State<'_, Shell>, window: WebviewWindow, attention: Attention) -> Answer<()> {
    shell.attend(window.label(), attention).await;
    Ok(())
}

/// A window says what it shows, and so which changes concern it. Answers the last revision that went by before: when the
/// window has read an older one, it reads again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn watch(shell: State<'_, Shell>, window: WebviewWindow, interest: Watched) -> Answer<u32> {
    let from_day = parse_day(&interest.from_day).map_err(CommandError::other)?;
    let to_day = parse_day(&interest.to_day).map_err(CommandError::other)?;
    Ok(shell.watch(
        window.label(),
        Interest {
            from_day,
            to_day,
            staff: interest.staff,
        },
    ))
}

/// What a window has missed since a revision.
#[tauri::command]
#[specta::specta]
pub(crate) async fn changes_since(shell: State<'_, Shell>, revision: u32) -> Answer<ChangesSinceView> {
    shell.changes_since(revision).await
}

/// Opens another window, or raises it; at a place, when one is named.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_window(
    app: AppHandle,
    shell: State<'_, Shell>,
    kind: WindowKind,
    at: Option<GoTo>,
) -> Answer<()> {
    shell.may_open(kind).await?;
    match at {
        Some(place) => shell.go(&app, Some(kind), place).await,
        None => {
            shell
                .open(&app, kind)
                .map_err(|error| CommandError::other(format!("The window cannot be opened: {error}")))?;
        }
    }
    Ok(())
}

/// The window has painted its first content and can be seen. It is told the time and the sync's state at once: the next
/// tick may be seconds away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_ready(app: AppHandle, shell: State<'_, Shell>, window: WebviewWindow) -> Answer<()> {
    window
        .show()
        .map_err(|error| CommandError::other(format!("The window cannot be shown: {error}")))?;
    if let Ok(desk) = shell.desk_for("window_ready").await {
        pump::greet(&app, &desk, window.label()).await;
    }
    shell.ready(window.label());
    if shell.awaits_a_place() {
        shell.bring(&app).await;
    }
    Ok(())
}

/// Switches single keys on or off at this desk.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_single_keys(app: AppHandle, shell: State<'_, Shell>, on: bool) -> Answer<()> {
    shell.set_single_keys(&app, on).await
}
