//! Booking, and moving a booking on.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::{AppointmentId, Step};
use deskbell_core::view::{BookingAnswer, BookingMove, ClashLine, Kept, NewBooking, NewPayment};
use tauri::State;

/// Books an appointment, unless something is in the way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn book(shell: State<'_, Shell>, booking: NewBooking) -> Answer<BookingAnswer> {
    Ok(shell.desk_for("book").await?.book(booking).await?)
}

/// What the rules say about another time, length or staff member for a booking; nothing is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn try_move(shell: State<'_, Shell>, to: BookingMove) -> Answer<Vec<ClashLine>> {
    Ok(shell.desk_for("try_move").await?.try_move(to).await?)
}

/// Gives a booking another time, length or staff member, unless something is in the way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_booking(shell: State<'_, Shell>, to: BookingMove) -> Answer<BookingAnswer> {
    Ok(shell.desk_for("move_booking").await?.move_booking(to).await?)
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
    Ok(shell
        .desk_for("take_step")
        .await?
        .take_step(appointment, step, reason)
        .await?)
}

/// Records that an appointment was paid.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_payment(shell: State<'_, Shell>, payment: NewPayment) -> Answer<Kept> {
    Ok(shell.desk_for("take_payment").await?.take_payment(payment).await?)
}
