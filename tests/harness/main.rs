//! Proves what the journeys stand on, before a journey leans on it: a workstation's bus, keyring and notification
//! daemon, the server, and that the application is driven, killed and started again. Needs a display: `make journeys`.

#[path = "../support/mod.rs"]
mod support;

mod application;
mod notifications;
mod server;
mod workstation;
