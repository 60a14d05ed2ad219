//! A brake for a conversation that goes in circles: a server that says "more" and gives the same cursor, or hints that
//! answer our own pulls.

use std::time::Duration;
use tokio::time::Instant;

/// So many requests on one cursor …
pub const REQUESTS: u32 = 5;
/// … within this time are a circle.
pub const WITHIN: Duration = Duration::from_secs(2);

/// So many pages in a row that hold nothing and promise more are a circle too, though each is at another place. A server
/// may send a few: it looks at a bounded number of rows for one page, and a viewer may see none of them.
pub const BARREN_PAGES: u32 = 60;

/// Counts requests that brought nothing new.
#[derive(Clone, Debug, Default)]
pub struct LoopGuard {
    cursor: Option<String>,
    since: Option<Instant>,
    requests: u32,
    barren: u32,
}

impl LoopGuard {
    /// A page came. Answers whether too many in a row held nothing and promised more; then it counts anew.
    pub const fn is_barren(&mut self, changes: usize, more: bool) -> bool {
        self.barren = if changes == 0 && more { self.barren + 1 } else { 0 };
        let too_many = self.barren > BARREN_PAGES;
        if too_many {
            self.barren = 0;
        }
        too_many
    }

    /// A request on this cursor goes out. Answers whether it is one too many.
    pub fn circles(&mut self, cursor: Option<&str>, now: Instant) -> bool {
        let fresh = self
            .since
            .is_none_or(|since| now.saturating_duration_since(since) > WITHIN);
        if fresh || self.cursor.as_deref() != cursor {
            *self = Self {
                cursor: cursor.map(str::to_owned),
                since: Some(now),
                requests: 0,
                barren: self.barren,
            };
        }
        self.requests += 1;
        self.requests > REQUESTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_sixth_request_on_one_cursor_in_two_seconds_is_one_too_many() {
        let mut guard = LoopGuard::default();
        let now = Instant::now();
        assert!((0..REQUESTS).all(|_| !guard.circles(Some("7"), now)));
        assert!(guard.circles(Some("7"), now));
        assert!(!guard.circles(Some("8"), now), "a new cursor is progress");
    }

    #[test]
    fn pages_that_hold_nothing_and_promise_more_are_a_circle_and_a_row_among_them_is_progress() {
        let mut guard = LoopGuard::default();
        assert!((0..BARREN_PAGES).all(|_| !guard.is_barren(0, true)));
        assert!(!guard.is_barren(1, true));
        assert!((0..BARREN_PAGES).all(|_| !guard.is_barren(0, true)));
        assert!(guard.is_barren(0, true));
        assert!(!guard.is_barren(0, true), "after the pause it begins anew");
        assert!((0..1_000).all(|_| !guard.is_barren(0, false)), "a quiet poll is none");
    }

    #[tokio::test(start_paused = true)]
    async fn requests_with_time_between_them_are_no_circle() {
        let mut guard = LoopGuard::default();
        let start = Instant::now();
        assert!((0..20).all(|n| !guard.circles(Some("7"), start + Duration::from_secs(n))));
    }
}
