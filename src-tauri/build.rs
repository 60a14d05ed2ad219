//! Embeds the windows and makes a permission for every command, so that a window may call only what its capability
//! file lists.

/// Every command of the shell. `tests/capabilities` checks that each window kind's file lists only these.
const COMMANDS: &[&str] = &[
    "session",
    "sign_in",
    "choose_password",
    "sign_in_sample",
    "sign_out",
    "connect",
    "try_sample",
    "board",
    "keep_board_look",
    "staff_week",
    "month",
    "day_sheet",
    "print_day",
    "save_day",
    "staff_away",
    "mark_away",
    "reassign",
    "mark_told",
    "catalogue",
    "booking_sheet",
    "booking_history",
    "find_clients",
    "client_card",
    "find_openings",
    "book",
    "kept_draft",
    "keep_draft",
    "preview_repeats",
    "move_series",
    "cancel_series",
    "try_move",
    "move_booking",
    "take_step",
    "take_payment",
    "my_day",
    "my_hours",
    "add_hours",
    "copy_week",
    "change_hours",
    "remove_hours",
    "keep_leave",
    "remove_leave",
    "lock_view",
    "lock",
    "come_in",
    "give_passphrase",
    "give_passphrase_up",
    "set_pin",
    "remove_pin",
    "change_key",
    "clinic_setup",
    "change_clinic",
    "remove_from_clinic",
    "accounts",
    "change_account",
    "settings",
    "sync_health",
    "change_settings",
    "try_notification",
    "undo",
    "sync_view",
    "waiting_acts",
    "resolve_act",
    "dismiss_notice",
    "refresh",
    "attend",
    "watch",
    "changes_since",
    "open_window",
    "window_ready",
    "set_single_keys",
];

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist");
    if !std::path::Path::new("ui/dist/operator.html").exists() {
        println!(
            "cargo:warning=The windows are not built yet: run `npm ci && npm run build` in ui/ first, or `make build`."
        );
        std::process::exit(1);
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning=tauri-build: {error:#}");
        std::process::exit(1);
    }
}
