//! What a person wants, as a pure function of the row as it is. Kept, it survives restarts; replayed over newer rows,
//! it still means what the person meant.

use crate::backend::Landing;
use deskbell_clinic::wire::StepRequest;
use deskbell_clinic::{Appointment, AppointmentId, Kind, Payment, Row, Status, Step};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// One act of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "few are held at a time, and most are the large one"
)]
pub enum Intent {
    /// The row becomes this; with no base it is new.
    Put {
        /// The row as the person left it.
        #[serde(flatten)]
        row: KindedRow,
        /// The server's version that the person saw.
        base_version: Option<u32>,
    },
    /// The row goes.
    Delete {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: Uuid,
        /// The server's version that the person saw.
        base_version: Option<u32>,
    },
    /// An appointment moves on.
    Step {
        /// Which.
        appointment: AppointmentId,
        /// How.
        step: StepRequest,
        /// The server's version that the person saw.
        base_version: Option<u32>,
        /// Where it leads at a server with steps of its own; none where the sync API's table knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lands: Option<Landing>,
    },
    /// Money was received.
    Pay {
        /// The payment.
        payment: Payment,
    },
}

/// A row with its kind beside it, so that it can be read back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindedRow {
    kind: Kind,
    row: Row,
}

impl From<Row> for KindedRow {
    fn from(row: Row) -> Self {
        Self { kind: row.kind(), row }
    }
}

impl<'de> Deserialize<'de> for KindedRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            kind: Kind,
            row: serde_json::Value,
        }
        let raw = Raw::deserialize(deserializer)?;
        let row = Row::read(raw.kind, &raw.row).map_err(|_| serde::de::Error::custom("not a row of its kind"))?;
        Ok(Self { kind: raw.kind, row })
    }
}

impl Intent {
    /// The row becomes this.
    pub fn put(row: impl Into<Row>, base_version: Option<u32>) -> Self {
        Self::Put {
            row: row.into().into(),
            base_version,
        }
    }

    /// The row it is about: its lane in the outbox.
    pub fn lane(&self) -> (Kind, Uuid) {
        match self {
            Intent::Put { row, .. } => (row.kind, row.row.id()),
            Intent::Delete { kind, id, .. } => (*kind, *id),
            Intent::Step { appointment, .. } => (Kind::Appointment, appointment.uuid()),
            Intent::Pay { payment } => (Kind::Payment, payment.id.uuid()),
        }
    }

    /// The version of the server's row that it builds on; none for what is new.
    pub const fn base_version(&self) -> Option<u32> {
        match self {
            Intent::Put { base_version, .. }
            | Intent::Delete { base_version, .. }
            | Intent::Step { base_version, .. } => *base_version,
            Intent::Pay { .. } => None,
        }
    }

    /// The row that it puts, when it puts one.
    pub const fn row(&self) -> Option<&Row> {
        match self {
            Intent::Put { row, .. } => Some(&row.row),
            _ => None,
        }
    }

    /// Rows that must be on the server before this can be: a new client before the booking that names them.
    pub fn needs(&self) -> Vec<(Kind, Uuid)> {
        match self {
            Intent::Put {
                row:
                    KindedRow {
                        row: Row::Appointment(row),
                        ..
                    },
                ..
            } => row
                .clients
                .iter()
                .map(|attendee| (Kind::Client, attendee.client.uuid()))
                .collect(),
            Intent::Put {
                row: KindedRow {
                    row: Row::Waiting(row), ..
                },
                ..
            } => vec![(Kind::Client, row.client.uuid())],
            Intent::Put {
                row: KindedRow {
                    row: Row::Task(row), ..
                },
                ..
            } => {
                let appointment = row.appointment.map(|id| (Kind::Appointment, id.uuid()));
                let client = row.client.map(|id| (Kind::Client, id.uuid()));
                appointment.into_iter().chain(client).collect()
            }
            Intent::Pay { payment } => vec![(Kind::Appointment, payment.appointment.uuid())],
            _ => vec![],
        }
    }

    /// The row as it is to be seen once this is done to `current`; none when there is none then.
    pub fn apply(&self, current: Option<Row>) -> Option<Row> {
        match self {
            Intent::Put { row, .. } => Some(row.row.clone()),
            Intent::Delete { .. } => None,
            Intent::Step { step, lands, .. } => match current {
                Some(Row::Appointment(row)) => Some(Row::Appointment(stepped(row, step, lands.as_ref()))),
                other => other,
            },
            Intent::Pay { payment } => Some(Row::Payment(payment.clone())),
        }
    }
}

/// The appointment after a step. A step that is not possible from where the appointment stands by now changes nothing:
/// the server will say so.
fn stepped(mut row: Appointment, request: &StepRequest, lands: Option<&Landing>) -> Appointment {
    let target = if let Some(landing) = lands {
        row.step = Some(landing.step.clone());
        Some(landing.status)
    } else if request.step == Step::Correct {
        row.history.iter().rev().nth(1).map(|stage| stage.status)
    } else {
        deskbell_clinic::status::target(row.status, request.step)
    };
    let Some(target) = target else { return row };
    row.status = target;
    if request.step == Step::Arrive {
        let whole = row.clients.len() == 1;
        let arrived = |client| whole || request.client.is_none_or(|named| named == client);
        for attendee in row.clients.iter_mut().filter(|attendee| arrived(attendee.client)) {
            attendee.arrived_at = Some(request.acted_at);
        }
    }
    if matches!(target, Status::Cancelled | Status::Declined) {
        row.reason.clone_from(&request.reason);
    }
    row
}
