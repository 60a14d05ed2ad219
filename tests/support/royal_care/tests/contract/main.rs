//! Holds the stand-in against what was recorded of the real service (`tests/fixtures/royal_care`), so that it cannot drift
//! from it. Whatever was recorded is either replayed here or listed with the reason why it is not.

mod desk;
mod sockets;
