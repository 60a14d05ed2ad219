//! A window as the engine serves it: it hears of commits, reads again what became stale, and asks for what it missed when
//! the chain has a gap. Here notices are lost, doubled and reordered on the way to it.

use deskbell_clinic::{Kind, Row};
use deskbell_core::cache::{ChangeItem, Commit, ViewRow};
use deskbell_core::desk::{Desk, DeskError};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::broadcast;
use uuid::Uuid;

type Shown = HashMap<(Kind, Uuid), (Option<u32>, Row)>;

/// What a window shows, and what it heard.
#[derive(Default)]
pub(crate) struct Seen {
    revision: u32,
    pub(crate) shown: Shown,
    /// What the engine published, in order and undisturbed: revision before, and revision.
    pub(crate) published: Vec<(u32, u32)>,
}

/// An open window.
pub(crate) struct Window {
    pub(crate) seen: Arc<Mutex<Seen>>,
    task: tokio::task::JoinHandle<()>,
    /// Whether notices are disturbed on their way.
    pub(crate) disturbed: Arc<std::sync::atomic::AtomicBool>,
}

impl Window {
    /// Opens it: it subscribes first and reads then, as every window does.
    pub(crate) async fn open(desk: &Desk, seed: u64) -> Self {
        let commits = desk.commits();
        let seen = Arc::new(Mutex::new(Seen::default()));
        read_all(desk, &seen).await;
        let disturbed = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let task = tokio::spawn(follow(desk.clone(), commits, seen.clone(), disturbed.clone(), seed));
        Self { seen, task, disturbed }
    }

    pub(crate) fn close(self) {
        self.task.abort();
    }

    /// From now on every notice arrives once and in order.
    pub(crate) fn calm(&self) {
        self.disturbed.store(false, std::sync::atomic::Ordering::SeqCst);
    }
}

/// Every row as the desk shows it now.
pub(crate) async fn all(desk: &Desk) -> Result<(u32, Shown), DeskError> {
    desk.read(|snapshot| {
        let mut shown = HashMap::new();
        for kind in Kind::ALL {
            for ViewRow { row, version, .. } in snapshot.rows(kind)? {
                shown.insert((kind, row.id()), (version, row));
            }
        }
        Ok((snapshot.revision(), shown))
    })
    .await
}

async fn read_all(desk: &Desk, seen: &Mutex<Seen>) {
    if let Ok((revision, shown)) = all(desk).await {
        let mut seen = seen.lock().expect("nothing panics holding it");
        (seen.revision, seen.shown) = (revision, shown);
    }
}

async fn follow(
    desk: Desk,
    mut commits: broadcast::Receiver<Commit>,
    seen: Arc<Mutex<Seen>>,
    disturbed: Arc<std::sync::atomic::AtomicBool>,
    seed: u64,
) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut held: Option<Commit> = None;
    loop {
        let commit = match commits.recv().await {
            Ok(commit) => commit,
            Err(broadcast::error::RecvError::Lagged(_)) => {
                read_all(&desk, &seen).await;
                continue;
            }
            Err(broadcast::error::RecvError::Closed) => return,
        };
        let link = (commit.prev, commit.revision);
        seen.lock().expect("nothing panics holding it").published.push(link);
        if disturbed.load(std::sync::atomic::Ordering::SeqCst) {
            match rng.random_range(0..10) {
                0 => continue,
                1 => {
                    take(&desk, &seen, commit.clone()).await;
                    take(&desk, &seen, commit).await;
                }
                2 if held.is_none() => held = Some(commit),
                _ => take(&desk, &seen, commit).await,
            }
        } else {
            take(&desk, &seen, commit).await;
        }
        if rng.random_bool(0.5)
            && let Some(late) = held.take()
        {
            take(&desk, &seen, late).await;
        }
    }
}

async fn take(desk: &Desk, seen: &Mutex<Seen>, commit: Commit) {
    let known = seen.lock().expect("nothing panics holding it").revision;
    if commit.revision <= known {
        return;
    }
    if commit.prev == known && !commit.overflow {
        read_again(desk, seen, commit.items, commit.revision).await;
        return;
    }
    match desk.changes_since(known).await {
        Ok(changes) if !changes.overflow && !commit.overflow => {
            read_again(desk, seen, changes.items, changes.revision).await;
        }
        _ => read_all(desk, seen).await,
    }
}

async fn read_again(desk: &Desk, seen: &Mutex<Seen>, items: Vec<ChangeItem>, revision: u32) {
    let keys: Vec<_> = items.iter().map(|item| (item.kind, item.id)).collect();
    let read = desk
        .read(move |snapshot| {
            let row = |(kind, id): (Kind, Uuid)| Ok(((kind, id), snapshot.row(kind, id)?));
            keys.into_iter().map(row).collect::<Result<Vec<_>, DeskError>>()
        })
        .await;
    let Ok(rows) = read else { return };
    let mut seen = seen.lock().expect("nothing panics holding it");
    for (key, row) in rows {
        match row {
            Some(ViewRow { row, version, .. }) => seen.shown.insert(key, (version, row)),
            None => seen.shown.remove(&key),
        };
    }
    seen.revision = revision;
}
