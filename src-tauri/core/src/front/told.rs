//! New availability as a notification says it: staff and times, never a client.

use super::scenes::Wanted;
use crate::desk::Desk;
use crate::sync::notice::Notice;
use crate::view::{day_title, span_label};

/// What a notification says, and where on the board it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// `Ana is free 15:00–17:00`.
    pub summary: String,
    /// `Mon 23 Nov · fits 2 who wait`.
    pub body: String,
    /// The day, as an ISO date.
    pub day: String,
    /// Minute of the day it begins at.
    pub minute: i32,
}

/// Spans named in one notification.
const NAMED: usize = 3;

impl Desk {
    /// Words for a notice; none when the cache cannot be read or the notice is empty.
    pub async fn told(&self, notice: &Notice) -> Option<Told> {
        let scene = self
            .scene(|_, _| {
                Ok(Wanted {
                    spans: vec![],
                    staff: None,
                    desk_lists: false,
                })
            })
            .await
            .ok()?;
        let first = *notice.spans.first()?;
        let day = scene.calendar.day_of(first.start());
        let labels: Vec<_> = notice
            .spans
            .iter()
            .take(NAMED)
            .map(|span| {
                let on = scene.calendar.day_of(span.start());
                let label = span_label(&scene.calendar, *span);
                if on == day {
                    label
                } else {
                    format!("{} {label}", day_title(on))
                }
            })
            .collect();
        let more = notice.spans.len().saturating_sub(NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let when = if day == scene.today() {
            "Today".to_owned()
        } else {
            day_title(day)
        };
        let fits = match notice.fits {
            0 => String::new(),
            1 => " · fits 1 who waits".to_owned(),
            many => format!(" · fits {many} who wait"),
        };
        Some(Told {
            summary: format!("{} is free {}{more}", scene.staff_name(notice.staff), labels.join(", ")),
            body: format!("{when}{fits}"),
            day: day.to_string(),
            minute: scene.calendar.minute_of_day(day, first.start()),
        })
    }
}
