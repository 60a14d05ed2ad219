//! Clients by the beginning of a word of their name and by any part of a number, and visits by client.
//!
//! A phone rings and a name is typed: reading every client for every letter took a clinic of 50,000 a quarter of a second
//! a key. The words and numbers are SQLite's own full-text tables, kept by triggers, so that whatever writes a row, a pull,
//! a new reading or a clearing out, cannot leave them behind.

use crate::cache::CacheError;
use crate::cache::table::server_row::{ServerRow, decode};
use deskbell_clinic::{ClientId, Kind};
use rusqlite::{Connection, params};
use uuid::Uuid;

/// A number is looked for once it has so many digits.
const FEWEST_DIGITS: usize = 3;
/// The end of a number says which it is; what stands before it is spelt in many ways (`+63 917…`, `0917…`).
const TELLING_DIGITS: usize = 9;

/// Its tables and indexes, filled with what is there already.
pub(in crate::cache) const CLIENT_INDEX: &str = "
CREATE TABLE client_key (
    key INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (generation, id)
);
CREATE VIRTUAL TABLE client_name USING fts5 (
    name, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE VIRTUAL TABLE client_number USING fts5 (
    digits, content = '', contentless_delete = 1, tokenize = 'trigram'
);
CREATE VIEW client_words AS
    SELECT key, client_key.name,
        (SELECT group_concat(phone.value ->> '$.normalised', ' ') FROM json_each(body, '$.phones') AS phone) AS digits,
        client_key.generation, client_key.id
    FROM client_key JOIN server_row
        ON server_row.generation = client_key.generation AND kind = 'client' AND server_row.id = client_key.id;

CREATE TRIGGER client_added AFTER INSERT ON server_row WHEN new.kind = 'client' BEGIN
    INSERT INTO client_key (generation, id, name) VALUES (new.generation, new.id, new.body ->> '$.name');
    INSERT INTO client_name (rowid, name) SELECT key, name FROM client_words
        WHERE generation = new.generation AND id = new.id;
    INSERT INTO client_number (rowid, digits) SELECT key, digits FROM client_words
        WHERE generation = new.generation AND id = new.id;
END;
CREATE TRIGGER client_changed AFTER UPDATE OF body ON server_row WHEN new.kind = 'client' AND new.body <> old.body BEGIN
    UPDATE client_key SET name = new.body ->> '$.name' WHERE generation = new.generation AND id = new.id;
    -- Not OR REPLACE: in a trigger the statement that fired it decides about conflicts, and the old words would stay.
    DELETE FROM client_name WHERE rowid =
        (SELECT key FROM client_key WHERE generation = new.generation AND id = new.id);
    DELETE FROM client_number WHERE rowid =
        (SELECT key FROM client_key WHERE generation = new.generation AND id = new.id);
    INSERT INTO client_name (rowid, name) SELECT key, name FROM client_words
        WHERE generation = new.generation AND id = new.id;
    INSERT INTO client_number (rowid, digits) SELECT key, digits FROM client_words
        WHERE generation = new.generation AND id = new.id;
END;
CREATE TRIGGER client_removed AFTER DELETE ON server_row WHEN old.kind = 'client' BEGIN
    DELETE FROM client_name WHERE rowid =
        (SELECT key FROM client_key WHERE generation = old.generation AND id = old.id);
    DELETE FROM client_number WHERE rowid =
        (SELECT key FROM client_key WHERE generation = old.generation AND id = old.id);
    DELETE FROM client_key WHERE generation = old.generation AND id = old.id;
END;

INSERT INTO client_key (generation, id, name)
    SELECT generation, id, body ->> '$.name' FROM server_row WHERE kind = 'client';
INSERT INTO client_name (rowid, name) SELECT key, name FROM client_words;
INSERT INTO client_number (rowid, digits) SELECT key, digits FROM client_words;

-- Nearly every visit is of one client, some are of two, and the few of more are looked through.
CREATE INDEX visit_by_client ON server_row (generation, body ->> '$.clients[0].client') WHERE kind = 'appointment';
CREATE INDEX visit_by_second ON server_row (generation, body ->> '$.clients[1].client')
    WHERE kind = 'appointment' AND json_array_length(body, '$.clients') > 1;
CREATE INDEX visit_of_many ON server_row (generation)
    WHERE kind = 'appointment' AND json_array_length(body, '$.clients') > 2;
";

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cache) struct Wanted {
    words: Vec<String>,
    digits: Option<String>,
}

