//! How the sync does, from what it wrote down and from what it knows now.

use crate::desk::Desk;
use crate::sync::status::HintState;
use crate::view::health::{Circumstances, drawn};
use crate::view::{HealthView, time_label};

impl Desk {
    /// How the sync has done within the last hour.
    pub async fn sync_health(&self) -> HealthView {
        let calendar = self.calendar().await;
        let status = self.status().borrow().clone();
        let here = self.here();
        let offset = status.server_offset;
        let time = |at: jiff::Timestamp| {
            let at = at.checked_add(offset).unwrap_or(at);
            calendar.as_ref().map_or_else(
                || at.strftime("%H:%M UTC").to_string(),
                |calendar| time_label(calendar, at),
            )
        };
        let hints_lost = self.hint_loss().await.filter(|_| status.hints != HintState::Off);
        let lines = vec![
            format!("speaks: {:?}", self.speaks()),
            format!("link: {:?}", status.link),
            format!("hints: {:?}", status.hints),
            format!("polls: every {} s at present", status.interval.as_secs()),
            format!(
                "last answer: {}",
                status
                    .last_success
                    .map_or_else(|| "none yet".to_owned(), |at| format!("{at:.0}"))
            ),
            format!("acts that wait: {}, for a person: {}", status.waiting, status.need_you),
            format!("rows differ: {}", status.rows_differ),
        ];
        let around = Circumstances {
            lines,
            requests: self.cost().map(|cost| cost.requests),
            hints_lost,
            cache_bytes: self.cache_bytes().await,
            server_offset: offset,
        };
        drawn(&self.journal().within(here), here, time, &around)
    }
}
