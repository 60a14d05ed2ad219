//! Whatever order acts, answers and pages come in: what is seen is what waits, folded over what the server said.

use crate::fixture::{Place, act, appointment, id, now, page};
use deskbell_clinic::wire::{Change, ChangeOp, StepRequest, Written};
use deskbell_clinic::{AppointmentId, DeviceId, Kind, OperationId, Row, Step};
use deskbell_core::cache::{Cache, CacheError, OutboxItem, OutboxState, Settlement};
use deskbell_core::outbox::intent::Intent;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Few, so that acts and changes meet.
const ROWS: u128 = 3;

#[derive(Clone, Debug)]
enum Deed {
    /// A person writes, steps or deletes at this desk.
    Write(u128, u8),
    Arrive(u128),
    Delete(u128),
    /// Somebody else writes or deletes.
    Elsewhere(u128, Option<u8>),
    /// So many changes of the log are read.
    Pull(usize),
    /// The next act is sent, and the answer comes, or does not.
    Send(bool),
    /// The next act is held without having been sent.
    Park,
    /// A person decides about the first act that is held: again, or not at all.
    Decide(bool),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let row = || 1..=ROWS;
    let deed = prop_oneof![
        3 => (row(), any::<u8>()).prop_map(|(row, note)| Deed::Write(row, note)),
        2 => row().prop_map(Deed::Arrive),
        1 => row().prop_map(Deed::Delete),
        3 => (row(), any::<Option<u8>>()).prop_map(|(row, note)| Deed::Elsewhere(row, note)),
        3 => (1_usize..4).prop_map(Deed::Pull),
        4 => any::<bool>().prop_map(Deed::Send),
        1 => Just(Deed::Park),
        2 => any::<bool>().prop_map(Deed::Decide),
    ];
    proptest::collection::vec(deed, 1..40)
}

fn noted(row: u128, note: u8) -> Row {
    let mut row = appointment(row, &[]);
    row.notes = note.to_string();
    row.into()
}

/// The server: a row's version goes on counting when the row is gone.
#[derive(Default)]
struct Server {
    rows: BTreeMap<u128, (u32, Option<Row>)>,
    log: Vec<Change>,
    done: HashMap<OperationId, Written>,
}

impl Server {
    fn write(&mut self, n: u128, row: Option<Row>, operation: Option<OperationId>) -> Written {
        let version = self.rows.get(&n).map_or(0, |known| known.0) + 1;
        let op = if row.is_some() { ChangeOp::Put } else { ChangeOp::Delete };
        let body = row.as_ref().map(Row::to_json);
        self.rows.insert(n, (version, row));
        self.log.push(Change {
            kind: Kind::Appointment,
            id: id(n),
            version,
            op,
            body: body.clone(),
            by: None,
            device: operation.map(|_| DeviceId(id(900))),
            operation,
            at: now(),
        });
        Written {
            kind: Kind::Appointment,
            id: id(n),
            version,
            seq: self.log.len() as u64,
            op,
            body,
        }
    }

    /// Does an act once, however often it comes; none when it builds on another version than the row's.
    fn perform(&mut self, item: &OutboxItem) -> Option<Written> {
        if let Some(written) = self.done.get(&item.operation) {
            return Some(written.clone());
        }
        let n = item.id.as_u128();
        let (version, current) = match self.rows.get(&n) {
            Some((version, Some(row))) => (Some(*version), Some(row.clone())),
            _ => (None, None),
        };
        let makes = item.intent.row().is_some();
        if version != item.base_version || (current.is_none() && !makes) {
            return None;
        }
        let written = self.write(n, item.intent.apply(current), Some(item.operation));
        self.done.insert(item.operation, written.clone());
        Some(written)
    }
}

/// A desk, its server, and what the desk must hold of the server's rows.
struct Scene {
    cache: Cache,
    server: Server,
    read: usize,
    known: BTreeMap<u128, (u32, Row)>,
}

impl Scene {
    async fn step(&mut self, deed: Deed) {
        match deed {
            Deed::Write(n, note) => self.keep(n, |base| Intent::put(noted(n, note), base)).await,
            Deed::Arrive(n) => self.keep(n, |base| arrive(n, base)).await,
            Deed::Delete(n) => {
                let delete = |base_version| Intent::Delete {
                    kind: Kind::Appointment,
                    id: id(n),
                    base_version,
                };
                self.keep(n, delete).await;
            }
            Deed::Elsewhere(n, note) => {
                self.server.write(n, note.map(|note| noted(n, note)), None);
            }
            Deed::Pull(most) => self.pull(most).await,
            Deed::Send(answered) => {
                self.send(answered).await;
            }
            Deed::Park => {
                if let Some(item) = self.cache.claim_next(now()).await.unwrap() {
                    let parked = Settlement::Parked("It is held.".into());
                    self.cache.settle(item.operation, parked).await.unwrap();
                }
            }
            Deed::Decide(again) => self.decide(again).await,
        }
    }

