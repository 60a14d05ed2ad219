//! A stand-in for the Royal Care clinic service, which Deskbell must live with as it is.
//!
//! It answers over a real socket as that service does: its shapes, its five kinds of error, its half-right checks, the
//! answers that lie, and its silence about hours. The contract test beside it holds it against what was recorded of the
//! real one. It does not do what Deskbell never asks of it: accounts are not made here, and attendance, stock and logs are
//! not kept. Nor does it do by chance what the real one does by chance: writes at the same moment are done one after the
//! other here, and no background job changes a booking.
//!
//! One clinic lives in memory behind one lock; every request is one visit to it, so that what a write tells is on its way
//! before the write's answer is, as on the real one.

mod answer;
mod appointments;
mod availability;
mod clients;
mod clinic;
mod clock;
mod door;
mod fault;
mod field;
mod house;
mod identity;
mod notifications;
mod page;
mod python;
mod seed;
mod sign_in;
mod socket;
mod staff;
mod stand_in;
mod tell;
mod traffic;
mod visit;
mod wire;

pub use clock::Clock;
pub use fault::Fault;
pub use seed::{PASSWORD, recorded_at};
pub use stand_in::{Opening, StandIn};
pub use traffic::{Asked, Count, Traffic};
