//! A therapist's day, hours and leave.

use crate::ipc::Answer;
use crate::shell::Shell;
use deskbell_clinic::{AvailabilityId, BlockId, StaffId};
use deskbell_core::view::{HoursAnswer, HoursCopied, HoursForm, Kept, LeaveForm, MyDay, MyHours};
use tauri::State;

/// A therapist's day: one's own, or for the desk anyone's.
#[tauri::command]
#[specta::specta]
pub(crate) async fn my_day(shell: State<'_, Shell>, staff: Option<StaffId>, day: Option<String>) -> Answer<MyDay> {
    Ok(shell.desk_for("my_day").await?.my_day(staff, day.as_deref()).await?)
}

/// A therapist's week of hours.
#[tauri::command]
#[specta::specta]
pub(crate) async fn my_hours(shell: State<'_, Shell>, staff: Option<StaffId>, week: Option<String>) -> Answer<MyHours> {
    Ok(shell
        .desk_for("my_hours")
        .await?
        .my_hours(staff, week.as_deref())
        .await?)
}

/// Opens hours.
#[tauri::command]
#[specta::specta]
pub(crate) async fn add_hours(shell: State<'_, Shell>, form: HoursForm) -> Answer<Kept> {
    Ok(shell.desk_for("add_hours").await?.add_hours(form).await?)
}

/// Opens the hours of the week before once more in the week of a day.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_week(shell: State<'_, Shell>, staff: StaffId, week: String) -> Answer<HoursCopied> {
    Ok(shell.desk_for("copy_week").await?.copy_week(staff, &week).await?)
}

/// Changes hours, of repeating ones all or those of one day. With bookings in what would go, asks first unless `strand`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_hours(
    shell: State<'_, Shell>,
    availability: AvailabilityId,
    form: HoursForm,
    only_on: Option<String>,
    strand: bool,
) -> Answer<HoursAnswer> {
    Ok(shell
        .desk_for("change_hours")
        .await?
        .change_hours(availability, form, only_on.as_deref(), strand)
        .await?)
}

/// Takes hours away, of repeating ones all or those of one day. With bookings in them, asks first unless `strand`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_hours(
    shell: State<'_, Shell>,
    availability: AvailabilityId,
    only_on: Option<String>,
    strand: bool,
) -> Answer<HoursAnswer> {
    Ok(shell
        .desk_for("remove_hours")
        .await?
        .remove_hours(availability, only_on.as_deref(), strand)
        .await?)
}

/// Makes a leave, or changes the one that is named. With bookings in the time that it newly takes, asks first unless `strand`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn keep_leave(
    shell: State<'_, Shell>,
    leave: Option<BlockId>,
    form: LeaveForm,
    strand: bool,
) -> Answer<HoursAnswer> {
    Ok(shell
        .desk_for("keep_leave")
        .await?
        .keep_leave(leave, form, strand)
        .await?)
}

/// Takes a leave away: its time can be booked again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_leave(shell: State<'_, Shell>, leave: BlockId) -> Answer<Kept> {
    Ok(shell.desk_for("remove_leave").await?.remove_leave(leave).await?)
}
