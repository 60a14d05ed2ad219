//! The clinic's rules against brute force: every rule is checked tick by tick, or by trying everything, not by its own
//! arithmetic. And the shapes that travel, as snapshots.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod bookings;
mod clashes;
mod days;
mod delay;
mod diff;
mod floor;
mod free;
mod matching;
mod occurrences;
mod openings;
mod series;
mod spans;
mod status;
mod substitutes;
mod wire;
