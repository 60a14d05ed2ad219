//! What of a booking's change is news, and to whom. It concerns what a person would get up for: a client who has arrived, a
//! booking that came, moved or went, one that was declined. Everything else shows in the windows.

use crate::appointment::Appointment;
use crate::ids::StaffId;
use crate::span::Span;
use crate::staff::Role;
use crate::status::Status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// As much of a booking as news is about. It names no client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BookingState {
    /// When.
    pub span: Span,
    /// With whom.
    pub staff: Vec<StaffId>,
    /// How far it is.
    pub status: Status,
}

impl From<&Appointment> for BookingState {
    fn from(row: &Appointment) -> Self {
        Self {
            span: row.span,
            staff: row.staff().collect(),
            status: row.status,
        }
    }
}

/// Who is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// Nobody.
    #[default]
    Nobody,
    /// The front desk.
    Desk,
    /// A staff member, of their own bookings.
    Staff(StaffId),
}

impl Reader {
    /// Who is told where this account is signed in.
    pub const fn of(role: Role, staff: Option<StaffId>) -> Self {
        match (role.is_desk(), staff) {
            (true, _) => Self::Desk,
            (false, Some(staff)) => Self::Staff(staff),
            (false, None) => Self::Nobody,
        }
    }
}

/// What happened to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BookingNews {
    /// The client is here.
    Arrived,
    /// It is the reader's now.
    Assigned,
    /// It is at another time.
    Moved,
    /// It is not the reader's any more: somebody else's, called off or removed.
    Taken,
    /// Whoever was asked said no: somebody else must be found.
    Declined,
}

/// What a change means to a reader; none when it is no news. `before` and `after` are none where the booking was not, or is
/// not, there to be seen.
pub fn booking_news(
    before: Option<&BookingState>,
    after: Option<&BookingState>,
    reader: Reader,
) -> Option<BookingNews> {
    match reader {
        Reader::Nobody => None,
        Reader::Desk => {
            let declined = |state: Option<&BookingState>| state.is_some_and(|state| state.status == Status::Declined);
            (before.is_some() && !declined(before) && declined(after)).then_some(BookingNews::Declined)
        }
        Reader::Staff(staff) => {
            let mine = |state: &&BookingState| state.status.takes_time() && state.staff.contains(&staff);
            match (before.filter(mine), after.filter(mine)) {
                (None, None) => None,
                (None, Some(_)) => Some(BookingNews::Assigned),
                // They said so themselves, or it is over.
                (Some(_), None) => after
                    .is_none_or(|after| !matches!(after.status, Status::Declined | Status::Completed | Status::NoShow))
                    .then_some(BookingNews::Taken),
                (Some(before), Some(after)) if before.span != after.span => Some(BookingNews::Moved),
                (Some(before), Some(after)) => {
                    let arrived = before.status != Status::Arrived && after.status == Status::Arrived;
                    arrived.then_some(BookingNews::Arrived)
                }
            }
        }
    }
}

