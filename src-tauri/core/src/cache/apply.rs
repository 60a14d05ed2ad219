//! Taking in what the server says: one page, one transaction.

use super::commit::Origin;
use super::error::CacheError;
use super::keep::transact;
use super::overlay::Ledger;
use super::settle::retire;
use super::table::activity::{self, Activity, ActivityWhat};
use super::table::notification::{self, DueBooking, DueHours, DueNotice};
use super::table::outbox::Acts;
use super::table::{meta, outbox, person, server_row};
use super::threads::Priority;
use super::{Cache, Commit};
use deskbell_clinic::rules::diff::availability_added;
use deskbell_clinic::rules::news::{BookingState, Reader, booking_news};
use deskbell_clinic::wire::{Change, ChangeOp, ChangesPage, Written};
use deskbell_clinic::{AppointmentId, AvailabilityId, DeviceId, Kind, Row, Span, StaffId};
use jiff::SignedDuration;
use rusqlite::Connection;
use std::sync::Arc;

/// How far ahead new availability is worth telling.
const NEWS_AHEAD: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Changes applied in one transaction at most.
pub(super) const MOST_AT_ONCE: usize = 200;

/// A page as it came from the server, and what must be known to judge it.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// The page.
    pub page: ChangesPage,
    /// This installation: what it did itself is no news.
    pub device: DeviceId,
    /// Whether it belongs to the first sync, in which nothing is news.
    pub first_sync: bool,
    /// Who is told of bookings here.
    pub reader: Reader,
}

/// What applying a page did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Rows that were changed, added or removed.
    pub changed: u32,
    /// Acts of this desk that the page confirmed.
    pub retired: u32,
    /// Whether there is a new notice for the desktop.
    pub notices: bool,
    /// Whether the server's past is another one than before.
    pub new_epoch: bool,
}

impl Applied {
    /// With what a further part of the page did.
    const fn add(&mut self, part: Self) {
        self.changed += part.changed;
        self.retired += part.retired;
        self.notices |= part.notices;
        self.new_epoch |= part.new_epoch;
    }
}

impl Cache {
    /// Applies a page: its rows, the acts it confirms, overlays, change log, activity, notices and cursor, all or none.
    /// A row of a higher version is never overwritten. A page of more than 200 changes is applied in parts of
    /// so many, the cursor with the last of them: a person's write waits for one part only, and a page that was broken
    /// off comes again.
    ///
    /// # Errors
    /// When the page holds a row that cannot be read, or the file cannot be written; then the cursor stays where it was.
    pub async fn apply(&self, pulled: Pulled) -> Result<Applied, CacheError> {
        let mut pulled = pulled;
        let mut rest = std::mem::take(&mut pulled.page.changes);
        let pulled = Arc::new(pulled);
        let mut whole = Applied::default();
        loop {
            let next = rest.split_off(rest.len().min(MOST_AT_ONCE));
            let (part, last) = (std::mem::replace(&mut rest, next), rest.is_empty());
            let pulled = Arc::clone(&pulled);
            let applied = self.inner.writer.run(Priority::Sync, move |connection| {
                transact(connection, |connection| apply(connection, &pulled, &part, last))
            });
            whole.add(applied.await?);
            if last {
                return Ok(whole);
            }
        }
    }

    /// Where the next pull goes on; none before the first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn cursor(&self) -> Result<Option<String>, CacheError> {
        self.inner.readers.run(|connection| meta::cursor(connection)).await
    }

    /// The server's epoch; empty before the first pull.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn epoch(&self) -> Result<String, CacheError> {
        self.inner.readers.run(|connection| meta::epoch(connection)).await
    }
}

/// Applies a part of a page; the last one brings the cursor.
fn apply(
    connection: &Connection,
    pulled: &Pulled,
    part: &[Change],
    last: bool,
) -> Result<(Applied, Option<Commit>), CacheError> {
    let mut applied = Applied::default();
    let known_epoch = meta::epoch(connection)?;
    applied.new_epoch = !known_epoch.is_empty() && known_epoch != pulled.page.epoch;
    let mut ledger = Ledger::begin(connection)?;
    let acts = outbox::acts(connection)?;
    for change in part {
        apply_change(&mut ledger, pulled, change, &acts, &mut applied)?;
    }
    person::put(connection, &pulled.page.people)?;
    activity::trim(connection)?;
    if known_epoch != pulled.page.epoch {
        meta::set_epoch(connection, &pulled.page.epoch)?;
        ledger.overflow();
    }
    if last {
        meta::set_cursor(connection, &pulled.page.cursor)?;
    }
    Ok((applied, ledger.finish(Origin::Elsewhere)?))
}