impl Wanted {
    /// What a person typed: words that a name's words begin with, or a part of a number in any spelling.
    pub(in crate::cache) fn typed(text: &str) -> Self {
        let words = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let words: Vec<_> = words.map(str::to_lowercase).collect();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number = digits.len() >= FEWEST_DIGITS && !text.chars().any(char::is_alphabetic);
        let digits = digits.trim_start_matches('0');
        let telling = digits.len().saturating_sub(TELLING_DIGITS);
        Self {
            words,
            digits: (is_number && digits.len() >= FEWEST_DIGITS).then(|| digits[telling..].to_owned()),
        }
    }

    /// Whether a client answers it; for the few that are not in the tables, because they have not been sent yet.
    pub(in crate::cache) fn is(&self, client: &deskbell_clinic::Client) -> bool {
        let name = client.name.to_lowercase();
        let begins = |word: &String| {
            let mut parts = name.split(|c: char| !c.is_alphanumeric());
            parts.any(|part| part.starts_with(word.as_str()))
        };
        let holds = |digits: &String| client.phones.iter().any(|phone| phone.normalised.contains(digits));
        self.digits.as_ref().is_some_and(holds) || (!self.words.is_empty() && self.words.iter().all(begins))
    }
}

/// The ids of clients who answer it, by name.
pub(in crate::cache) fn find(
    connection: &Connection,
    generation: u32,
    wanted: &Wanted,
    most: usize,
) -> Result<Vec<Uuid>, CacheError> {
    let mut found = vec![];
    if let Some(digits) = &wanted.digits {
        let mut query = connection.prepare_cached(
            "SELECT id FROM client_number JOIN client_key ON key = client_number.rowid
             WHERE client_number MATCH ?1 AND generation = ?2 ORDER BY client_key.name LIMIT ?3",
        )?;
        collect(&mut query, &format!("\"{digits}\""), generation, most, &mut found)?;
    }
    if !wanted.words.is_empty() {
        let mut query = connection.prepare_cached(
            "SELECT id FROM client_name JOIN client_key ON key = client_name.rowid
             WHERE client_name MATCH ?1 AND generation = ?2 ORDER BY client_key.name LIMIT ?3",
        )?;
        // Words are letters and digits only, so nothing in them has a meaning to the query's language.
        let words: Vec<_> = wanted.words.iter().map(|word| format!("\"{word}\"*")).collect();
        collect(&mut query, &words.join(" "), generation, most, &mut found)?;
    }
    Ok(found)
}

fn collect(
    query: &mut rusqlite::CachedStatement<'_>,
    words: &str,
    generation: u32,
    most: usize,
    into: &mut Vec<Uuid>,
) -> Result<(), CacheError> {
    let ids = query.query_map(
        params![words, generation, i64::try_from(most).unwrap_or(i64::MAX)],
        |row| row.get::<_, String>(0),
    )?;
    for id in ids {
        let id = Uuid::parse_str(&id?).map_err(|_| CacheError::unreadable("a stored client's id"))?;
        if !into.contains(&id) {
            into.push(id);
        }
    }
    Ok(())
}

/// Every visit of a client.
pub(in crate::cache) fn visits(
    connection: &Connection,
    generation: u32,
    client: ClientId,
) -> Result<Vec<ServerRow>, CacheError> {
    let mut query = connection.prepare_cached(
        "SELECT body, version FROM server_row INDEXED BY visit_by_client
             WHERE generation = ?1 AND kind = 'appointment' AND body ->> '$.clients[0].client' = ?2
         UNION ALL
         SELECT body, version FROM server_row INDEXED BY visit_by_second
             WHERE generation = ?1 AND kind = 'appointment' AND json_array_length(body, '$.clients') > 1
             AND body ->> '$.clients[1].client' = ?2 AND body ->> '$.clients[0].client' <> ?2
         UNION ALL
         SELECT body, version FROM server_row INDEXED BY visit_of_many
             WHERE generation = ?1 AND kind = 'appointment' AND json_array_length(body, '$.clients') > 2
             AND ?2 NOT IN (body ->> '$.clients[0].client', body ->> '$.clients[1].client')
             AND EXISTS (SELECT 1 FROM json_each(body, '$.clients') AS one WHERE one.value ->> '$.client' = ?2)",
    )?;
    let rows = query.query_map(params![generation, client.uuid().to_string()], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?))
    })?;
    rows.map(|row| {
        row.map_err(CacheError::from)
            .and_then(|(body, version)| decode(Kind::Appointment, &body, version))
    })
    .collect()
}
