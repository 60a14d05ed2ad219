//! What the engine needs of a clinic's server, whichever it is.
//!
//! One trait, adapters behind it. An adapter says what its server can do ([`Abilities`]) and the engine adapts to that,
//! never to an adapter's name. Everything the engine learns comes by [`Backend::pull`]; a hint only ever means "pull now",
//! so that there is one idempotent path by which rows come in.
//!
//! The futures are boxed so that one engine, compiled once, holds any adapter as `Arc<dyn Backend>`: an allocation a
//! request is nothing beside the request.

mod address;
mod error;
mod sync_api;

pub use address::{Fingerprint, InvalidAddress, NotAFingerprint, ServerAddress};
pub use error::BackendError;
pub use sync_api::{SyncApi, Timeouts};

use crate::secret::Secret;
use deskbell_clinic::wire::{Account, ChangesPage, StepRequest, Written};
use deskbell_clinic::{Actions, Actor, Appointment, Kind, OperationId};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

/// What a server can do. The engine chooses its ways by these, and only by these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// It answers "what changed since"; otherwise it is fetched whole and compared.
    pub deltas: bool,
    /// It tells of deleted rows; otherwise a missing row must be read again to be sure.
    pub tombstones: bool,
    /// It refuses a write whose base has moved on.
    pub if_match: bool,
    /// The same operation sent twice is done once; otherwise an unknown outcome is a person's question.
    pub idempotency: bool,
    /// New rows keep the ids that the desk gave them.
    pub client_ids: bool,
    /// Changes name the account and the operation that made them.
    pub authorship: bool,
    /// It can say that something changed, without being asked.
    pub hints: bool,
}

/// What the windows show. It steers servers that are fetched whole; the others send everything in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    /// Nothing that ended before this day (clinic's zone); none leaves it to the server.
    pub from: Option<Date>,
}

/// One write on its way to a server.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The person's act, and the key by which the server knows it again.
    pub operation: OperationId,
    /// The row's kind.
    pub kind: Kind,
    /// The row's id.
    pub id: Uuid,
    /// What the server's row must be for the write to make sense.
    pub base: Base,
    /// What is done to it.
    pub act: Act,
}

/// The state of the server's row that a write builds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// There is no such row yet.
    New,
    /// The row is at this version.
    Version(u32),
}

/// What a write does.
#[derive(Clone, PartialEq)]
pub enum Act {
    /// The row becomes this.
    Put(serde_json::Value),
    /// The row is deleted.
    Delete,
    /// An appointment moves on.
    Step(StepRequest),
    /// A payment is recorded; payments have no versions.
    Payment(serde_json::Value),
}

impl std::fmt::Debug for Act {
    /// The kind of act only: bodies and reasons are a client's data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Act::Put(_) => "Put(***)",
            Act::Delete => "Delete",
            Act::Step(_) => "Step(***)",
            Act::Payment(_) => "Payment(***)",
        })
    }
}

/// What the server made of a write: the row as it is now, gone, or out of this account's sight; its version; and its
/// place in the change log.
pub type Receipt = Written;

/// One page of changes, in commit order.
pub type Pull = ChangesPage;

/// What a server says without being asked. Its loss ends the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintEvent {
    /// Something changed, up to this place in the change log: pull.
    Changed(u64),
    /// The session is over or its rights changed: renew, then pull.
    Auth,
}

/// Keeps the refresh token between two starts. Waited for before the token is used: one that was rotated and not kept
/// would sign the person out at the next start.
pub trait SessionKeeper: Send + Sync + 'static {
    /// Keeps the token, or with none forgets the one kept.
    fn keep(&self, refresh: Option<Secret<String>>) -> BoxFuture<'_, ()>;
}

/// A clinic's server.
pub trait Backend: Send + Sync + 'static {
    /// What it can do.
    fn abilities(&self) -> Abilities;

    /// Signs a person in; the session is kept inside and used by everything below.
    ///
    /// # Errors
    /// `BadCredentials`, `LockedOut`, or that the server cannot be reached.
    fn sign_in<'a>(
        &'a self,
        login: &'a str,
        password: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Account, BackendError>>;

    /// Takes up a session from a refresh token that was kept; asks nothing of the network.
    fn resume(&self, refresh: Secret<String>);

    /// A fresh session in place of one that lapsed. However many ask at once, the server is asked once.
    ///
    /// # Errors
    /// `AuthExpired` when a person must sign in again, or that the server cannot be reached.
    fn renew(&self) -> BoxFuture<'_, Result<Account, BackendError>>;

    /// Ends the session here and, when the server can be reached, there.
    fn sign_out(&self) -> BoxFuture<'_, ()>;

    /// One page of what changed since a cursor; without one, of everything.
    ///
    /// # Errors
    /// `CursorExpired` asks for a start without a cursor; all others leave what is known untouched.
    fn pull<'a>(&'a self, since: Option<&'a str>, interest: &'a Interest) -> BoxFuture<'a, Result<Pull, BackendError>>;

    /// Sends one write.
    ///
    /// # Errors
    /// [`BackendError::may_have_arrived`] tells whether the server may have done it all the same.
    fn push<'a>(&'a self, write: &'a Write) -> BoxFuture<'a, Result<Receipt, BackendError>>;

    /// What this person may do with an appointment now.
    fn actions(&self, row: &Appointment, actor: &Actor, now: Timestamp) -> Actions;

    /// Listens for hints. The stream ends when the connection is lost or has been silent too long.
    ///
    /// # Errors
    /// When no connection could be made, or the server sends no hints.
    fn hints(&self) -> BoxFuture<'_, Result<BoxStream<'static, HintEvent>, BackendError>>;

    /// Drops connections that a sleep of the computer has left half dead.
    fn drop_connections(&self);
}
