//! What a person does at a window, turned into reads of the cache and acts of the outbox.
//!
//! Windows speak in days, clock times and forms; the cache and the outbox in instants and whole rows. Everything in
//! between is here, so that a command of the shell has nothing left to decide.

mod accounts;
mod away;
mod board;
mod bookings;
mod calendar;
mod changed;
mod clients;
mod day_sheet;
mod drafts;
mod freshness;
mod health;
mod history;
mod hours;
mod look;
mod moves;
mod openings;
mod places;
mod scenes;
mod series;
mod setup;
mod told;
mod undo;
mod waiting;

pub use day_sheet::DayFile;
pub use places::Whereabouts;
pub use told::Told;
pub(crate) use undo::Inverses;
