//! What the settings window shows and changes: the settings that a person sets by hand. The rest is in the files only.

use super::{clock, parse_clock};
use crate::settings::{
    ClockFace, DesktopSettings, InForce, LockSettings, QuietHours, Settings, SettingsError, SettingsFiles, Theme,
    WeekStart,
};
use crate::sync::cadence::Bounds;
use deskbell_clinic::StaffId;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// The settings as a form, as the window shows and answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SettingsForm {
    /// Whether to listen for the server's hints.
    pub hints: bool,
    /// How often to ask, in the order of [`SETTINGS_OF_INTERVALS`].
    pub intervals: Vec<IntervalForm>,
    /// Tell of new availability.
    pub new_availability: bool,
    /// Only where somebody on the waiting list fits it.
    pub only_for_waiting: bool,
    /// Only of time that begins within so many days.
    pub days_ahead: u16,
    /// Only of these people's time; empty means everybody's.
    pub staff: Vec<StaffId>,
    /// Tell of bookings.
    pub bookings: bool,
    /// Name the client in what is told of bookings.
    pub names: bool,
    /// Let the desktop make its sound.
    pub sound: bool,
    /// Whether nothing is told at a time of the day.
    pub quiet: bool,
    /// From this time on, as `20:00`.
    pub quiet_from: String,
    /// Until this time.
    pub quiet_to: String,
    /// Light or dark.
    pub theme: Theme,
    /// How large everything in the windows is, in per cent.
    pub zoom: u16,
    /// How the time of day is written.
    pub clock: ClockFace,
    /// The day that weeks begin on.
    pub week_starts: WeekStart,
    /// Closing the last window leaves Deskbell running behind its icon.
    pub close_to_tray: bool,
    /// Start when the person signs in to the computer.
    pub start_at_login: bool,
    /// The desk locks after so many minutes without input; 0 means never by itself.
    pub lock_after_minutes: u16,
    /// It says so so many seconds ahead.
    pub lock_warn_seconds: u16,
}

/// How often to ask in one situation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct IntervalForm {
    /// The setting's name, such as `sync.intervals.hidden`.
    pub setting: String,
    /// In seconds; after a change.
    pub shortest: u32,
    /// In seconds; when nothing changes.
    pub longest: u32,
}

/// What the settings window shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct SettingsView {
    /// What holds.
    pub form: SettingsForm,
    /// The settings that are set for the whole computer, such as `notifications.days_ahead`.
    pub locked: Vec<String>,
    /// The person's own file.
    pub file: String,
}

/// The settings that an [`IntervalForm`] may name, in the order in which they are shown.
pub const SETTINGS_OF_INTERVALS: [&str; 6] = [
    "sync.intervals.desk_active",
    "sync.intervals.desk_idle",
    "sync.intervals.therapist_active",
    "sync.intervals.therapist_idle",
    "sync.intervals.hidden",
    "sync.intervals.closed",
];

/// Settings beside the intervals that the form has, by name.
const OTHERS: [&str; 17] = [
    "sync.hints",
    "notifications.new_availability",
    "notifications.only_for_waiting",
    "notifications.days_ahead",
    "notifications.staff",
    "notifications.bookings",
    "notifications.names",
    "notifications.sound",
    "notifications.quiet",
    "desktop.theme",
    "desktop.zoom",
    "desktop.clock",
    "desktop.week_starts",
    "desktop.close_to_tray",
    "desktop.start_at_login",
    "lock.after_minutes",
    "lock.warn_seconds",
];

impl SettingsView {
    /// What holds, by these files; `lock` is when the desk locks where they say nothing.
    pub fn of(in_force: &InForce, files: &SettingsFiles, lock: LockSettings) -> Self {
        let named = SETTINGS_OF_INTERVALS.iter().chain(&OTHERS);
        Self {
            form: SettingsForm::of(&in_force.settings, lock),
            locked: named
                .filter(|setting| in_force.is_locked(setting))
                .map(ToString::to_string)
                .collect(),
            file: files.own().display().to_string(),
        }
    }
}

impl SettingsForm {
    fn of(settings: &Settings, lock: LockSettings) -> Self {
        let mut settings = settings.clone();
        let intervals = SETTINGS_OF_INTERVALS.iter().filter_map(|setting| {
            let bounds = *bounds_of(&mut settings, setting)?;
            Some(IntervalForm {
                setting: (*setting).to_owned(),
                shortest: bounds.shortest,
                longest: bounds.longest,
            })
        });
        let intervals = intervals.collect();
        let (sync, told) = (settings.sync, settings.notifications);
        let lock = settings.lock.unwrap_or(lock);
        Self {
            hints: sync.hints,
            intervals,
            new_availability: told.new_availability,
            only_for_waiting: told.only_for_waiting,
            days_ahead: told.days_ahead,
            staff: told.staff,
            bookings: told.bookings,
            names: told.names,
            sound: told.sound,
            quiet: told.quiet.on,
            quiet_from: clock(told.quiet.from),
            quiet_to: clock(told.quiet.to),
            theme: settings.desktop.theme,
            zoom: settings.desktop.zoom,
            clock: settings.desktop.clock,
            week_starts: settings.desktop.week_starts,
            close_to_tray: settings.desktop.close_to_tray,
            start_at_login: settings.desktop.start_at_login,
            lock_after_minutes: lock.after_minutes,
            lock_warn_seconds: lock.warn_seconds,
        }
    }

