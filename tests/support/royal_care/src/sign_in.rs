//! Signing in and out, and the accounts' own pages. The traps are the service's: a lock-out that is a `400`, a second factor
//! that lets nobody in, a sign-out that under one scheme deletes nothing.

use crate::answer::Answer;
use crate::clinic::{Token, User};
use crate::clock::over_http;
use crate::visit::{Act, Door, Endpoint, Visit, text_of};
use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use rand::Rng;
use serde_json::{Value, json};

const GET: &str = "GET";
const POST: &str = "POST";
const PUT: &str = "PUT";
const PATCH: &str = "PATCH";

/// A lock-out's length; its answer does not say it.
const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Wrong passwords before it.
const TRIES: u8 = 3;

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    open("/api/auth/login/", "POST, OPTIONS", &[(POST, sign_in)]),
    open(
        "/api/auth/two-factor-verify/",
        "POST, OPTIONS",
        &[(POST, second_factor)],
    ),
    open("/api/auth/check-username/", "GET, HEAD, OPTIONS", &[(GET, name_free)]),
    open("/api/check-account-status/", "POST, OPTIONS", &[(POST, account_status)]),
    signed_in("/api/auth/logout/", "POST, OPTIONS", &[(POST, sign_out)]),
    signed_in(
        "/api/auth/profile/",
        "GET, PUT, OPTIONS",
        &[(GET, profile), (PUT, change_profile)],
    ),
    signed_in("/api/auth/change-password/", "PUT, OPTIONS", &[(PUT, change_password)]),
    signed_in(
        "/api/registration/profile/",
        "GET, HEAD, OPTIONS",
        &[(GET, short_profile)],
    ),
    signed_in("/api/toggle-account-status/{id}/", "PATCH, OPTIONS", &[(PATCH, toggle)]),
];

const fn open(path: &'static str, allow: &'static str, acts: &'static [(&'static str, Act)]) -> Endpoint {
    Endpoint {
        path,
        allow,
        door: Door::Open,
        acts,
    }
}

const fn signed_in(path: &'static str, allow: &'static str, acts: &'static [(&'static str, Act)]) -> Endpoint {
    Endpoint {
        path,
        allow,
        door: Door::SignedIn,
        acts,
    }
}

fn wrong(text: &str) -> Answer {
    Answer::json(
        StatusCode::UNAUTHORIZED,
        json!({ "error": text, "code": "INVALID_LOGIN" }),
    )
}

fn locked() -> Answer {
    let text = "Your account has been temporarily locked due to multiple failed login attempts. Please wait 5 minutes \
                before trying again.";
    Answer::bad(json!({ "error": text, "code": "ACCOUNT_LOCKED" }))
}

fn sign_in(visit: &mut Visit<'_>) -> Answer {
    let unknown = "Incorrect username or password.";
    let (Some(name), Some(password)) = (visit.call.text("username"), visit.call.text("password")) else {
        return wrong(unknown);
    };
    let now = visit.now;
    let Some(user) = visit.clinic.user_called(name) else {
        return wrong(unknown);
    };
    if user.locked_until.is_some_and(|until| until > now) {
        return locked();
    }
    if user.locked_until.take().is_some() {
        user.failures = 0;
    }
    if user.password != password {
        user.failures += 1;
        if user.failures >= TRIES {
            user.locked_until = Some(now + LOCKED_FOR);
            return locked();
        }
        let left = TRIES - user.failures;
        return wrong(&format!(
            "Incorrect username or password. {left} attempts remaining before lockout."
        ));
    }
    if !user.active {
        let text = "Your account has been disabled. Please see your system administrator.";
        return Answer::json(
            StatusCode::FORBIDDEN,
            json!({ "error": text, "code": "ACCOUNT_DISABLED" }),
        );
    }
    if user.verification_awaited {
        let text = "Please verify your email address to activate your account.";
        let body = json!({ "error": text, "error_code": "EMAIL_NOT_VERIFIED", "email": user.email });
        return Answer::json(StatusCode::FORBIDDEN, body);
    }
    if user.two_factor {
        return Answer::ok(json!({ "message": "2FA code sent" }));
    }
    user.failures = 0;
    let (id, account) = (user.id, account(user));
    let token = new_token();
    let lapses = now + visit.clinic.token_life;
    visit.clinic.tokens.insert(token.clone(), Token { user: id, lapses });
    Answer::ok(json!({ "user": account, "token": token }))
}

