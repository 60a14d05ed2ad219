//! How a locked desk shows itself.

use crate::desk::{Desk, LockStage};
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
        }
    }
}
