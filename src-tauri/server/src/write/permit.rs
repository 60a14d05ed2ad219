//! Who may write what. The desk writes bookings, admins what the clinic consists of, staff their own hours.

use crate::api::problem::Fault;
use clinic::{Actor, BlockOf, Kind, Role, Row};
use deskbell_clinic as clinic;

/// Whether this person may write rows of a kind at all.
pub(super) fn kind(actor: &Actor, kind: Kind) -> Result<(), Fault> {
    let allowed = match kind {
        Kind::Payment => {
            return Err(Fault::forbidden(
                "Payments are recorded by POST /v1/payments and never changed.",
            ));
        }
        Kind::Clinic | Kind::Staff | Kind::Service | Kind::Resource => actor.role == Role::Admin,
        Kind::Client | Kind::Appointment | Kind::Waiting | Kind::Task => actor.role.is_desk(),
        Kind::Availability | Kind::Block => actor.role.is_desk() || actor.staff.is_some(),
    };
    if allowed {
        Ok(())
    } else {
        Err(Fault::forbidden(format!(
            "Rows of kind {kind} are not for the role {} to write.",
            actor.role.as_str()
        )))
    }
}

/// Whether this person may write these rows: the one that is there and the one that is to be.
pub(super) fn rows<'r>(actor: &Actor, rows: impl Iterator<Item = &'r Row>) -> Result<(), Fault> {
    if actor.role.is_desk() {
        return Ok(());
    }
    for row in rows {
        let owner = match row {
            Row::Availability(row) => Some(row.staff),
            Row::Block(row) => match row.of {
                BlockOf::Staff(staff) => Some(staff),
                BlockOf::Clinic | BlockOf::Resource(_) => None,
            },
            _ => None,
        };
        if owner.is_none() || owner != actor.staff {
            return Err(Fault::forbidden("Only one's own hours, not those of others."));
        }
    }
    Ok(())
}
