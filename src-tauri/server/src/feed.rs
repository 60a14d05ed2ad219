//! What a viewer is told: first the rows as they are, then what has changed, page by page.
//!
//! A cursor is a place in the change log, and until the first sync is over also a place among the rows. Pages are read
//! in one transaction each, and positions are in commit order, so nothing is missed between two pages. What changes
//! while a first sync runs comes again afterwards as a change: it began by noting where the log stood.

mod cursor;
mod delta;
mod snapshot;

use crate::api::problem::Fault;
use crate::store::account::{self, Account};
use crate::store::row::Stored;
use crate::store::{StoreError, change, digest as sums, meta};
use clinic::digest::utc_day;
use clinic::wire::{Change, ChangeOp, ChangesPage, ChangesQuery, DAYS_BACK, KindDigest};
use clinic::{AccountId, Actor, Calendar};
use cursor::{Cursor, Place};
use deskbell_clinic as clinic;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The most changes in one page.
const LARGEST_PAGE: u16 = 200;

/// The most rows that are looked at for one page: a viewer who may see few of them gets a short page and asks again,
/// instead of holding a reader for long.
const LARGEST_LOOK: usize = 4_000;

/// How often a viewer is told what they should hold.
const DIGEST_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// The least time between two polls that the server asks for, in milliseconds.
const NEXT_POLL_MS: u32 = 1_000;

/// One page for one viewer.
pub(crate) fn page(
    connection: &Connection,
    account: &Account,
    query: &ChangesQuery,
    now: Timestamp,
) -> Result<ChangesPage, Fault> {
    let limit = match query.limit {
        None => usize::from(LARGEST_PAGE),
        Some(limit @ 1..=LARGEST_PAGE) => usize::from(limit),
        Some(_) => return Err(Fault::bad_request("limit is between 1 and 200.")),
    };
    let meta = meta::get(connection)?;
    let cursor = match &query.since {
        None => Cursor {
            epoch: meta.epoch.clone(),
            account: account.id,
            stamp: account.stamp,
            seq: change::last(connection)?,
            from: first_instant(connection, query, now)?.as_millisecond(),
            digest_at: 0,
            place: Some(Place::beginning()),
        },
        Some(since) => Cursor::read(since)
            .ok_or_else(|| Fault::bad_request("since is not a cursor of this server."))
            .and_then(|cursor| {
                if cursor.epoch != meta.epoch {
                    Err(Fault::cursor_expired("The server's past has changed."))
                } else if (cursor.account, cursor.stamp) != (account.id, account.stamp) {
                    Err(Fault::cursor_expired("What this account may see has changed."))
                } else if cursor.seq < meta.horizon {
                    Err(Fault::cursor_expired(
                        "The cursor is older than what the server remembers.",
                    ))
                } else {
                    Ok(cursor)
                }
            })?,
    };
    let viewer = Actor {
        account: account.id,
        role: account.role,
        staff: account.staff,
    };
    let Part {
        changes,
        mut cursor,
        more,
    } = match cursor.place {
        Some(place) => snapshot::part(connection, &viewer, &cursor, place, limit)?,
        None => delta::part(connection, &viewer, &cursor, limit)?,
    };
    let digest = if !more && now.duration_since(cursor.digest_at()).abs() >= DIGEST_EVERY {
        cursor.digest_at = now.as_millisecond();
        digest(connection, &viewer, &cursor, now)?
    } else {
        vec![]
    };
    let people = account::people(connection, authors(&changes))?;
    Ok(ChangesPage {
        epoch: meta.epoch,
        server_time: now,
        changes,
        cursor: cursor.write()?,
        more,
        next_poll_ms: if more { 0 } else { NEXT_POLL_MS },
        digest,
        people,
    })
}

/// Everyone whom a page's changes name: who made them, and whose steps led an appointment to where it is.
fn authors(changes: &[Change]) -> BTreeSet<AccountId> {
    let steps = |body: &serde_json::Value| -> Vec<AccountId> {
        let stages = body.get("history").and_then(serde_json::Value::as_array);
        let by = stages.into_iter().flatten().filter_map(|stage| stage.get("by"));
        by.filter_map(|by| by.as_str()?.parse().ok()).collect()
    };
    changes
        .iter()
        .flat_map(|change| {
            let stages = change.body.as_ref().map(steps).unwrap_or_default();
            change.by.into_iter().chain(stages)
        })
        .collect()
}

/// What a viewer who has come to the end of the log should hold. Days that have left the window since their first sync
/// are not in it: their desk need not keep them.
fn digest(
    connection: &Connection,
    viewer: &Actor,
    cursor: &Cursor,
    now: Timestamp,
) -> Result<Vec<KindDigest>, StoreError> {
    let window = now
        .checked_sub(SignedDuration::from_hours(DAYS_BACK * 24))
        .unwrap_or(Timestamp::MIN);
    // The day after: a part of that day itself may be before the first sync's beginning.
    let from_day = utc_day(cursor.from().max(window)) + 1;
    let sums = sums::of_viewer(connection, viewer, from_day)?;
    let kinds = sums.into_iter().map(|(kind, sum)| KindDigest {
        kind,
        from_day,
        rows: sum.rows(),
        hash: sum.hash(),
    });
    Ok(kinds.collect())
}

/// What one page holds, and where the next goes on.
struct Part {
    changes: Vec<Change>,
    cursor: Cursor,
    more: bool,
}

fn first_instant(connection: &Connection, query: &ChangesQuery, now: Timestamp) -> Result<Timestamp, Fault> {
    let clinic = meta::clinic(connection)?;
    let calendar = Calendar::new(&clinic.zone, vec![]).map_err(|error| StoreError::Broken {
        kind: "clinic",
        why: error.to_string(),
    })?;
    let day = match query.from {
        Some(day) => day,
        None => {
            let today = calendar.day_of(now);
            today.checked_sub(DAYS_BACK.days()).unwrap_or(today)
        }
    };
    Ok(calendar.day(day).start())
}

fn change(row: Stored, op: ChangeOp) -> Change {
    Change {
        kind: row.kind,
        id: row.id,
        version: row.version,
        op,
        body: row.body.filter(|_| op == ChangeOp::Put),
        by: row.by,
        device: row.device,
        operation: row.operation,
        at: row.at,
    }
}
