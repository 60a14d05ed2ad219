//! The whole life of a booking, by the three people whose steps they are.

use crate::other::Other;
use crate::place::{Place, at, clinic, day, later};
use deskbell_clinic::wire::{ChangeOp, StepRequest};
use deskbell_clinic::{
    Actor, Answer, Appointment, AppointmentId, Assignment, Attendee, Client, ClientId, Kind, Part, Payment, PaymentId,
    PaymentMethod, Phone, Place as Where, Row, Span, Status, Step, Wishes,
};
use deskbell_core::backend::{Act, Backend, BackendError, Base};
use deskbell_royal_care_stand_in::StandIn;
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// A day on which nobody is booked yet.
pub(crate) const FREE: i64 = 30;

/// A booking of the first client with Ana, and a driver.
pub(crate) async fn booking(place: &Place, hour: i8) -> Appointment {
    let client = place.rows(Kind::Client).await.remove(0);
    let services = place.rows(Kind::Service).await;
    let assigned = |staff, part| Assignment {
        staff,
        part,
        answer: Answer::Pending,
    };
    Appointment {
        id: AppointmentId(Uuid::now_v7()),
        series: None,
        clients: vec![Attendee {
            client: client.id().into(),
            arrived_at: None,
        }],
        assignments: vec![
            assigned(place.staff("Ana Bautista").await, Part::Therapist),
            assigned(driver(place).await, Part::Driver),
        ],
        services: vec![services[0].id().into()],
        span: Span::new(at(day(FREE), hour, 0), at(day(FREE), hour + 1, 0)).unwrap(),
        place: Where::Address("1 Test St, Pasig".into()),
        status: Status::Requested,
        step: None,
        notes: "Gate code 1234".into(),
        reason: None,
        answer_due: None,
        overlap_accepted: None,
        call_back: String::new(),
        history: vec![],
    }
}

async fn driver(place: &Place) -> deskbell_clinic::StaffId {
    let staff = place.rows(Kind::Staff).await;
    // The account `dr01` is the first driver by the server's numbers.
    let name = "Andres Dizon";
    let found = staff.into_iter().find_map(|row| match row {
        Row::Staff(row) if row.name == name && row.role == deskbell_clinic::Role::Driver => Some(row.id),
        _ => None,
    });
    match found {
        Some(id) => id,
        None => place
            .rows(Kind::Staff)
            .await
            .into_iter()
            .find_map(|row| match row {
                Row::Staff(row) if row.role == deskbell_clinic::Role::Driver => Some(row.id),
                _ => None,
            })
            .unwrap(),
    }
}

pub(crate) fn on_server(clinic: &StandIn) -> serde_json::Value {
    clinic
        .appointments()
        .into_iter()
        .find(|row| row["notes"] == "Gate code 1234")
        .unwrap()
}

/// The booking as an account's own cache has it.
async fn seen(place: &Place) -> (Appointment, u32) {
    later(Duration::from_secs(7_300)).await;
    place.level().await.unwrap();
    let rows = place.rows(Kind::Appointment).await;
    let row = rows.into_iter().find_map(|row| match row {
        Row::Appointment(row) if row.notes == "Gate code 1234" => Some(row),
        _ => None,
    });
    let row = row.expect("the booking is here");
    let version = place.row(Kind::Appointment, row.id.uuid()).await.unwrap().1;
    (row, version)
}

fn request(step: Step, reason: Option<&str>) -> Act {
    Act::Step(StepRequest {
        step,
        client: None,
        reason: reason.map(str::to_owned),
        acted_at: Timestamp::now(),
    })
}

/// Takes a step that must be the first one offered, and checks where the server's answer puts the booking.
async fn take(place: &Place, step: Step, to: &str) {
    let (row, version) = seen(place).await;
    let actor = Actor {
        account: place.account.account,
        role: place.account.role,
        staff: place.account.staff,
    };
    let may = place.api.actions(&row, &actor, Timestamp::now());
    assert!(may.steps.contains(&step), "{step:?} from {:?}: {may:?}", row.step);
    let receipt = place
        .push(
            Kind::Appointment,
            row.id.uuid(),
            Base::Version(version),
            request(step, Some("Sick")),
        )
        .await
        .unwrap();
    let Row::Appointment(after) = Row::read(Kind::Appointment, &receipt.body.unwrap()).unwrap() else {
        panic!()
    };
    assert_eq!(after.step.as_deref(), Some(to), "{step:?}");
    assert_eq!(receipt.version, version + 1);
}

