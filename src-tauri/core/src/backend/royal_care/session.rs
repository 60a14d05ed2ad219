//! Signing in, and the one token of a session: it lasts ten hours from when it was given, is not renewed, and nothing in
//! the answer says so. A person is asked for a new one before it ends.

use super::http::{Answer, Question, Server};
use super::ids::derived;
use super::rows::CLINIC;
use super::steps::Asker;
use crate::backend::{BackendError, SessionKeeper};
use crate::secret::Secret;
use crate::sync::clock::WallClock;
use deskbell_clinic::wire::Account;
use deskbell_clinic::{AccountId, Actor, ClinicId, Role, StaffId};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a token lasts.
const LASTS: SignedDuration = SignedDuration::from_hours(10);
/// How long an account is locked after three wrong passwords.
const LOCKED_FOR: Duration = Duration::from_secs(300);

/// The session with one server.
pub(super) struct Session {
    server: Server,
    /// By what the server is told from others.
    origin: String,
    keeper: Arc<dyn SessionKeeper>,
    clock: Arc<dyn WallClock>,
    open: Mutex<Option<Open>>,
}

/// Who is signed in. Kept in the key store as it is, so that the next start goes on.
#[derive(Clone, Serialize, Deserialize)]
struct Open {
    token: String,
    ends: Timestamp,
    user: User,
}

/// The account, as far as it matters here.
#[derive(Clone, Serialize, Deserialize)]
struct User {
    id: u64,
    username: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    role: String,
    #[serde(default)]
    is_staff: bool,
}

impl Session {
    pub(super) fn new(
        server: Server,
        origin: String,
        keeper: Arc<dyn SessionKeeper>,
        clock: Arc<dyn WallClock>,
    ) -> Self {
        Self {
            server,
            origin,
            keeper,
            clock,
            open: Mutex::default(),
        }
    }

