//! What every viewer should hold, as sums: kept with each write, so that a digest is read and never reckoned.
//!
//! A viewer is the desk, or everyone, or one staff member; what a therapist sees is what everyone sees and what is theirs,
//! which share no row. Each sum is of the rows that end on one UTC day, since old rows drop out as days pass.

use super::{StoreError, Writing, columns};
use clinic::digest::{RowSum, utc_day};
use clinic::scope::Scope;
use clinic::{Actor, Kind};
use deskbell_clinic as clinic;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE digest (
        viewer BLOB NOT NULL, -- a staff member's id; one byte 0 for the desk, one byte 1 for everyone
        kind TEXT NOT NULL,
        day INTEGER NOT NULL, -- UTC, counted from 1970, on which the rows end; the largest where they have no end
        rows INTEGER NOT NULL,
        sum BLOB NOT NULL,
        PRIMARY KEY (viewer, kind, day)
    ) STRICT, WITHOUT ROWID;
";

/// The day of rows that have no end.
const NO_END: i64 = i64::MAX;
const DESK: &[u8] = &[0];
const EVERYONE: &[u8] = &[1];

/// A row as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    version: u32,
    scope: Scope,
    day: i64,
}

/// How a row counts now; none when there is no such row.
pub(super) fn counted(connection: &Connection, kind: Kind, id: Uuid) -> Result<Option<Counted>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT version, scope, ends FROM row WHERE kind = ?1 AND id = ?2 AND body IS NOT NULL")?
        .query_row(params![kind.as_str(), id.as_bytes()], |row| {
            Ok(Counted {
                version: row.get(0)?,
                scope: columns::json(row, 1)?.unwrap_or(Scope::Desk),
                day: columns::optional_instant(row, 2)?.map_or(NO_END, utc_day),
            })
        })
        .optional()?)
}

/// Counts every row there is, for a database that had no sums yet.
pub(super) fn fill(connection: &Connection) -> Result<(), rusqlite::Error> {
    let mut rows = connection.prepare("SELECT kind, id FROM row WHERE body IS NOT NULL")?;
    let keys: Vec<(Kind, Uuid)> = rows
        .query_map([], |row| Ok((columns::text(row, 0)?, columns::id(row, 1)?)))?
        .collect::<Result<_, _>>()?;
    for (kind, id) in keys {
        let failed = |error| match error {
            StoreError::Sqlite(error) => error,
            _ => rusqlite::Error::InvalidQuery,
        };
        if let Some(counted) = counted(connection, kind, id).map_err(failed)? {
            count(connection, kind, id, &counted, RowSum::with).map_err(failed)?;
        }
    }
    Ok(())
}

/// What a viewer should hold of each kind, of rows that end on that UTC day or later.
pub(crate) fn of_viewer(
    connection: &Connection,
    viewer: &Actor,
    from_day: i64,
) -> Result<BTreeMap<Kind, RowSum>, StoreError> {
    let mut sums: BTreeMap<Kind, RowSum> = Kind::ALL.into_iter().map(|kind| (kind, RowSum::default())).collect();
    let mut query = connection.prepare_cached("SELECT kind, rows, sum FROM digest WHERE viewer = ?1 AND day >= ?2")?;
    let own = viewer.staff.map(|staff| *staff.uuid().as_bytes());
    let viewers = match (viewer.role.is_desk(), &own) {
        (true, _) => vec![DESK],
        (false, Some(own)) => vec![EVERYONE, own.as_slice()],
        (false, None) => vec![EVERYONE],
    };
    for viewer in viewers {
        let rows = query.query_map(params![viewer, from_day], |row| {
            Ok((columns::text::<_, Kind>(row, 0)?, sum(row, 1)?))
        })?;
        for row in rows {
            let (kind, part) = row?;
            let whole = sums.entry(kind).or_default();
            *whole = whole.merged(part);
        }
    }
    Ok(sums)
}

impl Writing<'_> {
    /// A row was written: `before` is how it counted until now.
    pub(super) fn recount(&self, kind: Kind, id: Uuid, before: Option<Counted>) -> Result<(), StoreError> {
        let after = counted(&self.transaction, kind, id)?;
        if before == after {
            return Ok(());
        }
        if let Some(before) = before {
            count(&self.transaction, kind, id, &before, RowSum::without)?;
        }
        if let Some(after) = after {
            count(&self.transaction, kind, id, &after, RowSum::with)?;
        }
        Ok(())
    }
}

/// Adds a row to the sums of all who see it, or takes it out of them.
fn count(
    connection: &Connection,
    kind: Kind,
    id: Uuid,
    counted: &Counted,
    change: impl Fn(RowSum, Uuid, u32) -> RowSum,
) -> Result<(), StoreError> {
    let staff: Vec<[u8; 16]> = match &counted.scope {
        Scope::Staff(staff) => staff.iter().map(|staff| *staff.uuid().as_bytes()).collect(),
        Scope::Everyone | Scope::Desk => vec![],
    };
    let mut viewers = vec![DESK];
    if counted.scope == Scope::Everyone {
        viewers.push(EVERYONE);
    }
    viewers.extend(staff.iter().map(<[u8; 16]>::as_slice));
    for viewer in viewers {
        let key = params![viewer, kind.as_str(), counted.day];
        let known = connection
            .prepare_cached("SELECT rows, sum FROM digest WHERE viewer = ?1 AND kind = ?2 AND day = ?3")?
            .query_row(key, |row| sum(row, 0))
            .optional()?
            .unwrap_or_default();
        let now = change(known, id, counted.version);
        if now.rows() == 0 {
            connection
                .prepare_cached("DELETE FROM digest WHERE viewer = ?1 AND kind = ?2 AND day = ?3")?
                .execute(key)?;
        } else {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO digest (viewer, kind, day, rows, sum) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    viewer,
                    kind.as_str(),
                    counted.day,
                    now.rows(),
                    now.sum().to_be_bytes()
                ])?;
        }
    }
    Ok(())
}

/// Rows and sum, from that column on.
fn sum(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<RowSum> {
    Ok(RowSum::new(
        row.get(first)?,
        u128::from_be_bytes(row.get::<_, [u8; 16]>(first + 1)?),
    ))
}
