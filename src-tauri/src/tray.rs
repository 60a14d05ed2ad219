//! The icon among the desktop's own: how the desk stands while no window is in front, and what one can do from there.
//!
//! What it says is worked out here and is the same everywhere; how a desktop is told is in the modules below. A desktop
//! without such a place is no error: then closing the last window ends Deskbell, whatever the settings say.

#[cfg(target_os = "linux")]
#[path = "tray/status_notifier.rs"]
mod host;
#[cfg(not(target_os = "linux"))]
#[path = "tray/none.rs"]
mod host;
mod mark;

pub(crate) use host::Tray;
pub(crate) use mark::Mark;

use crate::windows::WindowKind;
use deskbell_clinic::Role;
use deskbell_core::view::{Pill, SyncView};

/// What can be done from the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// The window that the role works in, to the front.
    Front,
    /// A window, to the front.
    Open(WindowKind),
    /// Ask the server now.
    Refresh,
    /// No notifications for an hour, or all of them again.
    Pause,
    /// Lock the desk.
    Lock,
    /// End Deskbell, once what is being written is written.
    Quit,
    /// The desktop took the icon away, and with it the way back to a desk without windows.
    IconGone,
}

/// A line of the icon's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Something to do.
    Deed {
        /// What.
        deed: Deed,
        /// In words.
        label: &'static str,
    },
    /// Something that is on or off.
    Switch {
        /// What it does to it.
        deed: Deed,
        /// In words.
        label: &'static str,
        /// Whether it is on.
        on: bool,
    },
    /// A line between groups.
    Line,
}

/// How the desk stands, as far as the icon tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The clinic's name; empty before anybody signed in.
    pub clinic: String,
    /// Who is signed in.
    pub role: Option<Role>,
    /// Whether the desk is locked.
    pub locked: bool,
    /// Whether notifications are held back for a while.
    pub paused: bool,
    /// How fresh it is; none while nobody is signed in.
    pub sync: Option<Fresh>,
}

/// As much of the sync's state as the icon tells: what changes with every answer would redraw it all day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fresh {
    pill: Pill,
    waiting: u32,
    need_you: u32,
    poll_seconds: u32,
    offline_since: Option<String>,
}

impl From<&SyncView> for Fresh {
    fn from(view: &SyncView) -> Self {
        Self {
            pill: view.pill,
            waiting: view.waiting,
            need_you: view.need_you,
            // It is told only where there is nothing better to tell.
            poll_seconds: if view.pill == Pill::Polling {
                view.poll_seconds
            } else {
                0
            },
            offline_since: view.offline_since.clone(),
        }
    }
}

/// What the icon shows. It names no client and no act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// The sign on the bell.
    pub mark: Mark,
    /// A person is needed.
    pub urgent: bool,
    /// What a pointer over it says.
    pub tip: String,
    /// Its menu.
    pub menu: Vec<Item>,
}

impl Look {
    /// What the icon shows of a desk that stands like this.
    pub(crate) fn of(standing: &Standing) -> Self {
        let (mark, said) = match &standing.sync {
            None => (Mark::Stale, "nobody is signed in".to_owned()),
            Some(fresh) => said(fresh),
        };
        let locked = if standing.locked { " · locked" } else { "" };
        let place = if standing.clinic.is_empty() {
            "Deskbell"
        } else {
            &standing.clinic
        };
        Self {
            mark,
            urgent: standing.sync.as_ref().is_some_and(|fresh| fresh.need_you > 0),
            tip: format!("{place}: {said}{locked}"),
            menu: menu(standing),
        }
    }
}

fn said(fresh: &Fresh) -> (Mark, String) {
    let waits = match (fresh.need_you, fresh.waiting) {
        (0, 0) => String::new(),
        (0, waiting) => format!(" · {waiting} not sent yet"),
        (1, _) => " · 1 needs you".to_owned(),
        (need_you, _) => format!(" · {need_you} need you"),
    };
    let (mark, said) = match fresh.pill {
        Pill::Live => (Mark::Live, "live".to_owned()),
        Pill::Polling => (Mark::Live, format!("looks every {} s", fresh.poll_seconds)),
        Pill::Starting => (Mark::Stale, "reading".to_owned()),
        Pill::SignInAgain => (Mark::Stale, "sign in again".to_owned()),
        Pill::Offline => match &fresh.offline_since {
            Some(since) => (Mark::Offline, format!("offline since {since}")),
            None => (Mark::Offline, "offline".to_owned()),
        },
    };
    // Offline is what one must know first; then that something waits.
    let mark = if mark != Mark::Offline && fresh.waiting > 0 {
        Mark::Waiting
    } else {
        mark
    };
    (mark, format!("{said}{waits}"))
}

