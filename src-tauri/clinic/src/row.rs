//! Any row that is synchronised, of whichever kind.

use crate::{
    Appointment, Availability, Block, Client, Clinic, Kind, Payment, Repeat, Resource, Service, Span, Staff, Task,
    WaitingClient,
};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// One row. Its JSON is that of the type inside; the kind travels beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each variant is the type inside")]
pub enum Row {
    Clinic(Clinic),
    Staff(Staff),
    Service(Service),
    Resource(Resource),
    Client(Client),
    Availability(Availability),
    Block(Block),
    Appointment(Appointment),
    Payment(Payment),
    Waiting(WaitingClient),
    Task(Task),
}

impl Row {
    /// Reads a row of a kind from its JSON.
    ///
    /// # Errors
    /// When the JSON is not of that kind; the message names the field, never its value.
    pub fn read(kind: Kind, body: &serde_json::Value) -> Result<Self, UnreadableRow> {
        Self::deserialize(kind, body).map_err(|error| UnreadableRow {
            kind,
            why: error.to_string(),
        })
    }

    /// Reads a row of a kind from any form that serde reads.
    ///
    /// # Errors
    /// When a field is missing or has another shape.
    pub fn deserialize<'de, D: Deserializer<'de>>(kind: Kind, body: D) -> Result<Self, D::Error> {
        Ok(match kind {
            Kind::Clinic => Row::Clinic(Deserialize::deserialize(body)?),
            Kind::Staff => Row::Staff(Deserialize::deserialize(body)?),
            Kind::Service => Row::Service(Deserialize::deserialize(body)?),
            Kind::Resource => Row::Resource(Deserialize::deserialize(body)?),
            Kind::Client => Row::Client(Deserialize::deserialize(body)?),
            Kind::Availability => Row::Availability(Deserialize::deserialize(body)?),
            Kind::Block => Row::Block(Deserialize::deserialize(body)?),
            Kind::Appointment => Row::Appointment(Deserialize::deserialize(body)?),
            Kind::Payment => Row::Payment(Deserialize::deserialize(body)?),
            Kind::Waiting => Row::Waiting(Deserialize::deserialize(body)?),
            Kind::Task => Row::Task(Deserialize::deserialize(body)?),
        })
    }

    /// The row's kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Row::Clinic(_) => Kind::Clinic,
            Row::Staff(_) => Kind::Staff,
            Row::Service(_) => Kind::Service,
            Row::Resource(_) => Kind::Resource,
            Row::Client(_) => Kind::Client,
            Row::Availability(_) => Kind::Availability,
            Row::Block(_) => Kind::Block,
            Row::Appointment(_) => Kind::Appointment,
            Row::Payment(_) => Kind::Payment,
            Row::Waiting(_) => Kind::Waiting,
            Row::Task(_) => Kind::Task,
        }
    }

    /// The row's id.
    pub const fn id(&self) -> Uuid {
        match self {
            Row::Clinic(row) => row.id.uuid(),
            Row::Staff(row) => row.id.uuid(),
            Row::Service(row) => row.id.uuid(),
            Row::Resource(row) => row.id.uuid(),
            Row::Client(row) => row.id.uuid(),
            Row::Availability(row) => row.id.uuid(),
            Row::Block(row) => row.id.uuid(),
            Row::Appointment(row) => row.id.uuid(),
            Row::Payment(row) => row.id.uuid(),
            Row::Waiting(row) => row.id.uuid(),
            Row::Task(row) => row.id.uuid(),
        }
    }

    /// When it is, for kinds that have a time. A repeating row has no end.
    pub fn span(&self) -> Option<Span> {
        match self {
            Row::Availability(row) => Some(row.span),
            Row::Block(row) => Some(row.span),
            Row::Appointment(row) => Some(row.span),
            _ => None,
        }
    }

    /// When its last time is over at the latest; none where it has no time, or repeats for ever.
    pub fn last_end(&self) -> Option<Timestamp> {
        let repeat = match self {
            Row::Availability(row) => &row.repeat,
            Row::Block(row) => &row.repeat,
            _ => &Repeat::None,
        };
        match repeat {
            Repeat::None => self.span().map(Span::end),
            Repeat::Weekly(weekly) => weekly
                .until
                // Two days cover an occurrence over midnight and any zone's distance from UTC.
                .and_then(|day| day.checked_add(3.days()).ok())
                .and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()),
        }
    }

    /// The row as JSON. Every row's type has string keys and plain values, so it always has one.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or(serde_json::Value::Null)
    }
}

/// JSON that is not a row of the kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a row of kind {kind}: {why}")]
pub struct UnreadableRow {
    /// The kind that was expected.
    pub kind: Kind,
    /// What does not fit.
    pub why: String,
}

macro_rules! rows {
    ($($variant:ident($type:ty)),* $(,)?) => {$(
        impl From<$type> for Row {
            fn from(row: $type) -> Self {
                Row::$variant(row)
            }
        }
    )*};
}

rows!(
    Clinic(Clinic),
    Staff(Staff),
    Service(Service),
    Resource(Resource),
    Client(Client),
    Availability(Availability),
    Block(Block),
    Appointment(Appointment),
    Payment(Payment),
    Waiting(WaitingClient),
    Task(Task),
);
