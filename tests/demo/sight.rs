//! What a window is expected to show, and how soon after an act it did.

use crate::support::window::Window;
use serde_json::json;
use std::time::{Duration, Instant};

/// How long anything of the story may take before the play has failed.
pub(crate) const BOUND: Duration = Duration::from_secs(20);

/// Shorter than a frame, so that the figures blur by less than one.
const LOOK_AGAIN: Duration = Duration::from_millis(3);

/// Something that a window shows, or not: whatever `css` selects.
pub(crate) struct Sight {
    pub(crate) window: Window,
    pub(crate) css: String,
}

impl Sight {
    pub(crate) fn of(window: &Window, css: impl Into<String>) -> Self {
        Self {
            window: window.clone(),
            css: css.into(),
        }
    }

    async fn is(&self, there: bool) -> bool {
        let script = "return document.querySelector(arguments[0]) !== null";
        self.window.run(script, vec![json!(self.css)]).await == json!(there)
    }
}

/// Looks at all of them in turn until each is there (or gone); returns how long after `act` each was, in their order.
///
/// # Panics
/// When one is not within the bound.
pub(crate) async fn all(sights: &[Sight], there: bool, act: Instant) -> Vec<Duration> {
    let mut found = vec![None; sights.len()];
    loop {
        for (sight, at) in sights.iter().zip(&mut found) {
            if at.is_none() && sight.is(there).await {
                *at = Some(act.elapsed());
            }
        }
        if let Some(found) = found.iter().copied().collect() {
            return found;
        }
        if act.elapsed() > BOUND {
            let late = sights.iter().zip(&found).filter(|(_, at)| at.is_none());
            let late: Vec<_> = late.map(|(sight, _)| (sight.window.page(), &sight.css)).collect();
            panic!("not as expected within {BOUND:?} (there: {there}): {late:?}");
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
