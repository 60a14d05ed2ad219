//! A clinic with a long past: the sample clinic's finished appointments, over and over, on earlier days.
//!
//! Written into the server's database while it is stopped. Through the API every one would need its own request and its
//! steps, which would take longer than all that is measured.

use deskbell_clinic::digest::{RowSum, utc_day};
use jiff::{Timestamp, ToSpan as _};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Value, json};
use std::path::Path;
use uuid::Uuid;

/// A desk keeps what is at most 90 days old; the sample's own past is a week.
const DAYS: usize = 80;

struct Finished {
    id: Vec<u8>,
    scope: String,
    body: Value,
}

/// Adds `count` appointments of the past to the clinic in `folder`.
pub(crate) fn past_appointments(folder: &Path, count: usize) {
    let mut connection = Connection::open(folder.join("clinic.db")).expect("the stopped server's database opens");
    let finished = finished(&connection);
    let transaction = connection.transaction().expect("nobody else writes");
    let at = Timestamp::now().as_millisecond();
    for index in 0..count {
        let of = &finished[index % finished.len()];
        let days = i64::try_from(1 + (index / finished.len()) % DAYS).expect("a small number");
        copy(&transaction, of, days, at);
    }
    transaction.commit().expect("there is room");
}

fn finished(connection: &Connection) -> Vec<Finished> {
    let mut statement = connection
        .prepare("SELECT id, scope, body FROM row WHERE kind = 'appointment' AND body ->> '$.status' = 'completed'")
        .expect("the server's table of rows");
    let rows = statement
        .query_map([], |row| {
            Ok(Finished {
                id: row.get(0)?,
                scope: row.get(1)?,
                body: serde_json::from_str(&row.get::<_, String>(2)?).expect("a body is JSON"),
            })
        })
        .expect("rows are read");
    let finished: Vec<_> = rows.map(|row| row.expect("a row is read")).collect();
    assert!(!finished.is_empty(), "the sample clinic has a past");
    finished
}

/// The row, its entry in the change log and what it refers to, as the server would have written them.
fn copy(connection: &Connection, of: &Finished, days: i64, at: i64) {
    let id = Uuid::now_v7();
    let earlier = |end: &str| -> Timestamp {
        let instant: Timestamp = of.body["span"][end]
            .as_str()
            .expect("an instant")
            .parse()
            .expect("an instant");
        instant - (days * 24).hours()
    };
    let (start, end) = (earlier("start"), earlier("end"));
    let mut body = of.body.clone();
    body["id"] = json!(id);
    body["span"] = json!({ "start": start, "end": end });
    let (starts, ends) = (start.as_millisecond(), end.as_millisecond());
    let id = id.as_bytes();
    let write = |statement: &str, values: &[&dyn rusqlite::ToSql]| {
        let mut prepared = connection.prepare_cached(statement).expect("the server's tables");
        prepared.execute(values).expect("the row can be written");
    };
    write(
        "INSERT INTO change (kind, id, version, op, scope_after, at) VALUES ('appointment', ?1, 1, 'put', ?2, ?3)",
        params![id, of.scope, at],
    );
    write(
        "INSERT INTO row (kind, id, version, seq, scope, body, starts, ends, at)
         VALUES ('appointment', ?1, 1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id,
            connection.last_insert_rowid(),
            of.scope,
            body.to_string(),
            starts,
            ends,
            at
        ],
    );
    count(connection, Uuid::from_bytes(*id), utc_day(end));
    write(
        "INSERT INTO reference (from_kind, from_id, to_kind, to_id, starts, ends)
         SELECT from_kind, ?1, to_kind, to_id, ?2, ?3 FROM reference WHERE from_kind = 'appointment' AND from_id = ?4",
        params![id, starts, ends, of.id],
    );
}

/// Counts the row among those that the desk should hold. The benchmark signs in as no one else.
fn count(connection: &Connection, id: Uuid, day: i64) {
    let known = connection
        .prepare_cached("SELECT rows, sum FROM digest WHERE viewer = x'00' AND kind = 'appointment' AND day = ?1")
        .and_then(|mut query| query.query_row([day], |row| Ok((row.get(0)?, row.get::<_, [u8; 16]>(1)?))))
        .optional()
        .expect("the server's sums can be read")
        .map_or_else(RowSum::default, |(rows, sum)| {
            RowSum::new(rows, u128::from_be_bytes(sum))
        });
    let now = known.with(id, 1);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO digest (viewer, kind, day, rows, sum) VALUES (x'00', 'appointment', ?1, ?2, ?3)",
        )
        .and_then(|mut write| write.execute(params![day, now.rows(), now.sum().to_be_bytes()]))
        .expect("the sum can be written");
}
