//! What can be set on this computer, with the range of each value. It comes from files that a person may read and write.

mod desktop;
mod error;
mod files;
mod tree;

pub use desktop::{ClockFace, DesktopSettings, Theme, WeekStart};
pub use error::SettingsError;
pub use files::{InForce, SettingsFiles};

use crate::backend::{Fingerprint, ServerAddress, Speaks};
use crate::sync::cadence::{Bounds, Intervals};
use deskbell_clinic::StaffId;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// The shortest interval that may be set, in seconds.
pub const SHORTEST: u32 = 3;
/// The longest, in seconds.
pub const LONGEST: u32 = 3_600;
/// The longest that the desk may ask more often after a change, in seconds.
pub const LONGEST_BURST: u32 = 600;
/// The file's name in the desk's folder.
const FILE: &str = "settings.toml";

/// All settings. What the file leaves out has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the clinic's server is, such as `https://desk.example:8443`; none means that none was chosen yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// What the server speaks.
    pub backend: Speaks,
    /// The fingerprint of the server's certificate, where no authority signed it and a person compared it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Ask for a passphrase at each start instead of keeping the key of what is kept here in the computer's keyring.
    pub passphrase: bool,
    /// How often to ask.
    pub sync: SyncSettings,
    /// What to tell of.
    pub notifications: NotificationSettings,
    /// When the desk locks by itself; when left out, after ten minutes, and the sample clinic never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<LockSettings>,
    /// What the keyboard does.
    pub keys: KeySettings,
    /// How Deskbell sits on the desktop.
    pub desktop: DesktopSettings,
}

/// How the desk keeps up with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncSettings {
    /// Whether to listen for the server's hints.
    pub hints: bool,
    /// How often to ask where there are none.
    pub intervals: Intervals,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self {
            hints: true,
            intervals: Intervals::default(),
        }
    }
}

/// What is worth a notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationSettings {
    /// Tell of new availability.
    pub new_availability: bool,
    /// Only where somebody on the waiting list fits it.
    pub only_for_waiting: bool,
    /// Only of time that begins within so many days; 1 to 365.
    pub days_ahead: u16,
    /// Only of these people's time; empty means everybody's.
    pub staff: Vec<StaffId>,
    /// Tell of bookings: the front desk of what was declined, staff of what arrived, came, moved or went.
    pub bookings: bool,
    /// Name the client in what is told of bookings. Whoever passes the screen reads it.
    pub names: bool,
    /// Let the desktop make its sound.
    pub sound: bool,
    /// Tell nothing at a time of this computer's day.
    pub quiet: QuietHours,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            new_availability: true,
            only_for_waiting: false,
            days_ahead: 60,
            staff: vec![],
            bookings: true,
            names: false,
            sound: false,
            quiet: QuietHours::default(),
        }
    }
}

/// A time of the day in which nothing is told; it may go past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QuietHours {
    /// Whether there is one.
    pub on: bool,
    /// From this time on.
    pub from: Time,
    /// Until this time; not the same as `from`.
    pub to: Time,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self {
            on: false,
            from: Time::constant(20, 0, 0, 0),
            to: Time::constant(7, 0, 0, 0),
        }
    }
}

impl QuietHours {
    /// Whether it is quiet at this time.
    pub fn hold(self, time: Time) -> bool {
        let held = if self.from <= self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        };
        self.on && held
    }
}

/// What the keyboard does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeySettings {
    /// Whether letters, digits and signs do something by themselves. Whoever speaks to the computer, or strikes keys
    /// without meaning to, switches them off: all they do is done by the palette or a button too.
    pub single: bool,
}

impl Default for KeySettings {
    fn default() -> Self {
        Self { single: true }
    }
}

/// When the desk locks by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LockSettings {
    /// After so many minutes without input; 0 means never, and 240 is the longest.
    pub after_minutes: u16,
    /// It says so this many seconds ahead; 20 to 300, and no more than half of the time.
    pub warn_seconds: u16,
}

impl LockSettings {
    /// Only when asked.
    pub const NEVER: Self = Self {
        after_minutes: 0,
        warn_seconds: 60,
    };
}

