//! The engine against real sockets: servers that fail in the ways servers fail. The real server is exercised by the root
//! package's tests, because this crate and the server never import each other.

mod answers;
mod fake;
mod hints;
mod session;
