//! How a person proves at the desk that it is they: by their password, or by a PIN that they set after they had signed in
//! with it.
//!
//! Both are compared with hashes in the person's own encrypted cache, so that it works without a network, and each try is
//! counted on the disk before it is compared: ending the program takes none of them back. A PIN is short, so a few wrong ones
//! end it until the password was right; too many wrong passwords end at the clinic's server, which counts for itself.

use super::badge::Badge;
use super::{Desk, DeskError};
use crate::cache::{Cache, Door, PIN_TRIES};
use crate::secret::Secret;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use deskbell_clinic::wire::Account;
use jiff::SignedDuration;

/// What a person types to prove who they are.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Four to eight digits.
    Pin(Secret<String>),
    /// What they sign in with.
    Password(Secret<String>),
}

impl Desk {
    /// Compares what somebody typed with what their own cache keeps. `badge` is theirs: it asks the server where only that
    /// can say.
    pub(super) async fn prove(
        &self,
        account: &Account,
        badge: &Badge,
        cache: &Cache,
        proof: &Proof,
    ) -> Result<(), DeskError> {
        match proof {
            Proof::Pin(pin) => prove_by_pin(cache, pin).await,
            Proof::Password(password) => self.prove_by_password(account, badge, cache, password).await,
        }
    }

    async fn prove_by_password(
        &self,
        account: &Account,
        badge: &Badge,
        cache: &Cache,
        password: &Secret<String>,
    ) -> Result<(), DeskError> {
        let door = cache.door().await?;
        if door.is_shut() {
            badge.backend.sign_in(&account.login, password).await?;
            cache.release_auth_held().await?;
            return fit(cache, password).await;
        }
        let now = self.inner.clock.now();
        if let Some(until) = door.held_until.filter(|until| *until > now) {
            return Err(held(until.duration_since(now)));
        }
        cache.keep_door(door.tried(now)).await?;
        let hash = door.password.clone().unwrap_or_default();
        if !matches(password.clone(), hash).await {
            return Err(DeskError::new(
                "wrong_password",
                "That is not your password. Your work is still here.",
            ));
        }
        Ok(cache.keep_door(door.opened()).await?)
    }

    /// Keeps what the password of a sign-in is compared with from now on.
    pub(super) async fn fit_door(&self, password: &Secret<String>) -> Result<(), DeskError> {
        fit(&self.line().await?.cache, password).await
    }

    /// Lets the person in front of the desk in by a PIN from now on. Their password says that it is they who set it.
    ///
    /// # Errors
    /// `bad_pin` for one that anybody would try first, and as for a proof by password.
    pub async fn set_pin(&self, password: Secret<String>, pin: Secret<String>) -> Result<(), DeskError> {
        let _one_at_a_time = self.inner.watch.trying.lock().await;
        if let Some(why) = too_plain(pin.expose()) {
            return Err(DeskError::new("bad_pin", why));
        }
        let account = self.account().ok_or_else(DeskError::signed_out)?;
        let line = self.line().await?;
        self.prove_by_password(&account, &self.badge(), &line.cache, &password)
            .await?;
        let hashed = hashed(&pin)
            .await
            .ok_or_else(|| DeskError::bad_input("The PIN could not be kept. Try again."))?;
        let door = Door {
            pin: Some(hashed),
            pin_wrong: 0,
            ..line.cache.door().await?
        };
        line.cache.keep_door(door).await?;
        self.note_pin(account.account, true)?;
        tracing::info!("a PIN was set");
        Ok(())
    }

    /// Takes the PIN of the person in front of the desk away.
    ///
    /// # Errors
    /// When nobody is signed in, or it cannot be written.
    pub async fn remove_pin(&self) -> Result<(), DeskError> {
        let account = self.account().ok_or_else(DeskError::signed_out)?;
        let line = self.line().await?;
        let door = Door {
            pin: None,
            pin_wrong: 0,
            ..line.cache.door().await?
        };
        line.cache.keep_door(door).await?;
        self.note_pin(account.account, false)?;
        tracing::info!("a PIN was taken away");
        Ok(())
    }
}