    /// These settings with what the form says; `lock` as in [`SettingsView::of`].
    ///
    /// # Errors
    /// When a value is outside its range; the setting and its range are named.
    pub fn applied_to(&self, settings: &Settings, lock: LockSettings) -> Result<Settings, SettingsError> {
        let mut wanted = settings.clone();
        for interval in &self.intervals {
            if let Some(bounds) = bounds_of(&mut wanted, &interval.setting) {
                *bounds = Bounds::new(interval.shortest, interval.longest);
            }
        }
        wanted.sync.hints = self.hints;
        wanted.notifications.new_availability = self.new_availability;
        wanted.notifications.only_for_waiting = self.only_for_waiting;
        wanted.notifications.days_ahead = self.days_ahead;
        wanted.notifications.staff.clone_from(&self.staff);
        wanted.notifications.bookings = self.bookings;
        wanted.notifications.names = self.names;
        wanted.notifications.sound = self.sound;
        wanted.notifications.quiet = QuietHours {
            on: self.quiet,
            from: time(&self.quiet_from, "notifications.quiet.from")?,
            to: time(&self.quiet_to, "notifications.quiet.to")?,
        };
        wanted.desktop = DesktopSettings {
            theme: self.theme,
            zoom: self.zoom,
            clock: self.clock,
            week_starts: self.week_starts,
            close_to_tray: self.close_to_tray,
            start_at_login: self.start_at_login,
        };
        let set = LockSettings {
            after_minutes: self.lock_after_minutes,
            warn_seconds: self.lock_warn_seconds,
        };
        // What nobody has set stays as it comes.
        if wanted.lock.unwrap_or(lock) != set {
            wanted.lock = Some(set);
        }
        wanted.check()?;
        Ok(wanted)
    }
}

fn time(text: &str, setting: &'static str) -> Result<Time, SettingsError> {
    let range = "a time such as 20:00";
    parse_clock(text).map_err(|_| SettingsError::OutOfRange { setting, range })
}

fn bounds_of<'a>(settings: &'a mut Settings, setting: &str) -> Option<&'a mut Bounds> {
    let intervals = &mut settings.sync.intervals;
    Some(match setting {
        "sync.intervals.desk_active" => &mut intervals.desk_active,
        "sync.intervals.desk_idle" => &mut intervals.desk_idle,
        "sync.intervals.therapist_active" => &mut intervals.therapist_active,
        "sync.intervals.therapist_idle" => &mut intervals.therapist_idle,
        "sync.intervals.hidden" => &mut intervals.hidden,
        "sync.intervals.closed" => &mut intervals.closed,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> SettingsView {
        let files = SettingsFiles::of_folder("/desk".as_ref());
        SettingsView::of(&InForce::default(), &files, LockSettings::NEVER)
    }

    #[test]
    fn a_form_that_nobody_touched_changes_nothing() {
        let form = view().form;
        assert_eq!(form.intervals.len(), SETTINGS_OF_INTERVALS.len());
        let settings = Settings::default();
        assert_eq!(form.applied_to(&settings, LockSettings::NEVER).unwrap(), settings);
    }

    #[test]
    fn what_a_form_says_is_what_holds_and_is_shown_again() {
        let mut form = view().form;
        form.hints = false;
        form.intervals[4].longest = 900;
        form.days_ahead = 14;
        form.only_for_waiting = true;
        form.lock_after_minutes = 5;
        form.quiet = true;
        form.quiet_from = "21:30".to_owned();
        form.names = true;
        form.theme = Theme::Dark;
        form.clock = ClockFace::Twelve;
        form.week_starts = WeekStart::Sunday;
        let settings = form.applied_to(&Settings::default(), LockSettings::NEVER).unwrap();
        assert_eq!(settings.sync.intervals.hidden.longest, 900);
        assert_eq!(settings.lock.map(|lock| lock.after_minutes), Some(5));
        assert_eq!(SettingsForm::of(&settings, LockSettings::NEVER), form);
    }

    #[test]
    fn quiet_hours_that_are_no_times_are_refused_by_name() {
        let mut form = view().form;
        form.quiet = true;
        form.quiet_to = "soon".to_owned();
        let error = form.applied_to(&Settings::default(), LockSettings::NEVER).unwrap_err();
        assert!(
            error.to_string().starts_with("notifications.quiet.to must be a time"),
            "{error}"
        );
    }

    #[test]
    fn a_value_outside_its_range_is_refused_by_name() {
        let mut form = view().form;
        form.intervals[0].shortest = 1;
        let error = form
            .applied_to(&Settings::default(), LockSettings::NEVER)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("sync.intervals.desk_active must be"), "{error}");
    }
}
