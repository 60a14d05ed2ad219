//! What is kept beside the rows: the audit and the accounts at the clinic's server, asked past the cache, and how windows are
//! arranged.

use super::{Desk, DeskError};
use crate::backend::{AccountAct, BackendError};
use crate::sync::link::LinkState;
use deskbell_clinic::wire::{AccountChanged, AccountEntry, AppointmentHistory, Export, Problem};
use deskbell_clinic::{AppointmentId, DeviceId};

impl Desk {
    /// Who did what with an appointment; none where the server keeps no record of it.
    ///
    /// # Errors
    /// When nobody is signed in, the server asked for a pause, it cannot be reached, or it does not know the appointment.
    pub(crate) async fn ask_history(&self, id: AppointmentId) -> Result<Option<AppointmentHistory>, DeskError> {
        self.account().ok_or_else(DeskError::signed_out)?;
        self.refuse_in_pause()?;
        Ok(self.backend().history(id).await?)
    }

    /// Has the server record that a day's bookings are about to leave the program. False where it keeps no such record.
    ///
    /// # Errors
    /// `not_recorded` when the server cannot be asked, and what it refuses.
    pub(crate) async fn ask_to_record(&self, export: &Export) -> Result<bool, DeskError> {
        self.account().ok_or_else(DeskError::signed_out)?;
        self.refuse_in_pause()?;
        match self.backend().record_export(export).await {
            Ok(recorded) => Ok(recorded),
            Err(BackendError::Unreachable | BackendError::Timeout { .. }) => Err(DeskError::new(
                "not_recorded",
                "The clinic's server records who prints or saves clients' data, and cannot be reached now. Try again when it can.",
            )),
            Err(error) => Err(error.into()),
        }
    }

    /// The clinic's accounts.
    ///
    /// # Errors
    /// When nobody is signed in, the server asked for a pause, keeps its accounts elsewhere or cannot be reached, or this
    /// account does not administer the clinic.
    pub(crate) async fn ask_accounts(&self) -> Result<Vec<AccountEntry>, DeskError> {
        self.account().ok_or_else(DeskError::signed_out)?;
        self.refuse_in_pause()?;
        Ok(self.backend().accounts().await?)
    }

    /// Has the server change an account.
    ///
    /// # Errors
    /// As for [`Desk::ask_accounts`]; and what the server refuses, in its own words where a field is wrong.
    pub(crate) async fn ask_to_change(&self, act: &AccountAct) -> Result<AccountChanged, DeskError> {
        self.account().ok_or_else(DeskError::signed_out)?;
        self.refuse_in_pause()?;
        self.backend().change_account(act).await.map_err(in_fields_words)
    }

    /// A pause that the server asked for holds for everything.
    fn refuse_in_pause(&self) -> Result<(), DeskError> {
        match self.status().borrow().link {
            LinkState::Throttled | LinkState::Halted => Err(BackendError::TooMany { retry_after: None }.into()),
            _ => Ok(()),
        }
    }

    /// Keeps an arrangement of windows beside this account's rows.
    pub(crate) async fn keep_look(&self, look: String) -> Result<(), DeskError> {
        Ok(self.line().await?.cache.keep_look(look).await?)
    }

    /// This installation, as the server knows it.
    pub(crate) fn device(&self) -> DeviceId {
        self.identity().device
    }
}

/// A refusal that names fields says it in their words.
pub(super) fn in_fields_words(error: BackendError) -> DeskError {
    match &error {
        BackendError::Invalid(problem) if !problem.fields.is_empty() => DeskError::bad_input(words(problem)),
        _ => error.into(),
    }
}

fn words(problem: &Problem) -> String {
    let said: Vec<_> = problem.fields.iter().map(|field| field.message.as_str()).collect();
    said.join("\n")
}
