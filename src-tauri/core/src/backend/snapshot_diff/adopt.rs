//! Finding our own act in a row that a server tells of, where the server keeps no key of ours.
//!
//! A new row whose answer was lost may be there all the same. When a row that no id of ours is bound to says what such an
//! act says, it is that act's, and must not become a second row here.

use crate::cache::{OutboxItem, OutboxState};
use crate::outbox::intent::Intent;
use deskbell_clinic::{Appointment, Client, Row, StaffId};
use std::collections::BTreeSet;

/// Whether an act would make a new row, and may have done so without our knowing.
pub fn unresolved(item: &OutboxItem) -> bool {
    let makes = matches!(item.intent, Intent::Put { .. }) && item.base_version.is_none();
    let waits = matches!(item.state, OutboxState::Queued | OutboxState::AuthHeld) && item.attempts == 0;
    makes && !waits
}

/// The act that made a row, if one of these did.
pub fn adopt<'a>(acts: &'a [OutboxItem], row: &Row) -> Option<&'a OutboxItem> {
    acts.iter()
        .find(|item| unresolved(item) && item.intent.row().is_some_and(|wanted| same(wanted, row)))
}

/// Whether two rows say the same, whatever their ids are.
pub fn same(ours: &Row, theirs: &Row) -> bool {
    match (ours, theirs) {
        (Row::Availability(ours), Row::Availability(theirs)) => ours.staff == theirs.staff && ours.span == theirs.span,
        (Row::Client(ours), Row::Client(theirs)) => same_person(ours, theirs),
        (Row::Appointment(ours), Row::Appointment(theirs)) => same_booking(ours, theirs),
        _ => false,
    }
}

fn same_person(ours: &Client, theirs: &Client) -> bool {
    let number = |client: &Client| client.phones.first().map(|phone| phone.normalised.clone());
    ours.name.to_lowercase() == theirs.name.to_lowercase() && number(ours) == number(theirs)
}

fn same_booking(ours: &Appointment, theirs: &Appointment) -> bool {
    let staff = |row: &Appointment| row.staff().collect::<BTreeSet<StaffId>>();
    let services = |row: &Appointment| row.services.iter().copied().collect::<BTreeSet<_>>();
    let clients = |row: &Appointment| row.clients.iter().map(|a| a.client).collect::<BTreeSet<_>>();
    ours.span == theirs.span
        && staff(ours) == staff(theirs)
        && clients(ours) == clients(theirs)
        && services(ours) == services(theirs)
}