fn apply_change(
    ledger: &mut Ledger<'_>,
    pulled: &Pulled,
    change: &Change,
    acts: &Acts,
    applied: &mut Applied,
) -> Result<(), CacheError> {
    let own = match change.operation.filter(|operation| acts.operations.contains(operation)) {
        Some(operation) => outbox::get(ledger.connection, operation)?,
        None => None,
    };
    let known = server_row::get(ledger.connection, ledger.generation, change.kind, change.id)?;
    let stale = known.as_ref().is_some_and(|known| {
        known.version > change.version || (known.version == change.version && change.op == ChangeOp::Put)
    });
    if stale && own.is_none() {
        // Our own edit's receipt has brought the row already; what it took away is not to be told of either.
        return narrow_notices(ledger, change, known.as_ref().map(|known| &known.row));
    }
    // Most rows have no act over them: what is seen of those is what the server says, without looking for more.
    let acted_on = acts.lanes.contains(&(change.kind, change.id));
    let seen = match (acted_on, &known) {
        (true, _) => ledger.seen(change.kind, change.id)?,
        (false, known) => known.as_ref().map(|known| known.row.clone()),
    };
    let after = match (change.op, &change.body) {
        (ChangeOp::Put, Some(body)) => Some(
            Row::read(change.kind, body)
                .map_err(|_| CacheError::unreadable(format!("a {} from the server", change.kind)))?,
        ),
        (ChangeOp::Put, None) => return Err(CacheError::unreadable("a change without its row")),
        (ChangeOp::Delete | ChangeOp::Leave, _) => None,
    };
    if !stale {
        match &after {
            Some(row) => server_row::put(ledger.connection, ledger.generation, row, change.version)?,
            None => {
                server_row::delete(ledger.connection, ledger.generation, change.kind, change.id)?;
                if acted_on {
                    outbox::note_gone(ledger.connection, change.kind, change.id, change.version)?;
                }
            }
        }
    }
    if let Some(item) = &own {
        retire(ledger, item, Some(&written(change)))?;
        applied.retired += 1;
    }
    let left = change.op == ChangeOp::Leave;
    if acted_on {
        ledger.refold(change.kind, change.id, seen.as_ref(), left)?;
    } else {
        ledger.touch(change.kind, change.id, seen.as_ref(), after.as_ref(), left);
    }
    applied.changed += 1;
    let truth = if stale {
        known.as_ref().map(|known| &known.row)
    } else {
        after.as_ref()
    };
    narrow_notices(ledger, change, truth)?;
    let ours = own.is_some() || change.device == Some(pulled.device);
    if !ours && !pulled.first_sync {
        let before = known.map(|known| known.row);
        note_activity(ledger, change, before.as_ref(), after.as_ref())?;
        applied.notices |= note_news(ledger, pulled, change, before.as_ref(), after.as_ref())?;
    }
    Ok(())
}

fn written(change: &Change) -> Written {
    Written {
        kind: change.kind,
        id: change.id,
        version: change.version,
        seq: 0,
        op: change.op,
        body: change.body.clone(),
    }
}

