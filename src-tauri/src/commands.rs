//! What the windows may ask. Each command checks who asks, asks the desk, and answers; it decides nothing itself.

pub(crate) mod accounts;
pub(crate) mod away;
pub(crate) mod board;
pub(crate) mod bookings;
pub(crate) mod hours;
pub(crate) mod lock;
pub(crate) mod paper;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod sync;
pub(crate) mod windows;
