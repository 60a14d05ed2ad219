//! Reading: one transaction, one revision, the person's acts folded over the server's rows.

use super::Cache;
use super::commit::ChangesSince;
use super::error::CacheError;
use super::memory::{Listed, Memory};
use super::table::activity::{self, Activity};
use super::table::notification::{self, DueNotice};
use super::table::outbox::{self, OutboxItem, OutboxState};
use super::table::overlay::{self, OverlayRow};
use super::table::{change_log, client_index, meta, person, server_row};
use deskbell_clinic::{AccountId, Client, ClientId, Kind, OperationId, Row, Span, StaffId};
use rusqlite::Transaction;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// A row as it is to be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewRow {
    /// The row.
    pub row: Row,
    /// The server's version of it; none for what the server does not know yet.
    pub version: Option<u32>,
    /// The newest act in it that the server has not confirmed.
    pub pending: Option<(OperationId, OutboxState)>,
}

/// The cache at one revision.
pub struct Snapshot<'t> {
    transaction: Transaction<'t>,
    memory: Arc<Memory>,
    revision: u32,
    generation: u32,
    states: HashMap<OperationId, OutboxState>,
}

impl std::fmt::Debug for Snapshot<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

impl Cache {
    /// Reads in one transaction; `read` runs on a thread of the cache's and must not wait for anything.
    ///
    /// # Errors
    /// What `read` answers, or that the file cannot be read.
    pub async fn read<T, E>(&self, read: impl FnOnce(&Snapshot<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<CacheError> + Send + 'static,
    {
        let memory = self.inner.memory.clone();
        self.inner
            .readers
            .run(move |connection| {
                let transaction = connection.transaction().map_err(CacheError::from)?;
                let snapshot = Snapshot::begin(transaction, memory)?;
                read(&snapshot)
            })
            .await
    }

    /// What has changed since a revision, for a window that missed a notice.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn changes_since(&self, revision: u32) -> Result<ChangesSince, CacheError> {
        self.read(move |snapshot| change_log::since(&snapshot.transaction, revision))
            .await
    }
}

impl<'t> Snapshot<'t> {
    fn begin(transaction: Transaction<'t>, memory: Arc<Memory>) -> Result<Self, CacheError> {
        let revision = meta::revision(&transaction)?;
        let generation = meta::generation(&transaction)?;
        let states = outbox::all(&transaction)?
            .into_iter()
            .map(|item| (item.operation, item.state))
            .collect();
        let snapshot = Self {
            transaction,
            memory,
            revision,
            generation,
            states,
        };
        snapshot.memory.advance(
            revision,
            generation,
            |since| change_log::since(&snapshot.transaction, since),
            |kind, id| snapshot.read_row(kind, id),
        )?;
        Ok(snapshot)
    }

    pub(super) const fn transaction(&self) -> &Transaction<'t> {
        &self.transaction
    }

    /// The revision that is read.
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether the server was ever read to the end of its first answer.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn has_synced(&self) -> Result<bool, CacheError> {
        Ok(meta::cursor(&self.transaction)?.is_some())
    }

