//! What a jump of the clock costs: the same hour with and without it, on the same seed.

use crate::network::Wire;
use crate::world::World;
use jiff::SignedDuration;
use std::time::Duration;
use tokio::time::sleep;

/// What befalls the computer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Jump {
    /// Nothing, to compare with.
    None,
    /// Somebody sets the clock, by so many hours.
    Set(i64),
    /// It sleeps for eight hours.
    Night,
}

/// Pulls that were answered so far.
fn pulls(wire: &Wire) -> usize {
    wire.asked().iter().filter(|asked| asked.is_answered_pull()).count()
}

/// Pulls of a desk without hints after the jump.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulls {
    /// Before the wait that began with the first of them could end: what the jump itself cost.
    pub(crate) soon: usize,
    /// In an hour.
    pub(crate) in_an_hour: usize,
}

/// Counts the pulls of a desk that pulls every two minutes, less the spread of a tenth, after the jump.
pub(crate) fn pulls_after(seed: u64, jump: Jump) -> Pulls {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let world = World::open(seed).await;
        let station = &world.stations[0];
        let mut settings = station.desk.settings();
        settings.sync.hints = false;
        // Every wait is as long as another's, so that what is counted is pulls and not luck.
        settings.sync.intervals.hidden.shortest = 120;
        settings.sync.intervals.hidden.longest = 120;
        station.desk.change_settings(&settings).expect("the settings are good");
        sleep(Duration::from_secs(90)).await;
        let before = pulls(&station.wire);
        match jump {
            Jump::None => {}
            Jump::Set(hours) => station.clock.set(SignedDuration::from_hours(hours)),
            Jump::Night => world.time.sleep(SignedDuration::from_hours(8)),
        }
        sleep(Duration::from_secs(100)).await;
        let soon = pulls(&station.wire) - before;
        // Within the clinic's hours, and long enough for a loop of wake-ups to show.
        sleep(Duration::from_secs(3_500)).await;
        let in_an_hour = pulls(&station.wire) - before;
        drop(world.close().await);
        Pulls { soon, in_an_hour }
    })
}
