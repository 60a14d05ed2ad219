//! Which rows each revision made stale, for a window that missed a notice.

use crate::cache::commit::{ChangeItem, ChangesSince};
use crate::cache::{CacheError, table::meta};
use rusqlite::{Connection, params};

/// Revisions that are kept. A window further behind reads again what it shows.
const KEPT: u32 = 2_000;
/// Rows that are worth listing.
const MOST_ITEMS: usize = 200;

pub(in crate::cache) fn append(
    connection: &Connection,
    revision: u32,
    items: &[ChangeItem],
    overflow: bool,
) -> Result<(), CacheError> {
    let mut write =
        connection.prepare_cached("INSERT INTO change_log (revision, overflow, items) VALUES (?1, ?2, ?3)")?;
    write.execute(params![revision, overflow, serde_json::to_string(items)?])?;
    if revision > KEPT {
        connection.execute("DELETE FROM change_log WHERE revision <= ?1", [revision - KEPT])?;
    }
    Ok(())
}

pub(in crate::cache) fn since(connection: &Connection, revision: u32) -> Result<ChangesSince, CacheError> {
    let now = meta::revision(connection)?;
    let epoch = meta::epoch(connection)?;
    let whole = |overflow, items| {
        Ok(ChangesSince {
            epoch,
            revision: now,
            items,
            overflow,
        })
    };
    if revision > now {
        return whole(true, vec![]);
    }
    let mut query = connection
        .prepare_cached("SELECT revision, overflow, items FROM change_log WHERE revision > ?1 ORDER BY revision")?;
    let mut rows = query.query([revision])?;
    let (mut items, mut expected): (Vec<ChangeItem>, u32) = (vec![], revision);
    while let Some(row) = rows.next()? {
        expected += 1;
        if row.get::<_, u32>(0)? != expected || row.get(1)? || items.len() > MOST_ITEMS {
            return whole(true, vec![]);
        }
        for item in serde_json::from_str::<Vec<ChangeItem>>(&row.get::<_, String>(2)?)? {
            items.retain(|known| (known.kind, known.id) != (item.kind, item.id));
            items.push(item);
        }
    }
    if expected == now {
        whole(false, items)
    } else {
        whole(true, vec![])
    }
}
