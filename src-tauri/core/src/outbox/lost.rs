//! A slot that was lost to another booking becomes a task on every desk's list, so that somebody tells the client even
//! when whoever booked has gone home. It ends with the act: booked otherwise, or given up. Pure.

use deskbell_clinic::{OperationId, Row, Task, TaskId, TaskKind};
use uuid::Uuid;

/// The task of an act's lost slot: always the same one, so that it is raised once however often the act is refused. Its id
/// is the act's with the last bit turned.
pub const fn task_id(operation: OperationId) -> TaskId {
    TaskId(Uuid::from_u128(operation.uuid().as_u128() ^ 1))
}

/// What is to be done about a booking that lost its slot; none for what is no booking. `known` says whether the server
/// knows the booking from before: a task cannot be about one that it never took.
pub fn task(operation: OperationId, lost: &Row, known: bool) -> Option<Task> {
    let Row::Appointment(row) = lost else { return None };
    Some(Task {
        id: task_id(operation),
        kind: TaskKind::LostSlot,
        appointment: known.then_some(row.id),
        client: row.clients.first().map(|attendee| attendee.client),
        staff: row.therapists().next(),
        due: Some(row.span.start()),
        claimed_by: None,
        outcome: None,
    })
}