impl Default for LockSettings {
    fn default() -> Self {
        Self {
            after_minutes: 10,
            warn_seconds: 60,
        }
    }
}

impl Settings {
    /// The server's address, checked; none means that none was chosen yet.
    ///
    /// # Errors
    /// When the address or its fingerprint is not one.
    pub fn address(&self) -> Result<Option<ServerAddress>, SettingsError> {
        let Some(server) = &self.server else { return Ok(None) };
        let address = ServerAddress::parse(server)?;
        Ok(Some(match &self.certificate {
            Some(text) => address.pinned(text.parse::<Fingerprint>()?),
            None => address,
        }))
    }

    /// # Errors
    /// When a value is outside its range.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.address()?;
        let intervals = &self.sync.intervals;
        for (setting, bounds) in [
            ("sync.intervals.desk_active", intervals.desk_active),
            ("sync.intervals.desk_idle", intervals.desk_idle),
            ("sync.intervals.therapist_active", intervals.therapist_active),
            ("sync.intervals.therapist_idle", intervals.therapist_idle),
            ("sync.intervals.hidden", intervals.hidden),
            ("sync.intervals.closed", intervals.closed),
        ] {
            if !sound(bounds) {
                let range = "3 to 3600 seconds, the shortest not above the longest";
                return Err(SettingsError::OutOfRange { setting, range });
            }
        }
        let Intervals { burst, safety, .. } = intervals;
        for (setting, seconds) in [
            ("sync.intervals.burst.shortest", burst.shortest),
            ("sync.intervals.safety.active", safety.active),
            ("sync.intervals.safety.idle", safety.idle),
            ("sync.intervals.safety.hidden", safety.hidden),
        ] {
            if !(SHORTEST..=LONGEST).contains(&seconds) {
                let range = "3 to 3600 seconds";
                return Err(SettingsError::OutOfRange { setting, range });
            }
        }
        if burst.lasts > LONGEST_BURST {
            return Err(SettingsError::OutOfRange {
                setting: "sync.intervals.burst.lasts",
                range: "0 to 600 seconds",
            });
        }
        if !(1..=365).contains(&self.notifications.days_ahead) {
            return Err(SettingsError::OutOfRange {
                setting: "notifications.days_ahead",
                range: "1 to 365 days",
            });
        }
        if self.notifications.quiet.from == self.notifications.quiet.to {
            return Err(SettingsError::OutOfRange {
                setting: "notifications.quiet.to",
                range: "another time than notifications.quiet.from",
            });
        }
        if !(80..=250).contains(&self.desktop.zoom) {
            return Err(SettingsError::OutOfRange {
                setting: "desktop.zoom",
                range: "80 to 250 per cent",
            });
        }
        let lock = self.lock.unwrap_or_default();
        if lock.after_minutes > 240 {
            return Err(SettingsError::OutOfRange {
                setting: "lock.after_minutes",
                range: "0 to 240 minutes",
            });
        }
        let half = u32::from(lock.after_minutes) * 30;
        let warn = u32::from(lock.warn_seconds);
        if !(20..=300).contains(&warn) || (half > 0 && warn > half) {
            return Err(SettingsError::OutOfRange {
                setting: "lock.warn_seconds",
                range: "20 to 300 seconds, and no more than half of lock.after_minutes",
            });
        }
        Ok(())
    }
}