/// 64 hexadecimal digits.
fn new_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code is right or wrong: the service breaks down either way.
fn second_factor(visit: &mut Visit<'_>) -> Answer {
    let name = visit.call.text("email").unwrap_or_default().to_owned();
    match visit.clinic.user_called(&name) {
        Some(_) => Answer::server_error(),
        None => Answer::error(StatusCode::BAD_REQUEST, "Invalid user"),
    }
}

/// Only the `Token` scheme's token is deleted; the answer is the same. Open sockets stay open.
fn sign_out(visit: &mut Visit<'_>) -> Answer {
    let shown = text_of(&visit.call.head, header::AUTHORIZATION).unwrap_or_default();
    if let Some(token) = shown.strip_prefix("Token ") {
        visit.clinic.tokens.remove(token);
    }
    Answer::ok(json!({ "message": "Logout successful" }))
}

/// The 25 fields that the service tells of an account.
fn account(user: &User) -> Value {
    json!({
        "id": user.id, "last_login": null, "is_superuser": false, "username": user.username,
        "first_name": user.first_name, "last_name": user.last_name, "email": user.email, "is_staff": user.staff,
        "is_active": user.active, "date_joined": over_http(user.joined), "role": user.role.word(),
        "specialization": user.specialization, "massage_pressure": user.pressure, "license_number": user.license,
        "motorcycle_plate": user.plate, "phone_number": user.phone, "failed_login_attempts": user.failures,
        "locked_until": user.locked_until.map(over_http), "email_verified": !user.verification_awaited,
        "verification_code": null, "two_factor_enabled": user.two_factor, "last_available_at": user.available_since.map(over_http),
        "profile_photo_url": null, "groups": [], "user_permissions": [],
    })
}

fn profile(visit: &mut Visit<'_>) -> Answer {
    Answer::ok(account(visit.myself()))
}

fn change_profile(visit: &mut Visit<'_>) -> Answer {
    let sent = visit.call.sent.clone();
    let Some(user) = visit.clinic.users.get_mut(&visit.me) else {
        return Answer::server_error();
    };
    let text = |name: &str| sent.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(first) = text("first_name") {
        user.first_name = first;
    }
    if let Some(last) = text("last_name") {
        user.last_name = last;
    }
    if let Some(email) = text("email") {
        user.email = email;
    }
    if let Some(phone) = text("phone_number") {
        user.phone = phone;
    }
    if let Some(enabled) = sent.get("two_factor_enabled").and_then(Value::as_bool) {
        user.two_factor = enabled;
    }
    Answer::ok(account(user))
}

fn short_profile(visit: &mut Visit<'_>) -> Answer {
    let user = visit.myself();
    Answer::ok(json!({
        "id": user.id, "username": user.username, "email": user.email, "first_name": user.first_name,
        "last_name": user.last_name, "role": user.role.word(), "profile_photo_url": null, "phone_number": user.phone,
        "specialization": user.specialization, "massage_pressure": user.pressure,
    }))
}

fn change_password(visit: &mut Visit<'_>) -> Answer {
    if visit.call.text("current_password") != Some(&visit.myself().password) {
        return Answer::error(StatusCode::BAD_REQUEST, "Current password is incorrect.");
    }
    let new = visit.call.text("new_password").unwrap_or_default().to_owned();
    if let Some(user) = visit.clinic.users.get_mut(&visit.me) {
        user.password = new;
    }
    Answer::ok(json!({ "message": "Password changed successfully." }))
}

fn name_free(visit: &mut Visit<'_>) -> Answer {
    let name = visit.call.query("username").unwrap_or_default().to_owned();
    Answer::ok(json!({ "available": visit.clinic.user_called(&name).is_none() }))
}

fn account_status(visit: &mut Visit<'_>) -> Answer {
    let name = visit.call.text("username").unwrap_or_default().to_owned();
    match visit.clinic.user_called(&name) {
        None => Answer::error(StatusCode::NOT_FOUND, "Account not found"),
        Some(user) => {
            let message = if user.active {
                "Active account"
            } else {
                "Account is disabled"
            };
            Answer::ok(json!({ "username": user.username, "is_active": user.active, "message": message }))
        }
    }
}

fn toggle(visit: &mut Visit<'_>) -> Answer {
    if !visit.operator() {
        return Answer::error(
            StatusCode::FORBIDDEN,
            "Unauthorized. Only operators can toggle account status.",
        );
    }
    let id = visit.call.id();
    match visit.clinic.users.get_mut(&id) {
        None => Answer::error(StatusCode::NOT_FOUND, "User not found"),
        Some(user) => {
            user.active = !user.active;
            let word = if user.active { "enabled" } else { "disabled" };
            Answer::ok(json!({ "message": format!("Account {word} successfully"), "user": account(user) }))
        }
    }
}
