//! What of the news from elsewhere is worth telling to whoever is signed in, and whether it still is. Pure.
//!
//! The cache notes, with the change itself, which hours an edit from elsewhere added and how a booking was before; one's own
//! acts, a first sync and a reading anew note nothing. Here it is decided what of it is still news: hours that are free,
//! ahead, and long enough to be booked; bookings as they are by now.

use crate::cache::{DueBooking, DueHours};
use crate::settings::NotificationSettings;
use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::rules::free::free_time;
use deskbell_clinic::rules::matching::fits;
use deskbell_clinic::rules::news::{BookingNews, BookingState, Reader, booking_news};
use deskbell_clinic::rules::spans::{intersect, union};
use deskbell_clinic::{AccountId, AppointmentId, Span, StaffId, WaitingClient};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// News that comes within this time is told as one.
pub const GATHER: Duration = Duration::from_secs(2);
/// Free time shorter than this is a remainder between bookings, nothing to call a client for.
const WORTH_TELLING_MINUTES: i64 = 15;

/// Something to tell. It names no client.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// Newly free time of one staff member.
    FreeTime(FreeTime),
    /// Something happened to a booking.
    Booking(ToldBooking),
}

/// Newly free time of one staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeTime {
    /// Whose time.
    pub staff: StaffId,
    /// When, in order, without overlaps.
    pub spans: Vec<Span>,
    /// How many on the waiting list it fits.
    pub fits: u32,
}

/// Something happened to a booking.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldBooking {
    /// Which.
    pub appointment: AppointmentId,
    /// What.
    pub news: BookingNews,
    /// How it is now; how it was, where it is gone.
    pub state: BookingState,
}

/// The time in which news is news: from now to as far ahead as the settings say.
pub fn window(settings: &NotificationSettings, now: Timestamp) -> Option<Span> {
    let end = now
        .checked_add(SignedDuration::from_hours(24 * i64::from(settings.days_ahead)))
        .ok()?;
    Span::new(now, end).ok()
}

/// What of new hours to tell, by staff member. `facts` hold the `window`.
pub fn free_times(
    due: &[DueHours],
    waiting: &[WaitingClient],
    facts: &Facts<'_>,
    settings: &NotificationSettings,
    window: Span,
) -> Vec<FreeTime> {
    if !settings.new_availability {
        return vec![];
    }
    let mut by_staff: BTreeMap<StaffId, Vec<Span>> = BTreeMap::new();
    for hours in due {
        if settings.staff.is_empty() || settings.staff.contains(&hours.staff) {
            by_staff.entry(hours.staff).or_default().extend(&hours.added);
        }
    }
    let told = by_staff.into_iter().filter_map(|(staff, added)| {
        let spans = still_free(staff, &added, facts, window);
        let offered: Vec<_> = spans.iter().map(|span| (staff, *span)).collect();
        let fits = u32::try_from(fits(&offered, waiting, facts).len()).unwrap_or(u32::MAX);
        let wanted = !spans.is_empty() && (fits > 0 || !settings.only_for_waiting);
        wanted.then_some(FreeTime { staff, spans, fits })
    });
    told.collect()
}

/// What of these times can be booked by now, within `window`; `facts` hold it.
pub fn still_free(staff: StaffId, spans: &[Span], facts: &Facts<'_>, window: Span) -> Vec<Span> {
    let mut free = intersect(&union(spans), &free_time(staff, facts, window));
    free.retain(|span| span.minutes() >= WORTH_TELLING_MINUTES);
    free
}

/// What of bookings to tell to `reader`, who is `me`. `now_is` says how each is by now; several changes of one are one.
pub fn bookings(
    due: &[DueBooking],
    now_is: impl Fn(AppointmentId) -> Option<BookingState>,
    settings: &NotificationSettings,
    reader: Reader,
    me: AccountId,
) -> Vec<ToldBooking> {
    if !settings.bookings {
        return vec![];
    }
    let mut first: BTreeMap<AppointmentId, &DueBooking> = BTreeMap::new();
    // One's own act on another computer is no news to oneself.
    for booking in due.iter().filter(|booking| booking.by != Some(me)) {
        first.entry(booking.appointment).or_insert(booking);
    }
    let told = first.into_values().filter_map(|booking| {
        let after = now_is(booking.appointment);
        let news = booking_news(booking.before.as_ref(), after.as_ref(), reader)?;
        Some(ToldBooking {
            appointment: booking.appointment,
            news,
            state: after.or_else(|| booking.before.clone())?,
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::{Availability, AvailabilityId, Calendar, Repeat, Role, Staff, Status};
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

    fn told(rows: &Rows, due: &[DueHours], settings: &NotificationSettings) -> Vec<FreeTime> {
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
        free_times(due, &[], &facts, settings, window(settings, at(0)).unwrap())
    }

    fn due(key: &str, added: Span) -> DueHours {
        let availability = AvailabilityId(Uuid::from_u128(2));
        DueHours {
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
        assert_eq!(told[0].spans, [hours(1, 5)]);
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
        let others = NotificationSettings {
            staff: vec![StaffId(Uuid::from_u128(9))],
            ..NotificationSettings::default()
        };
        assert_eq!(told(&rows, &news, &others), []);
        let hers = NotificationSettings {
            staff: vec![ANA],
            ..NotificationSettings::default()
        };
        assert_eq!(told(&rows, &news, &hers).len(), 1);
    }

    #[test]
    fn a_booking_that_changed_twice_is_told_once_as_it_is_now_and_ones_own_acts_are_not() {
        let state = |hour, status| BookingState {
            span: hours(hour, hour + 1),
            staff: vec![ANA],
            status,
        };
        let (appointment, me) = (AppointmentId(Uuid::from_u128(5)), AccountId(Uuid::from_u128(6)));
        let due = |key: &str, hour, by| DueBooking {
            key: key.into(),
            at: at(0),
            appointment,
            before: Some(state(hour, Status::Confirmed)),
            by,
        };
        let now_is = |_| Some(state(4, Status::Confirmed));
        let told = |due: &[DueBooking], settings: &NotificationSettings| {
            bookings(due, now_is, settings, Reader::Staff(ANA), me)
        };
        let usual = NotificationSettings::default();
        let twice = told(&[due("a", 1, None), due("b", 2, None)], &usual);
        assert_eq!(twice.len(), 1);
        assert_eq!(
            (twice[0].news, &twice[0].state),
            (BookingNews::Moved, &state(4, Status::Confirmed))
        );
        assert_eq!(told(&[due("a", 1, Some(me))], &usual), []);
        let off = NotificationSettings {
            bookings: false,
            ..usual
        };
        assert_eq!(told(&[due("a", 1, None)], &off), []);
    }
}
