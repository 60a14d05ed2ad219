//! The sync API over real sockets: what a desk may rely on, one sentence a test.

#![allow(
    clippy::unwrap_used,
    reason = "what a test sets up must work, or the test has failed"
)]

mod access;
mod accounts;
mod audit;
mod backups;
mod changes;
mod clinic;
mod desk;
mod hints;
mod history;
mod limits;
mod openapi;
mod payments;
mod problems;
mod replicas;
mod rows;
mod serving;
mod sessions;
mod slots;
mod steps;
mod stranded;
