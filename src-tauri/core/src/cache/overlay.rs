//! One transaction's work: rows changed, overlays folded anew, and at its end a revision that names what became stale.

use super::commit::{ChangeItem, Commit, Op, Origin};
use super::error::CacheError;
use super::table::{self, change_log, meta, outbox, server_row};
use deskbell_clinic::{BlockOf, Calendar, Kind, Row, StaffId};
use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::Connection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Days listed for one row; a longer one counts as being on any day.
const MOST_DAYS: usize = 40;
/// Rows listed for one revision; more count as everything.
const MOST_ITEMS: usize = 400;

/// The work of one transaction, and what it made stale.
pub(super) struct Ledger<'c> {
    pub connection: &'c Connection,
    pub generation: u32,
    calendar: Calendar,
    items: BTreeMap<(Kind, Uuid), ChangeItem>,
    overflow: bool,
}

impl<'c> Ledger<'c> {
    pub(super) fn begin(connection: &'c Connection) -> Result<Self, CacheError> {
        let generation = meta::generation(connection)?;
        Ok(Self {
            connection,
            generation,
            calendar: calendar(connection, generation)?,
            items: BTreeMap::new(),
            overflow: false,
        })
    }

    pub(super) const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The row as it is seen: the person's acts over the server's row.
    pub(super) fn seen(&self, kind: Kind, id: Uuid) -> Result<Option<Row>, CacheError> {
        match table::overlay::get(self.connection, kind, id)? {
            Some(overlay) => Ok(overlay.row),
            None => Ok(server_row::get(self.connection, self.generation, kind, id)?.map(|known| known.row)),
        }
    }

    /// Folds the acts that wait over the server's row, and notes the row as stale if that changed what is seen.
    ///
    /// `before` is what was seen before the transaction touched the row.
    pub(super) fn refold(&mut self, kind: Kind, id: Uuid, before: Option<&Row>, left: bool) -> Result<(), CacheError> {
        let waiting: Vec<_> = outbox::lane(self.connection, kind, id)?
            .into_iter()
            .filter(|item| item.state.is_seen())
            .collect();
        match waiting.last() {
            None => table::overlay::delete(self.connection, kind, id)?,
            Some(newest) => {
                let truth = server_row::get(self.connection, self.generation, kind, id)?.map(|known| known.row);
                let row = waiting.iter().fold(truth, |row, item| item.intent.apply(row));
                let overlay = table::overlay::OverlayRow {
                    kind,
                    id,
                    operation: newest.operation,
                    row,
                };
                table::overlay::put(self.connection, &overlay)?;
            }
        }
        let after = self.seen(kind, id)?;
        self.touch(kind, id, before, after.as_ref(), left);
        Ok(())
    }

    /// Notes a row as stale, where it was and where it is.
    pub(super) fn touch(&mut self, kind: Kind, id: Uuid, before: Option<&Row>, after: Option<&Row>, left: bool) {
        let (mut staff, mut days, mut repeats) = (Vec::new(), Vec::new(), false);
        for row in [before, after].into_iter().flatten() {
            staff.extend(staff_of(row));
            match self.days_of(row) {
                Some(of_row) if !server_row::repeats(row) => days.extend(of_row),
                _ => repeats = true,
            }
        }
        staff.sort_unstable();
        staff.dedup();
        days.sort_unstable();
        days.dedup();
        let op = if after.is_some() { Op::Put } else { Op::Delete };
        self.items.insert(
            (kind, id),
            ChangeItem {
                kind,
                id,
                op,
                left: left && after.is_none(),
                staff,
                days,
                repeats,
            },
        );
    }

    /// Everything may have changed.
    pub(super) const fn overflow(&mut self) {
        self.overflow = true;
    }

    /// Makes the revision; nothing when nothing became stale.
    pub(super) fn finish(self, origin: Origin) -> Result<Option<Commit>, CacheError> {
        if self.items.is_empty() && !self.overflow {
            return Ok(None);
        }
        let overflow = self.overflow || self.items.len() > MOST_ITEMS;
        let items: Vec<_> = if overflow {
            vec![]
        } else {
            self.items.into_values().collect()
        };
        let prev = meta::revision(self.connection)?;
        let revision = prev + 1;
        meta::set_revision(self.connection, revision)?;
        change_log::append(self.connection, revision, &items, overflow)?;
        let epoch = meta::epoch(self.connection)?;
        Ok(Some(Commit {
            epoch,
            prev,
            revision,
            items,
            overflow,
            origin,
        }))
    }

    /// The days a row is on; none when they are too many to list. A row without a time is on no day.
    fn days_of(&self, row: &Row) -> Option<Vec<Date>> {
        let Some(span) = row.span() else { return Some(vec![]) };
        let (first, last) = (self.calendar.day_of(span.start()), self.calendar.day_of(span.end()));
        let days: Vec<_> = first
            .series(1.day())
            .take_while(|day| *day <= last)
            .take(MOST_DAYS + 1)
            .collect();
        (days.len() <= MOST_DAYS).then_some(days)
    }
}

fn staff_of(row: &Row) -> Vec<StaffId> {
    match row {
        Row::Availability(row) => vec![row.staff],
        Row::Appointment(row) => row.staff().collect(),
        Row::Block(row) => match row.of {
            BlockOf::Staff(staff) => vec![staff],
            BlockOf::Clinic | BlockOf::Resource(_) => vec![],
        },
        _ => vec![],
    }
}

/// The clinic's calendar; UTC until the clinic's row is there.
fn calendar(connection: &Connection, generation: u32) -> Result<Calendar, CacheError> {
    let clinic = server_row::all(connection, generation, Kind::Clinic)?
        .into_iter()
        .find_map(|known| match known.row {
            Row::Clinic(clinic) => Some(clinic),
            _ => None,
        });
    let utc = || Calendar::new("UTC", vec![]);
    let made = clinic.map_or_else(utc, |clinic| {
        Calendar::new(&clinic.zone, clinic.opening_hours).or_else(|_| utc())
    });
    made.map_err(|error| CacheError::unreadable(error.to_string()))
}