fn menu(standing: &Standing) -> Vec<Item> {
    let deed = |deed, label| Item::Deed { deed, label };
    let Some(role) = standing.role else {
        return vec![
            deed(Deed::Open(WindowKind::SignIn), "Sign in…"),
            Item::Line,
            deed(Deed::Quit, "Quit Deskbell"),
        ];
    };
    let windows = [
        (WindowKind::Operator, "Board"),
        (WindowKind::Scheduling, "Scheduling"),
        (WindowKind::Therapist, "My day"),
        (WindowKind::Settings, "Settings…"),
    ];
    let open = windows.into_iter().filter(|(kind, _)| kind.open_to(role));
    let mut menu: Vec<_> = open.map(|(kind, label)| deed(Deed::Open(kind), label)).collect();
    menu.push(Item::Line);
    if !standing.locked {
        menu.push(deed(Deed::Refresh, "Look for changes now"));
    }
    menu.push(Item::Switch {
        deed: Deed::Pause,
        label: "No notifications for an hour",
        on: standing.paused,
    });
    if !standing.locked {
        menu.push(deed(Deed::Lock, "Lock"));
    }
    menu.extend([Item::Line, deed(Deed::Quit, "Quit Deskbell")]);
    menu
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(pill: Pill, waiting: u32, need_you: u32) -> Fresh {
        Fresh {
            pill,
            waiting,
            need_you,
            poll_seconds: 15,
            offline_since: Some("14:02".to_owned()),
        }
    }

    fn look(fresh: Fresh) -> Look {
        Look::of(&Standing {
            clinic: "Lotus".to_owned(),
            role: Some(Role::Operator),
            sync: Some(fresh),
            ..Standing::default()
        })
    }

    #[test]
    fn each_state_has_a_mark_and_words_of_its_own() {
        for (state, mark, tip) in [
            (fresh(Pill::Live, 0, 0), Mark::Live, "Lotus: live"),
            (fresh(Pill::Polling, 0, 0), Mark::Live, "Lotus: looks every 15 s"),
            (fresh(Pill::Starting, 0, 0), Mark::Stale, "Lotus: reading"),
            (fresh(Pill::Live, 3, 0), Mark::Waiting, "Lotus: live · 3 not sent yet"),
            (fresh(Pill::Live, 3, 1), Mark::Waiting, "Lotus: live · 1 needs you"),
            (
                fresh(Pill::Offline, 2, 0),
                Mark::Offline,
                "Lotus: offline since 14:02 · 2 not sent yet",
            ),
        ] {
            let look = look(state);
            assert_eq!((look.mark, look.tip.as_str()), (mark, tip));
        }
        assert!(look(fresh(Pill::Live, 3, 1)).urgent);
        assert!(!look(fresh(Pill::Live, 3, 0)).urgent);
    }

    #[test]
    fn the_menu_offers_what_the_role_has_and_nothing_of_the_clinic_while_it_is_locked() {
        let standing = |role| Standing {
            role: Some(role),
            ..Standing::default()
        };
        let has = |standing: &Standing, wanted: Deed| {
            Look::of(standing).menu.iter().any(|item| match item {
                Item::Deed { deed, .. } | Item::Switch { deed, .. } => *deed == wanted,
                Item::Line => false,
            })
        };
        assert!(has(&standing(Role::Operator), Deed::Open(WindowKind::Operator)));
        assert!(!has(&standing(Role::Therapist), Deed::Open(WindowKind::Operator)));
        assert!(has(&standing(Role::Therapist), Deed::Refresh));
        let locked = Standing {
            locked: true,
            ..standing(Role::Operator)
        };
        assert!(!has(&locked, Deed::Refresh));
        assert!(has(&Standing::default(), Deed::Open(WindowKind::SignIn)));
        for one in [standing(Role::Driver), locked, Standing::default()] {
            assert!(has(&one, Deed::Quit), "one can always quit");
        }
    }
}
