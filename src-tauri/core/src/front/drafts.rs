//! Drafts of bookings: what is being typed outlives a crash, and is offered again where it was typed.

use crate::desk::{Desk, DeskError};
use crate::view::{BookingDraft, KeptDraft, day_title, parse_day, time_label};
use jiff::SignedDuration;

/// How long a draft is offered. A client's number is not kept on this computer for a booking that nobody will make.
const OFFERED: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest draft, in bytes as it is kept.
const LONGEST: usize = 64 * 1024;

impl Desk {
    /// What was typed in a window of this kind and neither booked nor thrown away. A draft of last week is gone, and so is
    /// one that another release wrote and this one cannot read.
    ///
    /// # Errors
    /// When nobody is signed in, or the cache cannot be read.
    pub async fn kept_draft(&self, window: &str) -> Result<Option<KeptDraft>, DeskError> {
        let cache = &self.line().await?.cache;
        let Some((at, body)) = cache.draft(window).await? else {
            return Ok(None);
        };
        let read: Option<BookingDraft> = serde_json::from_str(&body).ok();
        let fresh = self.now().duration_since(at) < OFFERED;
        let Some(draft) = read.filter(|_| fresh) else {
            cache.keep_draft(window, None, at).await?;
            return Ok(None);
        };
        let calendar = self.read_calendar().await?;
        let typed_on = day_title(calendar.day_of(at));
        Ok(Some(KeptDraft {
            at: format!("{typed_on} {}", time_label(&calendar, at)),
            day_title: parse_day(&draft.day).map(day_title).unwrap_or_default(),
            draft,
        }))
    }

    /// Keeps what is being typed in a window of this kind; none throws it away.
    ///
    /// # Errors
    /// When it is too long for any booking, nobody is signed in, or the cache cannot be written.
    pub async fn keep_draft(&self, window: &str, draft: Option<BookingDraft>) -> Result<(), DeskError> {
        let body = draft.map(|draft| serde_json::to_string(&draft)).transpose();
        let body = body.map_err(|_| DeskError::bad_input("This draft cannot be kept."))?;
        if body.as_ref().is_some_and(|body| body.len() > LONGEST) {
            return Err(DeskError::bad_input("This draft is too long to be kept."));
        }
        let line = self.line().await?;
        Ok(line.cache.keep_draft(window, body, line.now()).await?)
    }
}
