//! Everything that crosses between windows and shell, declared once: commands, events, and their TypeScript bindings.

use crate::events::{ClinicChanged, GoTo, LockChanged, SessionChanged, SyncChanged, Tick};
use crate::{commands, windows};
use serde::Serialize;
use specta::Type;
use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

/// Why a command was refused. A code exists only where a window does something special on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type, thiserror::Error)]
#[error("{message}")]
pub(crate) struct CommandError {
    /// What a window branches on; `other` where none does.
    pub code: String,
    /// A sentence that a person can act on.
    pub message: String,
}

impl CommandError {
    /// An error that no window treats specially.
    pub(crate) fn other(message: impl Into<String>) -> Self {
        Self {
            code: "other".to_owned(),
            message: message.into(),
        }
    }

    /// An error that windows know.
    pub(crate) fn coded(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

/// What commands answer.
pub(crate) type Answer<T> = Result<T, CommandError>;

/// The commands and events, as the app runs them and as the bindings describe them.
pub fn bindings() -> Builder<Wry> {
    Builder::<Wry>::new()
        .error_handling(ErrorHandlingMode::Throw)
        .disable_serde_phases()
        .commands(collect_commands![
            commands::session::session,
            commands::session::sign_in,
            commands::session::choose_password,
            commands::session::sign_in_sample,
            commands::session::sign_out,
            commands::session::connect,
            commands::session::try_sample,
            commands::board::board,
            commands::board::keep_board_look,
            commands::board::staff_week,
            commands::board::month,
            commands::board::catalogue,
            commands::board::booking_sheet,
            commands::board::booking_history,
            commands::board::find_clients,
            commands::board::client_card,
            commands::board::find_openings,
            commands::paper::day_sheet,
            commands::paper::print_day,
            commands::paper::save_day,
            commands::away::staff_away,
            commands::away::mark_away,
            commands::away::reassign,
            commands::away::mark_told,
            commands::bookings::book,
            commands::bookings::kept_draft,
            commands::bookings::keep_draft,
            commands::bookings::try_move,
            commands::bookings::move_booking,
            commands::bookings::preview_repeats,
            commands::bookings::move_series,
            commands::bookings::cancel_series,
            commands::bookings::take_step,
            commands::bookings::take_payment,
            commands::hours::my_day,
            commands::hours::my_hours,
            commands::hours::add_hours,
            commands::hours::copy_week,
            commands::hours::change_hours,
            commands::hours::remove_hours,
            commands::hours::keep_leave,
            commands::hours::remove_leave,
            commands::windows::set_single_keys,
            commands::lock::lock_view,
            commands::lock::lock,
            commands::lock::come_in,
            commands::lock::give_passphrase,
            commands::lock::give_passphrase_up,
            commands::lock::set_pin,
            commands::lock::remove_pin,
            commands::lock::change_key,
            commands::setup::clinic_setup,
            commands::setup::change_clinic,
            commands::setup::remove_from_clinic,
            commands::accounts::accounts,
            commands::accounts::change_account,
            commands::settings::settings,
            commands::settings::change_settings,
            commands::settings::try_notification,
            commands::sync::undo,
            commands::sync::sync_view,
            commands::sync::sync_health,
            commands::sync::waiting_acts,
            commands::sync::resolve_act,
            commands::sync::dismiss_notice,
            commands::sync::refresh,
            commands::windows::attend,
            commands::windows::watch,
            commands::windows::changes_since,
            commands::windows::open_window,
            commands::windows::window_ready,
        ])
        .events(collect_events![
            ClinicChanged,
            SyncChanged,
            SessionChanged,
            LockChanged,
            Tick,
            GoTo
        ])
        .typ::<windows::WindowKind>()
}
