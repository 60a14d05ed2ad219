//! What desks call themselves, so that a history can say where something was done.

use super::{StoreError, Writing};
use clinic::DeviceId;
use deskbell_clinic as clinic;
use rusqlite::params;

pub(super) const TABLE: &str = "
    CREATE TABLE desk (
        device BLOB PRIMARY KEY,
        name TEXT NOT NULL
    ) STRICT;
";

/// The longest name that is kept, in characters.
const LONGEST: usize = 64;

impl Writing<'_> {
    /// Keeps what a desk calls itself now; a blank name leaves what was known.
    pub(crate) fn name_desk(&self, device: DeviceId, name: &str) -> Result<(), StoreError> {
        let name: String = name
            .trim()
            .chars()
            .filter(|one| !one.is_control())
            .take(LONGEST)
            .collect();
        if !name.is_empty() {
            self.transaction
                .prepare_cached(
                    "INSERT INTO desk (device, name) VALUES (?1, ?2)
                     ON CONFLICT (device) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
                )?
                .execute(params![device.uuid().as_bytes(), name])?;
        }
        Ok(())
    }
}
