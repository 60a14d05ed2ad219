//! Assembling the app: plugins, commands, events, the shell's state, and the tasks that live as long as it does.

use crate::notifications::Notifications;
use crate::options::Options;
use crate::shell::Shell;
use crate::{ipc, logs, pump};
use tauri::{AppHandle, Manager, RunEvent};

/// Why the app cannot start at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the folder for Deskbell's files cannot be made: {0}")]
    Folder(#[from] std::io::Error),
    #[error("this system names no folder for a person's data: start Deskbell with --data-dir")]
    NoFolder,
    #[error("logs cannot be written: {0}")]
    Logs(#[from] tracing_appender::rolling::InitError),
    #[error("the desktop cannot show windows: {0}")]
    Desktop(#[from] tauri::Error),
}

/// Runs the app until its last window is closed or it is told to end.
pub(crate) fn run(options: Options) -> Result<(), StartError> {
    let bindings = ipc::bindings();
    let app = tauri::Builder::default();
    #[cfg(feature = "automation")]
    let app = crate::windows::blank_page(app);
    let app = app
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, _, _| raise(app))
                .dbus_id(format!("org.deskbell.desk.{}", options.profile.replace('-', "_")))
                .build(),
        )
        .invoke_handler(bindings.invoke_handler())
        .setup(move |app| {
            bindings.mount_events(app);
            let folder = options.folder().ok_or(StartError::NoFolder)?;
            let log_folder = folder.join("logs");
            std::fs::create_dir_all(&log_folder)?;
            logs::start(&log_folder)?;
            tracing::info!(
                version = env!("CARGO_PKG_VERSION"),
                profile = options.profile,
                "starting"
            );
            let (notifications, clicked) = Notifications::new();
            app.manage(Shell::new(options, folder, notifications));
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(pump::clicks(handle.clone(), clicked));
            tauri::async_runtime::spawn(pump::ticks(handle.clone()));
            tauri::async_runtime::spawn(pump::settings(handle.clone()));
            tauri::async_runtime::spawn(pump::end_on_signal(handle.clone()));
            #[cfg(target_os = "linux")]
            tauri::async_runtime::spawn(crate::os_lock::follow(handle.clone()));
            tauri::async_runtime::spawn(async move { handle.state::<Shell>().start(&handle).await });
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        RunEvent::WindowEvent {
            label,
            event: tauri::WindowEvent::Destroyed,
            ..
        } => app.state::<Shell>().forget(&label),
        RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Shell>().close()),
        _ => {}
    });
    Ok(())
}

/// A second start of the same profile brings the first one's windows to the front.
fn raise(app: &AppHandle) {
    for window in app.webview_windows().values() {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}
