//! The outbox against a model of it, over any order of acts, answers, decisions and restarts: which act goes next, what
//! each builds on, what waits for what, and what is left.

use crate::fixture::{Place, act, appointment, client, id, now, page, receipt};
use deskbell_clinic::wire::{ChangeOp, Written};
use deskbell_clinic::{Kind, OperationId, Row};
use deskbell_core::cache::{Cache, CacheError, OutboxState, Settlement};
use deskbell_core::outbox::intent::Intent;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use std::collections::BTreeMap;
use tokio::runtime::Runtime;

/// Few rows, so that acts meet. Clients are 1 to 3, and appointment 10 + n is for client n.
const CLIENTS: u128 = 3;

/// One act as the model sees it. Acts are named by a number that counts up.
#[derive(Clone, Debug)]
struct Item {
    name: u32,
    row: u128,
    state: OutboxState,
    base: Option<u32>,
    needs: Vec<u32>,
}

/// What the outbox should be.
#[derive(Clone, Debug, Default)]
struct Model {
    named: u32,
    items: Vec<Item>,
    /// Versions of the rows that the server has, as far as this desk knows.
    rows: BTreeMap<u128, u32>,
}

impl Model {
    fn item(&self, row: u128) -> Item {
        // A booking waits for the act that makes its client.
        let making = self
            .items
            .iter()
            .find(|item| row == item.row + 10 && item.base.is_none());
        Item {
            name: self.named,
            row,
            state: OutboxState::Queued,
            base: self.rows.get(&row).copied(),
            needs: making.map(|item| item.name).into_iter().collect(),
        }
    }

    fn heads(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().enumerate().filter_map(|(at, item)| {
            let first = self.items[..at].iter().all(|before| before.row != item.row);
            (first && item.needs.is_empty()).then_some(item)
        })
    }

    fn next(&self) -> Option<u32> {
        let ready = |item: &&Item| matches!(item.state, OutboxState::Queued | OutboxState::Unknown);
        self.heads().find(ready).map(|item| item.name)
    }

    fn sending(&self) -> Option<u32> {
        let sending = self.items.iter().find(|item| item.state == OutboxState::Sending);
        sending.map(|item| item.name)
    }

    fn of(&mut self, name: u32) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.name == name)
    }

    fn set(&mut self, name: u32, state: OutboxState) {
        if let Some(item) = self.of(name) {
            item.state = state;
        }
    }

    fn rebase(&mut self, row: u128, version: u32) {
        for item in self.items.iter_mut().filter(|item| item.row == row) {
            item.base = Some(version);
        }
    }

    fn forget(&mut self, name: u32) {
        self.items.retain(|item| item.name != name);
        for item in &mut self.items {
            item.needs.retain(|needed| *needed != name);
        }
    }

    /// With all that waits for it.
    fn give_up(&mut self, name: u32) {
        let waiting: Vec<_> = self
            .items
            .iter()
            .filter(|item| item.needs.contains(&name))
            .map(|item| item.name)
            .collect();
        self.forget(name);
        for name in waiting {
            self.give_up(name);
        }
    }
}

#[derive(Clone, Debug)]
enum Deed {
    /// A person writes a row: makes it, or edits it.
    Write(u128),
    Claim,
    Answer(Answer),
    /// Decides about the nth act that waits.
    Decide(usize, Decision),
    SignIn,
    Restart,
}

#[derive(Clone, Copy, Debug)]
enum Answer {
    Done,
    Conflict,
    Parked,
    Again,
    Unknown,
    AuthHeld,
}

#[derive(Clone, Copy, Debug)]
enum Decision {
    Cancel,
    Discard,
    Retry,
    Amend,
}

