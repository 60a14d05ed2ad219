//! One act of a person: done once, however often it is sent.

use super::problem::Fault;
use super::viewer::Viewer;
use crate::app::App;
use crate::store::idempotency::{self, Given};
use crate::store::row::Stored;
use crate::store::{Author, Writing};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use clinic::wire::{ChangeOp, ProblemCode, Written};
use clinic::{Actor, OperationId};
use deskbell_clinic as clinic;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Who does something, as which act.
pub(crate) struct Act {
    pub(crate) viewer: Viewer,
    key: OperationId,
    method: Method,
    uri: Uri,
}

impl FromRequestParts<App> for Act {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let viewer = Viewer::from_request_parts(parts, app).await?;
        let key = text(&parts.headers, "idempotency-key")
            .ok_or_else(|| required("Idempotency-Key names the act, so that it is done once."))?
            .trim_matches('"')
            .parse()
            .map_err(|_| Fault::bad_request("Idempotency-Key is not a UUID."))?;
        Ok(Self {
            viewer,
            key,
            method: parts.method.clone(),
            uri: parts.uri.clone(),
        })
    }
}

impl Act {
    /// Does the act in one transaction, or answers what was answered when it was done before. A replay is answered
    /// before anything else is looked at: the row has moved on since, by this very act.
    ///
    /// `acted_at` is when the person did it, where the request says so; else the act's id knows.
    pub(crate) async fn perform(
        self,
        app: &App,
        body: &[u8],
        acted_at: Option<Timestamp>,
        work: impl FnOnce(&Writing<'_>, &Actor) -> Result<(StatusCode, Stored), Fault> + Send + 'static,
    ) -> Result<Response, Fault> {
        let request: [u8; 32] = Sha256::new()
            .chain_update(self.method.as_str())
            .chain_update([0])
            .chain_update(self.uri.path())
            .chain_update([0])
            .chain_update(body)
            .finalize()
            .into();
        let (actor, key) = (self.viewer.actor(), self.key);
        let author = Author {
            account: Some(actor.account),
            device: Some(self.viewer.device),
            operation: Some(key),
            acted_at: acted_at
                .or_else(|| made_at(key))
                .map(|at| at.min(app.store.clock().now())),
        };
        let given = app
            .store
            .write(author, move |writing| {
                if let Some(given) = idempotency::given(writing.reading(), key, actor.account)? {
                    return if given.request == request {
                        Ok(given)
                    } else {
                        Err(Fault::new(
                            StatusCode::UNPROCESSABLE_ENTITY,
                            ProblemCode::KeyReused,
                            "This Idempotency-Key was used for something else",
                        ))
                    };
                }
                let (status, row) = work(writing, &actor)?;
                let given = Given {
                    request,
                    status: status.as_u16(),
                    answer: serde_json::to_string(&written(row, &actor)).map_err(|error| {
                        crate::store::StoreError::Broken {
                            kind: "answer",
                            why: error.to_string(),
                        }
                    })?,
                };
                writing.keep_answer(key, actor.account, &given)?;
                Ok(given)
            })
            .await?;
        let status = StatusCode::from_u16(given.status).unwrap_or(StatusCode::OK);
        Ok((status, [(header::CONTENT_TYPE, "application/json")], given.answer).into_response())
    }
}

/// What a write meant for the one who made it.
pub(crate) fn written(row: Stored, actor: &Actor) -> Written {
    let op = match (&row.body, row.scope.includes(actor)) {
        (None, _) => ChangeOp::Delete,
        (Some(_), true) => ChangeOp::Put,
        (Some(_), false) => ChangeOp::Leave,
    };
    Written {
        kind: row.kind,
        id: row.id,
        version: row.version,
        seq: row.seq.unsigned_abs(),
        op,
        body: row.body.filter(|_| op == ChangeOp::Put),
    }
}

/// What the writer believes the row to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// `If-None-Match: *`: there is none.
    New,
    /// `If-Match: "version"`.
    Version(u32),
}

impl<S: Send + Sync> FromRequestParts<S> for Precondition {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        match (text(&parts.headers, "if-match"), text(&parts.headers, "if-none-match")) {
            (Some(version), None) => version
                .strip_prefix('"')
                .and_then(|version| version.strip_suffix('"'))
                .and_then(|version| version.parse().ok())
                .map(Precondition::Version)
                .ok_or_else(|| Fault::bad_request("If-Match is a version in quotes, such as \"3\".")),
            (None, Some("*")) => Ok(Precondition::New),
            (None, Some(_)) => Err(Fault::bad_request("If-None-Match is only ever *.")),
            (None, None) => Err(required(
                "If-Match: \"version\" for a row that is there, If-None-Match: * for a new one.",
            )),
            (Some(_), Some(_)) => Err(Fault::bad_request("If-Match and If-None-Match exclude each other.")),
        }
    }
}

impl Precondition {
    /// # Errors
    /// 404 where there never was such a row, or none that this person may see; else 412 with the row as it is.
    pub(crate) fn check(self, current: Option<&Stored>, actor: &Actor) -> Result<(), Fault> {
        let visible = current.filter(|row| row.scope.includes(actor));
        match (self, current) {
            (Precondition::New, Some(row)) if row.body.is_some() => {}
            (Precondition::New, _) => return Ok(()),
            (Precondition::Version(_), _) if visible.is_none() => return Err(Fault::not_found()),
            (Precondition::Version(version), Some(row)) if row.version == version && row.body.is_some() => {
                return Ok(());
            }
            (Precondition::Version(_), _) => {}
        }
        Err(Fault::version_mismatch(visible.map(|row| written(row.clone(), actor))))
    }
}

fn required(detail: &str) -> Fault {
    Fault::new(
        StatusCode::PRECONDITION_REQUIRED,
        ProblemCode::PreconditionRequired,
        "A header is missing",
    )
    .detail(detail)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// When an act's id was made, for ids that know it (version 7): the desk makes it when the person acts.
fn made_at(key: OperationId) -> Option<Timestamp> {
    let (seconds, nanoseconds) = key.uuid().get_timestamp()?.to_unix();
    Timestamp::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?).ok()
}
