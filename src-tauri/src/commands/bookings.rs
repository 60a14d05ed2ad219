//! Booking, and moving a booking on.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::{AppointmentId, Step};
use deskbell_core::view::{
    BookingAnswer, BookingDraft, BookingMove, ClashLine, Kept, KeptDraft, NewBooking, NewPayment, RepeatDay,
};
use tauri::{State, WebviewWindow};

/// Books an appointment, unless something is in the way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn book(shell: State<'_, Shell>, window: WebviewWindow, booking: NewBooking) -> Answer<BookingAnswer> {
    let desk = shell.desk_for("book").await?;
    Ok(desk.book_typed_in(booking, Some(window.label())).await?)
}

/// What was typed in this kind of window and neither booked nor thrown away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn kept_draft(shell: State<'_, Shell>, window: WebviewWindow) -> Answer<Option<KeptDraft>> {
    Ok(shell.desk_for("kept_draft").await?.kept_draft(window.label()).await?)
}

/// Keeps what is being typed in this kind of window; none throws it away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_draft(
    shell: State<'_, Shell>,
    window: WebviewWindow,
    draft: Option<BookingDraft>,
) -> Answer<()> {
    let desk = shell.desk_for("keep_draft").await?;
    Ok(desk.keep_draft(window.label(), draft).await?)
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

/// What is in the way of a booking on each day that it would come on; nothing is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_repeats(shell: State<'_, Shell>, booking: NewBooking) -> Answer<Vec<RepeatDay>> {
    Ok(shell
        .desk_for("preview_repeats")
        .await?
        .preview_repeats(booking)
        .await?)
}

/// Moves a booking and those of its series that come after it, unless something is in the way on any of the days.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_series(shell: State<'_, Shell>, to: BookingMove) -> Answer<BookingAnswer> {
    Ok(shell.desk_for("move_series").await?.move_series(to).await?)
}

/// Cancels a booking and those of its series that come after it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_series(shell: State<'_, Shell>, appointment: AppointmentId, reason: String) -> Answer<Kept> {
    let desk = shell.desk_for("cancel_series").await?;
    Ok(desk.cancel_series(appointment, &reason).await?)
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
