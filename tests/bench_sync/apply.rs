//! What it costs the cache to take 1,000 changed rows in, against SQLite itself doing no more than writing the same rows
//! into a table with the same columns and indexes, in an encrypted file with the same settings and the same transactions.

use crate::clinic::{client, morning};
use crate::figures::Figures;
use deskbell_clinic::rules::news::Reader;
use deskbell_clinic::wire::{Change, ChangeOp, ChangesPage};
use deskbell_clinic::{AccountId, ClientId, ClinicId, DeviceId, Kind, Row};
use deskbell_core::cache::{Cache, CacheKey, Owner, Pulled};
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::Instant;
use uuid::Uuid;

const ROWS: u32 = 1_000;
/// A page of the API.
const PAGE: u32 = 200;
const ROUNDS: u32 = 15;

fn change(n: u32, version: u32) -> Change {
    let mut row = client(ClientId(Uuid::from_u128(u128::from(n) + 1)), &format!("Client {n}"));
    row.notes = format!("note {version}");
    let row = Row::from(row);
    Change {
        kind: Kind::Client,
        id: row.id(),
        version,
        op: ChangeOp::Put,
        body: Some(row.to_json()),
        by: None,
        device: None,
        operation: None,
        at: morning(),
    }
}

fn pages(version: u32) -> Vec<ChangesPage> {
    (0..ROWS / PAGE)
        .map(|page| ChangesPage {
            epoch: "e".into(),
            server_time: morning(),
            changes: (page * PAGE..(page + 1) * PAGE).map(|n| change(n, version)).collect(),
            cursor: format!("{version}-{page}"),
            more: false,
            next_poll_ms: 0,
            digest: vec![],
            people: vec![],
        })
        .collect()
}

/// Milliseconds of one round, each changing every row.
async fn ours(cache: &Cache, version: u32) -> f64 {
    let pages = pages(version);
    let began = Instant::now();
    for page in pages {
        let pulled = Pulled {
            page,
            device: DeviceId(Uuid::nil()),
            first_sync: false,
            reader: Reader::Desk,
        };
        cache.apply(pulled).await.expect("the page is good");
    }
    began.elapsed().as_secs_f64() * 1e3
}

/// The cache's own table of rows and its indexes, as it stands in a cache that was just made.
fn schema(cache: &Path, key: &str) -> Vec<String> {
    let connection = open(cache, key);
    let mut statement = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE tbl_name = 'server_row' AND sql IS NOT NULL ORDER BY type DESC")
        .expect("a schema");
    let sql = statement.query_map([], |row| row.get(0)).expect("a query");
    sql.collect::<Result<_, _>>().expect("text")
}

fn open(path: &Path, key: &str) -> Connection {
    let connection = Connection::open(path).expect("a file");
    connection.pragma_update(None, "key", key).expect("a key");
    connection.pragma_update(None, "cache_size", -65_536).expect("a pragma");
    connection.pragma_update(None, "journal_mode", "WAL").expect("a pragma");
    connection
        .pragma_update(None, "synchronous", "NORMAL")
        .expect("a pragma");
    connection
}

/// Copies the rows that the cache has by now into the bare table, in transactions of a page.
fn bare(connection: &mut Connection, rows: &[Vec<rusqlite::types::Value>]) -> f64 {
    let marks = vec!["?"; rows[0].len()].join(", ");
    let sql = format!("INSERT OR REPLACE INTO server_row VALUES ({marks})");
    let began = Instant::now();
    for page in rows.chunks(PAGE as usize) {
        let transaction = connection.transaction().expect("a transaction");
        {
            let mut statement = transaction.prepare_cached(&sql).expect("the table");
            for row in page {
                statement.execute(rusqlite::params_from_iter(row)).expect("a row");
            }
        }
        transaction.commit().expect("a commit");
    }
    began.elapsed().as_secs_f64() * 1e3
}

fn rows_of(path: &Path, key: &str) -> Vec<Vec<rusqlite::types::Value>> {
    let connection = open(path, key);
    let mut statement = connection.prepare("SELECT * FROM server_row").expect("the table");
    let columns = statement.column_count();
    let rows = statement.query_map(params![], |row| (0..columns).map(|column| row.get(column)).collect());
    rows.expect("a query").collect::<Result<_, _>>().expect("rows")
}

pub(crate) async fn measure(figures: &mut Figures) {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, bytes) = (folder.path().join("cache.db"), [7_u8; 32]);
    let key = format!("x'{}'", "07".repeat(32));
    let owner = Owner {
        clinic: ClinicId(Uuid::nil()),
        account: AccountId(Uuid::nil()),
    };
    let cache = Cache::open(&file, &CacheKey::new(bytes), owner)
        .await
        .expect("a new cache");
    let schema = schema(&file, &key);
    let mut raw = open(&folder.path().join("bare.db"), &key);
    for sql in &schema {
        raw.execute_batch(sql).expect("the same table");
    }
    ours(&cache, 1).await;
    bare(&mut raw, &rows_of(&file, &key));
    let (mut apply, mut insert, mut ratios) = (vec![], vec![], vec![]);
    for version in 2..ROUNDS + 2 {
        apply.push(ours(&cache, version).await);
        insert.push(bare(&mut raw, &rows_of(&file, &key)));
        ratios.push(apply[apply.len() - 1] / insert[insert.len() - 1]);
    }
    cache.close().await;
    figures.seeds("apply 1,000 changed rows", "ms", &apply, None);
    figures.seeds("bare SQLite, the same rows and indexes", "ms", &insert, None);
    figures.seeds("apply 1,000 changed rows ÷ bare SQLite", "ratio", &ratios, Some(2.0));
}
