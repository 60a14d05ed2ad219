//! Sessions and their tokens. A token is random and only its hash is kept, so a copied file signs nobody in.

use super::account::{self, Account};
use super::audit::Entry;
use super::{Ended, StoreError, Writing, columns};
use clinic::wire::OpenSession;
use clinic::{AccountId, DeviceId};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;
use uuid::Uuid;

pub(super) const TABLE: &str = "
    CREATE TABLE session (
        id BLOB PRIMARY KEY,
        account BLOB NOT NULL REFERENCES account (id),
        device BLOB NOT NULL,
        started_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX session_by_account ON session (account);
    CREATE TABLE token (
        hash BLOB PRIMARY KEY,
        session BLOB NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        purpose TEXT NOT NULL CHECK (purpose IN ('access', 'refresh')),
        expires_at INTEGER NOT NULL,
        used INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX token_by_session ON token (session);
    CREATE INDEX token_by_expiry ON token (expires_at);
";

/// A session that was taken back stays, so that the desk that shows its token is told so.
pub(super) const REVOKED: &str = "ALTER TABLE session ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0";

/// A token's hash.
pub(crate) type TokenHash = [u8; 32];

/// A session as a request meets it.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) id: Uuid,
    pub(crate) device: DeviceId,
    pub(crate) account: Account,
    /// When the token that was shown lapses.
    pub(crate) expires_at: Timestamp,
    /// Whether the token that was shown, a refresh token, was used before.
    pub(crate) used: bool,
    /// Whether it was taken back: the desk is to erase what it holds.
    pub(crate) revoked: bool,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Access,
    Refresh,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Purpose::Access => "access",
            Purpose::Refresh => "refresh",
        }
    }
}

/// The session that a token belongs to, unless the token has lapsed.
pub(crate) fn by_token(
    connection: &Connection,
    purpose: Purpose,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<Option<Session>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {}, s.id, s.device, t.expires_at, t.used, s.revoked
             FROM token t JOIN session s ON s.id = t.session JOIN account a ON a.id = s.account
             WHERE t.hash = ?1 AND t.purpose = ?2 AND t.expires_at > ?3",
            account::COLUMNS
        ))?
        .query_row(params![hash, purpose.as_str(), now.as_millisecond()], |row| {
            Ok(Session {
                account: account::read(row)?,
                id: columns::id(row, account::WIDTH)?,
                device: columns::id(row, account::WIDTH + 1)?.into(),
                expires_at: columns::instant(row, account::WIDTH + 2)?,
                used: row.get(account::WIDTH + 3)?,
                revoked: row.get(account::WIDTH + 4)?,
            })
        })
        .optional()?)
}

/// The sessions that could go on: neither ended nor taken back, with a token that still renews them.
pub(crate) fn open(connection: &Connection, now: Timestamp) -> Result<Vec<OpenSession>, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT a.login, a.name, s.device, d.name, s.started_at
             FROM session s JOIN account a ON a.id = s.account LEFT JOIN desk d ON d.device = s.device
             WHERE s.revoked = 0 AND EXISTS (SELECT 1 FROM token t
                WHERE t.session = s.id AND t.purpose = 'refresh' AND t.used = 0 AND t.expires_at > ?1)
             ORDER BY a.login, s.started_at, s.id",
        )?
        .query_map([now.as_millisecond()], |row| {
            Ok(OpenSession {
                login: row.get(0)?,
                name: row.get(1)?,
                device_id: columns::id(row, 2)?.into(),
                desk_name: row.get(3)?,
                since: columns::instant(row, 4)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

impl Writing<'_> {
    /// Begins a session.
    pub(crate) fn begin_session(&self, account: AccountId, device: DeviceId) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        self.transaction.execute(
            "INSERT INTO session (id, account, device, started_at) VALUES (?1, ?2, ?3, ?4)",
            params![
                id.as_bytes(),
                account.uuid().as_bytes(),
                device.uuid().as_bytes(),
                self.now.as_millisecond()
            ],
        )?;
        Ok(id)
    }

    /// Gives a session a token.
    pub(crate) fn add_token(
        &self,
        session: Uuid,
        purpose: Purpose,
        hash: &TokenHash,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO token (hash, session, purpose, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![hash, session.as_bytes(), purpose.as_str(), expires_at.as_millisecond()],
        )?;
        Ok(())
    }

    /// Marks a refresh token as used. It is kept until it lapses, to notice that it is shown a second time.
    pub(crate) fn use_refresh_token(&self, hash: &TokenHash) -> Result<(), StoreError> {
        self.transaction
            .execute("UPDATE token SET used = 1 WHERE hash = ?1", [hash])?;
        Ok(())
    }

    /// Ends one session.
    pub(crate) fn end_session(&self, account: AccountId, session: Uuid) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM session WHERE id = ?1", [session.as_bytes()])?;
        self.end(Ended {
            account,
            session: Some(session),
        });
        Ok(())
    }

    /// Ends every session of an account. Those that were taken back stay, so that their desks are still told to erase what
    /// they hold.
    pub(crate) fn end_sessions_of(&self, account: AccountId) -> Result<(), StoreError> {
        self.transaction.execute(
            "DELETE FROM session WHERE account = ?1 AND revoked = 0",
            [account.uuid().as_bytes()],
        )?;
        self.end(Ended { account, session: None });
        Ok(())
    }

    /// Takes the sessions of the account of this sign-in name back, at one desk or at all, and records it; answers how many,
    /// and nothing where there is no such account. Whoever shows one of their tokens is told for as long as the token would
    /// have held.
    pub(crate) fn take_access_back(&self, login: &str, device: Option<DeviceId>) -> Result<Option<u32>, StoreError> {
        let Some((account, _)) = account::by_login(self.reading(), login)? else {
            return Ok(None);
        };
        let revoked = self.revoke_sessions(account.id, device)?;
        self.audit(Entry {
            act: "access taken back",
            after: Some(&json!({"login": account.login, "device": device, "sessions": revoked})),
            ..Entry::default()
        })?;
        Ok(Some(revoked))
    }

    /// The same for an account that is known, without a record of it; answers how many.
    pub(super) fn revoke_sessions(&self, account: AccountId, device: Option<DeviceId>) -> Result<u32, StoreError> {
        let at = device.map(|device| *device.uuid().as_bytes());
        let revoked = self.transaction.execute(
            "UPDATE session SET revoked = 1 WHERE account = ?1 AND (?2 IS NULL OR device = ?2) AND revoked = 0",
            params![account.uuid().as_bytes(), at],
        )?;
        self.end(Ended { account, session: None });
        Ok(u32::try_from(revoked).unwrap_or(u32::MAX))
    }

    /// Forgets tokens that have lapsed, and sessions without any.
    pub(crate) fn prune_sessions(&self) -> Result<(), StoreError> {
        self.transaction
            .execute("DELETE FROM token WHERE expires_at <= ?1", [self.now.as_millisecond()])?;
        self.transaction.execute(
            "DELETE FROM session WHERE NOT EXISTS (SELECT 1 FROM token WHERE token.session = session.id)",
            [],
        )?;
        Ok(())
    }
}