fn sound(bounds: Bounds) -> bool {
    SHORTEST <= bounds.shortest && bounds.shortest <= bounds.longest && bounds.longest <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Settings {
        /// What holds when a person's file says this and no other file says anything.
        fn parse(text: &str) -> Result<Self, SettingsError> {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(FILE), text).unwrap();
            Ok(SettingsFiles::of_folder(folder.path()).load()?.settings)
        }
    }

    #[test]
    fn what_was_saved_is_what_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let files = SettingsFiles::of_folder(&folder.path().join("deep"));
        let mut settings = Settings::default();
        settings.sync.intervals.desk_active = Bounds::new(5, 12);
        settings.server = Some("https://desk.example".into());
        files.save(&settings).unwrap();
        assert_eq!(files.load().unwrap().settings, settings);
    }

    #[test]
    fn an_interval_outside_its_range_is_named() {
        let error = Settings::parse("[sync.intervals.desk_active]\nshortest = 1\nlongest = 15\n").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("sync.intervals.desk_active must be 3 to 3600 seconds"),
            "{error}"
        );
        let error = Settings::parse("[sync.intervals.hidden]\nshortest = 90\nlongest = 60\n").unwrap_err();
        assert!(
            error.to_string().starts_with("sync.intervals.hidden must be"),
            "{error}"
        );
    }

    #[test]
    fn what_holds_with_hints_and_after_a_change_can_be_set_within_its_range() {
        let settings = Settings::parse("[sync.intervals.safety]\nactive = 120\n[sync.intervals.burst]\nlasts = 0\n");
        let intervals = settings.unwrap().sync.intervals;
        assert_eq!((intervals.safety.active, intervals.safety.idle), (120, 600));
        assert_eq!((intervals.burst.lasts, intervals.burst.shortest), (0, 3));
        for (text, named) in [
            (
                "[sync.intervals.safety]\nidle = 2\n",
                "sync.intervals.safety.idle must be 3 to 3600 seconds",
            ),
            (
                "[sync.intervals.burst]\nshortest = 0\n",
                "sync.intervals.burst.shortest must be",
            ),
            (
                "[sync.intervals.burst]\nlasts = 601\n",
                "sync.intervals.burst.lasts must be 0 to 600 seconds",
            ),
        ] {
            let error = Settings::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(named), "{error}");
        }
    }

    #[test]
    fn quiet_hours_go_past_midnight_and_are_never_the_whole_day() {
        let settings = Settings::parse("[notifications.quiet]\non = true\nto = \"07:30\"\n").unwrap();
        let quiet = settings.notifications.quiet;
        let at = |hour, minute| quiet.hold(Time::constant(hour, minute, 0, 0));
        assert_eq!([at(20, 0), at(2, 0), at(7, 29)], [true; 3]);
        assert_eq!([at(7, 30), at(12, 0), at(19, 59)], [false; 3]);
        let off = QuietHours { on: false, ..quiet };
        assert!(!off.hold(Time::constant(2, 0, 0, 0)));
        let error = Settings::parse("[notifications.quiet]\nto = \"20:00\"\n").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("notifications.quiet.to must be another time"),
            "{error}"
        );
        let error = Settings::parse("[notifications.quiet]\nfrom = \"25:00\"\n").unwrap_err();
        assert!(error.to_string().contains("25:00"), "{error}");
    }

    #[test]
    fn everything_can_be_drawn_larger_within_bounds() {
        let settings = Settings::parse("[desktop]\nzoom = 200\n").unwrap();
        assert_eq!((settings.desktop.zoom, Settings::default().desktop.zoom), (200, 100));
        for zoom in [79, 251] {
            let error = Settings::parse(&format!("[desktop]\nzoom = {zoom}\n"))
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("desktop.zoom must be 80 to 250 per cent"), "{error}");
        }
    }

    #[test]
    fn the_lock_warns_long_enough_to_answer_and_not_all_the_time() {
        let lock = Settings::parse("[lock]\nafter_minutes = 1\nwarn_seconds = 30\n").unwrap();
        let lock = lock.lock.unwrap();
        assert_eq!((lock.after_minutes, lock.warn_seconds), (1, 30));
        let never = Settings::parse("[lock]\nafter_minutes = 0\n").unwrap();
        assert_eq!(never.lock, Some(LockSettings::NEVER));
        for (text, named) in [
            ("[lock]\nafter_minutes = 241\n", "lock.after_minutes must be"),
            ("[lock]\nwarn_seconds = 19\n", "lock.warn_seconds must be 20 to 300"),
            ("[lock]\nafter_minutes = 1\n", "lock.warn_seconds must be"),
        ] {
            let error = Settings::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(named), "{error}");
        }
    }
}
