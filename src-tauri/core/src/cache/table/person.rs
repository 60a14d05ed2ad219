//! Names of accounts, as the server's pages brought them: of everyone whose act or step was ever read here.

use crate::cache::CacheError;
use deskbell_clinic::AccountId;
use deskbell_clinic::wire::Person;
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// The table.
pub(in crate::cache) const TABLE: &str = "
CREATE TABLE person (
    account TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;
";

pub(in crate::cache) fn put(connection: &Connection, people: &[Person]) -> Result<(), CacheError> {
    let mut write = connection.prepare_cached(
        "INSERT INTO person (account, name) VALUES (?1, ?2)
         ON CONFLICT (account) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
    )?;
    for person in people {
        write.execute(params![person.account.to_string(), person.name])?;
    }
    Ok(())
}

pub(in crate::cache) fn all(connection: &Connection) -> Result<HashMap<AccountId, String>, CacheError> {
    let mut query = connection.prepare_cached("SELECT account, name FROM person")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (account, name) = row?;
        let account = account.parse().map_err(|_| CacheError::unreadable("an account"))?;
        Ok((account, name))
    })
    .collect()
}
