//! Who asks: the session of a bearer token.

use super::problem::Fault;
use crate::app::App;
use crate::store::session::{self, Purpose, TokenHash};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use clinic::{Actor, DeviceId};
use deskbell_clinic as clinic;
use sha2::{Digest, Sha256};

/// A signed-in person, as of this request: their role is read anew each time.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    pub(crate) session: session::Session,
    /// The access token's hash, to ask again later whether it still holds.
    pub(crate) token: TokenHash,
    /// The desk that the request names, or the one that signed in.
    pub(crate) device: DeviceId,
}

impl Viewer {
    /// Who they are to the clinic's rules.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            account: self.session.account.id,
            role: self.session.account.role,
            staff: self.session.account.staff,
        }
    }
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .map(hash)
            .ok_or_else(Fault::not_signed_in)?;
        let session = lookup(app, token).await?.ok_or_else(Fault::not_signed_in)?;
        app.meter.session(session.id)?;
        if session.revoked {
            return Err(Fault::desk_revoked());
        }
        let device = match parts.headers.get("x-device-id") {
            None => session.device,
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|value| value.parse().ok())
                .ok_or_else(|| Fault::bad_request("X-Device-Id is not a UUID."))?,
        };
        Ok(Self { session, token, device })
    }
}

/// The session of an access token that holds now.
pub(crate) async fn lookup(app: &App, token: TokenHash) -> Result<Option<session::Session>, Fault> {
    let now = app.store.clock().now();
    app.store
        .read(move |connection| Ok(session::by_token(connection, Purpose::Access, &token, now)?))
        .await
}

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> TokenHash {
    Sha256::digest(token).into()
}
