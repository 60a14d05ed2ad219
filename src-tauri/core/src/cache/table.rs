//! One file per table: its SQL, its row type, its reads and its writes.

pub(super) mod activity;
pub(super) mod change_log;
pub(super) mod client_index;
pub(super) mod draft;
pub(super) mod id_map;
pub(super) mod meta;
pub(super) mod notification;
pub(super) mod outbox;
pub(super) mod overlay;
pub(super) mod person;
pub(super) mod server_row;

/// The first released schema.
pub(super) const FIRST: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What the server said. `generation` lets a whole new reading be filled beside the one that is shown.
CREATE TABLE server_row (
    generation INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    starts INTEGER,
    ends INTEGER,
    repeats INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (generation, kind, id)
) WITHOUT ROWID;
CREATE INDEX server_row_by_time ON server_row (generation, kind, starts) WHERE starts IS NOT NULL;
CREATE INDEX server_row_repeating ON server_row (generation, kind) WHERE repeats = 1;

-- What a person did and the server has not confirmed, already folded: body NULL means removed.
CREATE TABLE overlay (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    operation TEXT NOT NULL,
    body TEXT,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    intent TEXT NOT NULL,
    base_version INTEGER,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    problem TEXT,
    by_account TEXT NOT NULL,
    acted_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER
);
CREATE INDEX outbox_by_lane ON outbox (kind, id, seq);

CREATE TABLE outbox_dependency (
    operation TEXT NOT NULL,
    needs TEXT NOT NULL,
    PRIMARY KEY (operation, needs)
) WITHOUT ROWID;

CREATE TABLE change_log (
    revision INTEGER PRIMARY KEY,
    overflow INTEGER NOT NULL,
    items TEXT NOT NULL
);

CREATE TABLE activity (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
);

CREATE TABLE notification_outbox (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
";