/// Whether it is still worth knowing at `now`, with the booking as it is by then: what was told may be answered, or past.
pub fn still_news(
    news: BookingNews,
    told: &BookingState,
    state: Option<&BookingState>,
    reader: Reader,
    now: Timestamp,
) -> bool {
    let mine = state.is_some_and(|state| match reader {
        Reader::Staff(staff) => state.status.takes_time() && state.staff.contains(&staff),
        Reader::Desk | Reader::Nobody => false,
    });
    let to_come = told.span.start() > now;
    let same_time = state.is_some_and(|state| state.span == told.span);
    match news {
        BookingNews::Arrived => told.span.end() > now && state.is_some_and(|state| state.status == Status::Arrived),
        BookingNews::Assigned | BookingNews::Moved => to_come && mine && same_time,
        BookingNews::Taken => to_come && !mine,
        BookingNews::Declined => to_come && state.is_some_and(|state| state.status == Status::Declined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const ANA: StaffId = StaffId(Uuid::from_u128(1));
    const BEN: StaffId = StaffId(Uuid::from_u128(2));

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hour * 3_600).unwrap()
    }

    fn booked(staff: StaffId, hour: i64, status: Status) -> BookingState {
        BookingState {
            span: Span::new(at(hour), at(hour + 1)).unwrap(),
            staff: vec![staff],
            status,
        }
    }

    #[test]
    fn a_therapist_hears_of_what_comes_moves_goes_and_arrives() {
        let ana = Reader::Staff(ANA);
        let confirmed = booked(ANA, 2, Status::Confirmed);
        let later = booked(ANA, 4, Status::Confirmed);
        let bens = booked(BEN, 2, Status::Confirmed);
        let here = booked(ANA, 2, Status::Arrived);
        let off = booked(ANA, 2, Status::Cancelled);
        for (before, after, news) in [
            (None, Some(&confirmed), Some(BookingNews::Assigned)),
            (Some(&bens), Some(&confirmed), Some(BookingNews::Assigned)),
            (Some(&confirmed), Some(&later), Some(BookingNews::Moved)),
            (Some(&confirmed), Some(&bens), Some(BookingNews::Taken)),
            (Some(&confirmed), Some(&off), Some(BookingNews::Taken)),
            (Some(&confirmed), None, Some(BookingNews::Taken)),
            (Some(&confirmed), Some(&here), Some(BookingNews::Arrived)),
            (Some(&confirmed), Some(&confirmed), None),
            (None, Some(&bens), None),
            (Some(&off), None, None),
        ] {
            assert_eq!(booking_news(before, after, ana), news, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_desk_hears_of_what_was_declined_and_of_nothing_else() {
        let asked = booked(ANA, 2, Status::Requested);
        let declined = booked(ANA, 2, Status::Declined);
        assert_eq!(
            booking_news(Some(&asked), Some(&declined), Reader::Desk),
            Some(BookingNews::Declined)
        );
        assert_eq!(booking_news(Some(&declined), Some(&declined), Reader::Desk), None);
        assert_eq!(booking_news(None, Some(&asked), Reader::Desk), None);
        assert_eq!(
            booking_news(Some(&asked), Some(&declined), Reader::Staff(ANA)),
            None,
            "she said so herself"
        );
    }

    #[test]
    fn news_that_was_answered_or_is_past_is_none_any_more() {
        let ana = Reader::Staff(ANA);
        let here = booked(ANA, 2, Status::Arrived);
        let begun = booked(ANA, 2, Status::InSession);
        assert!(still_news(BookingNews::Arrived, &here, Some(&here), ana, at(2)));
        assert!(!still_news(BookingNews::Arrived, &here, Some(&begun), ana, at(2)));
        let declined = booked(ANA, 2, Status::Declined);
        let bens = booked(BEN, 2, Status::Confirmed);
        assert!(still_news(
            BookingNews::Declined,
            &declined,
            Some(&declined),
            Reader::Desk,
            at(0)
        ));
        assert!(!still_news(
            BookingNews::Declined,
            &declined,
            Some(&bens),
            Reader::Desk,
            at(0)
        ));
        assert!(!still_news(
            BookingNews::Declined,
            &declined,
            Some(&declined),
            Reader::Desk,
            at(3)
        ));
        let mine = booked(ANA, 2, Status::Confirmed);
        let moved_on = booked(ANA, 5, Status::Confirmed);
        assert!(
            !still_news(BookingNews::Moved, &mine, Some(&moved_on), ana, at(0)),
            "it moved again"
        );
        assert!(still_news(BookingNews::Taken, &mine, None, ana, at(0)));
        assert!(
            !still_news(BookingNews::Taken, &mine, Some(&mine), ana, at(0)),
            "it came back"
        );
    }

    fn any_state() -> impl Strategy<Value = Option<BookingState>> {
        let status = proptest::sample::select(Status::ALL.to_vec());
        let staff = proptest::sample::select(vec![ANA, BEN]);
        proptest::option::of((staff, 1_i64..6, status).prop_map(|(staff, hour, status)| booked(staff, hour, status)))
    }

    proptest! {
        #[test]
        fn what_does_not_change_is_no_news_to_anybody(state in any_state()) {
            for reader in [Reader::Nobody, Reader::Desk, Reader::Staff(ANA)] {
                prop_assert_eq!(booking_news(state.as_ref(), state.as_ref(), reader), None);
            }
        }

        #[test]
        fn a_therapist_hears_nothing_of_bookings_that_were_never_theirs(before in any_state(), after in any_state()) {
            let others = |state: &Option<BookingState>| state.as_ref().is_none_or(|state| !state.staff.contains(&ANA));
            prop_assume!(others(&before) && others(&after));
            prop_assert_eq!(booking_news(before.as_ref(), after.as_ref(), Reader::Staff(ANA)), None);
        }

        #[test]
        fn news_of_something_to_come_is_still_news_right_after_it(before in any_state(), after in any_state()) {
            for reader in [Reader::Desk, Reader::Staff(ANA)] {
                if let Some(news) = booking_news(before.as_ref(), after.as_ref(), reader) {
                    let told = after.as_ref().or(before.as_ref()).unwrap();
                    prop_assert!(still_news(news, told, after.as_ref(), reader, at(0)), "{news:?}");
                }
            }
        }
    }
}
