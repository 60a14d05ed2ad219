//! The clinic's accounts, for its administrator. They are asked of the server each time and kept nowhere here; what is changed
//! is changed there at once, or not at all.

use super::scenes::Wanted;
use crate::backend::AccountAct;
use crate::desk::{Desk, DeskError};
use crate::view::{
    AccountDone, AccountForm, AccountLine, AccountStaff, AccountState, AccountsView, CodeShown, Scene, day_title,
    time_label,
};
use deskbell_clinic::wire::{AccountEntry, AccountRole, Invite};
use deskbell_clinic::{AccountId, Role, Staff};
use jiff::Timestamp;

impl Desk {
    /// Who may sign in, and as what.
    ///
    /// # Errors
    /// When this account does not administer the clinic, its server keeps accounts elsewhere or cannot be reached, or the
    /// cache cannot be read.
    pub async fn accounts(&self) -> Result<AccountsView, DeskError> {
        let me = self.administrator()?;
        let entries = self.ask_accounts().await?;
        let scene = self.accounts_scene().await?;
        let staff = scene.staff.iter().filter(|row| row.active).map(|row| AccountStaff {
            id: row.id,
            name: row.name.clone(),
            role: row.role,
            has_account: entries.iter().any(|entry| is_of(entry, row)),
        });
        Ok(AccountsView {
            staff: staff.collect(),
            accounts: entries.into_iter().map(|entry| line(&scene, entry, me)).collect(),
        })
    }

    /// Changes an account, or gives somebody one.
    ///
    /// # Errors
    /// As for [`Desk::accounts`]; `bad_input` with a sentence for each field that is wrong, `last_admin`, and `not_found` for an
    /// account that is there no more.
    pub async fn change_account(&self, form: AccountForm) -> Result<AccountDone, DeskError> {
        let me = self.administrator()?;
        let scene = self.accounts_scene().await?;
        let changed = self.ask_to_change(&as_act(form)).await?;
        tracing::info!(account = %changed.account.id, "an account was changed");
        Ok(AccountDone {
            account: line(&scene, changed.account, me),
            code: changed.code.map(|code| CodeShown {
                code: code.code,
                until: when(&scene, code.until),
            }),
        })
    }

    fn administrator(&self) -> Result<AccountId, DeskError> {
        let account = self.account().ok_or_else(DeskError::signed_out)?;
        match account.role {
            Role::Admin => Ok(account.account),
            _ => Err(DeskError::new(
                "forbidden",
                "Only an administrator keeps the clinic’s accounts.",
            )),
        }
    }

    async fn accounts_scene(&self) -> Result<Scene, DeskError> {
        self.scene(|_, _| {
            Ok(Wanted {
                spans: vec![],
                staff: None,
                desk_lists: false,
            })
        })
        .await
    }
}

/// Whether an account is that of this staff member; the front desk's are often told by their name alone.
fn is_of(entry: &AccountEntry, row: &Staff) -> bool {
    match entry.staff {
        Some(staff) => staff == row.id,
        None => entry.name.trim().eq_ignore_ascii_case(row.name.trim()),
    }
}

fn as_act(form: AccountForm) -> AccountAct {
    match form {
        AccountForm::Invite {
            login,
            name,
            role,
            staff,
        } => AccountAct::Invite(Invite {
            login: login.trim().to_owned(),
            name: name.trim().to_owned(),
            role,
            staff,
        }),
        AccountForm::Reset { id } => AccountAct::Reset(id),
        AccountForm::Disable { id } => AccountAct::Disable(id),
        AccountForm::Enable { id } => AccountAct::Enable(id),
        AccountForm::SetRole { id, role, staff } => AccountAct::SetRole(id, AccountRole { role, staff }),
    }
}

fn line(scene: &Scene, entry: AccountEntry, me: AccountId) -> AccountLine {
    let state = match entry.code_until {
        _ if entry.disabled => AccountState::Disabled,
        Some(until) if until <= scene.now => AccountState::Lapsed,
        Some(_) => AccountState::Invited,
        None => AccountState::Active,
    };
    let mut says = Vec::new();
    if let (AccountState::Invited, Some(until)) = (state, entry.code_until) {
        says.push(format!("code holds until {}", when(scene, until)));
    }
    match (entry.desks, entry.last_sign_in) {
        (1, _) => says.push("signed in at one desk".to_owned()),
        (2.., _) => says.push(format!("signed in at {} desks", entry.desks)),
        (0, Some(last)) => says.push(format!("last signed in on {}", when(scene, last))),
        // A server that began to note it only lately does not know of earlier times.
        (0, None) => {}
    }
    AccountLine {
        id: entry.id,
        login: entry.login,
        name: entry.name,
        role: entry.role,
        staff: entry.staff,
        state,
        says: says.join(" · "),
        desks: entry.desks,
        you: entry.id == me,
    }
}

/// `Thu 26 Nov at 09:00`.
fn when(scene: &Scene, at: Timestamp) -> String {
    format!(
        "{} at {}",
        day_title(scene.calendar.day_of(at)),
        time_label(&scene.calendar, at)
    )
}
