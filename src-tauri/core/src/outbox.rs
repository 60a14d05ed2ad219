//! What people did and the server has not confirmed: what it means, when it is sent, and what an answer makes of it.
//!
//! An act is kept in the cache before the person is told so, and leaves it only with the server's answer. What an answer
//! means is decided in [`verdict`], purely; whether an act still makes sense when it can at last be sent, in [`sense`].

pub mod intent;
pub mod lost;
pub(crate) mod sender;
pub mod sense;
pub mod verdict;
mod write;
