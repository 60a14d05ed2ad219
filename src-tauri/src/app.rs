//! Assembling the app: plugins, commands, events, the shell's state, and the tasks that live as long as it does.

use crate::notifications::Notifications;
use crate::options::Options;
use crate::shell::Shell;
use crate::windows::WindowKind;
use crate::{ipc, logs, pump};
use clap::Parser;
use tauri::{AppHandle, Manager, RunEvent};
use tauri_plugin_window_state::StateFlags;

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
    let folder = options.folder().ok_or(StartError::NoFolder)?;
    let app = tauri::Builder::default();
    #[cfg(feature = "automation")]
    let app = crate::windows::blank_page(app);
    let app = app
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, arguments, _| again(app, &arguments))
                .dbus_id(format!("org.deskbell.desk.{}", options.profile.replace('-', "_")))
                .build(),
        )
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filename(folder.join("windows.json").display().to_string())
                // Windows show themselves once they have painted.
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .with_filter(|label| WindowKind::of_label(label).is_some_and(|kind| kind != WindowKind::SignIn))
                .build(),
        )
        .plugin(
            tauri_plugin_autostart::Builder::new()
                .app_name(match options.profile.as_str() {
                    "default" => "Deskbell".to_owned(),
                    profile => format!("Deskbell-{profile}"),
                })
                .args(options.of_this_profile())
                .build(),
        )
        .invoke_handler(bindings.invoke_handler())
        .setup(move |app| {
            bindings.mount_events(app);
            let log_folder = folder.join("logs");
            std::fs::create_dir_all(&log_folder)?;
            logs::start(&log_folder)?;
            tracing::info!(
                version = env!("CARGO_PKG_VERSION"),
                profile = options.profile,
                "starting"
            );
            let (notifications, clicked) = Notifications::new();
            #[cfg(target_os = "linux")]
            tauri::async_runtime::spawn(notifications.clone().hear());
            app.manage(Shell::new(options, folder, notifications));
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(pump::clicks(handle.clone(), clicked));
            tauri::async_runtime::spawn(pump::ticks(handle.clone()));
            tauri::async_runtime::spawn(pump::settings(handle.clone()));
            tauri::async_runtime::spawn(pump::end_on_signal(handle.clone()));
            #[cfg(target_os = "linux")]
            tauri::async_runtime::spawn(crate::os_lock::follow(handle.clone()));
            let icon = handle.clone();
            tauri::async_runtime::spawn(async move { icon.state::<Shell>().serve_icon(&icon).await });
            tauri::async_runtime::spawn(async move {
                let shell = handle.state::<Shell>();
                shell.start(&handle).await;
                if let Some(link) = shell.link_at_start() {
                    follow(&handle, link).await;
                }
            });
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        RunEvent::WindowEvent {
            label,
            event: tauri::WindowEvent::Destroyed,
            ..
        } => app.state::<Shell>().forget(&label),
        RunEvent::ExitRequested { code: None, api, .. } if app.state::<Shell>().stays_without_windows() => {
            tracing::info!("the last window was closed; Deskbell goes on behind its icon");
            app.state::<Shell>().rest();
            api.prevent_exit();
        }
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                for url in urls {
                    follow(&app, url.as_str()).await;
                }
            });
        }
        RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Shell>().close()),
        _ => {}
    });
    Ok(())
}

/// A second start of the same profile brings the first one's windows to the front, at the place of its link if it has one.
fn again(app: &AppHandle, arguments: &[String]) {
    for window in app.webview_windows().values() {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
    let link = Options::try_parse_from(arguments).ok().and_then(|options| options.link);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match link {
            Some(link) => follow(&app, &link).await,
            None if app.webview_windows().is_empty() => app.state::<Shell>().bring(&app).await,
            None => {}
        }
    });
}

async fn follow(app: &AppHandle, link: &str) {
    if let Err(error) = app.state::<Shell>().follow(app, link).await {
        // Not the link itself: whoever made it may have put anything there.
        tracing::warn!(%error, "a link was not followed");
    }
}