    async fn keep(&self, n: u128, intent: impl FnOnce(Option<u32>) -> Intent) {
        let base = self.known.get(&n).map(|known| known.0);
        act(&self.cache, intent(base)).await.unwrap();
    }

    async fn pull(&mut self, most: usize) {
        let end = (self.read + most).min(self.server.log.len());
        let changes = self.server.log[self.read..end].to_vec();
        for change in &changes {
            self.learn(change.id.as_u128(), change.version, change.body.as_ref());
        }
        self.read = end;
        self.cache.apply(page(changes, &end.to_string())).await.unwrap();
    }

    /// Sends the next act; answers whether there was one.
    async fn send(&mut self, answered: bool) -> bool {
        let Some(item) = self.cache.claim_next(now()).await.unwrap() else {
            return false;
        };
        let settlement = match self.server.perform(&item) {
            _ if !answered => Settlement::Unknown(now()),
            None => Settlement::Conflict("Somebody was first.".into(), None),
            Some(written) => {
                let n = item.id.as_u128();
                // What is new, or is here still; a row that left since is not brought back by an older receipt.
                if item.base_version.is_none() || self.known.contains_key(&n) {
                    self.learn(n, written.version, written.body.as_ref());
                }
                Settlement::Done(Box::new(written))
            }
        };
        self.cache.settle(item.operation, settlement).await.unwrap();
        true
    }

    async fn decide(&self, again: bool) {
        let waiting = self.cache.waiting().await.unwrap();
        if let Some(held) = waiting.iter().find(|item| !item.state.is_seen()) {
            if again {
                self.cache.retry(held.operation).await.unwrap();
            } else {
                self.cache.discard(held.operation).await.unwrap();
            }
        }
    }

    fn learn(&mut self, n: u128, version: u32, body: Option<&serde_json::Value>) {
        if self.known.get(&n).is_some_and(|known| known.0 > version) {
            return;
        }
        match body {
            Some(body) => {
                let row = Row::read(Kind::Appointment, body).unwrap();
                self.known.insert(n, (version, row));
            }
            None => {
                self.known.remove(&n);
            }
        }
    }

    async fn holds(&self) {
        let waiting = self.cache.waiting().await.unwrap();
        for n in 1..=ROWS {
            let pending: Vec<_> = waiting
                .iter()
                .filter(|item| item.id == id(n) && !matches!(item.state, OutboxState::Conflict | OutboxState::Parked))
                .collect();
            let truth = self.known.get(&n).map(|known| known.1.clone());
            let expected = pending.iter().fold(truth, |row, item| item.intent.apply(row));
            let (one, all) = self.seen(n).await;
            assert_eq!(one, expected, "row {n}");
            assert_eq!(all, expected, "row {n} among all");
        }
    }

    /// The row, asked for by itself and among all of its kind.
    async fn seen(&self, n: u128) -> (Option<Row>, Option<Row>) {
        let read = self.cache.read(move |snapshot| {
            let one = snapshot.row(Kind::Appointment, id(n))?;
            let all = snapshot.rows(Kind::Appointment)?;
            let among = all.into_iter().find(|seen| seen.row.id() == id(n));
            Ok::<_, CacheError>((one.map(|seen| seen.row), among.map(|seen| seen.row)))
        });
        read.await.unwrap()
    }

    /// Everything is read, sent and decided.
    async fn settle_down(&mut self) {
        while !self.cache.waiting().await.unwrap().is_empty() {
            let sent = self.send(true).await;
            if !sent {
                self.decide(false).await;
            }
        }
        self.pull(usize::MAX - self.read).await;
    }
}

fn arrive(n: u128, base_version: Option<u32>) -> Intent {
    Intent::Step {
        appointment: AppointmentId(id(n)),
        step: StepRequest {
            step: Step::Arrive,
            client: None,
            reason: None,
            acted_at: now(),
        },
        base_version,
        lands: None,
    }
}

async fn play(deeds: Vec<Deed>) {
    let place = Place::new();
    let mut scene = Scene {
        cache: place.open().await,
        server: Server::default(),
        read: 0,
        known: BTreeMap::new(),
    };
    for deed in deeds {
        scene.step(deed).await;
        scene.holds().await;
    }
    scene.settle_down().await;
    for n in 1..=ROWS {
        let truth = scene.server.rows.get(&n).and_then(|row| row.1.clone());
        assert_eq!(scene.seen(n).await.0, truth, "row {n} in the end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_seen_is_what_waits_folded_over_what_the_server_said(deeds in deeds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(play(deeds));
    }
}
