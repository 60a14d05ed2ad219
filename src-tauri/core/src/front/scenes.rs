//! Reading a [`Scene`] from the cache, in one read transaction.

use crate::cache::{CacheError, OutboxState, Snapshot};
use crate::desk::{Desk, DeskError};
use crate::view::{PendingMark, PendingState, Scene, parse_day};
use deskbell_clinic::{Calendar, ClientId, Customs, Kind, OperationId, Row, Span, StaffId};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a scene is to hold.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Rows with a time: those in any of these spans.
    pub spans: Vec<Span>,
    /// Only of these staff; none means all.
    pub staff: Option<Vec<StaffId>>,
    /// The waiting list and the tasks too.
    pub desk_lists: bool,
}

impl Desk {
    /// Reads what `wanted` names, once the clinic's calendar is known.
    pub(super) async fn scene(
        &self,
        wanted: impl FnOnce(&Calendar, Timestamp) -> Result<Wanted, DeskError> + Send + 'static,
    ) -> Result<Scene, DeskError> {
        let (now, customs) = (self.now(), self.customs());
        self.read(move |snapshot| {
            let calendar = calendar(snapshot, customs)?;
            let wanted = wanted(&calendar, now)?;
            Ok(load(snapshot, calendar, now, &wanted)?)
        })
        .await
    }

    /// How times and weeks are shown on this computer.
    pub(super) fn customs(&self) -> Customs {
        self.settings().desktop.customs()
    }

    /// The clinic's calendar, as this computer shows it.
    pub(super) async fn read_calendar(&self) -> Result<Calendar, DeskError> {
        let customs = self.customs();
        self.read(move |snapshot| Ok(calendar(snapshot, customs)?)).await
    }

    /// The day that a window names; today when it names none.
    pub(super) fn day_or_today(day: Option<&str>, calendar: &Calendar, now: Timestamp) -> Result<Date, DeskError> {
        day.map_or_else(
            || Ok(calendar.day_of(now)),
            |text| parse_day(text).map_err(DeskError::bad_input),
        )
    }
}

/// The clinic's calendar; UTC until the clinic's row has arrived with the first sync.
pub(super) fn calendar(snapshot: &Snapshot<'_>, customs: Customs) -> Result<Calendar, CacheError> {
    let clinic = snapshot
        .rows(Kind::Clinic)?
        .into_iter()
        .find_map(|seen| match seen.row {
            Row::Clinic(clinic) => Some(clinic),
            _ => None,
        });
    let fallback = || Calendar::new("UTC", vec![]);
    let calendar = clinic.map_or_else(fallback, |clinic| {
        Calendar::new(&clinic.zone, clinic.opening_hours).or_else(|_| fallback())
    });
    calendar
        .map(|calendar| calendar.shown(customs))
        .map_err(|error| CacheError::unreadable(error.to_string()))
}

fn load(snapshot: &Snapshot<'_>, calendar: Calendar, now: Timestamp, wanted: &Wanted) -> Result<Scene, CacheError> {
    let mut scene = Scene::empty(snapshot.revision(), now, calendar);
    for kind in [Kind::Clinic, Kind::Staff, Kind::Service, Kind::Resource] {
        for seen in snapshot.rows(kind)? {
            scene.add(seen.row, None);
        }
    }
    let mut known = BTreeSet::new();
    for span in &wanted.spans {
        for kind in [Kind::Availability, Kind::Block, Kind::Appointment] {
            // Blocks of the clinic and of rooms have no staff and concern everyone.
            let staff = if kind == Kind::Block {
                None
            } else {
                wanted.staff.as_deref()
            };
            for seen in snapshot.rows_between(kind, *span, staff)? {
                if known.insert(seen.row.id()) {
                    scene.add(seen.row, seen.pending.map(mark));
                }
            }
        }
    }
    if wanted.desk_lists {
        for kind in [Kind::Waiting, Kind::Task] {
            for seen in snapshot.rows(kind)? {
                scene.add(seen.row, seen.pending.map(mark));
            }
        }
        for id in scene
            .tasks
            .iter()
            .filter_map(|task| task.appointment)
            .collect::<BTreeSet<_>>()
        {
            if known.insert(id.uuid())
                && let Some(seen) = snapshot.row(Kind::Appointment, id.uuid())?
            {
                scene.add(seen.row, seen.pending.map(mark));
            }
        }
    }
    for client in clients_named(&scene) {
        if let Some(seen) = snapshot.row(Kind::Client, client.uuid())? {
            scene.add(seen.row, seen.pending.map(mark));
        }
    }
    Ok(scene.sorted())
}

/// How far an act is, as windows say it.
pub(super) fn mark((operation, state): (OperationId, OutboxState)) -> PendingMark {
    let state = match state {
        OutboxState::Queued | OutboxState::AuthHeld => PendingState::NotSent,
        OutboxState::Sending | OutboxState::Acked => PendingState::Sending,
        OutboxState::Unknown => PendingState::MayHaveArrived,
        OutboxState::Conflict => PendingState::Conflict,
        OutboxState::Parked => PendingState::NeedsYou,
    };
    PendingMark { operation, state }
}

fn clients_named(scene: &Scene) -> BTreeSet<ClientId> {
    let booked = scene
        .appointments
        .iter()
        .flat_map(|row| row.clients.iter().map(|attendee| attendee.client));
    let waiting = scene.waiting.iter().map(|row| row.client);
    let tasks = scene.tasks.iter().filter_map(|task| task.client);
    booked.chain(waiting).chain(tasks).collect()
}
