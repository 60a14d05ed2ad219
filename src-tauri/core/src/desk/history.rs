//! What is kept beside the rows: the audit at the clinic's server, asked past the cache, and how windows are arranged.

use super::{Desk, DeskError};
use crate::backend::BackendError;
use crate::sync::link::LinkState;
use deskbell_clinic::wire::AppointmentHistory;
use deskbell_clinic::{AppointmentId, DeviceId};

impl Desk {
    /// Who did what with an appointment; none where the server keeps no record of it.
    ///
    /// # Errors
    /// When nobody is signed in, the server asked for a pause, it cannot be reached, or it does not know the appointment.
    pub(crate) async fn ask_history(&self, id: AppointmentId) -> Result<Option<AppointmentHistory>, DeskError> {
        self.account().ok_or_else(DeskError::signed_out)?;
        let paused = matches!(self.status().borrow().link, LinkState::Throttled | LinkState::Halted);
        if paused {
            return Err(BackendError::TooMany { retry_after: None }.into());
        }
        Ok(self.inner.backend.history(id).await?)
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
