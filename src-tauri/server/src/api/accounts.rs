//! `/v1/accounts`: administrators keep who may sign in, and as what. Each change is one transaction, in which it is looked at
//! once more whether who asks still administers the clinic, and whether anybody would afterwards.

use super::body::{Address, Raw, json};
use super::problem::Fault;
use super::viewer::Viewer;
use crate::app::App;
use crate::code;
use crate::store::account::Enrolment;
use crate::store::{Author, Writing, account, accounts, row};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use clinic::wire::{AccountChanged, AccountEntry, AccountRole, FieldProblem, Invite, OneTimeCode, Problem};
use clinic::{AccountId, Kind, Role, StaffId};
use deskbell_clinic as clinic;
use rusqlite::Connection;
use uuid::Uuid;

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;
/// The longest sign-in name, in characters.
const LONGEST_LOGIN: usize = 64;

/// Who may sign in, and as what.
#[utoipa::path(get, path = "/v1/accounts", responses(
    (status = 200, body = Vec<AccountEntry>),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
))]
pub(super) async fn list(State(app): State<App>, viewer: Viewer) -> Result<Json<Vec<AccountEntry>>, Fault> {
    admits(&viewer)?;
    let now = app.store.clock().now();
    app.store
        .read(move |connection| Ok(accounts::all(connection, now)?))
        .await
        .map(Json)
}

/// Invite somebody: an account with a one-time code, which is told in this answer only.
#[utoipa::path(post, path = "/v1/accounts", request_body = Invite, responses(
    (status = 201, body = AccountChanged),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
    (status = 422, body = Problem, description = "invalid: each field that is wrong, `login` where it is taken"),
))]
pub(super) async fn invite(
    State(app): State<App>,
    viewer: Viewer,
    Raw(body): Raw,
) -> Result<(StatusCode, Json<AccountChanged>), Fault> {
    admits(&viewer)?;
    let invite: Invite = json(&body)?;
    let (code, password_hash) = new_code(&app).await?;
    let enrolment = Enrolment {
        id: Uuid::now_v7().into(),
        login: invite.login.trim().to_owned(),
        name: invite.name.trim().to_owned(),
        password_hash,
        role: invite.role,
        staff: invite.staff,
    };
    change(&app, viewer, move |writing| {
        let mut wrong = of_staff(writing.reading(), enrolment.role, enrolment.staff)?;
        let is_long = enrolment.login.chars().count() > LONGEST_LOGIN;
        if enrolment.login.is_empty()
            || is_long
            || enrolment.login.contains(|c: char| c.is_whitespace() || c.is_control())
        {
            wrong.push(field("login", "A sign-in name is 1 to 64 characters without a space."));
        } else if account::by_login(writing.reading(), &enrolment.login)?.is_some() {
            wrong.push(field("login", "Another account has this sign-in name."));
        }
        if enrolment.name.is_empty() || enrolment.name.chars().count() > LONGEST_NAME {
            wrong.push(field("name", "A name is 1 to 200 characters."));
        }
        if !wrong.is_empty() {
            return Err(Fault::invalid(wrong));
        }
        let until = writing.now + code::LIFETIME;
        writing.invite(&enrolment, until)?;
        Ok((enrolment.id, Some(OneTimeCode { code, until })))
    })
    .await
    .map(|changed| (StatusCode::CREATED, changed))
}

/// Put a one-time code in a password's place, and end the account's sessions.
#[utoipa::path(post, path = "/v1/accounts/{id}/reset", params(("id" = AccountId, Path)), responses(
    (status = 200, body = AccountChanged),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
    (status = 404, body = Problem, description = "not_found"),
    (status = 409, body = Problem, description = "last_admin: nobody else could sign in to administer the clinic"),
))]
pub(super) async fn reset(
    State(app): State<App>,
    viewer: Viewer,
    Address(id): Address<AccountId>,
) -> Result<Json<AccountChanged>, Fault> {
    admits(&viewer)?;
    let (code, hash) = new_code(&app).await?;
    change(&app, viewer, move |writing| {
        known(writing, id)?;
        leaves_an_admin(writing, id)?;
        let until = writing.now + code::LIFETIME;
        writing.reset(id, &hash, until)?;
        Ok((id, Some(OneTimeCode { code, until })))
    })
    .await
}

/// Let nobody sign in to an account any more; each desk where its person is signed in erases what it holds of theirs.
#[utoipa::path(post, path = "/v1/accounts/{id}/disable", params(("id" = AccountId, Path)), responses(
    (status = 200, body = AccountChanged),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
    (status = 404, body = Problem, description = "not_found"),
    (status = 409, body = Problem, description = "last_admin: nobody else could sign in to administer the clinic"),
))]
pub(super) async fn disable(
    State(app): State<App>,
    viewer: Viewer,
    Address(id): Address<AccountId>,
) -> Result<Json<AccountChanged>, Fault> {
    admits(&viewer)?;
    change(&app, viewer, move |writing| {
        if !known(writing, id)?.disabled {
            leaves_an_admin(writing, id)?;
            writing.disable(id)?;
        }
        Ok((id, None))
    })
    .await
}

