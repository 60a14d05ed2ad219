//! Who waits for time like this.

use crate::floor::{Floor, at, client, hours, service, span, staff};
use deskbell_clinic::rules::matching::fits;
use deskbell_clinic::{Gender, TimeWish, WaitingClient, WaitingId};
use jiff::civil::{date, time};
use uuid::Uuid;

fn waiting(n: u128) -> WaitingClient {
    WaitingClient {
        id: WaitingId(Uuid::from_u128(n)),
        client: client(n),
        services: vec![service(1)],
        staff: vec![],
        gender: None,
        time: TimeWish::default(),
        urgent: false,
        since: at(-1000),
    }
}

fn fit(floor: &Floor, from: i64, to: i64, wish: &WaitingClient) -> bool {
    !fits(
        &[(staff(0), span(from, to))],
        std::slice::from_ref(wish),
        &floor.facts(),
    )
    .is_empty()
}

#[test]
fn the_urgent_come_first_then_who_waits_longest() {
    let (mut early, late, mut urgent) = (waiting(0), waiting(1), waiting(2));
    early.since = at(-5000);
    urgent.urgent = true;
    let list = [late, early, urgent];
    let floor = Floor::empty();
    let fitting = fits(&[(staff(0), span(0, 300))], &list, &floor.facts());
    assert_eq!(
        fitting.iter().map(|row| row.client).collect::<Vec<_>>(),
        [client(2), client(0), client(1)]
    );
}

#[test]
fn the_services_in_a_row_must_fit_with_their_buffers() {
    let (floor, mut wish) = (Floor::empty(), waiting(0));
    assert!(
        fit(&floor, 5, 75, &wish),
        "10 + 45 + 15 minutes, though off the quarter"
    );
    assert!(!fit(&floor, 5, 70, &wish));
    wish.services = vec![service(0), service(1)];
    assert!(fit(&floor, 0, 130, &wish));
    assert!(!fit(&floor, 0, 129, &wish));
    wish.services = vec![service(9)];
    assert!(!fit(&floor, 0, 1000, &wish), "nobody knows how long that takes");
}

#[test]
fn two_pieces_of_the_same_therapist_that_touch_are_one_and_of_two_therapists_are_not() {
    let (floor, list) = (Floor::empty(), [waiting(0)]);
    let fitting = |with: u128| {
        fits(
            &[(staff(0), span(0, 40)), (staff(with), span(40, 80))],
            &list,
            &floor.facts(),
        )
        .len()
    };
    assert_eq!(fitting(0), 1);
    assert_eq!(fitting(1), 0);
}

#[test]
fn whom_they_wish_for_must_be_free_and_offer_it() {
    let (mut floor, mut wish) = (Floor::empty(), waiting(0));
    wish.staff = vec![staff(1)];
    assert!(!fit(&floor, 0, 300, &wish));
    wish.staff = vec![staff(1), staff(0)];
    assert!(fit(&floor, 0, 300, &wish));
    wish.gender = Some(Gender::Male);
    assert!(!fit(&floor, 0, 300, &wish));
    wish.gender = Some(Gender::Female);
    assert!(fit(&floor, 0, 300, &wish));
    let mut kept = hours(0, span(0, 300));
    kept.services = vec![service(0)];
    floor.availabilities = vec![kept];
    assert!(!fit(&floor, 0, 300, &wish), "these hours are kept for something else");
    floor.availabilities = vec![];
    floor.staff[0].services = vec![service(0)];
    assert!(!fit(&floor, 0, 300, &wish));
}

#[test]
fn the_time_must_be_one_at_which_they_could_come() {
    // 28 March 2026 is a Saturday; midnight UTC is 08:00 in Manila.
    let (floor, mut wish) = (Floor::empty(), waiting(0));
    let mut fits_if = |time: TimeWish| {
        wish.time = time;
        fit(&floor, 0, 240, &wish)
    };
    let wish = TimeWish::default;
    assert!(fits_if(TimeWish {
        weekdays: vec![6],
        ..wish()
    }));
    assert!(!fits_if(TimeWish {
        weekdays: vec![7, 1],
        ..wish()
    }));
    assert!(fits_if(TimeWish {
        from_day: Some(date(2026, 3, 28)),
        to_day: Some(date(2026, 3, 28)),
        ..wish()
    }));
    assert!(!fits_if(TimeWish {
        from_day: Some(date(2026, 3, 29)),
        ..wish()
    }));
    assert!(!fits_if(TimeWish {
        to_day: Some(date(2026, 3, 27)),
        ..wish()
    }));
    assert!(fits_if(TimeWish {
        earliest: Some(time(11, 0, 0, 0)),
        ..wish()
    }));
    assert!(!fits_if(TimeWish {
        earliest: Some(time(11, 1, 0, 0)),
        ..wish()
    }));
    assert!(fits_if(TimeWish {
        latest: Some(time(9, 0, 0, 0)),
        ..wish()
    }));
    assert!(!fits_if(TimeWish {
        latest: Some(time(8, 50, 0, 0)),
        ..wish()
    }));
    let evening = TimeWish {
        earliest: Some(time(22, 0, 0, 0)),
        latest: Some(time(2, 0, 0, 0)),
        ..wish()
    };
    assert!(!fits_if(evening));
}

#[test]
fn a_wish_for_the_late_evening_goes_past_midnight() {
    let (floor, mut wish) = (Floor::empty(), waiting(0));
    wish.time = TimeWish {
        weekdays: vec![6],
        earliest: Some(time(22, 0, 0, 0)),
        latest: Some(time(2, 0, 0, 0)),
        ..TimeWish::default()
    };
    // From 00:30 in Manila, on the night from Saturday to Sunday, and a day later.
    assert!(fit(&floor, 990, 1070, &wish));
    assert!(!fit(&floor, 990 + 1440, 1070 + 1440, &wish));
}
