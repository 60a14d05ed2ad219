//! What the front desk does: the local cache, the sync with the clinic's server, the outbox of what people did, and
//! [`desk::Desk`], the one handle that a shell holds. Never imports the desktop.

pub mod backend;
pub mod cache;
pub mod desk;
pub mod front;
pub mod keys;
pub mod link;
pub mod outbox;
pub mod secret;
pub mod settings;
pub mod sync;
pub mod view;
