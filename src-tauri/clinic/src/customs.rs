//! How a place writes the time of day and where its week begins.

use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};

/// How the times and weeks of a calendar are shown. It never changes what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customs {
    /// `2:30 PM` instead of `14:30`.
    pub twelve_hours: bool,
    /// The first day of a week.
    pub week_starts: Weekday,
}

impl Default for Customs {
    fn default() -> Self {
        Self {
            twelve_hours: false,
            week_starts: Weekday::Monday,
        }
    }
}

impl Customs {
    /// `14:30`, or `2:30 PM`.
    pub fn time(self, time: Time) -> String {
        let written = if self.twelve_hours { "%-I:%M %p" } else { "%H:%M" };
        time.strftime(written).to_string()
    }

    /// A full hour beside an axis, where there is little room: `14:00`, or `2 PM`.
    pub fn hour(self, time: Time) -> String {
        if self.twelve_hours && time.minute() == 0 {
            time.strftime("%-I %p").to_string()
        } else {
            self.time(time)
        }
    }

    /// `14:30–15:30`, or `2:30–3:30 PM`: the half of the day is said once where it is the same.
    pub fn span(self, start: Time, end: Time) -> String {
        let same_half = (start.hour() < 12) == (end.hour() < 12) && start < end;
        let start = if self.twelve_hours && same_half {
            start.strftime("%-I:%M").to_string()
        } else {
            self.time(start)
        };
        format!("{start}–{}", self.time(end))
    }

    /// The first day of the week that a day is in.
    pub fn week_of(self, day: Date) -> Date {
        day.saturating_sub(i64::from(day.weekday().since(self.week_starts)).days())
    }

    /// The customs of the territory that a POSIX locale names, such as `en_PH.UTF-8`; where it names none, those of
    /// [`Customs::default`].
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['.', '@']).next().unwrap_or_default();
        let Some((language, territory)) = name.split_once('_') else {
            return Self::default();
        };
        let among = |list: &str| list.split(' ').any(|one| one == territory);
        Self {
            // French is written with 24 hours also where its neighbours use twelve.
            twelve_hours: among(TWELVE_HOURS) && language != "fr",
            week_starts: match territory {
                _ if among(FROM_SUNDAY) => Weekday::Sunday,
                _ if among(FROM_SATURDAY) => Weekday::Saturday,
                "MV" => Weekday::Friday,
                _ => Weekday::Monday,
            },
        }
    }
}

// By Unicode's CLDR 48 (`timeData` and `weekData`): where the territory's own language and its English agree on twelve hours.
const TWELVE_HOURS: &str = "AG AS AU BB BD BH BM BN BS BT CA CY DM DZ EG EH ER ET FJ FM GD GH GM GR GU GY HK IN IQ JM JO \
                            KH KI KM KN KP KR KW KY LB LC LR LY MA MH MO MP MR MW MY NZ OM PG PH PK PR PS PW QA SA SB SD SG \
                            SL SO SS SY SZ TC TD TN TO TT TW UM US VC VG VI VU WS YE ZM";
const FROM_SUNDAY: &str = "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN IS JM JP KE KH KR LA MH MM MO MT \
                           MX MZ NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW";
const FROM_SATURDAY: &str = "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY";

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    const TWELVE: Customs = Customs {
        twelve_hours: true,
        week_starts: Weekday::Sunday,
    };

    #[test]
    fn midnight_and_noon_are_twelve() {
        assert_eq!(TWELVE.time(time(0, 5, 0, 0)), "12:05 AM");
        assert_eq!(TWELVE.time(time(12, 0, 0, 0)), "12:00 PM");
        assert_eq!(TWELVE.hour(time(0, 0, 0, 0)), "12 AM");
        assert_eq!(Customs::default().time(time(0, 5, 0, 0)), "00:05");
    }

    #[test]
    fn the_half_of_the_day_is_said_once_where_it_is_the_same() {
        assert_eq!(TWELVE.span(time(14, 30, 0, 0), time(15, 30, 0, 0)), "2:30–3:30 PM");
        assert_eq!(TWELVE.span(time(11, 30, 0, 0), time(12, 30, 0, 0)), "11:30 AM–12:30 PM");
        assert_eq!(
            TWELVE.span(time(22, 0, 0, 0), time(21, 0, 0, 0)),
            "10:00 PM–9:00 PM",
            "nearly a whole day"
        );
    }

    #[test]
    fn a_week_begins_on_its_own_first_day() {
        let sunday = date(2026, 11, 22);
        assert_eq!(TWELVE.week_of(sunday), sunday);
        assert_eq!(TWELVE.week_of(date(2026, 11, 28)), sunday);
        assert_eq!(Customs::default().week_of(sunday), date(2026, 11, 16));
    }

    #[test]
    fn a_locale_is_read_by_its_territory() {
        let of = |locale| {
            let customs = Customs::of_locale(locale);
            (customs.twelve_hours, customs.week_starts)
        };
        assert_eq!(of("en_PH.UTF-8"), (true, Weekday::Sunday));
        assert_eq!(of("en_US"), (true, Weekday::Sunday));
        assert_eq!(of("en_AU.utf8"), (true, Weekday::Monday));
        assert_eq!(of("fr_CA.UTF-8"), (false, Weekday::Sunday));
        assert_eq!(of("ar_EG"), (true, Weekday::Saturday));
        assert_eq!(of("de_DE.UTF-8@euro"), (false, Weekday::Monday));
        for none in ["C.UTF-8", "POSIX", "", "en", "_"] {
            assert_eq!(of(none), (false, Weekday::Monday), "{none:?}");
        }
    }
}
