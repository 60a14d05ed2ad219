//! The next free times for what a caller wishes.

use super::bookings::opening;
use super::scenes::Wanted as Read;
use crate::desk::{Desk, DeskError};
use crate::view::{Opening, OpeningWish, Scene, parse_clock, parse_day};
use deskbell_clinic::rules::openings::{Wanted, openings};
use deskbell_clinic::wire::Alternative;
use deskbell_clinic::{Calendar, Span, TimeWish};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// How many are offered: what can be said on the telephone.
const MOST: usize = 10;
/// How many of one start: a caller wants to hear of other times too.
const MOST_AT_ONCE: usize = 3;
/// How far ahead is looked: most find something within two weeks, and reading two months takes longer.
const HORIZONS: [i64; 2] = [14, 60];
/// The longest treatment that can be looked for, in minutes.
const LONGEST: u32 = 12 * 60;

impl Desk {
    /// The next ten openings for a wish, at most three of one start.
    ///
    /// # Errors
    /// When the wish is not complete or no time, nobody is signed in, or the cache cannot be read.
    pub async fn find_openings(&self, wish: OpeningWish) -> Result<Vec<Opening>, DeskError> {
        if wish.services.is_empty() && wish.minutes.is_none() {
            return Err(DeskError::bad_input("Choose what is to be done, or how long it takes."));
        }
        if wish.minutes.is_some_and(|minutes| minutes == 0 || minutes > LONGEST) {
            return Err(DeskError::bad_input("A treatment takes between 1 minute and 12 hours."));
        }
        let time = time_wish(&wish)?;
        let [near, far] = HORIZONS;
        let soon = self.openings_within(&wish, &time, near).await?;
        if soon.len() == MOST {
            return Ok(soon);
        }
        self.openings_within(&wish, &time, far).await
    }

    async fn openings_within(&self, wish: &OpeningWish, time: &TimeWish, days: i64) -> Result<Vec<Opening>, DeskError> {
        let from_day = time.from_day;
        let ahead = move |calendar: &Calendar, now: Timestamp| {
            let from = from_day.map_or(now, |day| calendar.day(day).start().max(now));
            let to = from
                .saturating_add(SignedDuration::from_hours(24 * days))
                .unwrap_or(from);
            Span::new(from, to).map_err(|_| DeskError::bad_input("This day is too far away."))
        };
        let scene = self
            .scene(move |calendar, now| {
                Ok(Read {
                    spans: vec![ahead(calendar, now)?],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await?;
        let open = all(&scene, wish, time, ahead(&scene.calendar, scene.now)?);
        // Every one says its day: none was asked for.
        Ok(spread(open)
            .into_iter()
            .map(|open| opening(&scene, Date::MIN, open))
            .collect())
    }
}

fn all(scene: &Scene, wish: &OpeningWish, time: &TimeWish, ahead: Span) -> Vec<Alternative> {
    let services = wish.services.iter().filter_map(|id| scene.service(*id));
    let wanted = Wanted {
        services: wish.services.clone(),
        minutes: wish
            .minutes
            .unwrap_or_else(|| services.map(|service| service.minutes).sum()),
        staff: wish.staff.clone(),
        gender: wish.gender,
        time: time.clone(),
        resource: None,
    };
    // More than are offered, so that leaving some of one start out leaves enough.
    openings(&wanted, &scene.facts(), ahead.start(), ahead, MOST * 40)
}

/// The first ten, at most three of one start.
fn spread(open: Vec<Alternative>) -> Vec<Alternative> {
    let mut taken: Vec<Alternative> = Vec::with_capacity(MOST);
    for one in open {
        let same_start = taken
            .iter()
            .filter(|other| other.span.start() == one.span.start())
            .count();
        if same_start < MOST_AT_ONCE {
            taken.push(one);
        }
        if taken.len() == MOST {
            break;
        }
    }
    taken
}

fn time_wish(wish: &OpeningWish) -> Result<TimeWish, DeskError> {
    if wish.weekdays.iter().any(|day| !(1..=7).contains(day)) {
        return Err(DeskError::bad_input(
            "A weekday is a number from 1, Monday, to 7, Sunday.",
        ));
    }
    let day = wish.from_day.as_deref().map(parse_day).transpose();
    let clock = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        text.map(parse_clock).transpose().map_err(DeskError::bad_input)
    };
    Ok(TimeWish {
        from_day: day.map_err(DeskError::bad_input)?,
        to_day: None,
        weekdays: wish.weekdays.clone(),
        earliest: clock(&wish.earliest)?,
        latest: clock(&wish.latest)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use deskbell_clinic::StaffId;
    use uuid::Uuid;

    fn open(staff: u128, minute: i64) -> Alternative {
        let start = "2026-11-23T02:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute);
        Alternative {
            staff: StaffId(Uuid::from_u128(staff)),
            span: Span::of_minutes(start, 60).unwrap(),
        }
    }

    fn wish() -> OpeningWish {
        OpeningWish {
            services: vec![],
            minutes: Some(60),
            staff: vec![],
            gender: None,
            from_day: None,
            weekdays: vec![],
            earliest: None,
            latest: None,
        }
    }

    #[test]
    fn ten_are_offered_and_no_more_than_three_of_one_start() {
        let all: Vec<_> = (0..6)
            .flat_map(|quarter| (0..8).map(move |staff| open(staff, quarter * 15)))
            .collect();
        let offered = spread(all.clone());
        assert_eq!(offered.len(), MOST);
        for one in &offered {
            let same = offered.iter().filter(|other| other.span == one.span).count();
            assert!(same <= MOST_AT_ONCE, "{same} of one start");
        }
        assert_eq!(offered[..3], all[..3], "the earliest first, in the order of the rules");
        assert!(
            offered
                .windows(2)
                .all(|pair| pair[0].span.start() <= pair[1].span.start())
        );
    }

    #[test]
    fn a_wish_that_is_no_time_is_refused_in_words() {
        for bad in [
            OpeningWish {
                earliest: Some("25:00".into()),
                ..wish()
            },
            OpeningWish {
                from_day: Some("tomorrow".into()),
                ..wish()
            },
            OpeningWish {
                weekdays: vec![0],
                ..wish()
            },
        ] {
            assert!(time_wish(&bad).is_err(), "{bad:?}");
        }
        let blank = OpeningWish {
            latest: Some(" ".into()),
            ..wish()
        };
        assert_eq!(time_wish(&blank).unwrap().latest, None, "an empty field wishes nothing");
    }
}
