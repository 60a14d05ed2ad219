//! The sync API's wire types (`/v1`), used by the server and by the desk's adapter.
//!
//! Versions and sequence numbers stay below 2^53, so that every JSON reader holds them exactly.

mod access;
mod accounts;
mod export;
mod history;

pub use access::*;
pub use accounts::*;
pub use export::*;
pub use history::*;

use crate::ids::{AccountId, AppointmentId, ClientId, ClinicId, DeviceId, OperationId, StaffId};
use crate::kind::Kind;
use crate::span::Span;
use crate::staff::Role;
use crate::status::Step;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `POST /v1/session`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The account's sign-in name.
    pub login: String,
    /// Its password.
    pub password: String,
    /// This installation.
    pub device_id: DeviceId,
    /// What the installation is called where it stands, such as its computer's name; shown in histories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk_name: Option<String>,
    /// With a one-time code as `password`: what is the password from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_password: Option<String>,
}

/// `POST /v1/session/renew`. A refresh token works once.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// From the session's last answer.
    pub refresh_token: String,
    /// The same installation.
    pub device_id: DeviceId,
}

/// The answer to both.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Bearer token.
    pub access_token: String,
    /// When the access token lapses.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
    /// For the next renewal.
    pub refresh_token: String,
    /// When the refresh token lapses.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub refresh_expires_at: Timestamp,
    /// Who signed in, and where.
    pub who: Account,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub server_time: Timestamp,
}

/// `GET /v1/session`: the account of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// The account.
    pub account: AccountId,
    /// Its sign-in name.
    pub login: String,
    /// Its person's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The staff member they are, when they are one.
    pub staff: Option<StaffId>,
    /// The clinic; a cache belongs to (clinic, account).
    pub clinic: ClinicId,
    /// The clinic's name.
    pub clinic_name: String,
    /// Whether this server sends hints now.
    pub hints: bool,
}

/// How many days back a first sync reaches when it does not say, and so what a desk need keep at most.
pub const DAYS_BACK: i64 = 90;

/// `GET /v1/changes`: the query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    /// The last answer's cursor; none asks for everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Nothing that ended before this day (clinic's zone); 90 days ago when left out. It narrows the first sync only:
    /// later changes come whatever their day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(value_type = Option<String>, format = Date))]
    pub from: Option<Date>,
    /// At most this many changes in an answer, 1 to 200; 200 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u16>,
}

/// `GET /v1/changes`: the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangesPage {
    /// Changes when the server's past does (a restored backup): all that was known must be checked again.
    pub epoch: String,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub server_time: Timestamp,
    /// In commit order, one entry a row.
    pub changes: Vec<Change>,
    /// Where the next request goes on; opaque.
    pub cursor: String,
    /// Whether there is more right now.
    pub more: bool,
    /// The server asks not to be asked again sooner, in milliseconds.
    pub next_poll_ms: u32,
    /// Per kind, over what this viewer may see, as of this page's cursor; sent seldom, on a last page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub digest: Vec<KindDigest>,
    /// The names of all accounts that this page's changes name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
}

/// What a viewer should hold of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KindDigest {
    /// The kind.
    pub kind: Kind,
    /// The UTC day, counted from 1970, that it begins on: rows that ended before it are not in it.
    pub from_day: i64,
    /// How many rows.
    pub rows: u32,
    /// Over their ids and versions, in hexadecimal; see [`crate::digest`].
    pub hash: String,
}

/// What happened to one row, as this viewer may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    /// The row's kind.
    pub kind: Kind,
    /// The row's id.
    pub id: Uuid,
    /// The row's version after it; counts up by one a write.
    pub version: u32,
    /// What happened.
    pub op: ChangeOp,
    /// The row, with `put`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub body: Option<serde_json::Value>,
    /// Who did it.
    pub by: Option<AccountId>,
    /// From which desk.
    pub device: Option<DeviceId>,
    /// As which act.
    pub operation: Option<OperationId>,
    /// When the server took it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}

