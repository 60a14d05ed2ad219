//! Which row of a server that makes its own ids is which of ours. Above an adapter ids are ours, and never change.

use crate::cache::CacheError;
use deskbell_clinic::Kind;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The table. A server's id is text: servers count, or make names.
pub(in crate::cache) const TABLE: &str = "
CREATE TABLE id_map (
    kind TEXT NOT NULL,
    server TEXT NOT NULL,
    local TEXT NOT NULL,
    PRIMARY KEY (kind, server)
) WITHOUT ROWID;
CREATE UNIQUE INDEX id_map_by_local ON id_map (kind, local);
";

/// One row's two ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Binding {
    /// The row's kind.
    pub kind: Kind,
    /// The server's id, as text.
    pub server: String,
    /// Ours.
    pub local: Uuid,
}

/// Binds; either side's earlier binding ends.
pub(in crate::cache) fn bind(connection: &Connection, binding: &Binding) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("INSERT OR REPLACE INTO id_map (kind, server, local) VALUES (?1, ?2, ?3)")?;
    write.execute(params![
        binding.kind.as_str(),
        binding.server,
        binding.local.to_string()
    ])?;
    Ok(())
}

/// Every binding, in no order.
pub(in crate::cache) fn all(connection: &Connection) -> Result<Vec<Binding>, CacheError> {
    let mut query = connection.prepare_cached("SELECT kind, server, local FROM id_map")?;
    let rows = query.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
        ))
    })?;
    rows.map(|row| {
        let (kind, server, local) = row?;
        Ok(Binding {
            kind: kind.parse().map_err(|_| CacheError::unreadable("a bound row's kind"))?,
            server,
            local: local.parse().map_err(|_| CacheError::unreadable("a bound row's id"))?,
        })
    })
    .collect()
}
