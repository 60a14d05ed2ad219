//! Accounts as their administrators keep them: who has one, who was invited, who may no longer sign in.

use super::account::{self, Enrolment};
use super::audit::Entry;
use super::{StoreError, Writing, columns};
use clinic::wire::AccountEntry;
use clinic::{AccountId, Role};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::json;

/// What a table of accounts of before did not know.
pub(super) const KEPT: &str = "
    ALTER TABLE account ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
    -- The password is a one-time code, and lapses then.
    ALTER TABLE account ADD COLUMN code_until INTEGER;
    ALTER TABLE account ADD COLUMN last_sign_in INTEGER;
";

/// All accounts: those that are in use first, by name.
pub(crate) fn all(connection: &Connection, now: Timestamp) -> Result<Vec<AccountEntry>, StoreError> {
    entries(connection, None, now)
}

/// One account.
pub(crate) fn entry(
    connection: &Connection,
    id: AccountId,
    now: Timestamp,
) -> Result<Option<AccountEntry>, StoreError> {
    Ok(entries(connection, Some(id), now)?.pop())
}

fn entries(connection: &Connection, only: Option<AccountId>, now: Timestamp) -> Result<Vec<AccountEntry>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "SELECT {}, a.last_sign_in, (SELECT count(DISTINCT s.device) FROM session s
                WHERE s.account = a.id AND s.revoked = 0 AND EXISTS (SELECT 1 FROM token t
                    WHERE t.session = s.id AND t.purpose = 'refresh' AND t.used = 0 AND t.expires_at > ?2))
             FROM account a WHERE ?1 IS NULL OR a.id = ?1
             ORDER BY a.disabled, a.name COLLATE NOCASE, a.login",
            account::COLUMNS
        ))?
        .query_map(
            params![only.map(|id| *id.uuid().as_bytes()), now.as_millisecond()],
            |row| {
                let account = account::read(row)?;
                Ok(AccountEntry {
                    id: account.id,
                    login: account.login,
                    name: account.name,
                    role: account.role,
                    staff: account.staff,
                    disabled: account.disabled,
                    code_until: account.code_until,
                    last_sign_in: columns::optional_instant(row, account::WIDTH)?,
                    desks: row.get(account::WIDTH + 1)?,
                })
            },
        )?
        .collect::<Result<_, _>>()?)
}

impl Writing<'_> {
    /// Whether somebody other than this account administers the clinic and can sign in as they are: one who was only invited
    /// may never come.
    pub(crate) fn has_another_admin(&self, than: AccountId) -> Result<bool, StoreError> {
        Ok(self.transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM account
                WHERE role = ?2 AND id <> ?1 AND disabled = 0 AND code_until IS NULL)",
            params![than.uuid().as_bytes(), Role::Admin.as_str()],
            |row| row.get(0),
        )?)
    }

    /// Makes an account whose password is a one-time code. Nobody has its sign-in name yet.
    pub(crate) fn invite(&self, enrolment: &Enrolment, code_until: Timestamp) -> Result<(), StoreError> {
        self.enrol(enrolment)?;
        self.transaction.execute(
            "UPDATE account SET code_until = ?2 WHERE id = ?1",
            params![enrolment.id.uuid().as_bytes(), code_until.as_millisecond()],
        )?;
        self.record("account made", enrolment.id)
    }

    /// Puts a one-time code in a password's place, and ends the account's sessions.
    pub(crate) fn reset(&self, id: AccountId, code_hash: &str, code_until: Timestamp) -> Result<(), StoreError> {
        self.transaction.execute(
            "UPDATE account SET password = ?2, code_until = ?3 WHERE id = ?1",
            params![id.uuid().as_bytes(), code_hash, code_until.as_millisecond()],
        )?;
        self.end_sessions_of(id)?;
        self.record("account reset", id)
    }

    /// Puts a password that its person chose in a one-time code's place.
    pub(crate) fn choose_password(&self, id: AccountId, password_hash: &str) -> Result<(), StoreError> {
        self.transaction.execute(
            "UPDATE account SET password = ?2, code_until = NULL WHERE id = ?1",
            params![id.uuid().as_bytes(), password_hash],
        )?;
        self.record("password chosen", id)
    }

    /// Lets nobody sign in any more, and takes back what the account's desks hold.
    pub(crate) fn disable(&self, id: AccountId) -> Result<(), StoreError> {
        self.set_disabled(id, true)?;
        self.revoke_sessions(id, None)?;
        self.record("account disabled", id)
    }

    /// Lets its person sign in again.
    pub(crate) fn enable(&self, id: AccountId) -> Result<(), StoreError> {
        self.set_disabled(id, false)?;
        self.record("account enabled", id)
    }

    fn set_disabled(&self, id: AccountId, disabled: bool) -> Result<(), StoreError> {
        self.transaction.execute(
            "UPDATE account SET disabled = ?2 WHERE id = ?1",
            params![id.uuid().as_bytes(), disabled],
        )?;
        Ok(())
    }

    /// Notes that its person signed in now.
    pub(crate) fn note_sign_in(&self, id: AccountId) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached("UPDATE account SET last_sign_in = ?2 WHERE id = ?1")?
            .execute(params![id.uuid().as_bytes(), self.now.as_millisecond()])?;
        Ok(())
    }

    /// Records what became of an account.
    pub(crate) fn record(&self, act: &str, id: AccountId) -> Result<(), StoreError> {
        let account = account::by_id(&self.transaction, id)?;
        let after = account.map(
            |account| json!({"account": id, "login": account.login, "role": account.role, "staff": account.staff}),
        );
        self.audit(Entry {
            act,
            after: after.as_ref(),
            ..Entry::default()
        })
    }
}