/// Let its person sign in again, with the password they had.
#[utoipa::path(post, path = "/v1/accounts/{id}/enable", params(("id" = AccountId, Path)), responses(
    (status = 200, body = AccountChanged),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
    (status = 404, body = Problem, description = "not_found"),
))]
pub(super) async fn enable(
    State(app): State<App>,
    viewer: Viewer,
    Address(id): Address<AccountId>,
) -> Result<Json<AccountChanged>, Fault> {
    admits(&viewer)?;
    change(&app, viewer, move |writing| {
        if known(writing, id)?.disabled {
            writing.enable(id)?;
        }
        Ok((id, None))
    })
    .await
}

/// Say what a person may do from now on. Their sessions go on with that; their cursors expire, so that their desks read anew
/// what they may see.
#[utoipa::path(post, path = "/v1/accounts/{id}/role", params(("id" = AccountId, Path)), request_body = AccountRole, responses(
    (status = 200, body = AccountChanged),
    (status = 401, body = Problem, description = "not_signed_in"),
    (status = 403, body = Problem, description = "forbidden: for administrators"),
    (status = 404, body = Problem, description = "not_found"),
    (status = 409, body = Problem, description = "last_admin: nobody else could sign in to administer the clinic"),
    (status = 422, body = Problem, description = "invalid: `staff` where the role needs one, or there is none such"),
))]
pub(super) async fn set_role(
    State(app): State<App>,
    viewer: Viewer,
    Address(id): Address<AccountId>,
    Raw(body): Raw,
) -> Result<Json<AccountChanged>, Fault> {
    admits(&viewer)?;
    let AccountRole { role, staff } = json(&body)?;
    change(&app, viewer, move |writing| {
        let account = known(writing, id)?;
        let wrong = of_staff(writing.reading(), role, staff)?;
        if !wrong.is_empty() {
            return Err(Fault::invalid(wrong));
        }
        if (account.role, account.staff) != (role, staff) {
            if role != Role::Admin {
                leaves_an_admin(writing, id)?;
            }
            writing.set_role(id, role, staff)?;
            writing.record("account role", id)?;
        }
        Ok((id, None))
    })
    .await
}

fn admits(viewer: &Viewer) -> Result<(), Fault> {
    match viewer.actor().role {
        Role::Admin => Ok(()),
        _ => Err(not_for_them()),
    }
}

fn not_for_them() -> Fault {
    Fault::forbidden("Accounts are for administrators.")
}

/// A code as a person reads it, and the hash of what is compared.
async fn new_code(app: &App) -> Result<(String, String), Fault> {
    let code = code::make();
    let shown = code::shown(&code);
    let hash = app.passwords.hash(code).await.ok_or_else(Fault::not_hashed)?;
    Ok((shown, hash))
}

/// Does a change in one transaction, and answers the account as it is then.
async fn change(
    app: &App,
    viewer: Viewer,
    work: impl FnOnce(&Writing<'_>) -> Result<(AccountId, Option<OneTimeCode>), Fault> + Send + 'static,
) -> Result<Json<AccountChanged>, Fault> {
    let by = viewer.session.account.id;
    let author = Author {
        account: Some(by),
        device: Some(viewer.device),
        ..Author::default()
    };
    app.store
        .write(author, move |writing| {
            // They may have been disabled or demoted since the request began, by one that they would disable now.
            let still = account::by_id(writing.reading(), by)?;
            if !still.is_some_and(|account| account.role == Role::Admin && !account.disabled) {
                return Err(not_for_them());
            }
            let (id, code) = work(writing)?;
            let account = accounts::entry(writing.reading(), id, writing.now)?.ok_or_else(Fault::not_found)?;
            Ok(Json(AccountChanged { account, code }))
        })
        .await
}

fn known(writing: &Writing<'_>, id: AccountId) -> Result<account::Account, Fault> {
    account::by_id(writing.reading(), id)?.ok_or_else(Fault::not_found)
}

/// Refuses what would leave the clinic without anybody who can administer it.
fn leaves_an_admin(writing: &Writing<'_>, id: AccountId) -> Result<(), Fault> {
    let account = known(writing, id)?;
    let administers = account.role == Role::Admin && !account.disabled && account.code_until.is_none();
    if administers && !writing.has_another_admin(id)? {
        return Err(Fault::last_admin());
    }
    Ok(())
}

/// What is wrong with the staff member that an account of this role is to be.
fn of_staff(connection: &Connection, role: Role, staff: Option<StaffId>) -> Result<Vec<FieldProblem>, Fault> {
    Ok(match staff {
        None if matches!(role, Role::Therapist | Role::Driver) => {
            vec![field(
                "staff",
                "A therapist’s or a driver’s account is that of a staff member.",
            )]
        }
        Some(staff) if row::read(connection, Kind::Staff, staff.uuid())?.is_none() => {
            vec![field("staff", "There is no such staff member.")]
        }
        _ => vec![],
    })
}

fn field(name: &str, message: &str) -> FieldProblem {
    FieldProblem {
        field: name.into(),
        message: message.into(),
    }
}