/// What a change does to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeOp {
    /// It is now as in `body`.
    Put,
    /// It is no more.
    Delete,
    /// It is, but no longer for this viewer.
    Leave,
}

/// `GET /v1/hints`: an event's data. It says only "pull now".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Hint {
    /// The change log's position that is worth pulling.
    pub seq: u64,
}

/// `POST /v1/appointments/{id}/step`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepRequest {
    /// What is done.
    pub step: Step,
    /// Which client arrived, where one of several did.
    #[serde(default)]
    pub client: Option<ClientId>,
    /// Why; needed to cancel and to decline.
    #[serde(default)]
    pub reason: Option<String>,
    /// When the person did it, by the desk's clock set right by the server's.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub acted_at: Timestamp,
}

/// The answer to every accepted write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Written {
    /// The row's kind.
    pub kind: Kind,
    /// The row's id.
    pub id: Uuid,
    /// Its version now.
    pub version: u32,
    /// The change log's position of this write.
    pub seq: u64,
    /// What it meant for this viewer. `Leave` when the write took the row out of the writer's own sight.
    pub op: ChangeOp,
    /// The row, with `put`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub body: Option<serde_json::Value>,
}

/// An error, as RFC 9457 problem details (`application/problem+json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank`, or the address of the code's explanation.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// A short sentence.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// A sentence for this case; never a client's data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What a program branches on.
    pub code: ProblemCode,
    /// With `invalid`: what is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// With `slot_taken`: what is in the way and what is free instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotTaken>,
    /// With `version_mismatch`: the row as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Written>,
}

/// Stable error codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// 401: sign-in name or password is wrong.
    BadCredentials,
    /// 401: no token, or one that lapsed or was revoked.
    NotSignedIn,
    /// 401: this desk's access was taken back: it is to erase what it holds of the account.
    DeskRevoked,
    /// 403: the password is right and is a one-time code: sign in again with `new_password` beside it.
    PasswordNeeded,
    /// 403: the password is right and was a one-time code, which has lapsed.
    CodeExpired,
    /// 403: the password is right, and the account was disabled.
    AccountDisabled,
    /// 423: too many failed sign-ins; `Retry-After` says for how long.
    LockedOut,
    /// 403: this account may not do that.
    Forbidden,
    /// 404: no such row, or none that this account may see.
    NotFound,
    /// 409: another booking has the slot.
    SlotTaken,
    /// 409: the step is not possible from where the appointment stands.
    StepNotAllowed,
    /// 409: other rows still refer to it.
    InUse,
    /// 409: nobody else could administer the clinic then.
    LastAdmin,
    /// 410: start again without a cursor.
    CursorExpired,
    /// 412: the row is not at the version that was named.
    VersionMismatch,
    /// 413: the body is too large.
    TooLarge,
    /// 422: the body is not valid.
    Invalid,
    /// 422: this idempotency key was used for something else.
    KeyReused,
    /// 428: a precondition header is missing.
    PreconditionRequired,
    /// 429: too many requests; `Retry-After` says when.
    TooManyRequests,
    /// 400: not a request of this API.
    BadRequest,
    /// 500: the server failed; nothing was written.
    Internal,
    /// 503: not now; `Retry-After` says when.
    Unavailable,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

/// One bad field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldProblem {
    /// Its path, such as `span.end`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// A lost slot: what has it, and where else there is room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlotTaken {
    /// What is in the way, as far as this viewer may know it.
    pub clashes: Vec<Taken>,
    /// At most three free spans of the same length, the nearest first.
    pub alternatives: Vec<Alternative>,
}

/// One thing that is in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Taken {
    /// Whose time, or which room's: a staff or a resource row, or a client's.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// When it is taken.
    pub span: Span,
    /// The booking that has it, where the viewer may see it.
    pub appointment: Option<AppointmentId>,
    /// Who made that booking, by name.
    pub booked_by: Option<String>,
    /// When that booking was made.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub booked_at: Option<Timestamp>,
}

/// Free time of one staff member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alternative {
    /// Whose.
    pub staff: StaffId,
    /// When.
    pub span: Span,
}
