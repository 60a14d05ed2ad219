//! Passwords: hashed with Argon2id on threads of their own, a few at a time, in the same time whether an account exists.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// How many are hashed at once: each takes 19 MiB and a core for some 50 ms.
const AT_ONCE: usize = 2;

/// Checks and hashes passwords without holding up anything else.
#[derive(Clone)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Whether the password belongs to the hash. Without a hash (no such account) it works as long and says no.
    pub(crate) async fn verify(&self, password: String, expected: Option<String>) -> bool {
        let Ok(_turn) = self.turns.acquire().await else {
            return false;
        };
        tokio::task::spawn_blocking(move || {
            let exists = expected.is_some();
            let expected = expected.unwrap_or_else(|| nobody().to_owned());
            let matches = Argon2::default()
                .verify_password(password.as_bytes(), expected.as_str())
                .is_ok();
            exists && matches
        })
        .await
        .unwrap_or(false)
    }

    /// The hash of a password that was chosen or made; none when the machine cannot make it.
    pub(crate) async fn hash(&self, password: String) -> Option<String> {
        let _turn = self.turns.acquire().await.ok()?;
        tokio::task::spawn_blocking(move || hash(&password).ok())
            .await
            .ok()
            .flatten()
    }
}

/// The hash of a password, with a salt of its own. Takes some 50 ms.
pub(crate) fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt: [u8; 16] = rand::random();
    Ok(Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)?
        .to_string())
}

/// The hash that an unknown name is checked against.
fn nobody() -> &'static str {
    static NOBODY: OnceLock<String> = OnceLock::new();
    NOBODY.get_or_init(|| hash("no account has this password").unwrap_or_default())
}
