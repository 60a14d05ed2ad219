//! Changes out of whole answers, against a plain REST server on a real socket: lists, rows, failures, and nothing else.
#![allow(clippy::unwrap_used, reason = "helpers of tests may, as tests do")]

mod fake;
mod rules;