fn note_activity(
    ledger: &Ledger<'_>,
    change: &Change,
    before: Option<&Row>,
    after: Option<&Row>,
) -> Result<(), CacheError> {
    let what = match (before, after) {
        (None, Some(Row::Availability(_))) => ActivityWhat::HoursAdded,
        (Some(Row::Availability(_)), Some(_)) => ActivityWhat::HoursChanged,
        (Some(Row::Availability(_)), None) => ActivityWhat::HoursRemoved,
        (None, Some(Row::Appointment(_))) => ActivityWhat::Booked,
        (Some(Row::Appointment(before)), Some(Row::Appointment(after))) => {
            let same_place =
                before.span == after.span && before.staff().eq(after.staff()) && before.place == after.place;
            match (same_place, before.status == after.status) {
                (false, _) => ActivityWhat::BookingMoved,
                (true, false) => ActivityWhat::Stepped,
                (true, true) => ActivityWhat::BookingChanged,
            }
        }
        (Some(Row::Appointment(_)), None) => ActivityWhat::BookingGone,
        (_, Some(Row::Block(_))) => ActivityWhat::Blocked,
        _ => return Ok(()),
    };
    let row = after.or(before);
    let entry = Activity {
        seq: 0,
        at: change.at,
        what,
        kind: change.kind,
        id: change.id,
        staff: row.and_then(first_staff),
        before: before.and_then(Row::span),
        after: after.and_then(Row::span),
        added: added(ledger, change, before, after),
        by: change.by,
        status: after.and_then(|row| match row {
            Row::Appointment(row) => Some(row.status),
            _ => None,
        }),
    };
    activity::append(ledger.connection, &entry)
}

fn first_staff(row: &Row) -> Option<StaffId> {
    match row {
        Row::Availability(row) => Some(row.staff),
        Row::Appointment(row) => row.therapists().next().or_else(|| row.staff().next()),
        Row::Block(row) => match row.of {
            deskbell_clinic::BlockOf::Staff(staff) => Some(staff),
            _ => None,
        },
        _ => None,
    }
}

/// Takes back what notices tell of hours that an availability no longer has. `truth` is its row by now.
fn narrow_notices(ledger: &Ledger<'_>, change: &Change, truth: Option<&Row>) -> Result<(), CacheError> {
    if change.kind != Kind::Availability {
        return Ok(());
    }
    let left = match truth {
        Some(Row::Availability(row)) => Some((row.staff, added(ledger, change, None, truth))),
        _ => None,
    };
    notification::narrow(ledger.connection, AvailabilityId(change.id), left.as_ref())
}

/// Free time that a change of an availability adds from its own time on.
fn added(ledger: &Ledger<'_>, change: &Change, before: Option<&Row>, after: Option<&Row>) -> Vec<Span> {
    let availability = |row: Option<&Row>| match row {
        Some(Row::Availability(row)) => Some(row.clone()),
        _ => None,
    };
    let Ok(window) = Span::new(change.at, change.at + NEWS_AHEAD) else {
        return vec![];
    };
    availability_added(
        availability(before).as_ref(),
        availability(after).as_ref(),
        ledger.calendar(),
        window,
    )
}

fn note_news(
    ledger: &Ledger<'_>,
    pulled: &Pulled,
    change: &Change,
    before: Option<&Row>,
    after: Option<&Row>,
) -> Result<bool, CacheError> {
    let ahead = |span: Span| span.end() > pulled.page.server_time;
    let (id, version) = (change.id, change.version);
    let notice = match (before, after) {
        (_, Some(Row::Availability(row))) => {
            let mut added = added(ledger, change, before, after);
            added.retain(|span| ahead(*span));
            if added.is_empty() {
                return Ok(false);
            }
            DueNotice::Hours(DueHours {
                key: format!("{id}/{version}"),
                at: change.at,
                availability: row.id,
                staff: row.staff,
                added,
            })
        }
        (None | Some(Row::Appointment(_)), _) if change.kind == Kind::Appointment => {
            let state = |row: Option<&Row>| match row {
                Some(Row::Appointment(row)) => Some(BookingState::from(row)),
                _ => None,
            };
            let (before, after) = (state(before), state(after));
            let span = after.as_ref().or(before.as_ref()).map(|state| state.span);
            let news = booking_news(before.as_ref(), after.as_ref(), pulled.reader);
            if news.is_none() || !span.is_some_and(ahead) {
                return Ok(false);
            }
            DueNotice::Booking(DueBooking {
                key: format!("{id}/{version}"),
                at: change.at,
                appointment: AppointmentId(id),
                before,
                by: change.by,
            })
        }
        _ => return Ok(false),
    };
    notification::insert(ledger.connection, &notice)?;
    Ok(true)
}
