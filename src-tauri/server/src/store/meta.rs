//! What is true of the whole database: its epoch, its clinic, how far back its change log reaches.

use super::{StoreError, Writing};
use clinic::{Clinic, ClinicId, Kind, Row};
use deskbell_clinic as clinic;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE meta (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        epoch TEXT NOT NULL,
        clinic BLOB NOT NULL,
        -- Changes up to this position were pruned: a cursor before it may have missed tombstones.
        horizon INTEGER NOT NULL DEFAULT 0
    ) STRICT;
";

/// The one row.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    /// Changes when the past does.
    pub(crate) epoch: String,
    /// The clinic's id.
    pub(crate) clinic: ClinicId,
    /// The last position of the change log that was pruned.
    pub(crate) horizon: i64,
}

/// # Errors
/// [`StoreError::NoClinic`] before the first set-up.
pub(crate) fn get(connection: &Connection) -> Result<Meta, StoreError> {
    connection
        .prepare_cached("SELECT epoch, clinic, horizon FROM meta")?
        .query_row([], |row| {
            Ok(Meta {
                epoch: row.get(0)?,
                clinic: super::columns::id(row, 1)?.into(),
                horizon: row.get(2)?,
            })
        })
        .optional()?
        .ok_or(StoreError::NoClinic)
}

/// The clinic's row.
pub(crate) fn clinic(connection: &Connection) -> Result<Clinic, StoreError> {
    let id = get(connection)?.clinic;
    match super::row::read(connection, Kind::Clinic, id.uuid())? {
        Some(Row::Clinic(clinic)) => Ok(clinic),
        _ => Err(StoreError::NoClinic),
    }
}

/// Whether a clinic was set up.
pub(crate) fn is_set_up(connection: &Connection) -> Result<bool, StoreError> {
    match get(connection) {
        Ok(_) => Ok(true),
        Err(StoreError::NoClinic) => Ok(false),
        Err(error) => Err(error),
    }
}

impl Writing<'_> {
    /// Sets up the clinic, with a new epoch.
    pub(crate) fn set_up(&self, clinic: Clinic) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO meta (only, epoch, clinic) VALUES (1, ?1, ?2)",
            params![new_epoch(), clinic.id.uuid().as_bytes()],
        )?;
        self.put(&Row::Clinic(clinic))?;
        Ok(())
    }

    /// The past is another one from now on: every cursor expires, and every desk checks what it knows and what it waits
    /// to send.
    ///
    /// # Errors
    /// [`StoreError::NoClinic`] before the first set-up.
    pub(crate) fn begin_epoch(&self) -> Result<(), StoreError> {
        match self.transaction.execute("UPDATE meta SET epoch = ?1", [new_epoch()])? {
            0 => Err(StoreError::NoClinic),
            _ => Ok(()),
        }
    }
}

fn new_epoch() -> String {
    Uuid::new_v4().simple().to_string()
}
