//! The cache on real, encrypted files: what must hold whatever ends a process, fills a disk or damages a file.
#![allow(clippy::unwrap_used, reason = "helpers of tests may, as tests do")]

mod acts;
mod cache_machine;
mod clients;
mod drafts;
mod file;
mod fixture;
mod folds;
mod kept_form;
mod level;
mod lost_slots;
mod needs;
mod news;
mod outbox_machine;
mod pages;
