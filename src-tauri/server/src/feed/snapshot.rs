//! The first sync: the rows as they are now, kind by kind.

use super::cursor::{Cursor, Place};
use super::{LARGEST_LOOK, Part, change};
use crate::api::problem::Fault;
use crate::store::{change as log, row};
use clinic::wire::ChangeOp;
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
    let mut changes = Vec::new();
    let mut looked = 0;
    while let Some(kind) = ORDER.get(place.kind) {
        let wanted = limit - changes.len();
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
            place.from(),
            u32::try_from(wanted).unwrap_or(u32::MAX),
        )?;
        looked += rows.len();
        if rows.len() < wanted {
            place.kind += 1;
            place.after = Uuid::nil();
        } else if let Some(last) = rows.last() {
            place.after = last.id;
        }
        changes.extend(
            rows.into_iter()
                .filter(|row| row.scope.includes(viewer))
                .map(|row| change(row, ChangeOp::Put)),
        );
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
