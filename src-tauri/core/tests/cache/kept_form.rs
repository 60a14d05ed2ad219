//! Acts as they lie in the file. A file outlives the program that wrote it: what is kept today must be read by the next
//! release, so a change here needs a migration of what waits.

use crate::fixture::{appointment, client, id, now, owner};
use deskbell_clinic::wire::StepRequest;
use deskbell_clinic::{AppointmentId, ClientId, Kind, Payment, PaymentId, PaymentMethod, Step};
use deskbell_core::outbox::intent::Intent;

/// Compares an act's kept form with the one on record, and reads it back.
fn on_record(name: &str, intent: &Intent) {
    insta::assert_json_snapshot!(name, intent);
    let kept = serde_json::to_string(intent).unwrap();
    assert_eq!(&serde_json::from_str::<Intent>(&kept).unwrap(), intent, "{name}");
}

#[test]
fn every_act_keeps_its_form() {
    on_record("put_client", &Intent::put(client(1, "Anna"), None));
    on_record("put_appointment", &Intent::put(appointment(2, &[1]), Some(4)));
    let delete = Intent::Delete {
        kind: Kind::Availability,
        id: id(3),
        base_version: Some(7),
    };
    on_record("delete", &delete);
    let step = Intent::Step {
        appointment: AppointmentId(id(2)),
        step: StepRequest {
            step: Step::Cancel,
            client: None,
            reason: Some("The client is ill.".into()),
            acted_at: now(),
        },
        base_version: Some(4),
        lands: None,
    };
    on_record("step", &step);
    let pay = Intent::Pay {
        payment: Payment {
            id: PaymentId(id(5)),
            appointment: AppointmentId(id(2)),
            client: ClientId(id(1)),
            method: PaymentMethod::Card,
            amount_cents: 6_500,
            at: now(),
            by: owner(1).account,
            reverses: None,
        },
    };
    on_record("pay", &pay);
}
