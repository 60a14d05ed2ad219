//! The cache against a model of it, over any order of pages (new, old and doubled), new readings, receipts, letting go
//! and restarts: what is held, how far the cursor is, and that revisions follow one another.

use crate::fixture::{Place, act, client, hours, id, now, page, receipt};
use deskbell_clinic::digest::{RowSum, utc_day};
use deskbell_clinic::wire::{Change, ChangeOp, KindDigest};
use deskbell_clinic::{Block, BlockId, BlockOf, BlockReason, Kind, Repeat, Row};
use deskbell_core::cache::{Cache, CacheError, Pulled, Settlement};
use deskbell_core::outbox::intent::Intent;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use std::collections::BTreeMap;
use tokio::runtime::Runtime;

/// Clients are 1 to 4; blocks 11 to 14, of which the odd ones ended long ago.
const ROWS: u128 = 4;

/// Version and name of each row.
type Rows = BTreeMap<u128, (u32, u8)>;

/// A server's log, and how much of it the cache has.
#[derive(Clone, Debug, Default)]
struct Model {
    /// Row and version after each change; no name where it was deleted.
    log: Vec<(u128, u32, Option<u8>)>,
    /// Changes that the cache has taken in.
    read: usize,
    /// What the cache holds of the server's: version and name.
    held: Rows,
    /// A new reading that is being filled: where the log stood when it began, and what it has.
    filling: Option<(usize, Rows)>,
}

impl Model {
    fn version(&self, row: u128) -> u32 {
        let of_row = self.log.iter().rev().find(|change| change.0 == row);
        of_row.map_or(0, |change| change.1)
    }

    /// The rows as the server has them.
    fn truth(&self) -> Rows {
        let mut rows = BTreeMap::new();
        for (row, version, name) in &self.log {
            match name {
                Some(name) => rows.insert(*row, (*version, *name)),
                None => rows.remove(row),
            };
        }
        rows
    }
}

fn take(rows: &mut Rows, (row, version, name): (u128, u32, Option<u8>)) {
    let newer = rows.get(&row).is_some_and(|known| known.0 > version);
    match name {
        _ if newer => {}
        Some(name) => {
            rows.insert(row, (version, name));
        }
        None => {
            rows.remove(&row);
        }
    }
}

#[derive(Clone, Debug)]
enum Deed {
    /// Somebody elsewhere writes or deletes.
    Elsewhere(u128, Option<u8>),
    /// So many changes of the log come.
    Pull(usize),
    /// The last page comes again.
    Doubled(usize),
    /// Everything is read anew: begun, and shown.
    Begin,
    Show,
    /// An act of this desk and its receipt, before the page that has it.
    Own(u128, u8),
    LetGo,
    Restart,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Deed;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Deed> {
        let row = || (1..=ROWS, any::<bool>()).prop_map(|(n, block)| if block { n + 10 } else { n });
        prop_oneof![
            6 => (row(), proptest::option::weighted(0.8, any::<u8>())).prop_map(|(row, name)| Deed::Elsewhere(row, name)),
            5 => (1_usize..5).prop_map(Deed::Pull),
            1 => (1_usize..5).prop_map(Deed::Doubled),
            1 => Just(Deed::Begin),
            2 => Just(Deed::Show),
            2 => (1..=ROWS, any::<u8>()).prop_map(|(row, name)| Deed::Own(row, name)),
            1 => Just(Deed::LetGo),
            1 => Just(Deed::Restart),
        ]
        .boxed()
    }

    fn preconditions(state: &Self, deed: &Deed) -> bool {
        match deed {
            Deed::Doubled(back) => *back <= state.read,
            Deed::Begin => state.filling.is_none(),
            Deed::Show => state.filling.is_some(),
            // Pages of changes wait while everything is read anew.
            Deed::Pull(_) | Deed::LetGo | Deed::Restart => state.filling.is_none(),
            Deed::Elsewhere(..) | Deed::Own(..) => true,
        }
    }

    fn apply(mut state: Self, deed: &Deed) -> Self {
        match deed {
            Deed::Elsewhere(row, name) => {
                let version = state.version(*row) + 1;
                state.log.push((*row, version, *name));
            }
            Deed::Pull(many) => {
                let to = (state.read + many).min(state.log.len());
                for change in state.log[state.read..to].iter().copied() {
                    take(&mut state.held, change);
                }
                state.read = to;
            }
            // What was let go and comes again is held again; nothing else changes by it.
            Deed::Doubled(back) => {
                for change in state.log[state.read - back..state.read].iter().copied() {
                    take(&mut state.held, change);
                }
            }
            Deed::Restart => {}
            Deed::Begin => state.filling = Some((state.log.len(), state.truth())),
            Deed::Show => {
                if let Some((began, mut rows)) = state.filling.take() {
                    for change in state.log[began..].iter().copied() {
                        take(&mut rows, change);
                    }
                    state.held = rows;
                    state.read = state.log.len();
                }
            }
            Deed::Own(row, name) => {
                let change = (*row, state.version(*row) + 1, Some(*name));
                state.log.push(change);
                // A row that was known and is gone does not come back by a receipt, and this act makes the row.
                take(&mut state.held, change);
                if let Some((_, rows)) = &mut state.filling {
                    take(rows, change);
                }
            }
            Deed::LetGo => state.held.retain(|row, _| !ended(*row)),
        }
        state
    }
}

/// Whether a row ended long ago.
const fn ended(row: u128) -> bool {
    row > 10 && row % 2 == 1
}

