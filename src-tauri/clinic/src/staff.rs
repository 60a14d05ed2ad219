//! The people who work here.

use crate::client::Gender;
use crate::ids::{ServiceId, StaffId};
use serde::{Deserialize, Serialize};

/// What a person does here, and so what they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works the front desk: sees and books everything.
    Operator,
    /// Treats clients: sees their own day, opens their own hours.
    Therapist,
    /// Brings staff to clients: sees and steps their own transports.
    Driver,
    /// An operator who also keeps staff, services and accounts.
    Admin,
}

impl Role {
    /// The text form, as in JSON and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Operator => "operator",
            Role::Therapist => "therapist",
            Role::Driver => "driver",
            Role::Admin => "admin",
        }
    }

    /// Whether this role works for the whole desk, not only for themselves.
    pub const fn is_desk(self) -> bool {
        matches!(self, Role::Operator | Role::Admin)
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Role::Operator, Role::Therapist, Role::Driver, Role::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| "a role is one of operator, therapist, driver, admin".to_owned())
    }
}

/// A staff member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Staff {
    /// The row's id.
    pub id: StaffId,
    /// As colleagues say it.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// What they offer; empty means everything.
    pub services: Vec<ServiceId>,
    /// A hue in degrees of OKLCH (0–359); the windows choose lightness and chroma for their theme.
    pub hue: u16,
    /// For a client's wish, when they choose to say.
    pub gender: Option<Gender>,
    /// Whether they still work here.
    pub active: bool,
}

impl Staff {
    /// Whether they offer the service.
    pub fn offers(&self, service: ServiceId) -> bool {
        self.services.is_empty() || self.services.contains(&service)
    }
}