    pub(super) const fn server(&self) -> &Server {
        &self.server
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// When a person must have signed in again.
    pub(super) fn ends(&self) -> Option<Timestamp> {
        self.lock().as_ref().map(|open| open.ends)
    }

    pub(super) async fn sign_in(&self, login: &str, password: &Secret<String>) -> Result<Account, BackendError> {
        let body = json!({ "username": login, "password": password.expose() });
        let asked_at = self.now();
        let question = Question::send(Method::POST, "api/auth/login/", Some(&body));
        let opened = opened(self.server.ask(&question, None).await?)?;
        let open = Open {
            token: opened.token,
            ends: asked_at.checked_add(LASTS).unwrap_or(Timestamp::MAX),
            user: opened.user,
        };
        if let Ok(kept) = serde_json::to_string(&open) {
            self.keeper.keep(Some(Secret::new(kept))).await;
        }
        let account = self.account_of(&open.user);
        *self.lock() = Some(open);
        Ok(account)
    }

    /// Goes on with a session that was kept. One that cannot be read asks for a sign-in.
    pub(super) fn resume(&self, kept: &Secret<String>) {
        *self.lock() = serde_json::from_str(kept.expose()).ok();
    }

    /// Whether the session still stands, and whose it is. There is no renewing it.
    pub(super) async fn check(&self) -> Result<Account, BackendError> {
        let question = Question::get("api/registration/profile/", &[]);
        self.ask(&question).await?.good()?;
        let open = self.lock();
        let open = open.as_ref().ok_or(BackendError::AuthExpired)?;
        Ok(self.account_of(&open.user))
    }

    /// Ends the session here, and there for good: the token must be named as `Token` for that.
    pub(super) async fn sign_out(&self) {
        let open = self.lock().take();
        self.keeper.keep(None).await;
        if let Some(open) = open {
            let question = Question::send(Method::POST, "api/auth/logout/", None);
            // Offline it lapses by itself within the ten hours; here it is gone either way.
            drop(self.server.ask(&question, Some(&Secret::new(open.token))).await);
        }
    }

    /// Asks with the session's token.
    pub(super) async fn ask(&self, question: &Question<'_>) -> Result<Answer, BackendError> {
        let token = self.token()?;
        let answer = self.server.ask(question, Some(&token)).await?;
        if answer.status.as_u16() == 401 {
            self.lapsed(&token).await;
            return Err(answer.refusal());
        }
        Ok(answer)
    }

    /// The token, unless it is known to have ended.
    pub(super) fn token(&self) -> Result<Secret<String>, BackendError> {
        let now = self.now();
        let open = self.lock();
        let open = open.as_ref().filter(|open| now < open.ends);
        open.map(|open| Secret::new(open.token.clone()))
            .ok_or(BackendError::AuthExpired)
    }

    /// A token that was refused once is refused for good.
    async fn lapsed(&self, token: &Secret<String>) {
        let same = {
            let mut open = self.lock();
            let same = open.as_ref().is_some_and(|open| open.token == *token.expose());
            if same {
                *open = None;
            }
            same
        };
        if same {
            self.keeper.keep(None).await;
        }
    }

    /// Whoever is signed in, as the steps want to know them; `actor` is what the desk knows.
    pub(super) fn asker(&self, actor: &Actor) -> Asker {
        Asker {
            actor: *actor,
            senior: self.lock().as_ref().is_some_and(|open| open.user.is_staff),
        }
    }

    /// The signed-in user's number at the server.
    pub(super) fn user(&self) -> Option<u64> {
        self.lock().as_ref().map(|open| open.user.id)
    }

    /// The account, whose ids are made from the server's address and its numbers: they must be known before its cache is
    /// open, and be the same at every start.
    fn account_of(&self, user: &User) -> Account {
        let role = match user.role.as_str() {
            "therapist" => Role::Therapist,
            "driver" => Role::Driver,
            _ => Role::Operator,
        };
        let name = format!("{} {}", user.first_name, user.last_name).trim().to_owned();
        Account {
            account: AccountId(derived(&self.origin, "account", user.id)),
            login: user.username.clone(),
            name: if name.is_empty() { user.username.clone() } else { name },
            role,
            staff: (!role.is_desk()).then(|| StaffId(derived(&self.origin, "staff", user.id))),
            clinic: ClinicId(derived(&self.origin, "clinic", 0)),
            clinic_name: CLINIC.to_owned(),
            hints: true,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Opened {
    token: String,
    user: User,
}

/// What an answer to a sign-in means.
fn opened(answer: Answer) -> Result<Opened, BackendError> {
    let said = |name: &str| {
        let code = answer.json.as_ref().and_then(|json| json.get(name));
        code.and_then(Value::as_str).map(str::to_owned)
    };
    if answer.status.is_success() {
        let has_token = answer.json.as_ref().is_some_and(|json| json.get("token").is_some());
        // Without a token, a code was sent by e-mail that the server's own check of it then fails on.
        return if answer.json.is_some() && !has_token {
            Err(BackendError::TwoFactor)
        } else {
            answer.read()
        };
    }
    let code = said("code").or_else(|| said("error_code"));
    Err(match code.as_deref() {
        Some("ACCOUNT_LOCKED") => BackendError::LockedOut {
            retry_after: Some(LOCKED_FOR),
        },
        Some("ACCOUNT_DISABLED") => BackendError::AccountDisabled,
        Some("EMAIL_NOT_VERIFIED") => BackendError::EmailUnverified,
        Some("INVALID_LOGIN") => match attempts_left(&answer) {
            Some(left) => BackendError::AttemptsLeft { left },
            None => BackendError::BadCredentials,
        },
        _ => answer.refusal(),
    })
}

/// `… 2 attempts remaining before lockout.`
fn attempts_left(answer: &Answer) -> Option<u32> {
    let sentences = answer.sentences();
    let said = sentences.iter().find(|said| said.message.contains("remaining"))?;
    said.message.split_whitespace().find_map(|word| word.parse().ok())
}
