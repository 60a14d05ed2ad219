//! The desk's decisions, as pure functions: clashes, free time, openings, who fits, what is new.
//!
//! They look only at what they are given ([`facts::Facts`]): whoever fills it must load every row that has to do with the
//! time asked about, or the answer is only as good as the rows.

pub mod clash;
pub mod delay;
pub mod diff;
pub mod facts;
pub mod free;
pub mod matching;
pub mod news;
pub mod occurrences;
pub mod openings;
pub mod series;
pub mod spans;
pub mod substitutes;
pub mod wish;