    /// One row.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn row(&self, kind: Kind, id: Uuid) -> Result<Option<ViewRow>, CacheError> {
        if let Some(known) = self.memory.row(self.revision, kind, id) {
            return Ok(known);
        }
        let row = self.read_row(kind, id)?;
        self.memory.keep_row(self.revision, kind, id, row.clone());
        Ok(row)
    }

    /// Past the memory.
    pub(super) fn read_row(&self, kind: Kind, id: Uuid) -> Result<Option<ViewRow>, CacheError> {
        let known = server_row::get(&self.transaction, self.generation, kind, id)?;
        match overlay::get(&self.transaction, kind, id)? {
            Some(overlay) => Ok(self.folded(overlay, known.map(|known| known.version))),
            None => Ok(known.map(plain)),
        }
    }

    /// Every row of a kind. For kinds that a clinic has few of.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows(&self, kind: Kind) -> Result<Vec<ViewRow>, CacheError> {
        self.list(Listed::All(kind))
    }

    /// One row as the server said it, without what a person has done since; with its version.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn truth_of(&self, kind: Kind, id: Uuid) -> Result<Option<(Row, u32)>, CacheError> {
        let known = server_row::get(&self.transaction, self.generation, kind, id)?;
        Ok(known.map(|known| (known.row, known.version)))
    }

    /// Rows as the server said them, with their versions: those that begin within a span, or all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn truth(&self, kind: Kind, begins: Option<Span>) -> Result<Vec<(Row, u32)>, CacheError> {
        let known = match begins {
            Some(span) => server_row::between(&self.transaction, self.generation, kind, span)?,
            None => server_row::all(&self.transaction, self.generation, kind)?,
        };
        let begins = |row: &Row| begins.is_none_or(|span| row.span().is_some_and(|own| span.contains(own.start())));
        Ok(known
            .into_iter()
            .filter(|known| begins(&known.row))
            .map(|known| (known.row, known.version))
            .collect())
    }

    /// Rows that share time with `span`, and repeating ones that may; of these staff, when any are named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rows_between(&self, kind: Kind, span: Span, staff: Option<&[StaffId]>) -> Result<Vec<ViewRow>, CacheError> {
        self.list(Listed::Between(kind, span, staff.map(<[StaffId]>::to_vec)))
    }

    pub(super) fn list(&self, listed: Listed) -> Result<Vec<ViewRow>, CacheError> {
        if !listed.is_small() {
            return self.read_list(&listed);
        }
        if let Some(known) = self.memory.list(self.revision, &listed) {
            return Ok(known.to_vec());
        }
        let rows = self.read_list(&listed)?;
        self.memory.keep_list(self.revision, listed, Arc::new(rows.clone()));
        Ok(rows)
    }

    /// Past the memory.
    pub(super) fn read_list(&self, listed: &Listed) -> Result<Vec<ViewRow>, CacheError> {
        let (kind, known) = match listed {
            Listed::All(kind) => (*kind, server_row::all(&self.transaction, self.generation, *kind)?),
            Listed::Between(kind, span, _) => {
                let known = server_row::between(&self.transaction, self.generation, *kind, *span)?;
                (*kind, known)
            }
        };
        let mut rows = self.fold(kind, known, |row| listed.holds(row))?;
        rows.retain(|seen| listed.holds(&seen.row));
        Ok(rows)
    }

    /// Clients whose name has words that begin as those of `text` do, or whose number holds its digits; by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn search_clients(&self, text: &str, most: usize) -> Result<Vec<Client>, CacheError> {
        let wanted = client_index::Wanted::typed(text);
        let mut found: BTreeMap<Uuid, Client> = BTreeMap::new();
        for id in client_index::find(&self.transaction, self.generation, &wanted, most)? {
            if let Some(Row::Client(client)) = self.row(Kind::Client, id)?.map(|seen| seen.row) {
                found.insert(id, client);
            }
        }
        // What a person wrote and the server does not know yet.
        for overlay in overlay::all(&self.transaction, Kind::Client)? {
            match overlay.row {
                Some(Row::Client(client)) if wanted.is(&client) => found.insert(overlay.id, client),
                _ => found.remove(&overlay.id),
            };
        }
        let mut found: Vec<_> = found.into_values().collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found.truncate(most);
        Ok(found)
    }

    /// Every visit of a client that is kept here, also one that is not sent yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn visits(&self, client: ClientId) -> Result<Vec<ViewRow>, CacheError> {
        let is_theirs = |row: &Row| match row {
            Row::Appointment(row) => row.clients.iter().any(|attendee| attendee.client == client),
            _ => false,
        };
        let known = client_index::visits(&self.transaction, self.generation, client)?;
        self.fold(Kind::Appointment, known, is_theirs)
    }

    /// Changes from elsewhere, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn activity(&self, most: u32) -> Result<Vec<Activity>, CacheError> {
        activity::newest(&self.transaction, most)
    }

    /// Names of accounts, as far as the server told of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn people(&self) -> Result<HashMap<AccountId, String>, CacheError> {
        person::all(&self.transaction)
    }

    /// Acts that wait, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxItem>, CacheError> {
        outbox::all(&self.transaction)
    }

    /// Notices that the desktop has not shown, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn due_notices(&self) -> Result<Vec<DueNotice>, CacheError> {
        notification::due(&self.transaction)
    }

    fn fold(
        &self,
        kind: Kind,
        known: Vec<server_row::ServerRow>,
        wanted: impl Fn(&Row) -> bool,
    ) -> Result<Vec<ViewRow>, CacheError> {
        let mut overlays: HashMap<Uuid, OverlayRow> = overlay::all(&self.transaction, kind)?
            .into_iter()
            .map(|overlay| (overlay.id, overlay))
            .collect();
        if overlays.is_empty() {
            return Ok(known.into_iter().map(plain).collect());
        }
        let mut rows = Vec::with_capacity(known.len() + overlays.len());
        for known in known {
            match overlays.remove(&known.row.id()) {
                None => rows.push(plain(known)),
                Some(overlay) => rows.extend(
                    self.folded(overlay, Some(known.version))
                        .filter(|seen| wanted(&seen.row)),
                ),
            }
        }
        // What is left is new, or was moved here from a time that was not asked for.
        for overlay in overlays.into_values() {
            let version =
                server_row::get(&self.transaction, self.generation, kind, overlay.id)?.map(|known| known.version);
            rows.extend(self.folded(overlay, version).filter(|seen| wanted(&seen.row)));
        }
        Ok(rows)
    }

    fn folded(&self, overlay: OverlayRow, version: Option<u32>) -> Option<ViewRow> {
        let state = self
            .states
            .get(&overlay.operation)
            .copied()
            .unwrap_or(OutboxState::Queued);
        overlay.row.map(|row| ViewRow {
            row,
            version,
            pending: Some((overlay.operation, state)),
        })
    }
}

fn plain(known: server_row::ServerRow) -> ViewRow {
    ViewRow {
        row: known.row,
        version: Some(known.version),
        pending: None,
    }
}
