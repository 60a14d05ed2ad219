//! Signing in, renewing, signing out.

use super::body::{Raw, json};
use super::limits::Stranger;
use super::problem::Fault;
use super::viewer::{self, Viewer};
use crate::app::App;
use crate::code;
use crate::store::account::Account;
use crate::store::audit::Entry;
use crate::store::session::Purpose;
use crate::store::{Author, StoreError, Writing, account, attempt, meta, session};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clinic::wire::{self, FieldProblem, Problem, Renew, SHORTEST_PASSWORD, SignIn};
use deskbell_clinic as clinic;
use rusqlite::Connection;
use uuid::Uuid;

/// The longest password that a person may choose, in characters.
const LONGEST_PASSWORD: usize = 200;

/// Sign in. A one-time code signs in only with `new_password` beside it, which is the password from then on.
#[utoipa::path(post, path = "/v1/session", request_body = SignIn, responses(
    (status = 200, body = wire::Session),
    (status = 401, body = Problem, description = "bad_credentials"),
    (status = 403, body = Problem, description = "password_needed, code_expired, account_disabled; the password is right"),
    (status = 422, body = Problem, description = "invalid: `new_password` cannot be one"),
    (status = 423, body = Problem, description = "locked_out, with Retry-After"),
    (status = 429, body = Problem, description = "too_many_requests, with Retry-After"),
))]
pub(super) async fn begin(State(app): State<App>, _: Stranger, Raw(body): Raw) -> Result<Json<wire::Session>, Fault> {
    let SignIn {
        login,
        password,
        device_id,
        desk_name,
        new_password,
    } = json(&body)?;
    let (name, now) = (login.clone(), app.store.clock().now());
    let (locked, found) = app
        .store
        .read(move |connection| {
            let locked = attempt::locked_until(connection, &name, now)?;
            Ok::<_, Fault>((locked, account::by_login(connection, &name)?))
        })
        .await?;
    if let Some(until) = locked {
        return Err(Fault::locked_out(until, now));
    }
    let (known, hash) = found.unzip();
    let has_code = known.as_ref().is_some_and(|account| account.code_until.is_some());
    let password = if has_code { code::read(&password) } else { password };
    let matches = app.passwords.verify(password.clone(), hash.clone()).await;
    let chosen = match new_password {
        Some(new) if matches => {
            if let Some(why) = not_a_password(&new, &login, &password, has_code) {
                return Err(Fault::invalid(vec![FieldProblem {
                    field: "new_password".into(),
                    message: why,
                }]));
            }
            Some(app.passwords.hash(new).await.ok_or_else(Fault::not_hashed)?)
        }
        _ => None,
    };
    let author = Author {
        account: known.as_ref().map(|account| account.id),
        device: Some(device_id),
        ..Author::default()
    };
    let issue = app.clone();
    app.store
        .write(author, move |writing| {
            // Others may have failed under this name while this password was hashed.
            if let Some(until) = attempt::locked_until(writing.reading(), &login, writing.now)? {
                return Ok(Err(Fault::locked_out(until, writing.now)));
            }
            // Or it was changed, or the account disabled: what counts is how it is now.
            let current = account::by_login(writing.reading(), &login)?;
            let unchanged = current.filter(|(_, now)| matches && Some(now) == hash.as_ref());
            let Some((account, _)) = unchanged else {
                writing.audit(Entry {
                    act: "failed sign-in",
                    ..Entry::default()
                })?;
                writing.count_failure(&login)?;
                return Ok(Err(Fault::bad_credentials()));
            };
            if let Err(fault) = may_come_in(writing, &account, chosen.as_deref())? {
                return Ok(Err(fault));
            }
            writing.forget_failures(&login)?;
            writing.prune_sessions()?;
            writing.name_desk(device_id, desk_name.as_deref().unwrap_or_default())?;
            writing.note_sign_in(account.id)?;
            writing.audit(Entry {
                act: "sign-in",
                ..Entry::default()
            })?;
            let session = writing.begin_session(account.id, device_id)?;
            issue_tokens(&issue, writing, session, &account).map(Ok)
        })
        .await
        // A refusal inside `Ok` was committed with its count and its audit entry.
        .and_then(|answer: Result<_, Fault>| answer)
        .map(Json)
}

/// Whether somebody who has shown the right password may come in; a one-time code is spent by that.
fn may_come_in(
    writing: &Writing<'_>,
    account: &Account,
    chosen: Option<&str>,
) -> Result<Result<(), Fault>, StoreError> {
    if account.disabled {
        writing.audit(Entry {
            act: "refused sign-in",
            reason: Some("the account is disabled"),
            ..Entry::default()
        })?;
        return Ok(Err(Fault::account_disabled()));
    }
    Ok(match (account.code_until, chosen) {
        (None, _) => Ok(()),
        (Some(until), _) if until <= writing.now => Err(Fault::code_expired()),
        (Some(_), None) => Err(Fault::password_needed()),
        (Some(_), Some(hash)) => {
            writing.choose_password(account.id, hash)?;
            Ok(())
        }
    })
}

