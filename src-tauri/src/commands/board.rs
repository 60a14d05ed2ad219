//! Reading the clinic's day.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::{AppointmentId, ClientId, StaffId};
use deskbell_core::view::{
    Board, BoardLook, BookingHistory, BookingSheet, Catalogue, ClientCard, ClientHit, MonthView, Opening, OpeningWish,
    StaffWeek,
};
use tauri::State;

/// A day of the whole clinic by staff; today when none is named.
#[tauri::command]
#[specta::specta]
pub(crate) async fn board(shell: State<'_, Shell>, day: Option<String>) -> Answer<Board> {
    Ok(shell.desk_for("board").await?.board(day.as_deref()).await?)
}

/// Keeps how this person has arranged the board, for their next start at this desk.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_board_look(shell: State<'_, Shell>, look: BoardLook) -> Answer<()> {
    Ok(shell.desk_for("keep_board_look").await?.keep_board_look(&look).await?)
}

/// A staff member's week; the first who treats, and this week, when none is named.
#[tauri::command]
#[specta::specta]
pub(crate) async fn staff_week(
    shell: State<'_, Shell>,
    staff: Option<StaffId>,
    day: Option<String>,
) -> Answer<StaffWeek> {
    Ok(shell
        .desk_for("staff_week")
        .await?
        .staff_week(staff, day.as_deref())
        .await?)
}

/// A month of everyone who treats, or of one; this month when no day is named.
#[tauri::command]
#[specta::specta]
pub(crate) async fn month(shell: State<'_, Shell>, staff: Option<StaffId>, day: Option<String>) -> Answer<MonthView> {
    Ok(shell.desk_for("month").await?.month(staff, day.as_deref()).await?)
}

/// What can be booked.
#[tauri::command]
#[specta::specta]
pub(crate) async fn catalogue(shell: State<'_, Shell>) -> Answer<Catalogue> {
    Ok(shell.desk_for("catalogue").await?.catalogue().await?)
}

/// One booking, whole.
#[tauri::command]
#[specta::specta]
pub(crate) async fn booking_sheet(shell: State<'_, Shell>, appointment: AppointmentId) -> Answer<BookingSheet> {
    Ok(shell
        .desk_for("booking_sheet")
        .await?
        .booking_sheet(appointment)
        .await?)
}

/// Who did what with a booking, asked of the clinic's server.
#[tauri::command]
#[specta::specta]
pub(crate) async fn booking_history(shell: State<'_, Shell>, appointment: AppointmentId) -> Answer<BookingHistory> {
    Ok(shell
        .desk_for("booking_history")
        .await?
        .booking_history(appointment)
        .await?)
}

/// Clients by name or number, the best matches first; at most 12.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_clients(shell: State<'_, Shell>, text: String) -> Answer<Vec<ClientHit>> {
    Ok(shell.desk_for("find_clients").await?.find_clients(&text).await?)
}

/// A client with their visits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn client_card(shell: State<'_, Shell>, client: ClientId) -> Answer<ClientCard> {
    Ok(shell.desk_for("client_card").await?.client_card(client).await?)
}

/// The next ten openings for a wish.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_openings(shell: State<'_, Shell>, wish: OpeningWish) -> Answer<Vec<Opening>> {
    Ok(shell.desk_for("find_openings").await?.find_openings(wish).await?)
}
