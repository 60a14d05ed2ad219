//! One run of one seed: a while of trouble, then quiet, then the accounts. The seed alone says what happens.

use crate::invariants::{Finding, Tally, check, check_budget, restless};
use crate::network::Weather;
use crate::world::{Trouble, World};
use rand::Rng;

/// What a run is about. Each scenario has seeds of its own: `seed % SCENARIOS.len()` chooses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) troubles: &'static [Trouble],
}

const ROUGH: Trouble = Trouble::Weather(Weather::Rough);
const CALM: Trouble = Trouble::Weather(Weather::Calm);
const AWAY: Trouble = Trouble::Weather(Weather::Away);
const CAPTIVE: Trouble = Trouble::Weather(Weather::Captive);
const OVERLOADED: Trouble = Trouble::Weather(Weather::Overloaded);
const HOSTILE: Trouble = Trouble::Weather(Weather::Hostile);

/// Every scenario, from a bad line to everything at once.
pub(crate) const SCENARIOS: [Scenario; 8] = [
    Scenario {
        name: "a bad line",
        troubles: &[ROUGH, ROUGH, CALM, Trouble::Attention],
    },
    Scenario {
        name: "away and back",
        troubles: &[AWAY, CALM, CAPTIVE, ROUGH, Trouble::Attention, Trouble::Refresh],
    },
    Scenario {
        name: "desks that restart",
        troubles: &[Trouble::DeskRestart, ROUGH, CALM, AWAY],
    },
    Scenario {
        name: "a server that restarts and is restored",
        troubles: &[Trouble::ServerRestart, Trouble::Epoch, ROUGH, CALM],
    },
    Scenario {
        name: "roles that change",
        troubles: &[Trouble::Role, ROUGH, CALM, Trouble::DeskRestart],
    },
    Scenario {
        name: "clocks and sleep",
        troubles: &[Trouble::ClockJump, Trouble::Night, CALM, ROUGH],
    },
    Scenario {
        name: "a hostile server",
        troubles: &[HOSTILE, OVERLOADED, CALM, Trouble::Refresh, HOSTILE],
    },
    Scenario {
        name: "everything at once",
        troubles: &[
            ROUGH,
            CALM,
            AWAY,
            CAPTIVE,
            OVERLOADED,
            HOSTILE,
            Trouble::LostHints(30),
            Trouble::ServerRestart,
            Trouble::Epoch,
            Trouble::Role,
            Trouble::ClockJump,
            Trouble::Night,
            Trouble::DeskRestart,
            Trouble::Refresh,
            Trouble::Attention,
        ],
    },
];

/// What came of a run.
pub(crate) struct Outcome {
    pub(crate) scenario: &'static str,
    pub(crate) findings: Vec<Finding>,
    pub(crate) tally: Tally,
    /// Every request of every desk: what a replay must repeat.
    pub(crate) trace: Vec<String>,
}

/// Plays a seed on a runtime of its own.
pub(crate) fn play(seed: u64) -> Outcome {
    let scenario = SCENARIOS[usize::try_from(seed % SCENARIOS.len() as u64).expect("a small number")];
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime");
    runtime.block_on(storm(seed, scenario))
}

async fn storm(seed: u64, scenario: Scenario) -> Outcome {
    let mut world = World::open(seed).await;
    let steps = world.rng.random_range(20..40);
    for _ in 0..steps {
        world.disturb(scenario.troubles).await;
    }
    let stormy_until = world.time.elapsed();
    let settled = world.quieten().await;
    let (mut findings, tally) = check(&world).await;
    findings.extend(settled.err().map(restless));
    findings.extend(check_budget(&world, std::time::Duration::ZERO, stormy_until));
    let mut asked: Vec<_> = (world.stations.iter().enumerate())
        .flat_map(|(desk, station)| {
            station
                .wire
                .asked()
                .into_iter()
                .map(move |asked| (asked.at, desk, asked))
        })
        .collect();
    asked.sort_by_key(|(at, desk, _)| (*at, *desk));
    let trace = asked
        .iter()
        .map(|(_, desk, asked)| format!("desk {desk} {}", asked.line()))
        .collect();
    drop(world.close().await);
    Outcome {
        scenario: scenario.name,
        findings,
        tally,
        trace,
    }
}
