//! Booking, and moving a booking on.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::{AppointmentId, Step};
use deskbell_core::view::{BookingAnswer, Kept, NewBooking};
use tauri::State;

/// Books an appointment, unless something is in the way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn book(shell: State<'_, Shell>, booking: NewBooking) -> Answer<BookingAnswer> {
    Ok(shell.desk().await?.book(booking).await?)
}

/// Takes one step with an appointment.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_step(
    shell: State<'_, Shell>,
    appointment: AppointmentId,
    step: Step,
    reason: Option<String>,
) -> Answer<Kept> {
    Ok(shell.desk().await?.take_step(appointment, step, reason).await?)
}
