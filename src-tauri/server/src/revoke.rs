//! Taking access back: a computer is stolen or given away, and what it holds of an account is to go.

use crate::ServerError;
use crate::serve::Server;
use crate::store::audit::Entry;
use crate::store::{Author, account};
use deskbell_clinic::DeviceId;

impl Server {
    /// Takes the access of an account back, at one desk or at all: a desk that is stolen or given away erases what it holds of
    /// the account as soon as it asks for anything. Answers how many sessions that were.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn revoke(&self, login: &str, device: Option<DeviceId>) -> Result<usize, ServerError> {
        let login = login.trim().to_owned();
        self.store()
            .write(Author::default(), move |writing| {
                let Some((account, _)) = account::by_login(writing.reading(), &login)? else {
                    return Err(ServerError::Refused(format!("there is no account {login}")));
                };
                writing.audit(Entry {
                    act: "access taken back",
                    reason: Some(&login),
                    ..Entry::default()
                })?;
                Ok(writing.revoke_sessions(account.id, device)?)
            })
            .await
    }
}
