//! Keeping the cache level with the server: when to ask, what an answer means, and the tasks that do it.
//!
//! Decisions are pure functions of their inputs, with time and chance passed in; the tasks around them are thin.

pub mod attention;
pub mod backoff;
pub mod cadence;
pub mod hint_loss;
pub mod link;
pub mod loop_guard;
