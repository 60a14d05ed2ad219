//! New availability that is worth telling the front desk about. Pure.
//!
//! The cache notes, with the change itself, which hours an edit from elsewhere added; one's own acts, a first sync and a
//! reading anew note nothing. Here it is decided what of it is still news: free, ahead, and long enough to be booked.

use crate::cache::DueNotice;
use crate::settings::NotificationSettings;
use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::rules::free::free_time;
use deskbell_clinic::rules::matching::fits;
use deskbell_clinic::rules::spans::{intersect, union};
use deskbell_clinic::{Span, StaffId, WaitingClient};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// News that comes within this time is told as one.
pub const GATHER: Duration = Duration::from_secs(2);
/// Free time shorter than this is a remainder between bookings, nothing to call a client for.
const WORTH_TELLING_MINUTES: i64 = 15;

/// Newly free time of one staff member. It names no client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whose time.
    pub staff: StaffId,
    /// When, in order, without overlaps.
    pub spans: Vec<Span>,
    /// How many on the waiting list it fits.
    pub fits: u32,
    /// The changes it tells of.
    pub keys: Vec<String>,
}

/// The time in which news is news: from now to as far ahead as the settings say.
pub fn window(settings: &NotificationSettings, now: Timestamp) -> Option<Span> {
    let end = now
        .checked_add(SignedDuration::from_hours(24 * i64::from(settings.days_ahead)))
        .ok()?;
    Span::new(now, end).ok()
}

/// What to tell, by staff member. `facts` hold the `window`.
pub fn notices(
    due: &[DueNotice],
    waiting: &[WaitingClient],
    facts: &Facts<'_>,
    settings: &NotificationSettings,
    window: Span,
) -> Vec<Notice> {
    if !settings.new_availability {
        return vec![];
    }
    let mut by_staff: BTreeMap<StaffId, (Vec<Span>, Vec<String>)> = BTreeMap::new();
    for notice in due {
        let (spans, keys) = by_staff.entry(notice.staff).or_default();
        spans.extend(&notice.added);
        keys.push(notice.key.clone());
    }
    let told = by_staff.into_iter().filter_map(|(staff, (added, keys))| {
        let mut spans = intersect(&union(&added), &free_time(staff, facts, window));
        spans.retain(|span| span.minutes() >= WORTH_TELLING_MINUTES);
        let offered: Vec<_> = spans.iter().map(|span| (staff, *span)).collect();
        let fits = u32::try_from(fits(&offered, waiting, facts).len()).unwrap_or(u32::MAX);
        let wanted = !spans.is_empty() && (fits > 0 || !settings.only_for_waiting);
        wanted.then_some(Notice {
            staff,
            spans,
            fits,
            keys,
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::{Availability, AvailabilityId, Calendar, Repeat, Role, Staff};
    use uuid::Uuid;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3_600).unwrap()
    }

    fn hours(start: i64, end: i64) -> Span {
        Span::new(at(start), at(end)).unwrap()
    }

    struct Rows {
        calendar: Calendar,
        staff: Vec<Staff>,
        availabilities: Vec<Availability>,
    }

    fn rows(open: Span) -> Rows {
        let id = AvailabilityId(Uuid::from_u128(2));
        let (services, note, repeat) = (vec![], String::new(), Repeat::None);
        Rows {
            calendar: Calendar::new("UTC", vec![]).unwrap(),
            staff: vec![Staff {
                id: ANA,
                name: "Ana".into(),
                role: Role::Therapist,
                services: vec![],
                hue: 0,
                gender: None,
                active: true,
            }],
            availabilities: vec![Availability {
                id,
                staff: ANA,
                span: open,
                services,
                note,
                repeat,
            }],
        }
    }

    fn told(rows: &Rows, due: &[DueNotice], settings: &NotificationSettings) -> Vec<Notice> {
        let facts = Facts {
            calendar: &rows.calendar,
            staff: &rows.staff,
            services: &[],
            resources: &[],
            availabilities: &rows.availabilities,
            blocks: &[],
            appointments: &[],
            clients: &[],
        };
        notices(due, &[], &facts, settings, window(settings, at(0)).unwrap())
    }

    fn due(key: &str, added: Span) -> DueNotice {
        let availability = AvailabilityId(Uuid::from_u128(2));
        DueNotice {
            key: key.into(),
            at: at(0),
            availability,
            staff: ANA,
            added: vec![added],
        }
    }

    #[test]
    fn two_edits_of_one_therapist_are_told_as_one() {
        let rows = rows(hours(1, 5));
        let told = told(
            &rows,
            &[due("a", hours(1, 3)), due("b", hours(3, 5))],
            &NotificationSettings::default(),
        );
        assert_eq!(told.len(), 1);
        assert_eq!((&told[0].spans[..], told[0].keys.len()), (&[hours(1, 5)][..], 2));
    }

    #[test]
    fn hours_that_are_over_or_taken_back_are_no_news() {
        let rows = rows(hours(1, 2));
        assert_eq!(
            told(&rows, &[due("a", hours(3, 5))], &NotificationSettings::default()),
            []
        );
        let past = due("b", Span::new(at(-4), at(-2)).unwrap());
        assert_eq!(told(&rows, &[past], &NotificationSettings::default()), []);
    }

    #[test]
    fn the_settings_narrow_what_is_told() {
        let rows = rows(hours(1, 5));
        let news = [due("a", hours(1, 5))];
        let waiting_only = NotificationSettings {
            only_for_waiting: true,
            ..NotificationSettings::default()
        };
        assert_eq!(told(&rows, &news, &waiting_only), [], "nobody waits");
        let none = NotificationSettings {
            new_availability: false,
            ..NotificationSettings::default()
        };
        assert_eq!(told(&rows, &news, &none), []);
    }
}