#[tokio::test]
async fn one_booking_goes_from_asked_to_the_staff_being_back() {
    let clinic = clinic().await;
    let desk = Place::level_with(&clinic, "op1").await;
    let row = booking(&desk, 10).await;
    let receipt = desk.put(row.clone(), Base::New).await.unwrap();
    assert_eq!(receipt.id, row.id.uuid());
    let ana = Place::level_with(&clinic, "th01").await;
    take(&ana, Step::Accept, "therapist_confirmed").await;
    let login = format!("dr{:02}", on_server(&clinic)["driver"].as_u64().unwrap() - 33);
    let dan = Place::level_with(&clinic, &login).await;
    take(&dan, Step::Accept, "driver_confirmed").await;
    take(&desk, Step::Release, "in_progress").await;
    take(&dan, Step::Depart, "journey").await;
    take(&dan, Step::Arrive, "arrived").await;
    take(&dan, Step::DropOff, "dropped_off").await;
    take(&ana, Step::Start, "session_in_progress").await;
    take(&ana, Step::Finish, "awaiting_payment").await;

    let (paid, _) = seen(&desk).await;
    let payment = Payment {
        id: PaymentId(Uuid::now_v7()),
        appointment: paid.id,
        client: paid.clients[0].client,
        method: PaymentMethod::Wallet,
        amount_cents: 117_550,
        at: Timestamp::now(),
        by: desk.account.account,
        reverses: None,
    };
    let (id, body) = (payment.id.uuid(), Row::from(payment).to_json());
    desk.push(Kind::Payment, id, Base::New, Act::Payment(body))
        .await
        .unwrap();
    let there = on_server(&clinic);
    assert_eq!(
        (&there["status"], &there["payment_method"]),
        (&"payment_verified".into(), &"gcash".into())
    );
    assert_eq!(there["payment_amount"], "1175.50");

    take(&desk, Step::Complete, "completed").await;
    let (row, version) = seen(&ana).await;
    let fetch = request(Step::CallPickup, None);
    ana.push(Kind::Appointment, row.id.uuid(), Base::Version(version), fetch)
        .await
        .unwrap();
    let fetched_by = on_server(&clinic)["driver"].as_u64().unwrap() - 33;
    let other = Place::level_with(&clinic, &format!("dr{fetched_by:02}")).await;
    // The server answers this one with a refusal, although it does it.
    take(&other, Step::TakePickup, "return_journey").await;
    take(&other, Step::Return, "transport_completed").await;
    assert_eq!(seen(&desk).await.0.status, Status::Completed);
}

#[tokio::test]
async fn a_declined_booking_is_asked_again_or_deleted() {
    let clinic = clinic().await;
    let desk = Place::level_with(&clinic, "op1").await;
    let row = booking(&desk, 10).await;
    desk.put(row.clone(), Base::New).await.unwrap();
    let ana = Place::level_with(&clinic, "th01").await;
    take(&ana, Step::Decline, "rejected").await;
    let (declined, _) = seen(&desk).await;
    assert_eq!(
        (declined.status, declined.reason.as_deref()),
        (Status::Declined, Some("Sick"))
    );
    take(&desk, Step::Reinstate, "pending").await;

    // A second rejection fails there for good: it is said, and nothing is lost.
    let (again, version) = seen(&ana).await;
    let error = ana
        .push(
            Kind::Appointment,
            again.id.uuid(),
            Base::Version(version),
            request(Step::Decline, Some("Sick")),
        )
        .await
        .unwrap_err();
    assert!(matches!(error, BackendError::Invalid(_)), "{error:?}");

    let second = booking(&desk, 14).await;
    desk.put(second.clone(), Base::New).await.unwrap();
    let number = clinic.appointments().last().unwrap()["id"].as_u64().unwrap();
    Other::sign_in(&clinic, "th01").await.step(number, "reject").await;
    later(Duration::from_secs(7_300)).await;
    desk.level().await.unwrap();
    let id = second.id.uuid();
    let version = desk.row(Kind::Appointment, id).await.unwrap().1;
    let accept = request(Step::Cancel, Some("Sick"));
    let receipt = desk
        .push(Kind::Appointment, id, Base::Version(version), accept)
        .await
        .unwrap();
    assert_eq!(
        receipt.op,
        ChangeOp::Delete,
        "an accepted rejection deletes the booking"
    );
}

