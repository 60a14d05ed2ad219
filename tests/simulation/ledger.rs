//! What the server has in its file, read by SQLite itself: what it did, in which order, and for whom.

use deskbell_clinic::{Kind, OperationId};
use rusqlite::{Connection, OpenFlags, params};
use std::collections::HashMap;
use std::path::Path;
use uuid::Uuid;

/// One entry of the server's change log that an act of a person made on the row it was about.
pub(crate) struct Done {
    pub(crate) seq: i64,
    pub(crate) op: String,
}

/// The server's change log: by operation and row.
pub(crate) struct Ledger(HashMap<(Uuid, Kind, Uuid), Vec<Done>>);

impl Ledger {
    pub(crate) fn read(server: &Path) -> Self {
        let connection = open(server, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let mut statement = connection
            .prepare("SELECT seq, kind, id, op, operation FROM change WHERE operation IS NOT NULL AND op <> 'scope' ORDER BY seq")
            .expect("the change log has these columns");
        let mut done: HashMap<_, Vec<Done>> = HashMap::new();
        let mut rows = statement.query([]).expect("a query");
        while let Some(row) = rows.next().expect("a row") {
            let uuid = |column: usize| {
                let bytes: Vec<u8> = row.get(column).expect("an id");
                Uuid::from_slice(&bytes).expect("sixteen bytes")
            };
            let kind: String = row.get(1).expect("a kind");
            let key = (uuid(4), kind.parse().expect("a kind of the API"), uuid(2));
            done.entry(key).or_default().push(Done {
                seq: row.get(0).expect("a place"),
                op: row.get(3).expect("an op"),
            });
        }
        Self(done)
    }

    /// What an act did to the row that it was about.
    pub(crate) fn of(&self, operation: OperationId, kind: Kind, id: Uuid) -> &[Done] {
        self.0.get(&(operation.uuid(), kind, id)).map_or(&[], Vec::as_slice)
    }

    /// Whether anybody took this row away.
    pub(crate) fn deleted(&self, kind: Kind, id: Uuid) -> bool {
        let takes_away = |(key, done): (&(Uuid, Kind, Uuid), &Vec<Done>)| {
            (key.1, key.2) == (kind, id) && done.iter().any(|done| done.op == "delete")
        };
        self.0.iter().any(takes_away)
    }
}

fn open(server: &Path, flags: OpenFlags) -> Connection {
    Connection::open_with_flags(server.join("clinic.db"), flags).expect("the server's file")
}

/// Gives the server's file another past, as a restore does. The server must be down.
pub(crate) fn begin_epoch(server: &Path, number: u64) {
    let connection = open(server, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let changed = connection.execute("UPDATE meta SET epoch = ?1", params![format!("epoch-{number}")]);
    assert_eq!(changed.expect("the server's file"), 1);
}
