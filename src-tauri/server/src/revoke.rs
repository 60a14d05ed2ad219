//! Taking access back: a computer is stolen or given away, and what it holds of an account is to go.

use crate::ServerError;
use crate::serve::Server;
use crate::store::Author;
use crate::store::session;
use deskbell_clinic::DeviceId;
use deskbell_clinic::wire::OpenSession;

impl Server {
    /// Takes the access of an account back, at one desk or at all: a desk that is stolen or given away erases what it holds of
    /// the account as soon as it asks for anything. Answers how many sessions that were.
    ///
    /// # Errors
    /// When there is no such account, or the database fails.
    pub async fn revoke(&self, login: &str, device: Option<DeviceId>) -> Result<u32, ServerError> {
        let login = login.trim().to_owned();
        self.store()
            .write(Author::default(), move |writing| {
                writing
                    .take_access_back(&login, device)?
                    .ok_or_else(|| ServerError::Refused(format!("there is no account {login}")))
            })
            .await
    }

    /// The sessions that could go on, by whose they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self) -> Result<Vec<OpenSession>, ServerError> {
        let now = self.store().clock().now();
        self.store()
            .read(move |connection| Ok(session::open(connection, now)?))
            .await
    }
}
