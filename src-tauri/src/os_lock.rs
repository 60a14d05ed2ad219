//! When the desktop's own screen is locked, so is the desk. Heard over D-Bus, where there is one: from the desktop's screen
//! saver, and from the login manager about this session.

use crate::shell::Shell;
use futures_util::StreamExt;
use tauri::{AppHandle, Manager};
use zbus::OwnedObjectPath;
use zbus::{Connection, MatchRule, MessageStream};

/// The screen savers that say so; a desktop has one of them.
const SCREEN_SAVERS: [&str; 2] = ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"];
const LOGIN: &str = "org.freedesktop.login1";

/// Locks whenever the desktop does; ends at once where nothing would say so.
pub(crate) async fn follow(app: AppHandle) {
    let desktop = desktop_streams().await.unwrap_or_default();
    let login = login_stream().await.ok();
    if desktop.is_empty() && login.is_none() {
        tracing::info!("no desktop says when its screen is locked");
        return;
    }
    let mut locked = futures_util::stream::select_all(desktop.into_iter().chain(login));
    while let Some(heard) = locked.next().await {
        let Ok(message) = heard else { continue };
        // The login manager's signal has no content; a screen saver says whether it begins or ends.
        if message.body().deserialize::<bool>().unwrap_or(true)
            && let Ok(desk) = app.state::<Shell>().desk_behind_lock().await
        {
            tracing::info!("the desktop was locked");
            desk.lock();
        }
    }
}

async fn desktop_streams() -> zbus::Result<Vec<MessageStream>> {
    let connection = Connection::session().await?;
    let mut streams = vec![];
    for name in SCREEN_SAVERS {
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface(name)
            .member("ActiveChanged")
            .build()?;
        streams.push(MessageStream::for_match_rule(rule, &connection, None).await?);
    }
    Ok(streams)
}

async fn login_stream() -> zbus::Result<MessageStream> {
    let connection = Connection::system().await?;
    let asked = connection
        .call_method(
            Some(LOGIN),
            "/org/freedesktop/login1",
            Some("org.freedesktop.login1.Manager"),
            "GetSessionByPID",
            &0_u32,
        )
        .await?;
    let session: OwnedObjectPath = asked.body().deserialize()?;
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface("org.freedesktop.login1.Session")
        .member("Lock")
        .path(session)
        .build()?;
    MessageStream::for_match_rule(rule, &connection, None).await
}
