//! What an account's lock keeps: in the encrypted file, where nobody can set its count of tries back.

use super::keep::durably;
use super::table::meta;
use super::threads::Priority;
use super::{Cache, CacheError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Wrong tries that are free; from then on each is waited for.
const FREE_TRIES: u32 = 5;
/// Wrong tries after which only the clinic's server is asked, which counts for itself.
const TRIES: u32 = 10;
/// What the first wait is, in seconds; each next one is twice as long.
const FIRST_WAIT: i64 = 30;

/// Wrong PINs after which only the password counts.
pub(crate) const PIN_TRIES: u32 = 5;

/// What an account's cache keeps of its lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// Argon2id of the password of the last sign-in, as a PHC string.
    #[serde(default)]
    pub password: Option<String>,
    /// Wrong tries since the last right one.
    #[serde(default)]
    pub wrong: u32,
    /// Nothing is tried before.
    #[serde(default)]
    pub held_until: Option<Timestamp>,
    /// Argon2id of the PIN, as a PHC string; none where none was set.
    #[serde(default)]
    pub pin: Option<String>,
    /// Wrong PINs since the last right one.
    #[serde(default)]
    pub pin_wrong: u32,
}

impl Door {
    /// One more try, counted as wrong until it proves right.
    pub fn tried(&self, now: Timestamp) -> Self {
        let wrong = self.wrong.saturating_add(1);
        let doubled = wrong.checked_sub(FREE_TRIES).map(|over| FIRST_WAIT << over.min(5));
        Self {
            wrong,
            held_until: doubled.and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok()),
            ..self.clone()
        }
    }

    /// One more PIN, counted as wrong until it proves right.
    pub fn tried_pin(&self) -> Self {
        Self {
            pin_wrong: self.pin_wrong.saturating_add(1),
            ..self.clone()
        }
    }

    /// The password was right: every count begins anew.
    pub fn opened(self) -> Self {
        Self {
            wrong: 0,
            held_until: None,
            pin_wrong: 0,
            ..self
        }
    }

    /// Whether only the password counts now.
    pub const fn pin_is_used_up(&self) -> bool {
        self.pin_wrong >= PIN_TRIES
    }

    /// Whether only the server can say.
    pub const fn is_shut(&self) -> bool {
        self.password.is_none() || self.wrong >= TRIES
    }
}

impl Cache {
    /// What the lock keeps.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn door(&self) -> Result<Door, CacheError> {
        self.inner.readers.run(|connection| meta::door(connection)).await
    }

    /// Keeps what the lock keeps; on the disk when this answers.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep_door(&self, door: Door) -> Result<(), CacheError> {
        let write = move |connection: &mut rusqlite::Connection| {
            durably(connection, |connection| Ok((meta::set_door(connection, &door)?, None)))
        };
        self.inner.writer.run(Priority::Person, write).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_tries_are_waited_for_twice_as_long_each_and_end_at_the_server() {
        let now = Timestamp::from_second(1_000).unwrap();
        let mut door = Door {
            password: Some("hash".into()),
            ..Door::default()
        };
        let mut waits = vec![];
        while !door.is_shut() {
            door = door.tried(now);
            waits.push(door.held_until.map_or(0, |until| until.as_second() - 1_000));
        }
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960]);
    }
}
