//! `POST /v1/payments`: added, never changed.

use crate::clinic::{TestClinic, id};
use crate::desk::{Desk, Heard};
use deskbell_clinic::wire::ProblemCode;
use deskbell_clinic::{AccountId, Appointment, Kind, Payment, PaymentMethod, Row};
use serde_json::json;
use uuid::Uuid;

fn payment(clinic: &TestClinic, appointment: &Appointment) -> Payment {
    Payment {
        id: id(),
        appointment: appointment.id,
        client: clinic.clara,
        method: PaymentMethod::Cash,
        amount_cents: 90_000,
        at: clinic.now(),
        by: AccountId(Uuid::nil()),
        reverses: None,
    }
}

async fn pay(desk: &Desk, payment: &Payment) -> Heard {
    desk.post("/v1/payments", &Row::from(payment.clone()).to_json()).await
}

async fn booked(clinic: &TestClinic, olga: &Desk) -> Appointment {
    let booking = clinic.booking(clinic.tina, clinic.clara, clinic.span(0, 60));
    olga.create(&booking.clone().into()).await;
    booking
}

#[tokio::test]
async fn a_payment_is_recorded_once_by_who_took_it() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let paid = payment(&clinic, &booked(&clinic, &olga).await);
    let heard = pay(&olga, &paid).await;
    assert_eq!(heard.status, 201);
    assert_eq!(heard.body["body"]["by"], json!(olga.session.who.account));
    let again = pay(&olga, &paid).await.problem(412, ProblemCode::VersionMismatch);
    assert_eq!(again.current.unwrap().version, 1);
    let row: Row = paid.clone().into();
    olga.put(&row, 1).await.problem(403, ProblemCode::Forbidden);
    let deleted = olga.delete(Kind::Payment, paid.id.uuid(), 1).await;
    deleted.problem(403, ProblemCode::Forbidden);
}

#[tokio::test]
async fn a_reversal_takes_back_exactly_one_payment_once() {
    let clinic = TestClinic::open().await;
    let olga = clinic.sign_in("olga").await;
    let paid = payment(&clinic, &booked(&clinic, &olga).await);
    pay(&olga, &paid).await.written();
    let reversal = |amount| Payment {
        id: id(),
        amount_cents: amount,
        reverses: Some(paid.id),
        ..paid.clone()
    };
    let half = pay(&olga, &reversal(-45_000)).await.problem(422, ProblemCode::Invalid);
    assert_eq!(half.fields[0].field, "amount_cents");
    let whole = reversal(-90_000);
    pay(&olga, &whole).await.written();
    let twice = pay(&olga, &reversal(-90_000)).await.problem(422, ProblemCode::Invalid);
    assert_eq!(twice.fields[0].field, "reverses");
    let back = Payment {
        id: id(),
        amount_cents: 90_000,
        reverses: Some(whole.id),
        ..paid.clone()
    };
    let of_reversal = pay(&olga, &back).await.problem(422, ProblemCode::Invalid);
    assert_eq!(of_reversal.fields[0].field, "reverses");
}

#[tokio::test]
async fn a_payment_is_of_a_client_of_the_appointment_more_than_nothing_and_the_desks_to_record() {
    let clinic = TestClinic::open().await;
    let (olga, tina) = (clinic.sign_in("olga").await, clinic.sign_in("tina").await);
    let paid = payment(&clinic, &booked(&clinic, &olga).await);
    pay(&tina, &paid).await.problem(403, ProblemCode::Forbidden);
    for (field, wrong) in [
        (
            "amount_cents",
            Payment {
                amount_cents: 0,
                ..paid.clone()
            },
        ),
        (
            "client",
            Payment {
                client: clinic.carl,
                ..paid.clone()
            },
        ),
        (
            "appointment",
            Payment {
                appointment: id(),
                ..paid.clone()
            },
        ),
    ] {
        let refused = pay(&olga, &wrong).await.problem(422, ProblemCode::Invalid);
        assert_eq!(refused.fields[0].field, field);
    }
}
