//! The first sync: the rows as they are now, kind by kind.

use super::cursor::{Cursor, Place};
use super::{LARGEST_LOOK, Part, change};
use crate::api::problem::Fault;
use crate::store::row::{self, Stored};
use crate::store::{StoreError, change as log, reference};
use clinic::wire::{Change, ChangeOp};
use clinic::{Actor, Kind};
use deskbell_clinic as clinic;
use rusqlite::Connection;
use uuid::Uuid;

/// In this order a row comes after all that it refers to. Staff name the services they offer, so services are first.
const ORDER: [Kind; 11] = [
    Kind::Clinic,
    Kind::Service,
    Kind::Staff,
    Kind::Resource,
    Kind::Client,
    Kind::Availability,
    Kind::Block,
    Kind::Appointment,
    Kind::Payment,
    Kind::Waiting,
    Kind::Task,
];

pub(super) fn part(
    connection: &Connection,
    viewer: &Actor,
    cursor: &Cursor,
    mut place: Place,
    limit: usize,
) -> Result<Part, Fault> {
    let mut changes: Vec<Change> = Vec::new();
    let mut looked = 0;
    while let Some(kind) = ORDER.get(place.kind) {
        let wanted = limit.saturating_sub(changes.len());
        if wanted == 0 || looked >= LARGEST_LOOK {
            return Ok(Part {
                changes,
                cursor: Cursor {
                    place: Some(place),
                    ..cursor.clone()
                },
                more: true,
            });
        }
        let rows = row::page(
            connection,
            *kind,
            place.after,
            cursor.from(),
            u32::try_from(wanted).unwrap_or(u32::MAX),
        )?;
        looked += rows.len();
        if rows.len() < wanted {
            place.kind += 1;
            place.after = Uuid::nil();
        } else if let Some(last) = rows.last() {
            place.after = last.id;
        }
        for row in rows {
            tell(connection, viewer, cursor.seq, row, &mut changes)?;
        }
    }
    Ok(Part {
        changes,
        cursor: Cursor {
            place: None,
            ..cursor.clone()
        },
        more: log::last(connection)? > cursor.seq,
    })
}

/// Tells of a row that the viewer sees. What it refers to has had its turn, unless it changed since the first sync
/// began and was not to be seen then: that is told before it.
fn tell(
    connection: &Connection,
    viewer: &Actor,
    began_at: i64,
    row: Stored,
    changes: &mut Vec<Change>,
) -> Result<(), StoreError> {
    let told = changes.iter().any(|known| (known.kind, known.id) == (row.kind, row.id));
    if told || row.body.is_none() || !row.scope.includes(viewer) {
        return Ok(());
    }
    for (kind, id) in reference::from(connection, row.kind, row.id)? {
        if let Some(target) = row::stored(connection, kind, id)?.filter(|target| target.seq > began_at) {
            tell(connection, viewer, began_at, target, changes)?;
        }
    }
    changes.push(change(row, ChangeOp::Put));
    Ok(())
}