async fn prove_by_pin(cache: &Cache, pin: &Secret<String>) -> Result<(), DeskError> {
    let door = cache.door().await?;
    let Some(hash) = door.pin.clone() else {
        return Err(DeskError::new("needs_password", "There is no PIN. Type the password."));
    };
    if door.pin_is_used_up() {
        return Err(used_up());
    }
    let tried = door.tried_pin();
    cache.keep_door(tried.clone()).await?;
    if !matches(pin.clone(), hash).await {
        return Err(match PIN_TRIES.saturating_sub(tried.pin_wrong) {
            0 => used_up(),
            1 => DeskError::new(
                "wrong_pin",
                "That is not the PIN. After one more, the password is asked for.",
            ),
            left => DeskError::new(
                "wrong_pin",
                format!("That is not the PIN. After {left} more, the password is asked for."),
            ),
        });
    }
    Ok(cache.keep_door(Door { pin_wrong: 0, ..door }).await?)
}

fn used_up() -> DeskError {
    DeskError::new("needs_password", "There were too many wrong PINs. Type the password.")
}

async fn fit(cache: &Cache, password: &Secret<String>) -> Result<(), DeskError> {
    let door = Door {
        // Without a hash only the server can say, which is a slower lock and not a weaker one.
        password: hashed(password).await,
        ..cache.door().await?.opened()
    };
    Ok(cache.keep_door(door).await?)
}

fn held(wait: SignedDuration) -> DeskError {
    let seconds = wait.as_secs().max(1);
    let wait = match seconds {
        1..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    };
    DeskError::new(
        "unlock_held",
        format!("Too many wrong passwords. Try again in {wait}, or sign out."),
    )
}

/// Why nobody should have this PIN.
fn too_plain(pin: &str) -> Option<&'static str> {
    let digits = pin.as_bytes();
    if !(4..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Some("A PIN has four to eight digits.");
    }
    let steps: Vec<_> = digits
        .windows(2)
        .map(|pair| i16::from(pair[1]) - i16::from(pair[0]))
        .collect();
    let even = [0, 1, -1].iter().any(|step| steps.iter().all(|each| each == step));
    even.then_some("Everybody tries that one first. Choose digits that neither repeat nor count up or down.")
}

async fn hashed(secret: &Secret<String>) -> Option<String> {
    let secret = secret.clone();
    tokio::task::spawn_blocking(move || hash(&secret)).await.ok().flatten()
}

fn hash(secret: &Secret<String>) -> Option<String> {
    let salt: [u8; 16] = rand::random();
    let hash = Argon2::default().hash_password_with_salt(secret.expose().as_bytes(), &salt);
    Some(hash.ok()?.to_string())
}

async fn matches(secret: Secret<String>, hash: String) -> bool {
    let compare = move || {
        Argon2::default()
            .verify_password(secret.expose().as_bytes(), hash.as_str())
            .is_ok()
    };
    tokio::task::spawn_blocking(compare).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hashed = hash(&Secret::new("right".to_owned())).unwrap();
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        let fits = |typed: &str| {
            Argon2::default()
                .verify_password(typed.as_bytes(), hashed.as_str())
                .is_ok()
        };
        assert!(fits("right") && !fits("Right") && !fits(""));
    }

    #[test]
    fn a_pin_is_digits_that_not_everybody_tries_first() {
        for plain in ["123", "123456789", "12a4", "0000", "1234", "87654321", "٤٥٦٧"] {
            assert!(too_plain(plain).is_some(), "{plain}");
        }
        for good in ["1243", "2580", "90210", "11223344"] {
            assert_eq!(too_plain(good), None, "{good}");
        }
    }
}
