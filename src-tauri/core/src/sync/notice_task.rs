//! Tells of new availability, gathered and once only.

use super::line::Line;
use super::notice::{GATHER, Notice, notices, window};
use crate::cache::{CacheError, DueNotice, Snapshot};
use crate::settings::NotificationSettings;
use deskbell_clinic::rules::facts::Facts;
use deskbell_clinic::{Calendar, Kind, Row, Span};
use std::sync::Arc;
use tokio::time::sleep;

/// Runs until the desk closes.
pub(crate) async fn run(line: Arc<Line>) {
    // What the last process noted and did not come to tell is told first.
    loop {
        if let Err(error) = tell(&line).await {
            tracing::warn!(%error, "new availability could not be told");
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
    let settings = line.desktop.settings.borrow().notifications;
    let now = line.now();
    let keys: Vec<_> = due.iter().map(|notice| notice.key.clone()).collect();
    let told = match window(&settings, now) {
        Some(window) => {
            line.cache
                .read(move |snapshot| read(snapshot, &due, &calendar, &settings, window))
                .await?
        }
        None => vec![],
    };
    // Before it is told: after a crash in between, a notice that is missing is better than one that comes twice.
    line.cache.mark_shown(keys, now).await?;
    for notice in told {
        // Nobody may be listening; the board shows it all the same.
        drop(line.desktop.notices.send(notice));
    }
    Ok(())
}

fn read(
    snapshot: &Snapshot<'_>,
    due: &[DueNotice],
    calendar: &Calendar,
    settings: &NotificationSettings,
    window: Span,
) -> Result<Vec<Notice>, CacheError> {
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
    Ok(notices(due, &waiting, &facts, settings, window))
}
