//! Our ids and theirs. Theirs count; ours are made here, once, and remembered in the cache before any row is shown.

use crate::cache::{Binding, Cache, CacheError};
use deskbell_clinic::Kind;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Which row is which, for one account.
#[derive(Debug, Default)]
pub(super) struct Ids(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    ours: HashMap<(Kind, u64), Uuid>,
    theirs: HashMap<(Kind, Uuid), u64>,
    /// Bound here and not yet remembered in the cache.
    fresh: Vec<Binding>,
}

impl Ids {
    /// Those that an account's cache remembers.
    pub(super) async fn load(cache: &Cache) -> Result<Self, CacheError> {
        let mut known = Known::default();
        for binding in cache.bindings().await? {
            let server = binding
                .server
                .parse()
                .map_err(|_| CacheError::unreadable("a bound row's id at the server"))?;
            known.ours.insert((binding.kind, server), binding.local);
            known.theirs.insert((binding.kind, binding.local), server);
        }
        Ok(Self(Mutex::new(known)))
    }

    /// Ours for theirs, where it is bound.
    pub(super) fn known(&self, kind: Kind, server: u64) -> Option<Uuid> {
        self.lock().ours.get(&(kind, server)).copied()
    }

    /// Ours for theirs; made where there is none yet.
    pub(super) fn ours(&self, kind: Kind, server: u64) -> Uuid {
        if let Some(known) = self.known(kind, server) {
            return known;
        }
        let made = Uuid::now_v7();
        self.bind(kind, server, made);
        made
    }

    /// Theirs for ours.
    pub(super) fn theirs(&self, kind: Kind, local: Uuid) -> Option<u64> {
        self.lock().theirs.get(&(kind, local)).copied()
    }

    /// Binds; an earlier binding of either side ends.
    pub(super) fn bind(&self, kind: Kind, server: u64, local: Uuid) {
        let mut known = self.lock();
        if let Some(before) = known.ours.insert((kind, server), local) {
            known.theirs.remove(&(kind, before));
        }
        if let Some(before) = known
            .theirs
            .insert((kind, local), server)
            .filter(|before| *before != server)
        {
            known.ours.remove(&(kind, before));
        }
        known.fresh.push(Binding {
            kind,
            server: server.to_string(),
            local,
        });
    }

    /// Remembers in the cache what was bound since the last time.
    pub(super) async fn remember(&self, cache: &Cache) -> Result<(), CacheError> {
        let fresh = std::mem::take(&mut self.lock().fresh);
        let kept = cache.bind(fresh.clone()).await;
        if kept.is_err() {
            self.lock().fresh.extend(fresh);
        }
        kept
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An id that must be known before any cache is open, always the same for the same thing at the same server.
pub(super) fn derived(server: &str, what: &str, id: u64) -> Uuid {
    let digest = Sha256::digest(format!("deskbell royal-care {server} {what} {id}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_once_and_a_newer_binding_ends_the_older() {
        let ids = Ids::default();
        let first = ids.ours(Kind::Client, 7);
        assert_eq!(ids.ours(Kind::Client, 7), first);
        assert_ne!(ids.ours(Kind::Staff, 7), first, "numbers are of their kind");
        let mine = Uuid::from_u128(5);
        ids.bind(Kind::Client, 7, mine);
        assert_eq!(ids.known(Kind::Client, 7), Some(mine));
        assert_eq!(ids.theirs(Kind::Client, first), None);
    }

    #[test]
    fn what_is_derived_is_the_same_at_every_start_and_differs_by_server() {
        let here = derived("http://127.0.0.1:8700", "account", 4);
        assert_eq!(here, derived("http://127.0.0.1:8700", "account", 4));
        assert_ne!(here, derived("https://other.example", "account", 4));
    }
}
