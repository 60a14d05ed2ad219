//! The people who are treated. Everything here is personal: it never reaches a log, an event or a notification.

use crate::ids::{ClientId, StaffId};
use serde::{Deserialize, Serialize};

/// A gender, only for a wish about who treats whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Gender {
    Female,
    Male,
    Other,
}

/// A telephone number as typed, and as compared.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Phone {
    /// As the operator typed it.
    pub typed: String,
    /// Digits only, with a leading `+` where an international number was typed.
    pub normalised: String,
}

impl Phone {
    /// Reads a number as a person types it.
    pub fn from_typed(typed: &str) -> Self {
        let typed = typed.trim();
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let normalised = if typed.starts_with('+') {
            format!("+{digits}")
        } else {
            digits
        };
        Self {
            typed: typed.to_owned(),
            normalised,
        }
    }
}

/// What a client asks for, always.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wishes {
    /// Preferred staff, best first.
    pub staff: Vec<StaffId>,
    /// Preferred gender of who treats them.
    pub gender: Option<Gender>,
}

/// A client.
///
/// `Debug` shows the id only, so that no log line can carry a name.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Client {
    /// The row's id.
    pub id: ClientId,
    /// Whole name.
    pub name: String,
    /// Telephone numbers, the preferred first.
    pub phones: Vec<Phone>,
    /// For home visits.
    pub address: String,
    /// What they ask for.
    pub wishes: Wishes,
    /// What everyone must know before touching them (an allergy, a pregnancy).
    pub alert: String,
    /// What the desk wants to remember.
    pub notes: String,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phone(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_compared_by_its_digits_and_shown_as_typed() {
        let phone = Phone::from_typed(" +63 (917) 555-0142 ");
        assert_eq!(phone.typed, "+63 (917) 555-0142");
        assert_eq!(phone.normalised, "+639175550142");
    }

    #[test]
    fn debug_output_never_carries_a_name_or_a_number() {
        let client = Client {
            id: ClientId(uuid::Uuid::nil()),
            name: "Canary Clientname".into(),
            phones: vec![Phone::from_typed("0917 555 0142")],
            address: "1 Canary Street".into(),
            wishes: Wishes::default(),
            alert: "Canary alert".into(),
            notes: "Canary notes".into(),
        };
        let shown = format!("{client:?} {:?}", client.phones);
        assert!(!shown.contains("Canary") && !shown.contains("0142"), "{shown}");
    }
}
