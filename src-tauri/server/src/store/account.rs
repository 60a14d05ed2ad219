//! Accounts: who may sign in, and as what.

use super::{Ended, StoreError, Writing, columns};
use clinic::wire::Person;
use clinic::{AccountId, Role, StaffId};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE account (
        id BLOB PRIMARY KEY,
        login TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name TEXT NOT NULL,
        password TEXT NOT NULL, -- an Argon2id hash with its salt and parameters
        role TEXT NOT NULL,
        staff BLOB,
        -- Counts up when role or staff changes: cursors of before then expire.
        stamp INTEGER NOT NULL DEFAULT 1
    ) STRICT;
";

/// One account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) staff: Option<StaffId>,
    pub(crate) stamp: u32,
    /// Nobody may sign in.
    pub(crate) disabled: bool,
    /// The password is a one-time code, and lapses then.
    pub(crate) code_until: Option<Timestamp>,
}

/// The columns that [`read`] reads, of the table under the name `a`; what else a query reads comes after these.
pub(super) const COLUMNS: &str = "a.id, a.login, a.name, a.role, a.staff, a.stamp, a.disabled, a.code_until";
/// How many those are.
pub(super) const WIDTH: usize = 8;

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: columns::id(row, 0)?.into(),
        login: row.get(1)?,
        name: row.get(2)?,
        role: columns::text(row, 3)?,
        staff: columns::optional_id(row, 4)?,
        stamp: row.get(5)?,
        disabled: row.get(6)?,
        code_until: columns::optional_instant(row, 7)?,
    })
}

/// The account of a sign-in name, with its password's hash.
pub(crate) fn by_login(connection: &Connection, login: &str) -> Result<Option<(Account, String)>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS}, a.password FROM account a WHERE a.login = ?1"
        ))?
        .query_row([login], |row| Ok((read(row)?, row.get(WIDTH)?)))
        .optional()?)
}

/// An account.
pub(crate) fn by_id(connection: &Connection, id: AccountId) -> Result<Option<Account>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM account a WHERE a.id = ?1"))?
        .query_row([id.uuid().as_bytes()], read)
        .optional()?)
}

/// The name of an account's person.
pub(crate) fn name(connection: &Connection, id: AccountId) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT name FROM account WHERE id = ?1")?
        .query_row([id.uuid().as_bytes()], |row| row.get(0))
        .optional()?)
}

/// Those of these accounts that are there, with their names.
pub(crate) fn people(
    connection: &Connection,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<Vec<Person>, StoreError> {
    let mut people = Vec::new();
    for account in accounts {
        if let Some(name) = name(connection, account)? {
            people.push(Person { account, name });
        }
    }
    Ok(people)
}

/// Whether any account is this staff member's.
pub(crate) fn is_of_staff(connection: &Connection, staff: Uuid) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM account WHERE staff = ?1)")?
        .query_row([staff.as_bytes()], |row| row.get(0))?)
}

/// What an account is to be.
#[derive(Clone, Debug)]
pub(crate) struct Enrolment {
    /// For a new account; an existing one keeps its own.
    pub(crate) id: AccountId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) password_hash: String,
    pub(crate) role: Role,
    pub(crate) staff: Option<StaffId>,
}

impl Writing<'_> {
    /// Makes an account, or gives an existing login this name, password, role and staff member and enables it; then its
    /// sessions end.
    pub(crate) fn enrol(&self, enrolment: &Enrolment) -> Result<(), StoreError> {
        let staff = enrolment.staff.map(|staff| *staff.uuid().as_bytes());
        let Some((existing, _)) = by_login(&self.transaction, &enrolment.login)? else {
            self.transaction.execute(
                "INSERT INTO account (id, login, name, password, role, staff) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    enrolment.id.uuid().as_bytes(),
                    enrolment.login,
                    enrolment.name,
                    enrolment.password_hash,
                    enrolment.role.as_str(),
                    staff
                ],
            )?;
            return Ok(());
        };
        self.transaction.execute(
            "UPDATE account SET name = ?2, password = ?3, role = ?4, staff = ?5, stamp = stamp + 1,
                 disabled = 0, code_until = NULL WHERE id = ?1",
            params![
                existing.id.uuid().as_bytes(),
                enrolment.name,
                enrolment.password_hash,
                enrolment.role.as_str(),
                staff
            ],
        )?;
        self.end_sessions_of(existing.id)
    }

    /// Gives an account another role. Its sessions go on with the new one; its cursors expire.
    pub(crate) fn set_role(&self, id: AccountId, role: Role, staff: Option<StaffId>) -> Result<(), StoreError> {
        self.transaction.execute(
            "UPDATE account SET role = ?2, staff = ?3, stamp = stamp + 1 WHERE id = ?1",
            params![
                id.uuid().as_bytes(),
                role.as_str(),
                staff.map(|staff| *staff.uuid().as_bytes())
            ],
        )?;
        self.end(Ended {
            account: id,
            session: None,
        });
        Ok(())
    }
}
