//! The Royal Care adapter against a stand-in of that service, over real sockets.
#![allow(clippy::unwrap_used, reason = "helpers of tests may, as tests do")]

mod desk;
mod doubt;
mod hints;
mod hours;
mod life;
mod other;
mod place;
mod reading;
mod sign_in;
