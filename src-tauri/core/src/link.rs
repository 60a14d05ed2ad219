//! `deskbell://` links: what another program, or a page that somebody clicked, may ask this desk to show. A link comes from
//! anywhere, so it can only name a place; it never does anything, and whoever follows it sees what they may see.

use deskbell_clinic::AppointmentId;
use jiff::civil::Date;
use std::str::FromStr;
use uuid::Uuid;

/// The scheme of the links.
pub const SCHEME: &str = "deskbell";
/// The longest link there is, in bytes.
const LONGEST: usize = 100;

/// A place in the clinic that a link names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// `deskbell://today`
    Today,
    /// `deskbell://day/2026-11-24`
    Day(Date),
    /// `deskbell://appointment/0190…`, by its id.
    Appointment(AppointmentId),
}

/// Why something is no link of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is no link to a place in Deskbell: deskbell://today, deskbell://day/2026-11-24 or deskbell://appointment/ID"
)]
pub struct NoLink;

impl FromStr for Link {
    type Err = NoLink;

    fn from_str(text: &str) -> Result<Self, NoLink> {
        if text.len() > LONGEST || !text.is_ascii() {
            return Err(NoLink);
        }
        let (scheme, rest) = text.split_once("://").ok_or(NoLink)?;
        if !scheme.eq_ignore_ascii_case(SCHEME) {
            return Err(NoLink);
        }
        // Browsers end an address without a path with a slash.
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        match rest.split_once('/') {
            None if rest.eq_ignore_ascii_case("today") => Ok(Self::Today),
            Some((what, day)) if what.eq_ignore_ascii_case("day") && day.len() == 10 => {
                day.parse().map(Self::Day).map_err(|_| NoLink)
            }
            Some((what, id)) if what.eq_ignore_ascii_case("appointment") && id.len() == 36 => Uuid::parse_str(id)
                .map(|id| Self::Appointment(AppointmentId(id)))
                .map_err(|_| NoLink),
            _ => Err(NoLink),
        }
    }
}

impl std::fmt::Display for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Today => write!(f, "{SCHEME}://today"),
            Self::Day(day) => write!(f, "{SCHEME}://day/{day}"),
            Self::Appointment(id) => write!(f, "{SCHEME}://appointment/{}", id.uuid()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_three_kinds_are_read_as_browsers_hand_them_on() {
        assert_eq!("deskbell://today".parse(), Ok(Link::Today));
        assert_eq!("DESKBELL://Today/".parse(), Ok(Link::Today));
        let day = jiff::civil::date(2026, 11, 24);
        assert_eq!("deskbell://day/2026-11-24".parse(), Ok(Link::Day(day)));
        let id = AppointmentId(Uuid::from_u128(7));
        assert_eq!(
            "deskbell://appointment/00000000-0000-0000-0000-000000000007/".parse(),
            Ok(Link::Appointment(id))
        );
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "deskbell:",
            "deskbell://",
            "https://today",
            "deskbell://day/2026-13-01",
            "deskbell://day/2026-11-24T10:00",
            "deskbell://day/../today",
            "deskbell://appointment/1 or 1=1",
            "deskbell://appointment/00000000-0000-0000-0000-000000000007?step=cancel",
            "deskbell://appointment/00000000-0000-0000-0000-000000000007#x",
            "deskbell://user@today",
            "deskbell://quit",
            "deskbell://today//",
            "--sample",
        ] {
            assert_eq!(text.parse::<Link>(), Err(NoLink), "{text}");
        }
        let long = format!("deskbell://day/{}", "0".repeat(LONGEST));
        assert_eq!(long.parse::<Link>(), Err(NoLink));
    }

    proptest! {
        #[test]
        fn a_link_that_is_written_is_read_as_the_same(id in any::<u128>(), days in 0_i32..80_000) {
            let day = jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days));
            for link in [Link::Today, Link::Day(day), Link::Appointment(AppointmentId(Uuid::from_u128(id)))] {
                prop_assert_eq!(link.to_string().parse(), Ok(link));
            }
        }

        #[test]
        fn whatever_comes_is_a_link_or_refused(text in "\\PC{0,120}", path in "(?i)deskbell://(today|day|appointment)/\\PC{0,40}") {
            for text in [text, path] {
                if let Ok(link) = text.parse::<Link>() {
                    prop_assert_eq!(link.to_string().parse(), Ok(link));
                }
            }
        }
    }
}
