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
mod http;
mod pin;
mod probe;
mod royal_care;
pub mod snapshot_diff;
mod sync_api;

pub use address::{Fingerprint, InvalidAddress, NotAFingerprint, ServerAddress};
pub use error::BackendError;
pub use http::{Timeouts, Transport};
pub use probe::{Answered, CertificateProblem, Silence, probe};
pub use royal_care::RoyalCare;
pub use sync_api::SyncApi;

use crate::cache::{Cache, CacheError};
use crate::secret::Secret;
use deskbell_clinic::wire::{
    Account, AccountChanged, AccountEntry, AccountRole, AppointmentHistory, ChangesPage, Export, Invite, StepRequest,
    Written,
};
use deskbell_clinic::{AccountId, Actions, Actor, Appointment, AppointmentId, Kind, OperationId, Status, Step};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// What a server speaks, as it is chosen and remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Speaks {
    /// Deskbell's own sync API.
    #[default]
    Deskbell,
    /// The Royal Care (Guitara) REST API.
    RoyalCare,
}

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
    /// Its hints tell of every change; otherwise the rest is polled for as if there were none.
    pub hints_tell_all: bool,
    /// The longest interval in front of an active person, where the usual one is too long for what is promised.
    pub active_interval: Option<Duration>,
}

/// What a server has room for. What it cannot hold is not offered, rather than kept where nobody else would see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holds {
    /// Hours that come again by themselves.
    pub repeats: bool,
    /// A note with hours.
    pub hours_notes: bool,
    /// A clash that an operator accepted, with the reason.
    pub overrides: bool,
    /// The waiting list, tasks, blocks and rooms.
    pub desk_lists: bool,
    /// Steps can be taken back.
    pub corrections: bool,
    /// A number to call back, with a booking; it goes into the notes otherwise.
    pub call_backs: bool,
    /// Staff visits clients: a booking needs an address and may have a driver, a new client needs address and number.
    pub visits: bool,
    /// Bookings that come again and know that they belong together.
    pub series: bool,
    /// Services, staff, rooms, opening hours and holidays can be changed.
    pub setup: bool,
    /// How a new booking begins.
    pub begins: Status,
}

impl Holds {
    /// All that this program knows.
    pub const EVERYTHING: Holds = Holds {
        repeats: true,
        hours_notes: true,
        overrides: true,
        desk_lists: true,
        corrections: true,
        call_backs: true,
        visits: false,
        series: true,
        setup: true,
        begins: Status::Confirmed,
    };
}

/// Where a step leads at a server with steps of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// Our status.
    pub status: Status,
    /// The server's own name of it.
    pub step: String,
}

/// What a server's answers have cost within the last hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Requests, hints' connections included.
    pub requests: u32,
    /// Bytes of their answers, as read.
    pub bytes: u64,
    /// Over so long: an hour, or as long as the program has been running.
    pub over: Duration,
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
    /// It was sent before, and whether it arrived is not known. A server that knows its key is simply told again; any
    /// other is asked first, and the write is not sent a second time by itself.
    pub repeated: bool,
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

/// What an administrator does with an account. It is done at the server, at once or not at all: what somebody may see is not
/// left to wait in an outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountAct {
    /// Somebody is given one, with a one-time code.
    Invite(Invite),
    /// A one-time code takes the password's place, and its sessions end.
    Reset(AccountId),
    /// Nobody signs in to it any more, and its desks erase what they hold of it.
    Disable(AccountId),
    /// Its person may sign in again.
    Enable(AccountId),
    /// Its person may do something else from now on.
    SetRole(AccountId, AccountRole),
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

    /// Signs a person in with a one-time code, and makes what they chose their password.
    ///
    /// # Errors
    /// As for [`Backend::sign_in`]; `Invalid` for what cannot be a password, `CodeExpired`, and `NotHere` at a server without
    /// such codes.
    fn choose_password<'a>(
        &'a self,
        _login: &'a str,
        _code: &'a Secret<String>,
        _chosen: &'a Secret<String>,
    ) -> BoxFuture<'a, Result<Account, BackendError>> {
        futures_util::future::ready(Err(BackendError::NotHere)).boxed()
    }

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

    /// A signed-in account's cache is open. A server that keeps neither our ids nor versions has both remembered there.
    ///
    /// # Errors
    /// When the cache cannot be read or written.
    fn entered<'a>(&'a self, _cache: &'a Cache, _account: &'a Account) -> BoxFuture<'a, Result<(), CacheError>> {
        futures_util::future::ready(Ok(())).boxed()
    }

    /// What the server has room for.
    fn holds(&self) -> Holds {
        Holds::EVERYTHING
    }

    /// Who did what with an appointment; none at a server that keeps no record of it that can be read.
    ///
    /// # Errors
    /// `NotFound`, or that the server cannot be reached: it is not kept here.
    fn history(&self, _id: AppointmentId) -> BoxFuture<'_, Result<Option<AppointmentHistory>, BackendError>> {
        futures_util::future::ready(Ok(None)).boxed()
    }

    /// Has it recorded that a day's bookings are about to be printed or saved. False at a server that keeps no such record.
    ///
    /// # Errors
    /// `Forbidden`, or that the server cannot be reached: then nothing is to be printed or saved.
    fn record_export<'a>(&'a self, _export: &'a Export) -> BoxFuture<'a, Result<bool, BackendError>> {
        futures_util::future::ready(Ok(false)).boxed()
    }

    /// Who may sign in, and as what.
    ///
    /// # Errors
    /// `NotHere` at a server that keeps its accounts elsewhere, `Forbidden`, or that it cannot be reached: they are not kept
    /// here.
    fn accounts(&self) -> BoxFuture<'_, Result<Vec<AccountEntry>, BackendError>> {
        futures_util::future::ready(Err(BackendError::NotHere)).boxed()
    }

    /// Changes an account.
    ///
    /// # Errors
    /// As for [`Backend::accounts`]; `Invalid` names each field that is wrong, `LastAdmin`, `NotFound`.
    fn change_account<'a>(&'a self, _act: &'a AccountAct) -> BoxFuture<'a, Result<AccountChanged, BackendError>> {
        futures_util::future::ready(Err(BackendError::NotHere)).boxed()
    }

    /// Where a step leads, for a server with steps of its own; none leaves it to the sync API's table.
    fn landing(&self, _row: &Appointment, _step: Step) -> Option<Landing> {
        None
    }

    /// When the session ends and only a person can begin another; none where it renews itself.
    fn session_ends(&self) -> Option<Timestamp> {
        None
    }

    /// What the server's answers cost, where that is worth showing.
    fn cost(&self) -> Option<Cost> {
        None
    }

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
