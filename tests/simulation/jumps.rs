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

/// Pulls of a desk without hints in the hour after the jump.
pub(crate) fn pulls_after(seed: u64, jump: Jump) -> usize {
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
        station.desk.change_settings(settings).expect("the settings are good");
        sleep(Duration::from_secs(90)).await;
        let before = pulls(&station.wire);
        match jump {
            Jump::None => {}
            Jump::Set(hours) => station.clock.set(SignedDuration::from_hours(hours)),
            Jump::Night => world.time.sleep(SignedDuration::from_hours(8)),
        }
        // Within the clinic's hours, and long enough for a loop of wake-ups to show.
        sleep(Duration::from_secs(3_600)).await;
        let after = pulls(&station.wire);
        drop(world.close().await);
        after - before
    })
}
