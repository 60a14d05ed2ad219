use super::*;
use crate::sync::cadence::Bounds;

struct Places {
    folder: tempfile::TempDir,
}

impl Places {
    fn new(machine: &str, own: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("deskbell.toml"), machine).unwrap();
        std::fs::write(folder.path().join("settings.toml"), own).unwrap();
        Self { folder }
    }

    fn files(&self) -> SettingsFiles {
        SettingsFiles::of_folder(self.folder.path()).with_machine(self.folder.path().join("deskbell.toml"))
    }

    fn own(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("settings.toml")).unwrap()
    }
}

#[test]
fn what_a_person_sets_wins_over_the_computers_file_and_that_over_the_defaults() {
    let places = Places::new(
        "[notifications]\ndays_ahead = 14\nonly_for_waiting = true\n",
        "[notifications]\ndays_ahead = 7\n",
    );
    let in_force = places.files().load().unwrap();
    let notifications = in_force.settings.notifications;
    assert_eq!((notifications.days_ahead, notifications.only_for_waiting), (7, true));
    assert!(notifications.new_availability, "nobody said anything about it");
    assert_eq!(in_force.overruled, Vec::<String>::new());
}

#[test]
fn a_locked_value_holds_whatever_the_persons_file_says_and_cannot_be_changed() {
    let places = Places::new(
        "locked = [\"sync\", \"notifications.days_ahead\"]\n[sync]\nhints = false\n",
        "[sync]\nhints = true\n[notifications]\ndays_ahead = 7\nonly_for_waiting = true\n",
    );
    let in_force = places.files().load().unwrap();
    assert!(!in_force.settings.sync.hints);
    assert_eq!(in_force.settings.notifications.days_ahead, 60, "locked at its default");
    assert!(in_force.settings.notifications.only_for_waiting, "not locked");
    assert_eq!(in_force.overruled, ["notifications.days_ahead", "sync.hints"]);
    assert!(in_force.is_locked("sync.intervals.hidden") && !in_force.is_locked("server"));

    let before = places.own();
    let mut wanted = in_force.settings;
    wanted.sync.intervals.hidden = Bounds::new(60, 120);
    let error = places.files().save(&wanted).unwrap_err().to_string();
    assert!(error.starts_with("sync.intervals.hidden.longest is set for this whole computer in "));
    assert!(error.contains("deskbell.toml"), "{error}");
    assert_eq!(places.own(), before, "a refused change writes nothing");
}

#[test]
fn a_bad_value_names_itself_its_range_and_its_file_and_no_file_is_touched() {
    for (own, message) in [
        (
            "[notifications]\ndays_ahead = 0\n",
            "notifications.days_ahead must be 1 to 365 days; FILE says 0.",
        ),
        (
            "[notifications]\ndays_ahead = 70000\n",
            "notifications.days_ahead must be 1 to 365 days; FILE says 70000.",
        ),
        (
            "[sync.intervals.hidden]\nshortest = -5\n",
            "sync.intervals.hidden.shortest must be 3 to 3600 seconds, the shortest not above the longest; FILE says -5.",
        ),
        (
            "[sync.intervals]\nhidden = { shortest = 90, longest = 60 }\n",
            "sync.intervals.hidden must be 3 to 3600 seconds, the shortest not above the longest; FILE says { longest = 60, shortest = 90 }.",
        ),
        (
            "[sync]\nhints = \"yes\"\n",
            "FILE says sync.hints = \"yes\", which cannot be understood: invalid type: string \"yes\", expected a boolean.",
        ),
        (
            "[sync]\nhintz = true\n",
            "FILE says sync.hintz = true, which cannot be understood: unknown field `hintz`, expected `hints` or `intervals`.",
        ),
        (
            "server = \"http://desk.example\"\n",
            "FILE says server = \"http://desk.example\", which cannot be understood: The address must begin with https. Plain http is only for a server on this computer.",
        ),
        (
            "[sync]\nhints = true\nhints = false\n",
            "The settings file FILE cannot be read from line 3 on: duplicate key.",
        ),
    ] {
        let places = Places::new("", own);
        let files = places.files();
        let message = message.replace("FILE", &files.own().display().to_string());
        assert_eq!(files.load().unwrap_err().to_string(), message);
        files.save(&Settings::default()).unwrap_err();
        assert_eq!(places.own(), own);
    }
}

#[test]
fn the_computers_file_is_blamed_for_what_it_says() {
    let places = Places::new("[notifications]\ndays_ahead = 400\n", "");
    let error = places.files().load().unwrap_err().to_string();
    assert!(error.contains("deskbell.toml says 400"), "{error}");
    let places = Places::new("locked = [\"sinc\"]\n", "");
    let error = places.files().load().unwrap_err().to_string();
    assert!(
        error.starts_with("locked must be") && error.contains("\"sinc\""),
        "{error}"
    );
}

#[test]
fn a_change_amends_the_persons_file_and_keeps_what_they_wrote() {
    let own = "# mine\n[sync]\nhints = false # the proxy breaks them\n";
    let places = Places::new("[notifications]\ndays_ahead = 14\n", own);
    let mut wanted = places.files().load().unwrap().settings;
    wanted.sync.hints = true;
    wanted.sync.intervals.hidden = Bounds::new(60, 120);
    wanted.server = Some("https://desk.example".into());
    let in_force = places.files().save(&wanted).unwrap();
    assert_eq!(in_force.settings, wanted);
    let text = places.own();
    assert!(
        text.contains("# mine") && text.contains("hints = true # the proxy breaks them"),
        "{text}"
    );
    assert!(text.contains("longest = 120") && !text.contains("shortest"), "{text}");
    assert!(
        !text.contains("days_ahead"),
        "what the computer's file says is not copied:\n{text}"
    );

    wanted.server = None;
    assert_eq!(places.files().save(&wanted).unwrap().settings, wanted);
    assert!(!places.own().contains("server"));
}

#[test]
fn a_file_that_was_named_must_be_there_and_others_need_not() {
    let folder = tempfile::tempdir().unwrap();
    let files = SettingsFiles::of_folder(folder.path()).with_machine(folder.path().join("none.toml"));
    assert_eq!(files.load().unwrap(), InForce::default());
    let error = files.named(folder.path().join("mine.toml")).load().unwrap_err();
    assert!(error.to_string().contains("mine.toml cannot be used"), "{error}");
}

#[test]
fn a_change_to_either_file_is_seen_by_its_stamp() {
    let places = Places::new("", "");
    let before = places.files().stamp();
    assert_eq!(places.files().stamp(), before);
    std::fs::write(places.folder.path().join("deskbell.toml"), "[sync]\nhints = false\n").unwrap();
    assert_ne!(places.files().stamp(), before);
}

#[test]
fn every_setting_is_documented() {
    let text = include_str!("../../../../../docs/settings.md");
    for key in tree::every_key() {
        let name = format!("`{}`", key.join("."));
        assert!(text.contains(&name), "docs/settings.md does not name {name}");
    }
}
