//! The sync API over real sockets: what a desk may rely on, one sentence a test.

mod audit;
mod changes;
mod clinic;
mod hints;
mod openapi;
mod payments;
mod problems;
mod rows;
mod serving;
mod sessions;
mod slots;
mod steps;
