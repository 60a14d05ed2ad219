//! What can be set of how Deskbell looks and behaves on the desktop: nothing here touches the clinic.

use deskbell_clinic::Customs;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

/// How Deskbell sits on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DesktopSettings {
    /// Light or dark.
    pub theme: Theme,
    /// How large everything in the windows is, in per cent; 80 to 250.
    pub zoom: u16,
    /// How the time of day is written.
    pub clock: ClockFace,
    /// The day that weeks begin on.
    pub week_starts: WeekStart,
    /// Closing the last window leaves Deskbell running behind its icon, where the desktop shows one.
    pub close_to_tray: bool,
    /// Start when the person signs in to the computer.
    pub start_at_login: bool,
}

impl Default for DesktopSettings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            zoom: 100,
            clock: ClockFace::Locale,
            week_starts: WeekStart::Locale,
            close_to_tray: false,
            start_at_login: false,
        }
    }
}

impl DesktopSettings {
    /// How times and weeks are shown. What is not set is as the computer's locale says.
    pub fn customs(self) -> Customs {
        self.customs_beside(Customs::of_locale(&locale_of_times()))
    }

    fn customs_beside(self, locale: Customs) -> Customs {
        Customs {
            twelve_hours: match self.clock {
                ClockFace::Locale => locale.twelve_hours,
                ClockFace::TwentyFour => false,
                ClockFace::Twelve => true,
            },
            week_starts: match self.week_starts {
                WeekStart::Locale => locale.week_starts,
                WeekStart::Monday => Weekday::Monday,
                WeekStart::Sunday => Weekday::Sunday,
                WeekStart::Saturday => Weekday::Saturday,
            },
        }
    }
}

/// The locale that this program was started under for dates and times, by POSIX' order; empty where there is none.
fn locale_of_times() -> String {
    ["LC_ALL", "LC_TIME", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// How the time of day is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub enum ClockFace {
    /// As the computer's locale says.
    #[default]
    #[serde(rename = "locale")]
    Locale,
    /// `14:30`.
    #[serde(rename = "24h")]
    TwentyFour,
    /// `2:30 PM`.
    #[serde(rename = "12h")]
    Twelve,
}

/// The day that weeks begin on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// As the computer's locale says.
    #[default]
    Locale,
    /// Monday.
    Monday,
    /// Sunday.
    Sunday,
    /// Saturday.
    Saturday,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the desktop has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_goes_before_what_the_locale_says() {
        let there = Customs::of_locale("en_PH.UTF-8");
        let as_it_comes = DesktopSettings::default();
        assert_eq!(as_it_comes.customs_beside(there), there);
        let set = DesktopSettings {
            clock: ClockFace::TwentyFour,
            week_starts: WeekStart::Saturday,
            ..as_it_comes
        };
        let shown = set.customs_beside(there);
        assert_eq!((shown.twelve_hours, shown.week_starts), (false, Weekday::Saturday));
    }
}
