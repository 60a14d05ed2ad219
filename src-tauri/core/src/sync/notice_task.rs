//! Tells of what happened elsewhere, gathered and once only.

use super::line::Line;
use super::notice::{FreeTime, GATHER, Notice, bookings, free_times, window};
use crate::cache::{CacheError, DueHours, DueNotice, Snapshot};
use crate::settings::NotificationSettings;
use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::rules::news::BookingState;
use deskbell_clinic::{Calendar, Kind, Row, Span};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::time::sleep;

/// Runs until the desk closes.
pub(crate) async fn run(line: Arc<Line>) {
    // What the last process noted and did not come to tell is told first.
    loop {
        if let Err(error) = tell(&line).await {
            tracing::warn!(%error, "news could not be told");
        }
        tokio::select! {
            biased;
            () = line.closing.cancelled() => return,
            () = line.news.notified() => {}
        }
        tokio::select! {
            biased;
            () = line.closing.cancelled() => return,
            () = sleep(GATHER) => {}
        }
    }
}

async fn tell(line: &Line) -> Result<(), CacheError> {
    let due = line.cache.read(|snapshot| snapshot.due_notices()).await?;
    let (Some(calendar), false) = (line.calendar(), due.is_empty()) else {
        return Ok(());
    };
    let settings = line.desktop.settings.borrow().notifications.clone();
    let me = line.desktop.account.borrow().as_ref().map(|account| account.account);
    let (now, reader) = (line.now(), line.reader());
    let keys: Vec<_> = due.iter().map(|notice| notice.key().to_owned()).collect();
    let (mut hours, mut booked) = (vec![], vec![]);
    for notice in due {
        match notice {
            DueNotice::Hours(one) => hours.push(one),
            DueNotice::Booking(one) => booked.push(one),
        }
    }
    let told = match (window(&settings, now), me) {
        (Some(window), Some(me)) => {
            let read = move |snapshot: &Snapshot<'_>| {
                let mut told = vec![];
                if !hours.is_empty() {
                    let free = read_free(snapshot, &hours, &calendar, &settings, window)?;
                    told.extend(free.into_iter().map(Notice::FreeTime));
                }
                let mut states = HashMap::new();
                for one in &booked {
                    if let Some(seen) = snapshot.row(Kind::Appointment, one.appointment.uuid())?
                        && let Row::Appointment(row) = seen.row
                    {
                        states.insert(one.appointment, BookingState::from(&row));
                    }
                }
                let booked = bookings(&booked, |id| states.get(&id).cloned(), &settings, reader, me);
                told.extend(booked.into_iter().map(Notice::Booking));
                Ok::<_, CacheError>(told)
            };
            line.cache.read(read).await?
        }
        _ => vec![],
    };
    // Before it is told: after a crash in between, a notice that is missing is better than one that comes twice.
    line.cache.mark_shown(keys, now).await?;
    if !told.is_empty() {
        // Nobody may be listening; the windows show it all the same.
        drop(line.desktop.notices.send(told));
    }
    Ok(())
}

fn read_free(
    snapshot: &Snapshot<'_>,
    due: &[DueHours],
    calendar: &Calendar,
    settings: &NotificationSettings,
    window: Span,
) -> Result<Vec<FreeTime>, CacheError> {
    let (mut staff, mut services, mut resources) = (vec![], vec![], vec![]);
    let (mut clients, mut waiting) = (vec![], vec![]);
    let (mut availabilities, mut blocks, mut appointments) = (vec![], vec![], vec![]);
    let mut rows = vec![];
    for kind in [Kind::Staff, Kind::Service, Kind::Resource, Kind::Waiting] {
        rows.extend(snapshot.rows(kind)?);
    }
    for kind in [Kind::Availability, Kind::Block, Kind::Appointment] {
        rows.extend(snapshot.rows_between(kind, window, None)?);
    }
    for seen in rows {
        match seen.row {
            Row::Staff(row) => staff.push(row),
            Row::Service(row) => services.push(row),
            Row::Resource(row) => resources.push(row),
            Row::Availability(row) => availabilities.push(row),
            Row::Block(row) => blocks.push(row),
            Row::Appointment(row) => appointments.push(row),
            Row::Waiting(row) => waiting.push(row),
            Row::Clinic(_) | Row::Client(_) | Row::Payment(_) | Row::Task(_) => {}
        }
    }
    for wish in &waiting {
        if let Some(seen) = snapshot.row(Kind::Client, wish.client.uuid())?
            && let Row::Client(client) = seen.row
        {
            clients.push(client);
        }
    }
    let facts = Facts {
        calendar,
        staff: &staff,
        services: &services,
        resources: &resources,
        availabilities: &availabilities,
        blocks: &blocks,
        appointments: &appointments,
        clients: &clients,
    };
    Ok(free_times(due, &waiting, &facts, settings, window))
}
