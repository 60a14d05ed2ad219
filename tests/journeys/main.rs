//! Journeys: what a person does, in the real windows of the real app, against the real server process, on a desktop
//! session of the test's own with its notification daemon. Each needs a display: `make journeys`.

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod answers;
mod clinic;
mod customs;
mod desktop;
mod doctor;
mod drafts;
mod elsewhere;
mod keyboard;
mod leave;
mod locked;
mod outage;
mod passphrase;
mod people;
mod phone;
mod refusals;
mod royal_care;
mod scheduling;
mod series;
mod settings;
mod setup;
mod together;
mod trouble;
