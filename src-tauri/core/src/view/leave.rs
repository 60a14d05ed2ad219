//! Leave in a week of hours: as drawn, and what a person says to make or change one.

use super::labels::{band, clock};
use super::{Band, PendingMark, Scene};
use deskbell_clinic::rules::occurrences::of_block;
use deskbell_clinic::{Block, BlockId, BlockOf, BlockReason, Kind, Repeat, Span, StaffId};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A leave as drawn on one day. One of several days is on each of them, clipped by the window.
#[derive(Clone, Debug, PartialEq, Serialize, specta::Type)]
pub struct LeaveBand {
    /// The block.
    pub id: BlockId,
    /// Where.
    pub band: Band,
    /// Why.
    pub reason: BlockReason,
    /// For colleagues.
    pub note: String,
    /// The first day, as an ISO date.
    pub from_day: String,
    /// From when on that day, `HH:MM`; none from its beginning.
    pub from: Option<String>,
    /// The last day, as an ISO date.
    pub to_day: String,
    /// Until when on that day, `HH:MM`; none until its end.
    pub to: Option<String>,
    /// Whether it is one staff member's and comes once: what a form can change.
    pub changeable: bool,
    /// Not confirmed yet.
    pub pending: Option<PendingMark>,
}

/// A leave that a person makes, or one as it should become.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, specta::Type)]
pub struct LeaveForm {
    /// Whose; of one that is there already it does not change.
    pub staff: StaffId,
    /// Why.
    pub reason: BlockReason,
    /// The first day, as an ISO date.
    pub from_day: String,
    /// From when on that day, `HH:MM`; its beginning when none is given.
    pub from: Option<String>,
    /// The last day, as an ISO date.
    pub to_day: String,
    /// Until when on that day, `HH:MM`; its end when none is given.
    pub to: Option<String>,
    /// For colleagues.
    pub note: String,
}

impl Scene {
    /// A staff member's leave and the clinic's closed time as drawn on a day, by start.
    pub(super) fn leave_on(&self, staff: StaffId, day: Date) -> Vec<LeaveBand> {
        let window = self.calendar.day(day);
        let theirs = self.blocks.iter().filter(|row| match row.of {
            BlockOf::Clinic => true,
            BlockOf::Staff(of) => of == staff,
            BlockOf::Resource(_) => false,
        });
        let mut bands: Vec<_> = theirs
            .flat_map(|row| {
                let spans = of_block(row, &self.calendar, window);
                spans.into_iter().map(move |span| self.leave_band(row, span, day))
            })
            .collect();
        bands.sort_by_key(|row| row.band.from);
        bands
    }

    fn leave_band(&self, row: &Block, span: Span, day: Date) -> LeaveBand {
        let calendar = &self.calendar;
        let first = calendar.day_of(span.start());
        let last = calendar.day_of(span.end() - SignedDuration::from_nanos(1));
        let time = |at| clock(calendar.time_of(at));
        LeaveBand {
            id: row.id,
            band: band(calendar, day, span),
            reason: row.reason,
            note: row.note.clone(),
            from_day: first.to_string(),
            from: (span.start() != calendar.day(first).start()).then(|| time(span.start())),
            to_day: last.to_string(),
            to: (span.end() != calendar.day(last).end()).then(|| time(span.end())),
            changeable: matches!(row.of, BlockOf::Staff(_)) && row.repeat == Repeat::None,
            pending: self.mark(Kind::Block, row.id.uuid()),
        }
    }
}
