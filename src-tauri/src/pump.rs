//! The tasks that carry what happens in the desk to the windows: commits, the sync's state, notices, clicks, the clock.
//! They hold the app's handle so that nothing in `deskbell-core` has to.

use crate::events::{ChangeOrigin, ChangedKey, ChangesSinceView, GoTo, KeyOp, LockChanged, SyncChanged, Tick};
use crate::notifications::{Notifications, Shown};
use crate::relay::{CommitNotice, Routed};
use crate::shell::Shell;
use deskbell_core::cache::{ChangeItem, ChangesSince, Commit, Op, Origin};
use deskbell_core::desk::Desk;
use deskbell_core::sync::notice::Notice;
use deskbell_core::view::{Pill, SyncView};
use std::time::{Duration, Instant};
use tauri::{AppHandle, Manager};
use tauri_specta::Event;
use tokio::sync::{broadcast, mpsc};

/// How often now-lines and ages move.
const TICK: Duration = Duration::from_secs(5);
/// How often it is looked at whether what was told is past.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Moves now-lines and ages.
pub(crate) async fn ticks(app: AppHandle) {
    loop {
        if let Ok(desk) = app.state::<Shell>().desk_behind_lock().await {
            tell_time(&app, &desk).await;
        }
        tokio::time::sleep(TICK).await;
    }
}

/// Follows the settings' files, which a person or an administrator may edit at any time.
pub(crate) async fn settings(app: AppHandle) {
    let files = app.state::<Shell>().settings().clone();
    let stamp = async || {
        let files = files.clone();
        tokio::task::spawn_blocking(move || files.stamp()).await.ok()
    };
    let mut seen = stamp().await;
    loop {
        tokio::time::sleep(TICK).await;
        let now = stamp().await;
        if now != seen {
            seen = now;
            app.state::<Shell>().reread_settings(&app).await;
        }
    }
}

/// Tells every window what time it is, in the clinic's zone: not before that is known with the first sync.
pub(crate) async fn tell_time(app: &AppHandle, desk: &Desk) {
    if let Some(now) = desk.clock().await {
        let _ = Tick(now).emit(app);
    }
}

/// Tells one window what time it is and how fresh things are.
pub(crate) async fn greet(app: &AppHandle, desk: &Desk, label: &str) {
    if let Some(now) = desk.clock().await {
        let _ = Tick(now).emit_to(app, label);
    }
    let _ = SyncChanged(desk.sync_view().await).emit_to(app, label);
}