/// Whether a decision is possible in a state.
fn may(decision: Decision, state: OutboxState) -> bool {
    match decision {
        Decision::Cancel | Decision::Amend => {
            !matches!(state, OutboxState::Sending | OutboxState::Unknown | OutboxState::Acked)
        }
        Decision::Discard | Decision::Retry => state != OutboxState::Sending,
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Deed;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Deed> {
        let answer = prop::sample::select(vec![
            Answer::Done,
            Answer::Done,
            Answer::Conflict,
            Answer::Parked,
            Answer::Again,
            Answer::Unknown,
            Answer::AuthHeld,
        ]);
        let decision = prop::sample::select(vec![
            Decision::Cancel,
            Decision::Discard,
            Decision::Retry,
            Decision::Amend,
        ]);
        let waiting = 0..state.items.len().max(1);
        prop_oneof![
            3 => (1..=CLIENTS, any::<bool>()).prop_map(|(n, booking)| Deed::Write(if booking { n + 10 } else { n })),
            4 => Just(Deed::Claim),
            4 => answer.prop_map(Deed::Answer),
            2 => (waiting, decision).prop_map(|(nth, decision)| Deed::Decide(nth, decision)),
            1 => Just(Deed::SignIn),
            1 => Just(Deed::Restart),
        ]
        .boxed()
    }

    fn preconditions(state: &Self, deed: &Deed) -> bool {
        match deed {
            Deed::Claim => state.sending().is_none(),
            Deed::Answer(_) => state.sending().is_some(),
            Deed::Decide(nth, _) => *nth < state.items.len(),
            Deed::Write(_) | Deed::SignIn | Deed::Restart => true,
        }
    }

    fn apply(mut state: Self, deed: &Deed) -> Self {
        match deed {
            Deed::Write(row) => {
                let item = state.item(*row);
                state.named += 1;
                state.items.push(item);
            }
            Deed::Claim => {
                if let Some(name) = state.next() {
                    state.set(name, OutboxState::Sending);
                }
            }
            Deed::Answer(answer) => {
                let Some(name) = state.sending() else { return state };
                match answer {
                    Answer::Done => {
                        let row = state.of(name).map(|item| item.row).unwrap_or_default();
                        let version = state.rows.get(&row).copied().unwrap_or_default() + 1;
                        state.forget(name);
                        state.rows.insert(row, version);
                        state.rebase(row, version);
                    }
                    Answer::Conflict => state.set(name, OutboxState::Conflict),
                    Answer::Parked => state.set(name, OutboxState::Parked),
                    Answer::Again => state.set(name, OutboxState::Queued),
                    Answer::Unknown => state.set(name, OutboxState::Unknown),
                    Answer::AuthHeld => state.set(name, OutboxState::AuthHeld),
                }
            }
            Deed::Decide(nth, decision) => {
                let item = state.items[*nth].clone();
                if !may(*decision, item.state) {
                    return state;
                }
                match decision {
                    Decision::Cancel | Decision::Discard => state.give_up(item.name),
                    Decision::Retry => {
                        state.set(item.name, OutboxState::Queued);
                        if let Some(version) = state.rows.get(&item.row).copied() {
                            state.rebase(item.row, version);
                        }
                    }
                    Decision::Amend => {
                        let amended = state.item(item.row);
                        state.named += 1;
                        for other in &mut state.items {
                            for needed in other.needs.iter_mut().filter(|needed| **needed == item.name) {
                                *needed = amended.name;
                            }
                        }
                        state.items[*nth] = amended;
                    }
                }
            }
            Deed::SignIn => {
                for item in &mut state.items {
                    if item.state == OutboxState::AuthHeld {
                        item.state = OutboxState::Queued;
                    }
                }
            }
            Deed::Restart => {
                for item in &mut state.items {
                    if item.state == OutboxState::Sending {
                        item.state = OutboxState::Unknown;
                    }
                }
            }
        }
        state
    }
}

/// The real outbox, and how the model's names are called in it.
struct Real {
    runtime: Runtime,
    place: Place,
    cache: Cache,
    names: BTreeMap<OperationId, u32>,
    named: u32,
}

impl Real {
    fn intent(&self, row: u128) -> Intent {
        let base = self.rows(row);
        match row {
            1..=CLIENTS => Intent::put(client(row, &self.named.to_string()), base),
            booking => Intent::put(appointment(booking, &[booking - 10]), base),
        }
    }

    fn rows(&self, row: u128) -> Option<u32> {
        let kind = kind(row);
        let seen = self
            .cache
            .read::<_, CacheError>(move |snapshot| snapshot.row(kind, id(row)));
        self.runtime.block_on(seen).unwrap().and_then(|seen| seen.version)
    }

    fn call(&mut self, operation: OperationId) {
        self.names.insert(operation, self.named);
        self.named += 1;
    }
}

const fn kind(row: u128) -> Kind {
    if row <= CLIENTS {
        Kind::Client
    } else {
        Kind::Appointment
    }
}

fn done(row: u128, version: u32) -> Settlement {
    if row <= CLIENTS {
        return Settlement::Done(receipt(row, version, "as the server has it"));
    }
    Settlement::Done(Box::new(Written {
        kind: Kind::Appointment,
        id: id(row),
        version,
        seq: 0,
        op: ChangeOp::Put,
        body: Some(Row::from(appointment(row, &[row - 10])).to_json()),
    }))
}

impl StateMachineTest for Real {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let place = Place::new();
        let cache = runtime.block_on(place.open());
        runtime.block_on(cache.apply(page(vec![], "1"))).unwrap();
        Self {
            runtime,
            place,
            cache,
            names: BTreeMap::new(),
            named: 0,
        }
    }

    fn apply(mut real: Self, model: &Model, deed: Deed) -> Self {
        match deed {
            Deed::Write(row) => {
                let operation = real.runtime.block_on(act(&real.cache, real.intent(row))).unwrap();
                real.call(operation);
            }
            Deed::Claim => {
                let claimed = real.runtime.block_on(real.cache.claim_next(now())).unwrap();
                let claimed = claimed.map(|item| real.names[&item.operation]);
                assert_eq!(claimed, model.sending(), "what goes next");
            }
            Deed::Answer(answer) => {
                let waiting = real.runtime.block_on(real.cache.waiting()).unwrap();
                let item = waiting
                    .into_iter()
                    .find(|item| item.state == OutboxState::Sending)
                    .unwrap();
                let row = item.id.as_u128();
                let settlement = match answer {
                    Answer::Done => done(row, model.rows[&row]),
                    Answer::Conflict => Settlement::Conflict("Somebody else was faster.".into(), None),
                    Answer::Parked => Settlement::Parked("It is held.".into()),
                    Answer::Again => Settlement::Again(now()),
                    Answer::Unknown => Settlement::Unknown(now()),
                    Answer::AuthHeld => Settlement::AuthHeld,
                };
                let settled = real.cache.settle(item.operation, settlement);
                real.runtime.block_on(settled).unwrap();
            }
            Deed::Decide(nth, decision) => {
                let waiting = real.runtime.block_on(real.cache.waiting()).unwrap();
                let (operation, row, state) = (waiting[nth].operation, waiting[nth].id.as_u128(), waiting[nth].state);
                let intent = real.intent(row);
                let decided = real.runtime.block_on(async {
                    match decision {
                        Decision::Cancel => real.cache.cancel(operation).await.map(|_| None),
                        Decision::Discard => real.cache.discard(operation).await.map(|()| None),
                        Decision::Retry => real.cache.retry(operation).await.map(|()| None),
                        Decision::Amend => real.cache.amend(operation, intent, now()).await.map(Some),
                    }
                });
                match decided {
                    Ok(amended) => {
                        assert!(may(decision, state), "{decision:?} of what is {state:?}");
                        if let Some(kept) = amended {
                            real.call(kept.operation);
                        }
                    }
                    Err(error) => {
                        assert!(matches!(error, CacheError::BeingSent), "{error}");
                        assert!(!may(decision, state), "{decision:?} of what is {state:?} was refused");
                    }
                }
            }
            Deed::SignIn => real.runtime.block_on(real.cache.release_auth_held()).unwrap(),
            Deed::Restart => {
                real.runtime.block_on(real.cache.close());
                real.cache = real.runtime.block_on(real.place.open());
            }
        }
        real
    }

    fn check_invariants(real: &Self, model: &Model) {
        let waiting = real.runtime.block_on(real.cache.waiting()).unwrap();
        let there: Vec<_> = waiting
            .iter()
            .map(|item| {
                (
                    real.names[&item.operation],
                    item.id.as_u128(),
                    item.state,
                    item.base_version,
                )
            })
            .collect();
        let should: Vec<_> = model
            .items
            .iter()
            .map(|item| (item.name, item.row, item.state, item.base))
            .collect();
        assert_eq!(there, should);
        // Whatever waits is left by the sender, by a sign-in or by a person: never by nothing.
        let wakes = real.runtime.block_on(real.cache.next_wakeup()).unwrap().is_some();
        assert_eq!(
            wakes,
            model.next().is_some(),
            "the sender knows that there is something to send"
        );
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_outbox_is_as_its_model_says(sequential 1..40 => Real);
}
