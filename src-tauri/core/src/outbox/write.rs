//! From a kept act to what is sent.

use crate::backend::{Act, Base, Write};
use crate::cache::OutboxItem;
use crate::outbox::intent::Intent;
use deskbell_clinic::Row;

/// The act as a server is told it. The base is the version that our own preceding act made, else the one the person saw.
pub(super) fn write_of(item: &OutboxItem) -> Write {
    let act = match &item.intent {
        Intent::Delete { .. } => Act::Delete,
        Intent::Step { step, .. } => Act::Step(step.clone()),
        Intent::Pay { payment } => Act::Payment(Row::from(payment.clone()).to_json()),
        put @ Intent::Put { .. } => Act::Put(put.row().map(Row::to_json).unwrap_or_default()),
    };
    let base = item.base_version.map_or(Base::New, Base::Version);
    Write {
        operation: item.operation,
        kind: item.kind,
        id: item.id,
        base,
        repeated: item.unsure,
        act,
    }
}
