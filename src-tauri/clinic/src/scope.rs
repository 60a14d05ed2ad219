//! Who may see a row. The server decides by it; a desk never receives what is outside its account's scope.

use crate::ids::StaffId;
use crate::row::Row;
use crate::status::Actor;
use serde::{Deserialize, Serialize};

/// Who sees a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everyone with an account.
    Everyone,
    /// Operators and admins only.
    Desk,
    /// Operators, admins, and these staff members. Sorted, without doubles.
    Staff(Vec<StaffId>),
}

impl Scope {
    /// A scope of these staff members.
    pub fn of_staff(staff: impl IntoIterator<Item = StaffId>) -> Self {
        let mut staff: Vec<_> = staff.into_iter().collect();
        staff.sort_unstable();
        staff.dedup();
        Scope::Staff(staff)
    }

    /// Whether the person is inside.
    pub fn includes(&self, actor: &Actor) -> bool {
        actor.role.is_desk()
            || match self {
                Scope::Everyone => true,
                Scope::Desk => false,
                Scope::Staff(staff) => actor.staff.is_some_and(|me| staff.contains(&me)),
            }
    }
}

/// Who sees a row by itself. A client's scope is not in its row but in the appointments that refer to it, so it is
/// [`Scope::Desk`] here and the server widens it.
pub fn scope_of(row: &Row) -> Scope {
    use crate::availability::BlockOf;
    match row {
        Row::Clinic(_) | Row::Staff(_) | Row::Service(_) | Row::Resource(_) => Scope::Everyone,
        Row::Availability(row) => Scope::of_staff([row.staff]),
        Row::Block(row) => match row.of {
            BlockOf::Staff(staff) => Scope::of_staff([staff]),
            BlockOf::Clinic | BlockOf::Resource(_) => Scope::Everyone,
        },
        Row::Appointment(row) => Scope::of_staff(row.staff()),
        Row::Client(_) | Row::Payment(_) | Row::Waiting(_) | Row::Task(_) => Scope::Desk,
    }
}
