//! What a commit made stale: keys, and where they were and are, never data.

use deskbell_clinic::{Kind, StaffId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One commit of the cache. `prev` is the revision before it; revisions count up by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The server's epoch; empty before the first sync.
    pub epoch: String,
    /// The revision before.
    pub prev: u32,
    /// The revision it makes.
    pub revision: u32,
    /// Rows that became stale; empty with `overflow`.
    pub items: Vec<ChangeItem>,
    /// Everything may have changed.
    pub overflow: bool,
    /// Where it came from.
    pub origin: Origin,
}

/// One row that became stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeItem {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// Whether it is still there.
    pub op: Op,
    /// Whether it left this account's sight rather than the clinic.
    pub left: bool,
    /// Staff whose row it was or is on.
    pub staff: Vec<StaffId>,
    /// Days it was or is on, in the clinic's zone.
    pub days: Vec<Date>,
    /// Whether it repeats, and so may be on any day.
    pub repeats: bool,
}

/// Whether a row is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// It is there.
    Put,
    /// It is gone.
    Delete,
}

/// Where a commit came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person at this desk.
    Own,
    /// The server.
    Elsewhere,
    /// Everything was read anew.
    Resnapshot,
}

/// What has changed since a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesSince {
    /// The server's epoch.
    pub epoch: String,
    /// The revision that this brings one to.
    pub revision: u32,
    /// What changed; empty with `overflow`.
    pub items: Vec<ChangeItem>,
    /// Too long ago to tell, or too much.
    pub overflow: bool,
}
