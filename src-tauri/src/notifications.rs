//! Desktop notifications, and the click that leads back to the board.
//!
//! `notify-rust` waits for a click by blocking a thread; the number of such threads is bounded, and a notification that
//! nobody clicked gives its thread back when the desktop closes it or when a newer one needs the place.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Notifications that wait for a click at the same time.
const MOST_OPEN: usize = 6;
/// A notification service that has to be started first takes a moment; one that hangs answers never.
const LONGEST_SHOWING: Duration = Duration::from_secs(10);

/// What a notification says, and where its click leads. Never a client's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown<Place> {
    /// First line.
    pub summary: String,
    /// Second line.
    pub body: String,
    /// Handed back on a click.
    pub place: Place,
}

/// Shows notifications and reports clicks.
#[derive(Clone)]
pub(crate) struct Notifications<Place> {
    clicks: mpsc::UnboundedSender<Place>,
    open: Arc<Mutex<VecDeque<notify_rust::NotificationHandle>>>,
}

impl<Place: Clone + Send + 'static> Notifications<Place> {
    /// Clicked places come out of the receiver.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Place>) {
        let (clicks, clicked) = mpsc::unbounded_channel();
        (
            Self {
                clicks,
                open: Arc::default(),
            },
            clicked,
        )
    }

    /// Shows one. A desktop without a notification service is no error for the desk: it is logged, and the board
    /// shows the change all the same.
    pub(crate) fn show(&self, shown: Shown<Place>) {
        let this = self.clone();
        // A thread of its own: the D-Bus call and the wait for a click both block.
        let spawned = std::thread::Builder::new()
            .name("notification".into())
            .spawn(move || this.show_and_wait(shown, |_| ()));
        if let Err(error) = spawned {
            tracing::warn!(%error, "no thread for a notification");
        }
    }

    /// Shows one, and answers whether the desktop took it.
    pub(crate) async fn try_to_show(&self, shown: Shown<Place>) -> bool {
        let this = self.clone();
        let (answer, taken) = oneshot::channel();
        let spawned = std::thread::Builder::new().name("notification".into()).spawn(move || {
            // Whoever asked may have given up waiting.
            this.show_and_wait(shown, |taken| {
                let _ = answer.send(taken);
            });
        });
        let answered = tokio::time::timeout(LONGEST_SHOWING, taken).await;
        spawned.is_ok() && matches!(answered, Ok(Ok(true)))
    }

    /// Says whether the desktop took it before it waits for the click.
    fn show_and_wait(&self, shown: Shown<Place>, said: impl FnOnce(bool)) {
        let mut notification = notify_rust::Notification::new();
        notification
            .appname("Deskbell")
            .summary(&shown.summary)
            .body(&escape(&shown.body))
            .icon("deskbell");
        #[cfg(target_os = "linux")]
        notification
            .hint(notify_rust::Hint::Category("presence.online".into()))
            .hint(notify_rust::Hint::DesktopEntry("deskbell".into()))
            .action("default", "Show on the board");
        let answer = notification.show();
        said(answer.is_ok());
        match answer {
            Ok(handle) => {
                #[cfg(target_os = "linux")]
                self.wait(handle, shown.place);
                #[cfg(not(target_os = "linux"))]
                drop((handle, shown.place));
            }
            Err(error) => tracing::warn!(%error, "the desktop takes no notifications"),
        }
    }

    #[cfg(target_os = "linux")]
    fn wait(&self, handle: notify_rust::NotificationHandle, place: Place) {
        let id = handle.id();
        if let Some(oldest) = self.opened(handle) {
            // Closing one ends the wait for its click.
            oldest.close();
        }
        let clicks = self.clicks.clone();
        let waited = notify_rust::handle_action(id, move |response: &notify_rust::ActionResponse<'_>| {
            if matches!(response, notify_rust::ActionResponse::Custom("default")) {
                // The receiver goes only with the app.
                let _ = clicks.send(place);
            }
        });
        if let Err(error) = waited {
            tracing::warn!(%error, "a notification cannot be waited for");
        }
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|open| open.id() != id);
    }

    /// Notes that one is open; answers the one that must make room.
    #[cfg(target_os = "linux")]
    fn opened(&self, handle: notify_rust::NotificationHandle) -> Option<notify_rust::NotificationHandle> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push_back(handle);
        if open.len() > MOST_OPEN { open.pop_front() } else { None }
    }
}

/// Notification bodies are markup on Linux; `notify-rust` passes them as they are.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_is_shown_as_text() {
        assert_eq!(escape("A & <b>B</b>"), "A &amp; &lt;b&gt;B&lt;/b&gt;");
    }
}
