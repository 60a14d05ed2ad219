//! Who may use which command, and which of them answer while the desk is locked. The windows' capability files say the
//! same of windows; this says it of people, and holds whatever window asks.

use deskbell_clinic::Role;

/// What a command asks of whoever uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    roles: Roles,
    /// Whether it answers while the desk is locked: it tells and changes nothing of the clinic.
    pub(crate) behind_lock: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Roles {
    /// Whoever is signed in; what they see is the server's to decide.
    Everyone,
    /// Who has the calendar.
    Calendar,
    /// Who works at the front desk.
    FrontDesk,
    /// Who administers the clinic.
    Admin,
}

impl Standing {
    /// Whether somebody of this role may use it.
    pub(crate) const fn admits(self, role: Role) -> bool {
        match self.roles {
            Roles::Everyone => true,
            Roles::Calendar => role.is_desk() || matches!(role, Role::Therapist),
            Roles::FrontDesk => role.is_desk(),
            Roles::Admin => matches!(role, Role::Admin),
        }
    }
}

/// What a command asks; none for one that nobody may use.
pub(crate) fn standing(command: &str) -> Option<Standing> {
    let (roles, behind_lock) = match command {
        "sign_out" | "sync_view" | "attend" | "watch" | "open_window" | "window_ready" | "lock" => {
            (Roles::Everyone, true)
        }
        "catalogue" | "booking_sheet" | "booking_history" | "keep_board_look" | "take_step" | "my_day" | "my_hours"
        | "add_hours" | "copy_week" | "change_hours" | "remove_hours" | "keep_leave" | "remove_leave" | "undo"
        | "waiting_acts" | "resolve_act" | "dismiss_notice" | "refresh" | "changes_since" | "settings"
        | "sync_health" | "change_settings" | "set_pin" | "remove_pin" | "change_key" | "try_notification"
        | "set_single_keys" => (Roles::Everyone, false),
        "board" | "staff_week" | "month" => (Roles::Calendar, false),
        "find_clients" | "client_card" | "find_openings" | "book" | "kept_draft" | "keep_draft" | "preview_repeats"
        | "move_series" | "cancel_series" | "try_move" | "move_booking" | "take_payment" | "staff_away"
        | "mark_away" | "reassign" | "mark_told" | "day_sheet" | "print_day" | "save_day" => (Roles::FrontDesk, false),
        "clinic_setup" | "change_clinic" | "remove_from_clinic" | "accounts" | "change_account" => {
            (Roles::Admin, false)
        }
        _ => return None,
    };
    Some(Standing { roles, behind_lock })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::windows::WindowKind;

    const ROLES: [Role; 4] = [Role::Operator, Role::Therapist, Role::Driver, Role::Admin];
    /// They are used before anybody has proved who they are.
    const FOR_NOBODY_YET: [&str; 10] = [
        "session",
        "sign_in",
        "choose_password",
        "sign_in_sample",
        "connect",
        "try_sample",
        "lock_view",
        "come_in",
        "give_passphrase",
        "give_passphrase_up",
    ];

    /// What a therapist's or driver's account never does, whichever window asks.
    const RESERVED: [&str; 19] = [
        "day_sheet",
        "print_day",
        "save_day",
        "book",
        "kept_draft",
        "keep_draft",
        "preview_repeats",
        "move_series",
        "cancel_series",
        "find_clients",
        "client_card",
        "find_openings",
        "try_move",
        "move_booking",
        "take_payment",
        "staff_away",
        "mark_away",
        "reassign",
        "mark_told",
    ];

    /// What only an administrator does.
    const FOR_ADMINS: [&str; 5] = [
        "clinic_setup",
        "change_clinic",
        "remove_from_clinic",
        "accounts",
        "change_account",
    ];

    fn commands() -> Vec<&'static str> {
        let build = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/build.rs"));
        let (_, list) = build.split_once("const COMMANDS: &[&str] = &[").unwrap();
        let (list, _) = list.split_once("];").unwrap();
        let names = list.split(',').map(|name| name.trim().trim_matches('"'));
        names.filter(|name| !name.is_empty()).collect()
    }

    fn listed(kind: WindowKind) -> Vec<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/capabilities");
        let text = std::fs::read_to_string(format!("{folder}/{}.json", kind.label())).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let permissions = file["permissions"].as_array().unwrap().iter();
        let names = permissions.filter_map(|one| one.as_str()?.strip_prefix("allow-"));
        names.map(|name| name.replace('-', "_")).collect()
    }

    #[test]
    fn every_command_says_who_may_use_it() {
        let commands = commands();
        assert!(commands.len() > 25, "{commands:?}");
        for command in commands {
            assert!(
                standing(command).is_some() || FOR_NOBODY_YET.contains(&command),
                "{command} is for nobody"
            );
        }
        assert_eq!(standing("read_everything"), None);
    }

    #[test]
    fn only_the_front_desk_books_moves_finds_clients_and_takes_money_whatever_window_asks() {
        for command in commands() {
            let Some(standing) = standing(command) else { continue };
            for role in ROLES {
                let reserved = RESERVED.contains(&command);
                let calendar = ["board", "staff_week", "month"].contains(&command) && role == Role::Driver;
                let admins = FOR_ADMINS.contains(&command) && role != Role::Admin;
                let expected = if reserved { role.is_desk() } else { !calendar && !admins };
                assert_eq!(standing.admits(role), expected, "{command} by {role:?}");
            }
        }
    }

    #[test]
    fn the_front_desk_may_use_all_that_the_windows_it_may_open_list() {
        for kind in WindowKind::ALL {
            for role in ROLES.into_iter().filter(|role| kind.open_to(*role) && role.is_desk()) {
                for command in listed(kind) {
                    let Some(standing) = standing(&command) else { continue };
                    let expected = role == Role::Admin || !FOR_ADMINS.contains(&command.as_str());
                    assert_eq!(standing.admits(role), expected, "{command} in {kind:?} by {role:?}");
                }
            }
        }
    }

    #[test]
    fn while_it_is_locked_nothing_of_the_clinic_is_answered_or_changed() {
        let answering: Vec<_> = commands()
            .into_iter()
            .filter(|command| standing(command).is_some_and(|standing| standing.behind_lock))
            .collect();
        let expected = [
            "sign_out",
            "sync_view",
            "attend",
            "watch",
            "open_window",
            "window_ready",
            "lock",
        ];
        let (mut answering, mut expected) = (answering, expected.to_vec());
        answering.sort_unstable();
        expected.sort_unstable();
        assert_eq!(answering, expected);
    }

    #[test]
    fn every_command_asks_for_its_desk_by_its_own_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/src/commands");
        let mut asked = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(
                !text.contains("desk_behind_lock"),
                "a command must not go around the gate"
            );
            for body in text.split("#[tauri::command]").skip(1) {
                let (_, named) = body.split_once("async fn ").unwrap();
                let name = named.split('(').next().unwrap();
                if let Some((_, rest)) = body.split_once("desk_for(\"") {
                    assert_eq!(rest.split('"').next(), Some(name), "{name} asks in another's name");
                    asked += 1;
                }
            }
        }
        assert!(asked > 15, "{asked} commands ask for the desk");
    }
}
