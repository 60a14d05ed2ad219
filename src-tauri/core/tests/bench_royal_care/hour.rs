//! An hour that takes as long as the work in it. Time stands still until everybody waits, and then moves on by a step: no
//! answer is late because this machine is, and nothing is left out.

use deskbell_royal_care_stand_in::StandIn;
use std::time::Duration;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::{Instant, advance};

/// How far time moves at once: no timer of the engine is finer.
const STEP: Duration = Duration::from_millis(250);
/// So often everybody must be found waiting, one look after the other.
const LOOKS: u32 = 3;
/// Turns of the runtime between two looks; every 61st of them looks at the sockets.
const TURNS: u32 = 250;

/// Moves the time that the runtime, the desk and the stand-in share.
pub(crate) struct Hour<'a> {
    clinic: &'a StandIn,
    wakeful: JoinHandle<()>,
}

impl<'a> Hour<'a> {
    pub(crate) fn over(clinic: &'a StandIn) -> Self {
        // A runtime with nothing to do lets paused time jump to the next timer, though the cache's threads are at work:
        // this task keeps it from ever having nothing to do.
        let wakeful = tokio::spawn(async {
            loop {
                yield_now().await;
            }
        });
        Self { clinic, wakeful }
    }

    /// Lets `span` pass; `each` is called at every step with the time that has passed.
    pub(crate) async fn pass(&self, span: Duration, mut each: impl FnMut(Duration)) {
        let begun = Instant::now();
        while begun.elapsed() < span {
            each(begun.elapsed());
            self.step().await;
        }
    }

    /// Lets one step pass, and waits in real time until all the work of it is done.
    pub(crate) async fn step(&self) {
        advance(STEP).await;
        let mut quiet = 0;
        while quiet < LOOKS {
            for _ in 0..TURNS {
                yield_now().await;
            }
            quiet = if self.clinic.in_flight() == 0 && others_sleep() {
                quiet + 1
            } else {
                0
            };
        }
    }
}

impl Drop for Hour<'_> {
    fn drop(&mut self) {
        self.wakeful.abort();
    }
}

/// Whether every other thread of this program waits for something: the cache's read and write on threads of their own.
fn others_sleep() -> bool {
    let threads = std::fs::read_dir("/proc/self/task").expect("the threads of this program can be listed");
    let running = threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("stat")).ok())
        .filter(|stat| {
            // "id (name) state ...": the name may hold anything but is closed by the last bracket.
            let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
            state != Some('S')
        });
    // The one that looks.
    running.count() <= 1
}
