//! Keeping the cache level with the server: when to ask, what an answer means, and the tasks that do it.
//!
//! Decisions are pure functions of their inputs, with time and chance passed in; the tasks around them are thin. One task
//! pulls, whatever woke it; one listens for hints, which only ever wake it; one sends what people did.

pub mod attention;
pub mod backoff;
pub mod cadence;
pub mod clock;
pub mod hint_loss;
pub mod journal;
pub(crate) mod line;
pub mod link;
pub(crate) mod listener;
pub mod loop_guard;
pub mod network;
pub mod notice;
pub(crate) mod notice_task;
pub(crate) mod pull_task;
pub mod status;
pub mod upkeep;
pub mod wake;
