//! The engine against real sockets: servers that fail in the ways servers fail. The real server is exercised by the root
//! package's tests, because this crate and the server never import each other.
#![allow(clippy::unwrap_used, reason = "helpers of tests may, as tests do")]

mod accounts;
mod answers;
mod beside;
mod clocks;
mod erase;
mod exits;
mod fake;
mod hints;
mod level;
mod lock;
mod passphrase;
mod people;
mod pulling;
mod sending;
mod session;
mod telling;
