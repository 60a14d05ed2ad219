//! Ana is away on Tuesday 24 November; Ben works from nine to noon then.

use super::*;
use serde_json::json;
use uuid::Uuid;

const ANA: StaffId = StaffId(Uuid::from_u128(1));
const BEN: StaffId = StaffId(Uuid::from_u128(2));

fn wish(from: Option<&str>, to: Option<&str>) -> AwayWish {
    AwayWish {
        staff: ANA,
        from_day: "2026-11-24".into(),
        from: from.map(str::to_owned),
        to_day: "2026-11-24".into(),
        to: to.map(str::to_owned),
    }
}

fn calendar() -> Calendar {
    Calendar::new("Asia/Manila", vec![]).unwrap()
}

/// An hour of the clinic's Tuesday, as an instant.
fn hour(hour: i8) -> String {
    calendar()
        .at("2026-11-24".parse().unwrap(), Time::constant(hour, 0, 0, 0))
        .to_string()
}

fn booked(id: u128, start: i8) -> Appointment {
    serde_json::from_value(json!({
        "id": Uuid::from_u128(id), "series": null, "services": [],
        "clients": [{ "client": Uuid::from_u128(7), "arrived_at": null }],
        "assignments": [{ "staff": ANA, "part": "therapist", "answer": "accepted" }],
        "span": { "start": hour(start), "end": hour(start + 1) }, "place": { "at": "anywhere" },
        "status": "confirmed", "step": null, "notes": "", "call_back": "0918 222", "reason": null, "answer_due": null,
        "overlap_accepted": null,
    }))
    .unwrap()
}

fn scene(appointments: Vec<Appointment>) -> Scene {
    let now = "2026-11-23T02:00:00Z".parse().unwrap();
    let mut scene = Scene::empty(7, now, calendar());
    for (id, name) in [(ANA, "Ana"), (BEN, "Ben")] {
        let row = json!({
            "id": id, "name": name, "role": "therapist", "hue": 30, "services": [], "active": true, "gender": null,
        });
        scene.staff.push(serde_json::from_value(row).unwrap());
        let open = json!({
            "id": Uuid::from_u128(20), "staff": id, "services": [], "note": "", "repeat": { "every": "none" },
            "span": { "start": hour(9), "end": hour(12) },
        });
        scene.availabilities.push(serde_json::from_value(open).unwrap());
    }
    let jo = json!({
        "id": Uuid::from_u128(7), "name": "Jo Santos", "phones": [{ "typed": "0917 555", "normalised": "0917555" }],
        "address": "", "wishes": { "staff": [], "gender": null }, "alert": "", "notes": "",
    });
    scene.clients.push(serde_json::from_value(jo).unwrap());
    scene.appointments = appointments;
    scene
}

fn away(scene: &Scene, wish: &AwayWish) -> StaffAway {
    let span = away_span(&scene.calendar, wish).unwrap();
    staff_away(scene, &scene.staff[0], span, |_| true)
}

#[test]
fn each_booking_says_whom_to_call_and_who_could_take_it_over() {
    let found = away(&scene(vec![booked(11, 10)]), &wish(None, None));
    assert_eq!((found.when.as_str(), found.marked), ("Tue 24 Nov", false));
    let [jo] = &found.bookings[..] else {
        panic!("one booking is concerned")
    };
    assert_eq!(jo.phones, ["0918 222", "0917 555"]);
    assert_eq!((jo.settled, jo.told), (AwaySettled::Open, false));
    let [ben] = &jo.substitutes[..] else {
        panic!("Ben is free then")
    };
    assert_eq!((ben.staff, ben.span.as_str()), (BEN, "10:00–11:00"));
    assert_eq!(jo.other_times, []);
}

#[test]
fn where_nobody_is_free_then_other_times_are_offered_but_none_while_they_are_away() {
    let found = away(&scene(vec![booked(11, 13)]), &wish(None, None));
    assert_eq!(found.bookings[0].substitutes, []);
    let other = &found.bookings[0].other_times;
    assert!(!other.is_empty());
    assert!(other.iter().all(|open| open.staff == BEN), "{other:?}");
}

#[test]
fn only_what_lies_in_the_time_and_is_not_over_is_concerned() {
    let done = Appointment {
        status: Status::Completed,
        ..booked(12, 10)
    };
    let scene = scene(vec![booked(11, 9), done, booked(13, 11)]);
    let found = away(&scene, &wish(Some("10:00"), Some("24:00")));
    assert_eq!(found.when, "Tue 24 Nov 10:00–00:00");
    let ids: Vec<_> = found.bookings.iter().map(|row| row.id.uuid()).collect();
    assert_eq!(ids, [Uuid::from_u128(13)]);
}

#[test]
fn what_somebody_else_has_taken_over_stays_until_its_client_was_told() {
    let mut row = booked(11, 10);
    let mut task = to_tell(&row, ANA);
    row.assignments[0].staff = BEN;
    let mut scene = scene(vec![row]);
    assert_eq!(away(&scene, &wish(None, None)).bookings, [], "nobody asked for a call");
    scene.tasks = vec![task.clone()];
    let found = away(&scene, &wish(None, None)).bookings.remove(0);
    assert_eq!(
        (found.settled, found.now_with.as_str(), found.told),
        (AwaySettled::Covered, "Ben", false)
    );
    task.outcome = Some(TaskOutcome::Done);
    scene.tasks = vec![task];
    assert!(away(&scene, &wish(None, None)).bookings[0].told);
}

#[test]
fn it_is_marked_once_blocks_cover_all_of_it() {
    let mut scene = scene(vec![]);
    let block = json!({
        "id": Uuid::from_u128(30), "of": { "of": "staff", "id": ANA }, "reason": "leave", "note": "",
        "span": { "start": hour(9), "end": hour(12) }, "repeat": { "every": "none" },
    });
    scene.blocks.push(serde_json::from_value(block).unwrap());
    assert!(away(&scene, &wish(Some("09:00"), Some("12:00"))).marked);
    assert!(!away(&scene, &wish(None, None)).marked);
}

#[test]
fn a_time_that_ends_before_it_begins_or_lasts_for_a_year_is_refused() {
    assert!(away_span(&calendar(), &wish(Some("12:00"), Some("09:00"))).is_err());
    let long = AwayWish {
        to_day: "2027-11-24".into(),
        ..wish(None, None)
    };
    assert!(away_span(&calendar(), &long).is_err());
}
