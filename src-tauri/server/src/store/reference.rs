//! Which row refers to which, with the referring row's time: what a person or room has on a day, whether a row is
//! still in use, who may see a client.

use super::{StoreError, Writing, columns};
use clinic::scope::Scope;
use clinic::{BlockOf, ClientId, Kind, Row, StaffId};
use deskbell_clinic as clinic;
use rusqlite::{Connection, params};
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE reference (
        from_kind TEXT NOT NULL,
        from_id BLOB NOT NULL,
        to_kind TEXT NOT NULL,
        to_id BLOB NOT NULL,
        starts INTEGER, -- of the referring row; none where it has no time
        ends INTEGER,   -- none where it has no time, or repeats for ever
        PRIMARY KEY (from_kind, from_id, to_kind, to_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reference_to ON reference (to_kind, to_id, from_kind, starts, ends);
";

/// One reference of a row: the field that holds it, and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) field: String,
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
}

/// Everything that a row refers to.
pub(crate) fn of(row: &Row) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut add = |field: String, kind, id| found.push(Reference { field, kind, id });
    match row {
        Row::Clinic(_) | Row::Service(_) => {}
        Row::Staff(row) => {
            for (index, id) in row.services.iter().enumerate() {
                add(format!("services[{index}]"), Kind::Service, id.uuid());
            }
        }
        Row::Resource(row) => {
            for (index, id) in row.services.iter().enumerate() {
                add(format!("services[{index}]"), Kind::Service, id.uuid());
            }
        }
        Row::Client(row) => {
            for (index, id) in row.wishes.staff.iter().enumerate() {
                add(format!("wishes.staff[{index}]"), Kind::Staff, id.uuid());
            }
        }
        Row::Availability(row) => {
            add("staff".into(), Kind::Staff, row.staff.uuid());
            for (index, id) in row.services.iter().enumerate() {
                add(format!("services[{index}]"), Kind::Service, id.uuid());
            }
        }
        Row::Block(row) => match row.of {
            BlockOf::Clinic => {}
            BlockOf::Staff(id) => add("of.id".into(), Kind::Staff, id.uuid()),
            BlockOf::Resource(id) => add("of.id".into(), Kind::Resource, id.uuid()),
        },
        Row::Appointment(row) => {
            for (index, attendee) in row.clients.iter().enumerate() {
                add(format!("clients[{index}].client"), Kind::Client, attendee.client.uuid());
            }
            for (index, assignment) in row.assignments.iter().enumerate() {
                add(
                    format!("assignments[{index}].staff"),
                    Kind::Staff,
                    assignment.staff.uuid(),
                );
            }
            for (index, id) in row.services.iter().enumerate() {
                add(format!("services[{index}]"), Kind::Service, id.uuid());
            }
            if let Some(id) = row.place.resource() {
                add("place.value".into(), Kind::Resource, id.uuid());
            }
        }
        Row::Payment(row) => {
            add("appointment".into(), Kind::Appointment, row.appointment.uuid());
            add("client".into(), Kind::Client, row.client.uuid());
            if let Some(id) = row.reverses {
                add("reverses".into(), Kind::Payment, id.uuid());
            }
        }
        Row::Waiting(row) => {
            add("client".into(), Kind::Client, row.client.uuid());
            for (index, id) in row.services.iter().enumerate() {
                add(format!("services[{index}]"), Kind::Service, id.uuid());
            }
            for (index, id) in row.staff.iter().enumerate() {
                add(format!("staff[{index}]"), Kind::Staff, id.uuid());
            }
        }
        Row::Task(row) => {
            if let Some(id) = row.appointment {
                add("appointment".into(), Kind::Appointment, id.uuid());
            }
            if let Some(id) = row.client {
                add("client".into(), Kind::Client, id.uuid());
            }
            if let Some(id) = row.staff {
                add("staff".into(), Kind::Staff, id.uuid());
            }
        }
    }
    found
}

/// What a stored row refers to.
pub(crate) fn from(connection: &Connection, kind: Kind, id: Uuid) -> Result<Vec<(Kind, Uuid)>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT to_kind, to_id FROM reference WHERE from_kind = ?1 AND from_id = ?2")?
        .query_map(params![kind.as_str(), id.as_bytes()], |row| {
            Ok((columns::text(row, 0)?, columns::id(row, 1)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// The clients of an appointment as stored.
pub(crate) fn clients_of(connection: &Connection, appointment: Uuid) -> Result<Vec<ClientId>, StoreError> {
    Ok(from(connection, Kind::Appointment, appointment)?
        .into_iter()
        .filter(|(kind, _)| *kind == Kind::Client)
        .map(|(_, id)| id.into())
        .collect())
}

/// How many rows of each kind refer to a row.
pub(crate) fn referrers(connection: &Connection, kind: Kind, id: Uuid) -> Result<Vec<(Kind, u32)>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT from_kind, count(*) FROM reference WHERE to_kind = ?1 AND to_id = ?2 GROUP BY from_kind ORDER BY 1",
        )?
        .query_map(params![kind.as_str(), id.as_bytes()], |row| {
            Ok((columns::text(row, 0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// Who may see a client: the desk, and the staff of the appointments that the client is in.
pub(crate) fn scope_of_client(connection: &Connection, client: Uuid) -> Result<Scope, StoreError> {
    let staff: Vec<StaffId> = connection
        .prepare_cached(
            "SELECT DISTINCT s.to_id FROM reference c
             JOIN reference s ON s.from_kind = 'appointment' AND s.from_id = c.from_id AND s.to_kind = 'staff'
             WHERE c.to_kind = 'client' AND c.to_id = ?1 AND c.from_kind = 'appointment'",
        )?
        .query_map([client.as_bytes()], |row| columns::id(row, 0))?
        .map(|id| id.map(Into::into))
        .collect::<Result<_, _>>()?;
    Ok(if staff.is_empty() {
        Scope::Desk
    } else {
        Scope::of_staff(staff)
    })
}

impl Writing<'_> {
    /// Makes the references of a row be these.
    pub(super) fn set_references(
        &self,
        kind: Kind,
        id: Uuid,
        references: &[Reference],
        time: (Option<i64>, Option<i64>),
    ) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("DELETE FROM reference WHERE from_kind = ?1 AND from_id = ?2")?
            .execute(params![kind.as_str(), id.as_bytes()])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT OR IGNORE INTO reference (from_kind, from_id, to_kind, to_id, starts, ends)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for to in references {
            insert.execute(params![
                kind.as_str(),
                id.as_bytes(),
                to.kind.as_str(),
                to.id.as_bytes(),
                time.0,
                time.1
            ])?;
        }
        Ok(())
    }
}
