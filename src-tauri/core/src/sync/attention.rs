//! Who is looking: the most attentive window decides how fresh everything is kept.

use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// A person counts as active for so long after their last input.
pub const ACTIVE_FOR: Duration = Duration::from_secs(120);

/// Whose work a window is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Desk {
    /// A therapist's own day.
    Therapist,
    /// The board and the calendar.
    Front,
}

/// What one window says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whose work it is for.
    pub desk: Desk,
    /// Whether it can be seen at all.
    pub visible: bool,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// When a person last touched it.
    pub last_input: Option<Instant>,
}

/// How closely anybody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Somebody is at it.
    Active(Desk),
    /// It is to be seen, and nobody is at it.
    Idle(Desk),
    /// No window is to be seen.
    Hidden,
}

impl Attention {
    /// What a stale change costs here, against one in front of an active person.
    pub const fn weight(self) -> f64 {
        match self {
            Attention::Active(_) => 1.0,
            Attention::Idle(_) => 0.3,
            Attention::Hidden => 0.03,
        }
    }

    const fn rank(self) -> u8 {
        match self {
            Attention::Active(Desk::Front) => 4,
            Attention::Active(Desk::Therapist) => 3,
            Attention::Idle(Desk::Front) => 2,
            Attention::Idle(Desk::Therapist) => 1,
            Attention::Hidden => 0,
        }
    }
}

/// All windows, by label.
#[derive(Clone, Debug, Default)]
pub struct Windows(HashMap<String, Look>);

impl Windows {
    /// A window says how it is looked at. One that tells of no input keeps its last.
    pub fn set(&mut self, window: &str, look: Look) {
        let before = self.0.get(window).and_then(|look| look.last_input);
        self.0.insert(
            window.to_owned(),
            Look {
                last_input: look.last_input.or(before),
                ..look
            },
        );
    }

    /// A window is gone.
    pub fn remove(&mut self, window: &str) {
        self.0.remove(window);
    }

    /// How closely anybody looks at `now`.
    pub fn attention(&self, now: Instant) -> Attention {
        self.0
            .values()
            .map(|look| of(look, now))
            .max_by_key(|a| a.rank())
            .unwrap_or(Attention::Hidden)
    }
}

fn of(look: &Look, now: Instant) -> Attention {
    let touched = look
        .last_input
        .is_some_and(|at| now.saturating_duration_since(at) < ACTIVE_FOR);
    match look {
        Look { visible: false, .. } => Attention::Hidden,
        Look {
            focused: true, desk, ..
        } if touched => Attention::Active(*desk),
        Look { desk, .. } => Attention::Idle(*desk),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(desk: Desk, visible: bool, focused: bool, last_input: Option<Instant>) -> Look {
        Look {
            desk,
            visible,
            focused,
            last_input,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_is_active_for_two_minutes_after_their_last_input() {
        let start = Instant::now();
        let mut windows = Windows::default();
        windows.set("operator", look(Desk::Front, true, true, Some(start)));
        assert_eq!(
            windows.attention(start + ACTIVE_FOR - Duration::from_secs(1)),
            Attention::Active(Desk::Front)
        );
        assert_eq!(windows.attention(start + ACTIVE_FOR), Attention::Idle(Desk::Front));
        windows.set("operator", look(Desk::Front, true, true, None));
        assert_eq!(
            windows.attention(start),
            Attention::Active(Desk::Front),
            "a later focus forgets no input"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_most_attentive_window_rules() {
        let now = Instant::now();
        let mut windows = Windows::default();
        assert_eq!(windows.attention(now), Attention::Hidden);
        windows.set("scheduling", look(Desk::Front, true, false, None));
        windows.set("therapist", look(Desk::Therapist, true, true, Some(now)));
        assert_eq!(windows.attention(now), Attention::Active(Desk::Therapist));
        windows.remove("therapist");
        assert_eq!(windows.attention(now), Attention::Idle(Desk::Front));
        windows.set("scheduling", look(Desk::Front, false, false, None));
        assert_eq!(windows.attention(now), Attention::Hidden);
    }
}
