//! The clinic's domain and the sync API's wire types.
//!
//! Everything here is pure: no I/O, no clock, no randomness. What the time is, is an argument. The server and the
//! desk both decide by these rules, so that a booking the desk draws as free is one the server accepts.

pub mod appointment;
pub mod availability;
pub mod calendar;
pub mod client;
pub mod clinic;
pub mod customs;
pub mod digest;
pub mod ids;
pub mod kind;
pub mod payment;
pub mod row;
pub mod rules;
pub mod scope;
pub mod service;
pub mod span;
pub mod staff;
pub mod status;
pub mod task;
pub mod waiting;
pub mod wire;

pub use appointment::{Answer, Appointment, Assignment, Attendee, OverlapAccepted, Part, Place, Stage};
pub use availability::{Availability, Block, BlockOf, BlockReason, Repeat, Weekly};
pub use calendar::Calendar;
pub use client::{Client, Gender, Phone, Wishes};
pub use clinic::{Clinic, OpeningHours};
pub use customs::Customs;
pub use ids::*;
pub use kind::Kind;
pub use payment::{Payment, PaymentMethod};
pub use row::Row;
pub use service::{Resource, Service};
pub use span::Span;
pub use staff::{Role, Staff};
pub use status::{Actions, Actor, Status, Step};
pub use task::{Task, TaskKind, TaskOutcome};
pub use waiting::{TimeWish, WaitingClient};
