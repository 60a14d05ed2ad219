//! Steps of an appointment, and taking them back.

use crate::clinic::{TestClinic, id};
use deskbell_clinic::wire::ProblemCode;
use deskbell_clinic::{Answer, Appointment, Assignment, Attendee, Part, Status};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn read(heard: crate::desk::Heard) -> Appointment {
    serde_json::from_value(heard.written().body.unwrap()).unwrap()
}

#[tokio::test]
async fn an_appointment_goes_its_way_by_steps_and_the_server_keeps_its_history() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    booking.status = Status::Requested;
    booking.assignments[0].answer = Answer::Pending;
    olga.create(&booking.clone().into()).await;
    let none = json!({});
    for (desk, step) in [
        (&tina, "accept"),
        (&olga, "arrive"),
        (&tina, "start"),
        (&tina, "finish"),
        (&olga, "complete"),
    ] {
        clinic.pass(SignedDuration::from_mins(1));
        booking = read(desk.step(&booking, step, &none, clinic.now()).await);
    }
    assert_eq!(booking.assignments[0].answer, Answer::Accepted);
    let ways: Vec<_> = booking.history.iter().map(|stage| stage.status).collect();
    assert_eq!(
        ways,
        [
            Status::Requested,
            Status::Confirmed,
            Status::Arrived,
            Status::InSession,
            Status::AwaitingPayment,
            Status::Completed
        ]
    );
    assert_eq!(booking.clients[0].arrived_at, Some(booking.history[2].at));
    assert_eq!(booking.history[1].by, tina.session.who.account);
}

#[tokio::test]
async fn a_step_that_does_not_lead_from_here_or_is_for_others_is_refused() {
    let clinic = TestClinic::open().await;
    let (olga, tina, theo) = (
        clinic.sign_in("olga").await,
        clinic.sign_in("tina").await,
        clinic.sign_in("theo").await,
    );
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&booking.clone().into()).await;
    let (none, why) = (json!({}), json!({"reason": "ill"}));
    let finish = olga.step(&booking, "finish", &none, clinic.now()).await;
    finish.problem(409, ProblemCode::StepNotAllowed);
    let cancel = tina.step(&booking, "cancel", &why, clinic.now()).await;
    cancel.problem(403, ProblemCode::Forbidden);
    let arrive = theo.step(&booking, "arrive", &none, clinic.now()).await;
    arrive.problem(404, ProblemCode::NotFound);
    let teleport = olga.step(&booking, "teleport", &none, clinic.now()).await;
    teleport.problem(422, ProblemCode::Invalid);
}

#[tokio::test]
async fn cancelling_and_declining_need_a_reason() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&booking.clone().into()).await;
    for reason in [json!({}), json!({"reason": "  "})] {
        let refused = olga.step(&booking, "cancel", &reason, clinic.now()).await;
        assert_eq!(refused.problem(422, ProblemCode::Invalid).fields[0].field, "reason");
    }
    let cancelled = read(
        olga.step(&booking, "cancel", &json!({"reason": "ill"}), clinic.now())
            .await,
    );
    assert_eq!(
        (cancelled.status, cancelled.reason.as_deref()),
        (Status::Cancelled, Some("ill"))
    );
}

#[tokio::test]
async fn each_client_of_a_booking_arrives_on_their_own() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    booking.clients.push(Attendee {
        client: clinic.carl,
        arrived_at: None,
    });
    olga.create(&booking.clone().into()).await;
    let first = read(
        olga.step(&booking, "arrive", &json!({"client": clinic.clara}), clinic.now())
            .await,
    );
    let here = |row: &Appointment| row.clients.iter().map(|c| c.arrived_at.is_some()).collect::<Vec<_>>();
    assert_eq!((first.status, here(&first)), (Status::Arrived, vec![true, false]));
    clinic.pass(SignedDuration::from_mins(3));
    let second = read(
        olga.step(&booking, "arrive", &json!({"client": clinic.carl}), clinic.now())
            .await,
    );
    assert_eq!((second.status, here(&second)), (Status::Arrived, vec![true, true]));
    assert_eq!(second.history.len(), 2, "the booking itself had arrived");
    let again = olga
        .step(&booking, "arrive", &json!({"client": clinic.carl}), clinic.now())
        .await;
    again.problem(409, ProblemCode::StepNotAllowed);
    let back = read(olga.step(&booking, "correct", &json!({}), clinic.now()).await);
    assert_eq!((back.status, here(&back)), (Status::Confirmed, vec![false, false]));
}

