//! Money received: written once, taken back only by a reversal.

use super::valid;
use crate::api::act::written;
use crate::api::problem::Fault;
use crate::store::Writing;
use crate::store::audit::Entry;
use crate::store::row::{self, Stored};
use clinic::{Actor, Kind, Payment, Row};
use deskbell_clinic as clinic;

/// Records a payment.
pub(crate) fn pay(writing: &Writing<'_>, actor: &Actor, mut payment: Payment) -> Result<Stored, Fault> {
    if !actor.role.is_desk() {
        return Err(Fault::forbidden("Payments are recorded at the desk."));
    }
    let connection = writing.reading();
    if let Some(there) = row::stored(connection, Kind::Payment, payment.id.uuid())? {
        return Err(Fault::version_mismatch(Some(written(there, actor))));
    }
    payment.by = actor.account;
    let row = Row::Payment(payment.clone());
    valid::check(connection, &row)?;
    if let Some(Row::Appointment(appointment)) = row::read(connection, Kind::Appointment, payment.appointment.uuid())?
        && !appointment
            .clients
            .iter()
            .any(|attendee| attendee.client == payment.client)
    {
        return Err(valid::field("client", "is not a client of this appointment"));
    }
    match payment.reverses {
        None if payment.amount_cents <= 0 => {
            return Err(valid::field(
                "amount_cents",
                "is more than nothing; a reversal names what it reverses",
            ));
        }
        None => {}
        Some(reversed) => {
            let Some(Row::Payment(original)) = row::read(connection, Kind::Payment, reversed.uuid())? else {
                return Err(valid::field("reverses", "there is no such payment"));
            };
            if original.reverses.is_some() {
                return Err(valid::field("reverses", "is itself a reversal"));
            }
            if original.appointment != payment.appointment || original.client != payment.client {
                return Err(valid::field("reverses", "is of another appointment or client"));
            }
            if original.amount_cents.checked_neg() != Some(payment.amount_cents) {
                return Err(valid::field("amount_cents", "takes back exactly what was paid"));
            }
            if crate::store::reference::referrers(connection, Kind::Payment, reversed.uuid())?
                .iter()
                .any(|(kind, _)| *kind == Kind::Payment)
            {
                return Err(valid::field("reverses", "has been reversed already"));
            }
        }
    }
    let stored = writing.put(&row)?;
    writing.audit(Entry {
        act: "payment",
        row: Some((Kind::Payment, payment.id.uuid())),
        after: stored.body.as_ref(),
        ..Entry::default()
    })?;
    Ok(stored)
}
