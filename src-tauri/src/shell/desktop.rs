//! The desk on the desktop: its icon, whether it stays when its last window is closed, whether it starts by itself, whether
//! it is light or dark, and how large.

use super::Shell;
use crate::tray::{Deed, Look, Standing};
use crate::windows::WindowKind;
use deskbell_core::desk::Desk;
use deskbell_core::settings::{DesktopSettings, Theme};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_plugin_autostart::ManagerExt;
use tokio::sync::mpsc;

/// How long notifications are held back when a person asks for it.
const PAUSE: Duration = Duration::from_secs(60 * 60);

impl Shell {
    /// Shows the icon, and does what is asked of it for as long as the app runs.
    pub(crate) async fn serve_icon(&self, app: &AppHandle) {
        let (deeds, mut asked) = mpsc::unbounded_channel();
        self.tray.begin(&self.options.profile, deeds).await;
        self.show_on_icon().await;
        while let Some(deed) = asked.recv().await {
            self.act(app, deed).await;
        }
    }

    async fn act(&self, app: &AppHandle, deed: Deed) {
        match deed {
            Deed::Front => self.bring(app).await,
            Deed::Open(kind) => {
                let allowed = kind == WindowKind::SignIn || self.may_open(kind).await.is_ok();
                if allowed && let Err(error) = self.open(app, kind) {
                    tracing::warn!(%error, "a window cannot be opened");
                }
            }
            Deed::Refresh => {
                if let Ok(desk) = self.desk_for("refresh").await {
                    desk.refresh();
                }
            }
            Deed::Pause => {
                self.notifications.pause_or_go_on(PAUSE);
                self.show_on_icon().await;
            }
            Deed::Lock => {
                if let Ok(desk) = self.desk_for("lock").await {
                    desk.lock();
                }
            }
            Deed::Quit => app.exit(0),
            // Without icon and windows there would be no way back to it. At start there are no windows yet, and they come.
            Deed::IconGone if self.rests.load(Ordering::Relaxed) => self.bring(app).await,
            Deed::IconGone => {}
        }
    }

    /// Shows on the icon how the desk stands now.
    pub(crate) async fn show_on_icon(&self) {
        let desk = self.open.read().await.desk.clone();
        let standing = match desk {
            Some(desk) => self.standing(&desk).await,
            None => Standing::default(),
        };
        let look = Look::of(&standing);
        {
            let mut shown = self.look.lock().await;
            if shown.as_ref() == Some(&look) {
                return;
            }
            *shown = Some(look.clone());
        }
        self.tray.show(look).await;
    }

    async fn standing(&self, desk: &Desk) -> Standing {
        let Some(account) = desk.account() else {
            return Standing::default();
        };
        Standing {
            clinic: account.clinic_name,
            role: Some(account.role),
            locked: desk.is_locked(),
            paused: self.notifications.are_paused(),
            sync: Some((&desk.sync_view().await).into()),
        }
    }

    /// Whether Deskbell goes on when its last window is closed.
    pub(crate) fn stays_without_windows(&self) -> bool {
        let wanted = self
            .open
            .try_read()
            .ok()
            .and_then(|open| open.desk.as_ref().map(|desk| desk.settings().desktop.close_to_tray));
        wanted.unwrap_or(false) && self.tray.is_shown()
    }

    /// The last window was closed, and Deskbell goes on.
    pub(crate) fn rest(&self) {
        self.rests.store(true, Ordering::Relaxed);
    }

    /// Does what the settings say of the desktop.
    pub(crate) async fn follow_desktop_settings(&self, app: &AppHandle, settings: DesktopSettings) {
        self.dress(app, settings);
        let app = app.clone();
        let start = tokio::task::spawn_blocking(move || {
            let launch = app.autolaunch();
            match (settings.start_at_login, launch.is_enabled()?) {
                (true, false) => launch.enable(),
                (false, true) => launch.disable(),
                _ => Ok(()),
            }
        });
        if let Ok(Err(error)) = start.await {
            tracing::warn!(%error, "whether Deskbell starts by itself cannot be changed");
        }
    }

    /// Makes every window light or dark, and as large as the settings want it.
    pub(super) fn dress(&self, app: &AppHandle, settings: DesktopSettings) {
        app.set_theme(match settings.theme {
            Theme::System => None,
            Theme::Light => Some(tauri::Theme::Light),
            Theme::Dark => Some(tauri::Theme::Dark),
        });
        self.zoom.store(settings.zoom, Ordering::Relaxed);
        for window in app.webview_windows().values() {
            self.enlarge(window);
        }
    }

    /// Draws a window as large as the settings want it.
    pub(super) fn enlarge(&self, window: &WebviewWindow) {
        let scale = f64::from(self.zoom.load(Ordering::Relaxed)) / 100.0;
        if let Err(error) = window.set_zoom(scale) {
            tracing::warn!(%error, window = window.label(), "the window cannot be drawn larger or smaller");
        }
    }

    /// Takes the icon off the desktop.
    pub(super) async fn leave_desktop(&self) {
        self.notifications.withdraw_all();
        self.tray.end().await;
    }
}
