//! How a locked desk shows itself.

use crate::desk::{Desk, DeskPerson, LockStage};
use deskbell_clinic::{AccountId, Role};
use serde::Serialize;

/// How the desk stands towards whoever is in front of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, specta::Type)]
pub struct LockView {
    /// Whether it answers nothing of the clinic.
    pub locked: bool,
    /// It locks in so many seconds unless somebody touches it.
    pub warning: Option<u32>,
    /// Whose desk it is: the name of the person who is signed in.
    pub name: String,
    /// Whether it is the sample clinic, whose password everybody may know.
    pub sample: bool,
    /// Who works at this desk and may come in.
    pub people: Vec<PersonView>,
}

/// Somebody who works at this desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct PersonView {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether a PIN lets them in; else their password.
    pub has_pin: bool,
    /// Whether it is their desk now.
    pub in_front: bool,
}

impl From<DeskPerson> for PersonView {
    fn from(person: DeskPerson) -> Self {
        Self {
            account: person.account,
            name: person.name,
            role: person.role,
            has_pin: person.has_pin,
            in_front: person.in_front,
        }
    }
}

impl Desk {
    /// How it stands towards whoever is in front of it, to be shown.
    pub fn lock_view(&self) -> LockView {
        let stage = *self.lock_stage().borrow();
        LockView {
            locked: stage == LockStage::Locked,
            warning: match stage {
                LockStage::Warning { seconds } => Some(seconds),
                LockStage::Open | LockStage::Locked => None,
            },
            name: self.account().map_or_else(String::new, |account| account.name),
            sample: self.practises(),
            people: self.people_view(),
        }
    }

    /// Who works at this desk, to be shown.
    pub fn people_view(&self) -> Vec<PersonView> {
        self.people().into_iter().map(PersonView::from).collect()
    }
}
