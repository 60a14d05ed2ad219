//! The kinds of rows that are synchronised.

use serde::{Deserialize, Serialize};

/// What a row is. Its text form is the path segment in the sync API and the table's name in a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each variant is the type of the same name")]
pub enum Kind {
    Clinic,
    Staff,
    Service,
    Resource,
    Client,
    Availability,
    Block,
    Appointment,
    Payment,
    Waiting,
    Task,
}

impl Kind {
    /// Every kind; a row refers only to rows of kinds before its own.
    pub const ALL: [Kind; 11] = [
        Kind::Clinic,
        Kind::Staff,
        Kind::Service,
        Kind::Resource,
        Kind::Client,
        Kind::Availability,
        Kind::Block,
        Kind::Appointment,
        Kind::Payment,
        Kind::Waiting,
        Kind::Task,
    ];

    /// The text form, as in JSON, paths and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Clinic => "clinic",
            Kind::Staff => "staff",
            Kind::Service => "service",
            Kind::Resource => "resource",
            Kind::Client => "client",
            Kind::Availability => "availability",
            Kind::Block => "block",
            Kind::Appointment => "appointment",
            Kind::Payment => "payment",
            Kind::Waiting => "waiting",
            Kind::Task => "task",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such kind of row")]
pub struct UnknownKind;

impl std::str::FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(UnknownKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_the_json_form_and_reads_back() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("appointments".parse::<Kind>(), Err(UnknownKind));
    }
}