fn row(n: u128, name: u8) -> Row {
    if n <= ROWS {
        return client(n, &name.to_string()).into();
    }
    Block {
        id: BlockId(id(n)),
        of: BlockOf::Clinic,
        span: if ended(n) { hours(-48, -47) } else { hours(1, 2) },
        reason: BlockReason::Holiday,
        note: name.to_string(),
        repeat: Repeat::None,
    }
    .into()
}

fn change((n, version, name): (u128, u32, Option<u8>)) -> Change {
    Change {
        kind: if n <= ROWS { Kind::Client } else { Kind::Block },
        id: id(n),
        version,
        op: if name.is_some() {
            ChangeOp::Put
        } else {
            ChangeOp::Delete
        },
        body: name.map(|name| row(n, name).to_json()),
        by: None,
        device: None,
        operation: None,
        at: now(),
    }
}

fn pulled(changes: &[(u128, u32, Option<u8>)], cursor: usize) -> Pulled {
    page(changes.iter().copied().map(change).collect(), &cursor.to_string())
}

struct Real {
    runtime: Runtime,
    place: Place,
    cache: Cache,
    revision: u32,
}

impl Real {
    fn rows(&self, kind: Kind) -> Vec<(u128, (u32, u8))> {
        let rows = self.cache.read::<_, CacheError>(move |snapshot| snapshot.rows(kind));
        let rows = self.runtime.block_on(rows).unwrap();
        let named = |row: &Row| match row {
            Row::Client(row) => row.name.parse().unwrap(),
            Row::Block(row) => row.note.parse().unwrap(),
            _ => unreachable!("clients and blocks only"),
        };
        rows.iter()
            .map(|seen| (seen.row.id().as_u128(), (seen.version.unwrap(), named(&seen.row))))
            .collect()
    }
}

impl StateMachineTest for Real {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let place = Place::new();
        let cache = runtime.block_on(place.open());
        runtime.block_on(cache.apply(pulled(&[], 0))).unwrap();
        Self {
            runtime,
            place,
            cache,
            revision: 0,
        }
    }

    fn apply(mut real: Self, model: &Model, deed: Deed) -> Self {
        match deed {
            Deed::Elsewhere(..) => {}
            Deed::Pull(many) => {
                // The model has read on already; what it read is what comes.
                let cursor: usize = real
                    .runtime
                    .block_on(real.cache.cursor())
                    .unwrap()
                    .unwrap()
                    .parse()
                    .unwrap();
                assert!(model.read - cursor <= many);
                let pulled = pulled(&model.log[cursor..model.read], model.read);
                real.runtime.block_on(real.cache.apply(pulled)).unwrap();
            }
            Deed::Doubled(back) => {
                let again = pulled(&model.log[model.read - back..model.read], model.read);
                real.runtime.block_on(real.cache.apply(again)).unwrap();
            }
            Deed::Begin => {
                let truth: Vec<_> = model
                    .truth()
                    .into_iter()
                    .map(|(n, (version, name))| (n, version, Some(name)))
                    .collect();
                let staged = real.cache.stage(pulled(&truth, 0).page, true);
                real.runtime.block_on(staged).unwrap();
            }
            Deed::Show => {
                let since: Vec<_> = model.log.clone();
                let staged = real.cache.stage(pulled(&since, 0).page, false);
                real.runtime.block_on(staged).unwrap();
                let shown = real.cache.swap("first".into(), model.log.len().to_string());
                real.runtime.block_on(shown).unwrap();
            }
            Deed::Own(n, name) => {
                let (_, version, _) = *model.log.last().unwrap();
                real.runtime.block_on(async {
                    let operation = act(&real.cache, Intent::put(client(n, &name.to_string()), None))
                        .await
                        .unwrap();
                    real.cache
                        .settle(operation, Settlement::Done(receipt(n, version, &name.to_string())))
                        .await
                        .unwrap();
                    assert!(crate::fixture::name(&real.cache, n).await.is_some());
                });
            }
            Deed::LetGo => while real.runtime.block_on(real.cache.let_go(utc_day(now()))).unwrap() {},
            Deed::Restart => {
                real.runtime.block_on(real.cache.close());
                real.cache = real.runtime.block_on(real.place.open());
            }
        }
        let since = real.runtime.block_on(real.cache.changes_since(real.revision)).unwrap();
        assert!(since.revision >= real.revision, "revisions never go back");
        real.revision = since.revision;
        real
    }

    fn check_invariants(real: &Self, model: &Model) {
        let mut there: BTreeMap<_, _> = real.rows(Kind::Client).into_iter().collect();
        there.extend(real.rows(Kind::Block));
        assert_eq!(there, model.held, "what is held");
        let cursor = real.runtime.block_on(real.cache.cursor()).unwrap();
        assert_eq!(cursor, Some(model.read.to_string()), "the cursor is where the rows are");
        let sum = |kind: Kind, day: i64| {
            let counted = model
                .held
                .iter()
                .filter(|(n, _)| (**n <= ROWS) == (kind == Kind::Client));
            let counted = counted.filter(|(n, _)| !ended(**n) || day == 0);
            let sum = counted.fold(RowSum::default(), |sum, (n, (version, _))| sum.with(id(*n), *version));
            KindDigest {
                kind,
                from_day: day,
                rows: sum.rows(),
                hash: sum.hash(),
            }
        };
        let digest = vec![
            sum(Kind::Client, 0),
            sum(Kind::Block, 0),
            sum(Kind::Block, utc_day(now())),
        ];
        let differing = real
            .cache
            .differing(digest, model.read.to_string(), real.cache.receipts());
        assert_eq!(
            real.runtime.block_on(differing).unwrap(),
            Some(vec![]),
            "the digest agrees"
        );
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_cache_is_as_its_model_says(sequential 1..40 => Real);
}
