//! Who makes a call: a token under either of two schemes, or a name and a password that lock nothing.

use crate::answer::Answer;
use crate::clinic::Clinic;
use crate::visit::{Call, text_of};
use axum::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

/// The account that a call shows itself as, none when it shows nothing.
pub(crate) fn of(clinic: &mut Clinic, call: &Call, now: Timestamp) -> Result<Option<i64>, Answer> {
    let Some(shown) = text_of(&call.head, header::AUTHORIZATION) else {
        return Ok(None);
    };
    let user = match shown.split_once(' ') {
        Some(("Token" | "Bearer", token)) => {
            bearer(clinic, token, now).ok_or_else(|| Answer::unknown("Invalid token."))?
        }
        Some(("Basic", pair)) => {
            by_password(clinic, pair).ok_or_else(|| Answer::unknown("Invalid username/password."))?
        }
        _ => return Ok(None),
    };
    if clinic.user(user).active {
        Ok(Some(user))
    } else {
        Err(Answer::unknown("User inactive or deleted."))
    }
}

/// The account of a token that has not lapsed.
pub(crate) fn bearer(clinic: &mut Clinic, token: &str, now: Timestamp) -> Option<i64> {
    clinic.tokens.retain(|_, token| token.lapses > now);
    clinic.tokens.get(token).map(|token| token.user)
}

/// Whether the call shows a name and a password.
pub(crate) fn basic(call: &Call) -> bool {
    text_of(&call.head, header::AUTHORIZATION).is_some_and(|shown| shown.starts_with("Basic "))
}

/// The answer to a call that shows nothing.
pub(crate) fn nobody() -> Answer {
    Answer::unknown("Authentication credentials were not provided.")
}

fn by_password(clinic: &mut Clinic, pair: &str) -> Option<i64> {
    let read = String::from_utf8(STANDARD.decode(pair).ok()?).ok()?;
    let (name, password) = read.split_once(':')?;
    let user = clinic.user_called(name)?;
    (user.password == password).then_some(user.id)
}
