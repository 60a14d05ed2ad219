//! Leading a person to a place: from a notification, a `deskbell://` link, or another window.
//!
//! Whoever asks may do so while nobody is signed in, while the desk is locked, or before the window is there. So the place is
//! kept, the last one alone, and shown once there is a window that can.

use super::Shell;
use crate::events::GoTo;
use crate::ipc::Answer;
use crate::windows::WindowKind;
use deskbell_core::link::Link;
use std::sync::PoisonError;
use tauri::{AppHandle, Manager};
use tauri_specta::Event;

/// A place that waits to be shown: in the window it is for, or else in the one that the role works in.
pub(super) type Awaited = Option<(Option<WindowKind>, GoTo)>;

impl Shell {
    /// Shows a place, now or as soon as somebody may see it.
    pub(crate) async fn go(&self, app: &AppHandle, kind: Option<WindowKind>, place: GoTo) {
        self.awaited(|awaited| *awaited = Some((kind, place)));
        self.bring(app).await;
    }

    /// Shows what a link names.
    ///
    /// # Errors
    /// When it is no link to a place.
    pub(crate) async fn follow(&self, app: &AppHandle, link: &str) -> Answer<()> {
        let link: Link = link
            .parse()
            .map_err(|error: deskbell_core::link::NoLink| crate::ipc::CommandError::other(error.to_string()))?;
        let mut place = GoTo::default();
        match link {
            Link::Today => {}
            Link::Day(day) => place.day = Some(day.to_string()),
            Link::Appointment(id) => place.appointment = Some(id),
        }
        self.go(app, None, place).await;
        Ok(())
    }

    /// Brings the windows of the role to the front, or what stands before them, and shows the place that waits.
    pub(crate) async fn bring(&self, app: &AppHandle) {
        let Ok(desk) = self.desk_behind_lock().await else {
            self.raise(app, WindowKind::SignIn);
            return;
        };
        let Some(role) = desk.account().map(|account| account.role) else {
            return;
        };
        let wanted = self.awaited(|awaited| awaited.as_ref().and_then(|(kind, _)| *kind));
        let kind = wanted
            .filter(|kind| kind.open_to(role))
            .unwrap_or_else(|| WindowKind::of_role(role));
        self.raise(app, kind);
        if desk.is_locked() || !self.is_ready(kind) {
            // It is shown once the window says that it is, or the desk was unlocked.
            return;
        }
        if let Some((_, mut place)) = self.awaited(Option::take) {
            if let Some(id) = place.appointment {
                match desk.whereabouts(id).await {
                    Ok(at) => {
                        place.day = Some(at.day);
                        place.staff = at.staff;
                        place.minute = Some(at.minute);
                    }
                    Err(error) => tracing::info!(%error, "the place of a link is not here"),
                }
            }
            let _ = place.emit_to(app, kind.label());
        }
    }

    /// A window can show places from now on.
    pub(crate) fn ready(&self, label: &str) {
        self.ready_windows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(label.to_owned());
    }

    /// Whether a place waits to be shown.
    pub(crate) fn awaits_a_place(&self) -> bool {
        self.awaited(|awaited| awaited.is_some())
    }

    pub(super) fn not_ready(&self, label: &str) {
        self.ready_windows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(label);
    }

    fn is_ready(&self, kind: WindowKind) -> bool {
        self.ready_windows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(kind.label())
    }

    fn awaited<T>(&self, with: impl FnOnce(&mut Awaited) -> T) -> T {
        with(&mut self.awaited.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn raise(&self, app: &AppHandle, kind: WindowKind) {
        if let Err(error) = self.open(app, kind) {
            tracing::warn!(%error, "a window cannot be opened");
        }
        // Whatever else is open comes along, below it.
        if let Some(window) = app.get_webview_window(kind.label()) {
            let _ = window.set_focus();
        }
    }
}
