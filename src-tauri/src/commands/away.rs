//! Somebody is away: who must be given to somebody else, and told.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::{AppointmentId, StaffId};
use deskbell_core::view::{AwayWish, BookingAnswer, BookingMove, Kept, StaffAway};
use tauri::State;

/// Every booking of somebody in a span of time, with whom to call and who could take it over.
#[tauri::command]
#[specta::specta]
pub(crate) async fn staff_away(shell: State<'_, Shell>, wish: AwayWish) -> Answer<StaffAway> {
    Ok(shell.desk_for("staff_away").await?.staff_away(wish).await?)
}

/// Marks the time as not theirs to be booked in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mark_away(shell: State<'_, Shell>, wish: AwayWish) -> Answer<Kept> {
    Ok(shell.desk_for("mark_away").await?.mark_away(wish).await?)
}

/// Gives a booking of somebody who is away to somebody else, unless something is in the way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reassign(shell: State<'_, Shell>, to: BookingMove) -> Answer<BookingAnswer> {
    Ok(shell.desk_for("reassign").await?.reassign(to).await?)
}

/// Notes that a client was told of somebody's being away, or was not after all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mark_told(
    shell: State<'_, Shell>,
    appointment: AppointmentId,
    absent: StaffId,
    told: bool,
) -> Answer<Kept> {
    Ok(shell
        .desk_for("mark_told")
        .await?
        .mark_told(appointment, absent, told)
        .await?)
}
