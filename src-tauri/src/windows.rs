//! The kinds of windows. A kind makes its label, its page and its size, so that none of them can disagree.

use deskbell_clinic::Role;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

/// What a window is for. Its label is also the name of its capability file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// The live board.
    Operator,
    /// The calendar by staff.
    Scheduling,
    /// A therapist's day and hours.
    Therapist,
    /// What is set on this computer.
    Settings,
    /// Who are you, and which clinic.
    SignIn,
}

impl WindowKind {
    /// Every kind.
    pub const ALL: [WindowKind; 5] = [
        WindowKind::Operator,
        WindowKind::Scheduling,
        WindowKind::Therapist,
        WindowKind::Settings,
        WindowKind::SignIn,
    ];

    /// The window's label.
    pub const fn label(self) -> &'static str {
        match self {
            WindowKind::Operator => "operator",
            WindowKind::Scheduling => "scheduling",
            WindowKind::Therapist => "therapist",
            WindowKind::Settings => "settings",
            WindowKind::SignIn => "sign-in",
        }
    }

    /// The kind of a label.
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label() == label)
    }

    /// The window that a role works in.
    pub const fn of_role(role: Role) -> Self {
        if role.is_desk() {
            WindowKind::Operator
        } else {
            WindowKind::Therapist
        }
    }

    /// Whether an account of this role may open it.
    pub const fn open_to(self, role: Role) -> bool {
        match self {
            WindowKind::Operator => role.is_desk(),
            WindowKind::Scheduling => role.is_desk() || matches!(role, Role::Therapist),
            WindowKind::Therapist | WindowKind::Settings | WindowKind::SignIn => true,
        }
    }

    /// Whose work it is for, which decides how fresh it is kept.
    pub const fn desk(self) -> deskbell_core::sync::attention::Desk {
        match self {
            WindowKind::Operator | WindowKind::Scheduling => deskbell_core::sync::attention::Desk::Front,
            WindowKind::Therapist | WindowKind::Settings | WindowKind::SignIn => {
                deskbell_core::sync::attention::Desk::Therapist
            }
        }
    }

    const fn title(self) -> &'static str {
        match self {
            WindowKind::Operator => "Deskbell · Board",
            WindowKind::Scheduling => "Deskbell · Scheduling",
            WindowKind::Therapist => "Deskbell · My day",
            WindowKind::Settings => "Deskbell · Settings",
            WindowKind::SignIn => "Deskbell · Sign in",
        }
    }

    const fn size(self) -> (f64, f64) {
        match self {
            WindowKind::Operator => (1440.0, 900.0),
            WindowKind::Scheduling => (1280.0, 860.0),
            WindowKind::Therapist => (1120.0, 820.0),
            WindowKind::Settings => (720.0, 880.0),
            WindowKind::SignIn => (480.0, 640.0),
        }
    }

    /// Opens the window hidden, or raises it when it is open. Its script shows it once it has painted: a window that
    /// is visible from the start stalls on some desktops.
    ///
    /// # Errors
    /// When the desktop cannot make a window.
    pub fn open<R: Runtime>(self, app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
        if let Some(window) = app.get_webview_window(self.label()) {
            window.show()?;
            window.unminimize()?;
            window.set_focus()?;
            return Ok(window);
        }
        let page = WebviewUrl::App(format!("{}.html", self.label()).into());
        let (width, height) = self.size();
        WebviewWindowBuilder::new(app, self.label(), page)
            .title(self.title())
            .inner_size(width, height)
            .min_inner_size(width.min(880.0), height.min(560.0))
            .visible(false)
            .build()
    }
}

/// What the blank windows show, as `blank://localhost/blank.html`.
#[cfg(feature = "automation")]
pub(crate) fn blank_page<R: Runtime>(app: tauri::Builder<R>) -> tauri::Builder<R> {
    app.register_uri_scheme_protocol("blank", |_, _| {
        let mut page = tauri::http::Response::new(b"<!doctype html><title>Blank</title><p>Blank".to_vec());
        let html = tauri::http::HeaderValue::from_static("text/html");
        page.headers_mut().insert(tauri::http::header::CONTENT_TYPE, html);
        page
    })
}

/// Shows windows of the board's size without a page of ours.
///
/// # Errors
/// When the desktop cannot make a window.
#[cfg(feature = "automation")]
pub(crate) fn open_blank(app: &AppHandle, count: u32) -> tauri::Result<()> {
    let (width, height) = WindowKind::Operator.size();
    let blank =
        tauri::Url::parse("blank://localhost/blank.html").map_err(|error| tauri::Error::Anyhow(error.into()))?;
    for n in 0..count {
        let page = WebviewUrl::CustomProtocol(blank.clone());
        WebviewWindowBuilder::new(app, format!("blank-{n}"), page)
            .inner_size(width, height)
            .build()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_kind_has_a_capability_file_of_its_own_that_names_only_it() {
        for kind in WindowKind::ALL {
            let path = format!(
                "{}/src-tauri/capabilities/{}.json",
                env!("CARGO_MANIFEST_DIR"),
                kind.label()
            );
            let text = std::fs::read_to_string(&path).unwrap();
            let file: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(file["windows"], serde_json::json!([kind.label()]), "{path}");
            assert_eq!(WindowKind::of_label(kind.label()), Some(kind));
        }
    }

    #[test]
    fn a_therapist_cannot_open_the_operators_board() {
        assert!(!WindowKind::Operator.open_to(Role::Therapist));
        assert!(WindowKind::Operator.open_to(Role::Operator));
    }
}