#[tokio::test]
async fn a_step_that_somebody_else_took_is_done_and_one_that_is_not_possible_shows_how_it_stands() {
    let clinic = clinic().await;
    let desk = Place::level_with(&clinic, "op1").await;
    desk.put(booking(&desk, 10).await, Base::New).await.unwrap();
    let ana = Place::level_with(&clinic, "th01").await;
    let (row, version) = seen(&ana).await;
    let number = on_server(&clinic)["id"].as_u64().unwrap();
    let other = Other::sign_in(&clinic, "th01").await;
    assert!(other.step(number, "therapist_confirm").await.is_success());
    let id = row.id.uuid();
    let done = ana
        .push(
            Kind::Appointment,
            id,
            Base::Version(version),
            request(Step::Accept, None),
        )
        .await;
    assert!(done.is_ok(), "{done:?}");
    let error = ana
        .push(
            Kind::Appointment,
            id,
            Base::Version(version),
            request(Step::Finish, None),
        )
        .await
        .unwrap_err();
    let BackendError::Conflict(problem) = error else {
        panic!("{error:?}")
    };
    let body = problem.current.unwrap().body.unwrap();
    assert_eq!(body["step"], "therapist_confirmed");
}

#[tokio::test]
async fn a_double_booking_that_the_server_would_take_is_refused_with_room_elsewhere() {
    let clinic = clinic().await;
    let desk = Place::level_with(&clinic, "op1").await;
    clinic.offer("th01", &day(FREE).to_string(), "08:00", "20:00").unwrap();
    later(Duration::from_secs(1_900)).await;
    desk.level().await.unwrap();
    desk.put(booking(&desk, 10).await, Base::New).await.unwrap();
    // Past "confirmed by the therapist" the server compares no more.
    let number = on_server(&clinic)["id"].as_u64().unwrap();
    assert!(
        Other::sign_in(&clinic, "th01")
            .await
            .step(number, "therapist_confirm")
            .await
            .is_success()
    );
    let mut second = booking(&desk, 10).await;
    second.clients[0].client = desk.rows(Kind::Client).await.remove(1).id().into();
    let error = desk.put(second, Base::New).await.unwrap_err();
    let BackendError::Conflict(problem) = error else {
        panic!("{error:?}")
    };
    let slot = problem.slot.unwrap();
    assert!(!slot.clashes.is_empty());
    assert_eq!(slot.alternatives.len(), 3, "{slot:?}");
    assert!(
        slot.alternatives
            .iter()
            .all(|open| open.span.start() != at(day(FREE), 11, 0)),
        "touching is taken there"
    );
}

#[tokio::test]
async fn a_booking_is_moved_to_another_therapist_and_time() {
    let clinic = clinic().await;
    let desk = Place::level_with(&clinic, "op1").await;
    desk.put(booking(&desk, 10).await, Base::New).await.unwrap();
    let (mut row, version) = seen(&desk).await;
    row.assignments[0].staff = desk.staff("Bea Aquino").await;
    row.span = Span::new(at(day(FREE), 15, 0), at(day(FREE), 16, 0)).unwrap();
    let receipt = desk.put(row.clone(), Base::Version(version)).await.unwrap();
    assert_eq!(receipt.version, version + 1);
    let there = on_server(&clinic);
    assert_eq!(
        (&there["start_time"], &there["therapist"]),
        (&"15:00:00".into(), &5.into())
    );
}

#[tokio::test]
async fn a_new_client_is_added_before_their_booking_and_a_known_number_is_said() {
    let clinic = clinic().await;
    let desk = Place::level_with(&clinic, "op1").await;
    let mara = Client {
        id: ClientId(Uuid::now_v7()),
        name: "Mara Lou Quill".into(),
        phones: vec![Phone::from_typed("+63 999 555 0134")],
        address: "2 Test St".into(),
        wishes: Wishes::default(),
        alert: String::new(),
        notes: String::new(),
    };
    let receipt = desk.put(mara.clone(), Base::New).await.unwrap();
    assert_eq!(receipt.body.unwrap()["name"], "Mara Lou Quill");
    let mut row = booking(&desk, 10).await;
    row.clients[0].client = mara.id;
    desk.put(row, Base::New).await.unwrap();
    assert_eq!(on_server(&clinic)["client_details"]["last_name"], "Quill");

    let twin = Client {
        id: ClientId(Uuid::now_v7()),
        name: "Somebody Else".into(),
        ..mara
    };
    let error = desk.put(twin, Base::New).await.unwrap_err();
    let BackendError::Invalid(problem) = error else {
        panic!("{error:?}")
    };
    assert!(problem.detail.unwrap().contains("another client with this number"));
}
