//! Holds the stand-in against what was recorded of the real service (`tests/fixtures/royal_care`), so that it cannot drift
//! from it. Whatever was recorded is either replayed here or listed with the reason why it is not.

mod compare;
mod covered;
mod desk;
mod flow;
mod quirks;
mod recorded;
mod replay;
mod scenes;
mod sockets;