/// Sends each commit of the cache to the windows that it concerns.
pub(crate) async fn commits(app: AppHandle, desk: Desk) {
    let mut commits = desk.commits();
    loop {
        let deadline = app.state::<Shell>().chains(|chains| chains.deadline());
        tokio::select! {
            commit = commits.recv() => match commit {
                Ok(commit) => {
                    send(&app, Some(&notice_of(&commit)));
                    if commit.origin == Origin::Resnapshot {
                        tell_time(&app, &desk).await;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    // Too many at once: every window reads again what it shows.
                    if let Ok(since) = desk.changes_since(0).await {
                        let (epoch, revision) = (since.epoch, since.revision);
                        let origin = ChangeOrigin::Elsewhere;
                        send(&app, Some(&CommitNotice { epoch, revision, rows: vec![], overflow: true, origin }));
                    }
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
            () = sleep_until(deadline) => send(&app, None),
        }
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

fn send(app: &AppHandle, commit: Option<&CommitNotice>) {
    let now = Instant::now();
    let due = app.state::<Shell>().chains(|chains| match commit {
        Some(commit) => chains.offer(commit, now),
        None => chains.due(now),
    });
    for (label, notice) in due {
        if let Err(error) = notice.emit_to(app, label.as_str()) {
            tracing::warn!(%error, window = label, "a window cannot be told");
        }
    }
}

/// A commit as the relay routes it.
fn notice_of(commit: &Commit) -> CommitNotice {
    CommitNotice {
        epoch: commit.epoch.clone(),
        revision: commit.revision,
        rows: commit.items.iter().map(routed).collect(),
        overflow: commit.overflow,
        origin: match commit.origin {
            Origin::Own => ChangeOrigin::Own,
            Origin::Elsewhere => ChangeOrigin::Elsewhere,
            Origin::Resnapshot => ChangeOrigin::Resnapshot,
        },
    }
}

fn routed(item: &ChangeItem) -> Routed {
    Routed {
        key: key(item),
        days: item.days.clone(),
        staff: item.staff.clone(),
        repeats: item.repeats,
    }
}

fn key(item: &ChangeItem) -> ChangedKey {
    let op = match item.op {
        Op::Put => KeyOp::Put,
        Op::Delete => KeyOp::Delete,
    };
    ChangedKey {
        kind: item.kind,
        id: item.id,
        op,
        left: item.left,
    }
}

/// What a window missed, as it is told.
pub(crate) fn changes_since_view(changes: ChangesSince) -> ChangesSinceView {
    ChangesSinceView {
        epoch: changes.epoch,
        revision: changes.revision,
        items: changes.items.iter().map(key).collect(),
        overflow: changes.overflow,
    }
}

/// Tells every window how fresh things are, whenever that changes.
pub(crate) async fn status(app: AppHandle, desk: Desk) {
    let mut status = desk.status();
    let mut told = None;
    loop {
        let view = desk.sync_view().await;
        // What is only newer is shown by the tick; telling it would be an event a poll in every window.
        let news = SyncView {
            fresh_at: None,
            cost: None,
            ..view.clone()
        };
        if told.as_ref() != Some(&news) || view.pill == Pill::Polling {
            let _ = SyncChanged(view).emit(&app);
            told = Some(news);
        }
        if status.changed().await.is_err() {
            return;
        }
    }
}

/// Locks the desk as time goes by, and tells every window how it stands.
pub(crate) async fn lock(app: AppHandle, desk: Desk) {
    let mut stage = desk.lock_stage();
    let telling = async {
        loop {
            let _ = LockChanged(desk.lock_view()).emit(&app);
            if stage.changed().await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = telling => {}
        () = desk.watch_idle() => {}
    }
}

/// Tells whoever is at the desk when the clinic has taken somebody's access back.
pub(crate) async fn erased(app: AppHandle, desk: Desk) {
    loop {
        let erased = desk.erased().await;
        let ends = erased.in_front;
        let handle = app.clone();
        // Of its own: what follows ends this task with the others of the person who is gone.
        tauri::async_runtime::spawn(async move { handle.state::<Shell>().erased(&handle, erased).await });
        if ends {
            return;
        }
    }
}

/// Gives whoever is in front the windows of their role when the clinic gives them another.
pub(crate) async fn role(app: AppHandle, desk: Desk) {
    desk.another_role().await;
    // Of its own: what follows ends this task with the others, and begins them anew.
    tauri::async_runtime::spawn(async move { app.state::<Shell>().has_another_role(&app, &desk).await });
}

/// Follows what the settings say of the desktop, and shows on its icon how the desk stands.
pub(crate) async fn desktop(app: AppHandle, desk: Desk) {
    let shell = app.state::<Shell>();
    let (mut status, mut stage) = (desk.status(), desk.lock_stage());
    let mut settings = desk.settings_now();
    loop {
        let wanted = settings.borrow_and_update().desktop;
        shell.follow_desktop_settings(&app, wanted).await;
        loop {
            shell.show_on_icon().await;
            let still = tokio::select! {
                changed = status.changed() => changed.is_ok(),
                changed = stage.changed() => {
                    if changed.is_ok() && shell.awaits_a_place() && !desk.is_locked() {
                        shell.bring(&app).await;
                    }
                    changed.is_ok()
                }
                changed = settings.changed() => {
                    if changed.is_ok() {
                        break;
                    }
                    false
                }
            };
            if !still {
                return;
            }
        }
    }
}

/// Shows desktop notifications of what happened elsewhere.
pub(crate) async fn notices(desk: Desk, notifications: Notifications<GoTo, Notice>) {
    let mut notices = desk.notices();
    loop {
        let told = match notices.recv().await {
            Ok(told) => told,
            Err(broadcast::error::RecvError::Lagged(_)) => continue,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        let settings = desk.settings().notifications;
        if settings.quiet.hold(jiff::Zoned::now().time()) {
            tracing::info!(news = told.len(), "quiet hours: nothing is told");
            continue;
        }
        for (said, news) in desk.told(&told).await {
            tracing::info!(news = news.len(), "told");
            let place = GoTo {
                day: Some(said.day),
                staff: said.staff,
                minute: Some(said.minute),
                appointment: said.appointment,
                book: false,
            };
            let book = GoTo {
                book: true,
                ..place.clone()
            };
            let front_desk = desk.account().is_some_and(|account| account.role.is_desk());
            let shown = Shown {
                summary: said.summary,
                body: said.body,
                place,
                button: (said.bookable && front_desk).then_some(("Book", book)),
                sound: settings.sound,
            };
            notifications.show(shown, news);
        }
    }
}

/// Takes notifications off the desktop whose news was answered, taken or is past: after each commit of the cache, and as
/// time goes by.
pub(crate) async fn answered(desk: Desk, notifications: Notifications<GoTo, Notice>) {
    let mut commits = desk.commits();
    loop {
        let passed = tokio::time::timeout(LOOK_AGAIN, commits.recv()).await;
        if matches!(passed, Ok(Err(broadcast::error::RecvError::Closed))) {
            return;
        }
        let mut over = vec![];
        for (id, news) in notifications.open() {
            // What cannot be read now is looked at again later; and what tells of nothing stays.
            let Ok(still) = desk.still_news(&news).await else {
                continue;
            };
            if !news.is_empty() && !still.contains(&true) {
                over.push(id);
            }
        }
        notifications.withdraw(&over);
    }
}

/// A click on a notification shows its place in the window that the role works in.
pub(crate) async fn clicks(app: AppHandle, mut clicked: mpsc::UnboundedReceiver<GoTo>) {
    while let Some(place) = clicked.recv().await {
        app.state::<Shell>().go(&app, None, place).await;
    }
}

/// SIGTERM and SIGINT end the app as closing its last window does: what is being written is finished first.
pub(crate) async fn end_on_signal(app: AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            tracing::warn!("signals cannot be listened for");
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        app.exit(0);
    }
    #[cfg(not(unix))]
    drop(app);
}