#[tokio::test]
async fn a_booking_of_two_therapists_is_confirmed_when_both_agreed() {
    let clinic = TestClinic::open().await;
    let (olga, tina, theo) = (
        clinic.sign_in("olga").await,
        clinic.sign_in("tina").await,
        clinic.sign_in("theo").await,
    );
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    booking.status = Status::Requested;
    booking.assignments[0].answer = Answer::Pending;
    booking.assignments.push(Assignment {
        staff: clinic.theo,
        part: Part::Therapist,
        answer: Answer::Pending,
    });
    olga.create(&booking.clone().into()).await;
    let asked = read(tina.step(&booking, "accept", &json!({}), clinic.now()).await);
    assert_eq!(asked.status, Status::Requested);
    let agreed = read(theo.step(&booking, "accept", &json!({}), clinic.now()).await);
    assert_eq!(agreed.status, Status::Confirmed);
}

#[tokio::test]
async fn an_author_corrects_within_ten_minutes_and_the_desk_at_any_time() {
    let clinic = TestClinic::open_with(|config| config.access_lifetime = SignedDuration::from_hours(8)).await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&booking.clone().into()).await;
    let none = json!({});
    let first = olga.step(&booking, "correct", &none, clinic.now()).await;
    first.problem(409, ProblemCode::StepNotAllowed);
    tina.step(&booking, "arrive", &none, clinic.now()).await.written();
    clinic.pass(SignedDuration::from_mins(9));
    let back = read(tina.step(&booking, "correct", &none, clinic.now()).await);
    assert_eq!((back.status, back.history.len()), (Status::Confirmed, 1));
    tina.step(&booking, "arrive", &none, clinic.now()).await.written();
    clinic.pass(SignedDuration::from_mins(11));
    let late = tina.step(&booking, "correct", &none, clinic.now()).await;
    late.problem(409, ProblemCode::StepNotAllowed);
    olga.step(&booking, "correct", &none, clinic.now()).await.written();
}

#[tokio::test]
async fn a_driver_takes_the_steps_of_the_way_and_no_others() {
    let clinic = TestClinic::open().await;
    let (olga, dov) = (clinic.sign_in("olga").await, clinic.sign_in("dov").await);
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    booking.assignments.push(Assignment {
        staff: clinic.dov,
        part: Part::Driver,
        answer: Answer::Accepted,
    });
    olga.create(&booking.clone().into()).await;
    let none = json!({});
    dov.step(&booking, "depart", &none, clinic.now()).await.written();
    dov.step(&booking, "arrive", &none, clinic.now()).await.written();
    let start = dov.step(&booking, "start", &none, clinic.now()).await;
    start.problem(403, ProblemCode::Forbidden);
}

#[tokio::test]
async fn a_step_sent_twice_is_taken_once_and_says_when_it_was_done() {
    let clinic = TestClinic::open_with(|config| config.access_lifetime = SignedDuration::from_hours(8)).await;
    let olga = clinic.sign_in("olga").await;
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&booking.clone().into()).await;
    clinic.pass(SignedDuration::from_mins(30));
    let acted_at = clinic.now() - SignedDuration::from_mins(20);
    let body = json!({"step": "arrive", "acted_at": acted_at});
    let (key, path) = (id::<uuid::Uuid>(), format!("/v1/appointments/{}/step", booking.id));
    let mut answers: Vec<Value> = Vec::new();
    for _ in 0..2 {
        let request = olga
            .ask(reqwest::Method::POST, &path)
            .header("idempotency-key", key.to_string());
        let heard = crate::desk::heard(request.json(&body)).await;
        assert_eq!(heard.status, 200, "{}", heard.body);
        answers.push(heard.body);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["version"], 2);
    assert_eq!(
        answers[0]["body"]["history"][1]["at"],
        json!(acted_at),
        "when it was done, not when it came"
    );
}

#[tokio::test]
async fn a_booking_in_session_is_not_moved_any_more() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let mut booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&booking.clone().into()).await;
    let none = json!({});
    olga.step(&booking, "arrive", &none, clinic.now()).await.written();
    booking = read(olga.step(&booking, "start", &none, clinic.now()).await);
    let mut moved = booking.clone();
    moved.span = clinic.span(120, 60);
    olga.put(&moved.into(), 3)
        .await
        .problem(409, ProblemCode::StepNotAllowed);
    booking.notes = "left shoulder".into();
    olga.put(&booking.into(), 3).await.written();
}
