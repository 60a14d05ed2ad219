//! Appointments that lose the availability they stand on, or whose staff member goes on leave. Nobody is moved or
//! cancelled for it: a task says that a person must look.

use super::calendar;
use crate::api::problem::Fault;
use crate::store::{Writing, row};
use clinic::rules::facts::Facts;
use clinic::rules::free::offered;
use clinic::rules::occurrences::of_block;
use clinic::{
    Appointment, Availability, BlockOf, Calendar, Kind, Row, Span, StaffId, Status, Task, TaskKind, TaskOutcome,
};
use deskbell_clinic as clinic;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// How far ahead appointments are looked at; nobody books later than that.
const AHEAD: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Appointments to come that stood on their hours, and in no leave, before a row was written or deleted.
pub(super) struct Covered {
    calendar: Calendar,
    /// Whose hours or leave it is.
    staff: Option<StaffId>,
    /// What may take their time from them.
    by: By,
    appointments: Vec<(StaffId, Appointment)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Hours,
    Leave,
}

/// Notes, before an availability or a leave changes, what stands.
pub(super) fn covered_by(writing: &Writing<'_>, before: Option<&Row>, after: Option<&Row>) -> Result<Covered, Fault> {
    let calendar = calendar(writing)?;
    let concerned = match (before, after) {
        (Some(Row::Availability(row)), _) => Some((row.staff, By::Hours)),
        (_, Some(Row::Block(row))) | (Some(Row::Block(row)), None) => match row.of {
            BlockOf::Staff(staff) => Some((staff, By::Leave)),
            BlockOf::Clinic | BlockOf::Resource(_) => None,
        },
        _ => None,
    };
    let mut appointments = Vec::new();
    if let Some((staff, by)) = concerned {
        for appointment in to_come(writing, staff)? {
            if stands(writing, &calendar, by, staff, appointment.span)? {
                appointments.push((staff, appointment));
            }
        }
    }
    let by = concerned.map_or(By::Hours, |(_, by)| by);
    Ok(Covered {
        calendar,
        staff: concerned.map(|(staff, _)| staff),
        by,
        appointments,
    })
}

impl Covered {
    /// Raises a task for each that does not stand any more, unless one is open already, and ends those of which nothing is
    /// left to do.
    pub(super) fn tell_desk(&self, writing: &Writing<'_>) -> Result<(), Fault> {
        self.raise_tasks(writing)?;
        let staff = self.staff.map_or(Ok(vec![]), |staff| to_come(writing, staff))?;
        staff.iter().try_for_each(|appointment| settle(writing, appointment))
    }

    fn raise_tasks(&self, writing: &Writing<'_>) -> Result<(), Fault> {
        for (staff, appointment) in &self.appointments {
            let still = stands(writing, &self.calendar, self.by, *staff, appointment.span)?;
            if still || !open_tasks(writing, appointment)?.is_empty() {
                continue;
            }
            writing.put(&Row::Task(Task {
                id: Uuid::now_v7().into(),
                kind: TaskKind::Stranded,
                appointment: Some(appointment.id),
                client: appointment.clients.first().map(|attendee| attendee.client),
                staff: Some(*staff),
                due: Some(appointment.span.start()),
                claimed_by: None,
                outcome: None,
            }))?;
        }
        Ok(())
    }
}

fn to_come(writing: &Writing<'_>, staff: StaffId) -> Result<Vec<Appointment>, Fault> {
    let end = writing.now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
    let Ok(ahead) = Span::new(writing.now, end) else {
        return Ok(vec![]);
    };
    let rows = row::referring(writing.reading(), Kind::Appointment, (Kind::Staff, staff.uuid()), ahead)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Appointment(row) if matches!(row.status, Status::Requested | Status::Confirmed) => Some(row),
            _ => None,
        })
        .collect())
}

/// Whether a span stands now, as far as hours or leave go.
fn stands(writing: &Writing<'_>, calendar: &Calendar, by: By, staff: StaffId, span: Span) -> Result<bool, Fault> {
    match by {
        By::Hours => has_hours(writing, calendar, staff, span),
        By::Leave => Ok(!is_on_leave(writing, calendar, staff, span)?),
    }
}

/// Whether a leave, or another block of this staff member, takes any of a span.
fn is_on_leave(writing: &Writing<'_>, calendar: &Calendar, staff: StaffId, span: Span) -> Result<bool, Fault> {
    let rows = row::referring(writing.reading(), Kind::Block, (Kind::Staff, staff.uuid()), span)?;
    let taken = |row: &Row| matches!(row, Row::Block(row) if !of_block(row, calendar, span).is_empty());
    Ok(rows.iter().any(taken))
}

/// Whether a staff member's hours cover a span now.
fn has_hours(writing: &Writing<'_>, calendar: &Calendar, staff: StaffId, span: Span) -> Result<bool, Fault> {
    let rows = row::referring(writing.reading(), Kind::Availability, (Kind::Staff, staff.uuid()), span)?;
    let availabilities: Vec<Availability> = rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Availability(row) => Some(row),
            _ => None,
        })
        .collect();
    let facts = Facts {
        calendar,
        staff: &[],
        services: &[],
        resources: &[],
        availabilities: &availabilities,
        blocks: &[],
        appointments: &[],
        clients: &[],
    };
    Ok(offered(staff, &[], &facts, span).iter().any(|hours| hours.covers(span)))
}

/// Ends what was to be done about an appointment that is with somebody else by now, at another time, or not to come any
/// more: whoever saw to it need not say so as well.
pub(super) fn settle(writing: &Writing<'_>, appointment: &Appointment) -> Result<(), Fault> {
    let open = open_tasks(writing, appointment)?;
    if open.is_empty() {
        return Ok(());
    }
    let calendar = calendar(writing)?;
    let to_come = matches!(appointment.status, Status::Requested | Status::Confirmed);
    for mut task in open {
        let theirs = |staff: &StaffId| to_come && appointment.staff().any(|id| id == *staff);
        if let Some(staff) = task.staff.filter(theirs) {
            let stands = |by| stands(writing, &calendar, by, staff, appointment.span);
            if !(stands(By::Hours)? && stands(By::Leave)?) {
                continue;
            }
        }
        task.outcome = Some(TaskOutcome::NotNeeded);
        writing.put(&Row::Task(task))?;
    }
    Ok(())
}

fn open_tasks(writing: &Writing<'_>, appointment: &Appointment) -> Result<Vec<Task>, Fault> {
    let about = (Kind::Appointment, appointment.id.uuid());
    let tasks = row::about(writing.reading(), Kind::Task, about)?;
    let open = |task: &Task| task.kind == TaskKind::Stranded && task.outcome.is_none();
    Ok(tasks
        .into_iter()
        .filter_map(|row| match row {
            Row::Task(task) => Some(task).filter(open),
            _ => None,
        })
        .collect())
}