/// Why what was chosen cannot be a password; none when it can.
fn not_a_password(new: &str, login: &str, old: &str, has_code: bool) -> Option<String> {
    let letters = new.chars().count();
    if !has_code {
        Some("Only a one-time code is replaced by signing in.".into())
    } else if letters < SHORTEST_PASSWORD {
        Some(format!("A password has {SHORTEST_PASSWORD} characters or more."))
    } else if letters > LONGEST_PASSWORD {
        Some(format!("A password has at most {LONGEST_PASSWORD} characters."))
    } else if code::read(new) == old {
        Some("The one-time code cannot be the password as well.".into())
    } else if new.to_lowercase() == login.to_lowercase() {
        Some("The sign-in name cannot be the password as well.".into())
    } else {
        None
    }
}

/// New tokens for old: a refresh token works once.
#[utoipa::path(post, path = "/v1/session/renew", request_body = Renew, responses(
    (status = 200, body = wire::Session),
    (status = 401, body = Problem, description = "not_signed_in; a token shown twice ends its session; desk_revoked"),
    (status = 429, body = Problem, description = "too_many_requests, with Retry-After"),
))]
pub(super) async fn renew(State(app): State<App>, _: Stranger, Raw(body): Raw) -> Result<Json<wire::Session>, Fault> {
    let Renew {
        refresh_token,
        device_id,
    } = json(&body)?;
    let shown = viewer::hash(&refresh_token);
    let issue = app.clone();
    let author = Author {
        device: Some(device_id),
        ..Author::default()
    };
    app.store
        .write(author, move |writing| {
            let Some(found) = session::by_token(writing.reading(), Purpose::Refresh, &shown, writing.now)? else {
                return Ok(Err(Fault::not_signed_in()));
            };
            if found.revoked {
                return Ok(Err(Fault::desk_revoked()));
            }
            if found.used || found.device != device_id {
                // Shown twice, or from another desk: somebody has a copy, and nobody can tell who is who.
                writing.audit(Entry {
                    act: "session revoked",
                    reason: Some("a refresh token was shown twice or from another device"),
                    ..Entry::default()
                })?;
                writing.end_session(found.account.id, found.id)?;
                return Ok(Err(Fault::not_signed_in()));
            }
            writing.use_refresh_token(&shown)?;
            issue_tokens(&issue, writing, found.id, &found.account).map(Ok)
        })
        .await
        .and_then(|answer: Result<_, Fault>| answer)
        .map(Json)
}

/// Whose session this is.
#[utoipa::path(get, path = "/v1/session", responses(
    (status = 200, body = wire::Account),
    (status = 401, body = Problem, description = "not_signed_in"),
))]
pub(super) async fn show(State(app): State<App>, viewer: Viewer) -> Result<Json<wire::Account>, Fault> {
    let hints = app.settings.hints;
    app.store
        .read(move |connection| describe(connection, &viewer.session.account, hints))
        .await
        .map(Json)
}

/// Sign out.
#[utoipa::path(delete, path = "/v1/session", responses(
    (status = 204),
    (status = 401, body = Problem, description = "not_signed_in"),
))]
pub(super) async fn end(State(app): State<App>, viewer: Viewer) -> Result<StatusCode, Fault> {
    let author = Author {
        account: Some(viewer.session.account.id),
        device: Some(viewer.device),
        ..Author::default()
    };
    app.store
        .write(author, move |writing| {
            writing.end_session(viewer.session.account.id, viewer.session.id)?;
            writing.audit(Entry {
                act: "sign-out",
                ..Entry::default()
            })?;
            Ok::<_, Fault>(StatusCode::NO_CONTENT)
        })
        .await
}

fn issue_tokens(app: &App, writing: &Writing<'_>, session: Uuid, account: &Account) -> Result<wire::Session, Fault> {
    let token = || URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let (access_token, refresh_token) = (token(), token());
    let expires_at = writing.now + app.settings.access_lifetime;
    let refresh_expires_at = writing.now + app.settings.refresh_lifetime;
    writing.add_token(session, Purpose::Access, &viewer::hash(&access_token), expires_at)?;
    writing.add_token(
        session,
        Purpose::Refresh,
        &viewer::hash(&refresh_token),
        refresh_expires_at,
    )?;
    Ok(wire::Session {
        access_token,
        expires_at,
        refresh_token,
        refresh_expires_at,
        who: describe(writing.reading(), account, app.settings.hints)?,
        server_time: writing.now,
    })
}

fn describe(connection: &Connection, account: &Account, hints: bool) -> Result<wire::Account, Fault> {
    let clinic = meta::clinic(connection)?;
    Ok(wire::Account {
        account: account.id,
        login: account.login.clone(),
        name: account.name.clone(),
        role: account.role,
        staff: account.staff,
        clinic: clinic.id,
        clinic_name: clinic.name,
        hints,
    })
}
