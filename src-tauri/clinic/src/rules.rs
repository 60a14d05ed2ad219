//! The desk's decisions, as pure functions: clashes, free time, openings, who fits, what is new.
