//! Writing to a server that keeps no versions and no keys, checks little, and does not always say what it did.
//!
//! Before a write, the row is read as it is now and compared with what the person saw; what the server does not check is
//! checked here. After it, the row is read once more: only that counts. A write whose answer was lost is looked for by what
//! it says. Found, it is done; a change that is not there is made again, since it does nothing twice; a *new* row that is
//! not there may still arrive, so it is not sent again by itself.

mod booking;
mod client;
mod hours;
mod pay;
mod step;

use super::hints::Named;
use super::http::{Answer, Question, refused};
use super::reader::Reader;
use super::session::Session;
use super::site::Site;
use crate::backend::{Act, BackendError, Base, Receipt, Write};
use deskbell_clinic::wire::ProblemCode;
use deskbell_clinic::{Kind, Row};
use reqwest::Method;
use serde_json::Value;
use uuid::Uuid;

/// Sends one account's writes.
pub(super) struct Pusher<'a> {
    session: &'a Session,
    site: &'a Site,
    named: &'a Named,
    reader: Reader<'a>,
}

impl<'a> Pusher<'a> {
    pub(super) async fn new(session: &'a Session, site: &'a Site, named: &'a Named) -> Result<Self, BackendError> {
        let reader = Reader {
            session,
            site,
            acts: site.unresolved().await?,
        };
        Ok(Self {
            session,
            site,
            named,
            reader,
        })
    }

    /// Sends one write.
    pub(super) async fn push(&self, write: &Write) -> Result<Receipt, BackendError> {
        // What is read meanwhile, and what was asked before, may tell of the time before it.
        let _writing = self.site.diff.writes().writing(write.kind, write.id);
        let done = self.send(write).await;
        if let Err(error) = self.site.ids.remember(self.site.cache()).await {
            // It is still known in memory, and is written with the next one.
            tracing::warn!(%error, "whose id is whose could not be kept");
        }
        done
    }

    async fn send(&self, write: &Write) -> Result<Receipt, BackendError> {
        match &write.act {
            Act::Put(body) => match (Row::read(write.kind, body), write.base) {
                (Ok(Row::Availability(row)), Base::New) => self.open_hours(write, &row).await,
                (Ok(Row::Availability(row)), Base::Version(version)) => self.change_hours(&row, version).await,
                (Ok(Row::Client(row)), Base::New) => self.add_client(write, &row).await,
                (Ok(Row::Client(row)), Base::Version(version)) => self.change_client(&row, version).await,
                (Ok(Row::Appointment(row)), Base::New) => self.book(write, &row).await,
                (Ok(Row::Appointment(row)), Base::Version(version)) => self.move_booking(&row, version).await,
                _ => Err(cannot_hold("The clinic’s server has no place for this.")),
            },
            Act::Delete => match (write.kind, write.base) {
                (Kind::Availability, Base::Version(version)) => self.remove_hours(write.id, version).await,
                (Kind::Appointment, Base::Version(_)) => self.remove_booking(write.id).await,
                _ => Err(cannot_hold("The clinic’s server has no place for this.")),
            },
            Act::Step(request) => self.step(write, request).await,
            Act::Payment(body) => match Row::read(Kind::Payment, body) {
                Ok(Row::Payment(payment)) => self.verify_payment(&payment).await,
                _ => Err(BackendError::Protocol),
            },
        }
    }

    async fn ask(&self, method: Method, path: String, body: Option<&Value>) -> Result<Answer, BackendError> {
        self.session.ask(&Question::send(method, path, body)).await
    }

    /// A row's number at the server.
    fn number(&self, kind: Kind, id: Uuid) -> Result<u64, BackendError> {
        self.site.ids.theirs(kind, id).ok_or(BackendError::NotFound)
    }

    /// Compares a row as it is now with what the person saw. Somebody may have changed it since, here or elsewhere.
    async fn unchanged(&self, fresh: &Row, seen: u32) -> Result<(), BackendError> {
        let known = self.site.truth(fresh.kind(), fresh.id()).await?;
        let same = known.is_some_and(|(row, version)| version == seen && row == *fresh);
        if same {
            Ok(())
        } else {
            Err(self.moved_on(fresh, ProblemCode::VersionMismatch).await?)
        }
    }

    /// The refusal that shows the row as it is now.
    async fn moved_on(&self, fresh: &Row, code: ProblemCode) -> Result<BackendError, BackendError> {
        let mut problem = refused(code, 409, None);
        problem.current = Some(self.site.written(fresh).await?);
        Ok(match code {
            ProblemCode::VersionMismatch => BackendError::VersionMismatch(Box::new(problem)),
            _ => BackendError::Conflict(Box::new(problem)),
        })
    }
}

/// A refusal of our own: the server would lose it, or not take it.
fn cannot_hold(sentence: &str) -> BackendError {
    BackendError::Invalid(Box::new(refused(ProblemCode::Invalid, 422, Some(sentence.to_owned()))))
}

/// An answer was lost, and reading again has shown that nothing was changed: it can be done again, since it does nothing
/// twice.
const fn not_done() -> BackendError {
    BackendError::Timeout { sent: false }
}

/// What a failed question means for the write around it: nothing was sent yet, or what was does nothing twice.
fn unasked(error: BackendError) -> BackendError {
    if error.may_have_arrived() { not_done() } else { error }
}

/// Whether the server may have done it although it did not say so.
const fn lost(error: &BackendError) -> bool {
    error.may_have_arrived()
}
