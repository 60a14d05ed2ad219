//! Desktop notifications, the click that leads back to the place, and their withdrawal once they are no news any more.
//!
//! `notify-rust` shows and closes them, which blocks a thread for that moment. Clicks are heard by one task that listens from
//! the start on (`clicks`): to listen for each only after it was shown, as `notify-rust` does, misses a click that comes at
//! once. How many wait for a click is bounded; one that nobody clicked goes when the desktop closes it, when it has waited for
//! as long as any does, or when a newer one needs the place.

#[cfg(target_os = "linux")]
mod clicks;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Notifications that wait for a click at the same time.
const MOST_OPEN: usize = 6;
/// Clicks that came before the answer that says which notification it was.
#[cfg(target_os = "linux")]
const MOST_EARLY: usize = 16;
/// What was heard longer ago was of another one: a desktop that starts anew counts its notifications anew.
#[cfg(target_os = "linux")]
const STILL_EARLY: Duration = Duration::from_secs(5);
/// None waits longer.
const LONGEST_OPEN: Duration = Duration::from_secs(4 * 60 * 60);
/// A notification service that has to be started first takes a moment; one that hangs answers never.
const LONGEST_SHOWING: Duration = Duration::from_secs(10);
/// The action's key of a click on the notification itself, by the specification.
const CLICK: &str = "default";
/// The action's key of its button.
const BUTTON: &str = "book";

/// What a notification says, and where its click leads. Never a client's name, unless a person wants names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown<Place> {
    /// First line.
    pub summary: String,
    /// Second line.
    pub body: String,
    /// Handed back on a click.
    pub place: Place,
    /// Its button's label, and what is handed back when it is pressed.
    pub button: Option<(&'static str, Place)>,
    /// Whether the desktop may make its sound.
    pub sound: bool,
}

/// Shows notifications and reports clicks. `News` is what one tells of, to ask later whether it still is any.
pub(crate) struct Notifications<Place, News> {
    clicks: mpsc::UnboundedSender<Place>,
    open: Arc<Mutex<VecDeque<Open<Place, News>>>>,
    /// What was heard of notifications that are not among the open ones, yet or any more.
    #[cfg(target_os = "linux")]
    early: Arc<Mutex<VecDeque<(u32, Ended, Instant)>>>,
    /// Nothing is shown before this.
    paused_until: Arc<Mutex<Option<Instant>>>,
}

struct Open<Place, News> {
    handle: notify_rust::NotificationHandle,
    since: Instant,
    news: Vec<News>,
    shown: Shown<Place>,
}

/// How a notification's wait for a click ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg(target_os = "linux")]
enum Ended {
    Clicked,
    Pressed,
    Closed,
}

impl<Place, News> Clone for Notifications<Place, News> {
    fn clone(&self) -> Self {
        Self {
            clicks: self.clicks.clone(),
            open: self.open.clone(),
            #[cfg(target_os = "linux")]
            early: self.early.clone(),
            paused_until: self.paused_until.clone(),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<Place: Clone + Send + 'static, News: Clone + Send + 'static> Notifications<Place, News> {
    /// Clicked places come out of the receiver.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Place>) {
        let (clicks, clicked) = mpsc::unbounded_channel();
        let this = Self {
            clicks,
            open: Arc::default(),
            #[cfg(target_os = "linux")]
            early: Arc::default(),
            paused_until: Arc::default(),
        };
        (this, clicked)
    }

    /// Shows one that tells of `news`, unless they are paused. A desktop without a notification service is no error for the
    /// desk: it is logged, and the windows show the change all the same.
    pub(crate) fn show(&self, shown: Shown<Place>, news: Vec<News>) {
        if self.are_paused() {
            return;
        }
        let this = self.clone();
        // A thread of its own: the D-Bus call blocks.
        let spawned = std::thread::Builder::new()
            .name("notification".into())
            .spawn(move || this.show_now(shown, news));
        if let Err(error) = spawned {
            tracing::warn!(%error, "no thread for a notification");
        }
    }

    /// Shows one, also while they are paused, and answers whether the desktop took it.
    pub(crate) async fn try_to_show(&self, shown: Shown<Place>) -> bool {
        let this = self.clone();
        let (answer, taken) = oneshot::channel();
        let spawned = std::thread::Builder::new().name("notification".into()).spawn(move || {
            // Whoever asked may have given up waiting.
            let _ = answer.send(this.show_now(shown, vec![]));
        });
        let answered = tokio::time::timeout(LONGEST_SHOWING, taken).await;
        spawned.is_ok() && matches!(answered, Ok(Ok(true)))
    }

    /// Shows none for a while, or goes on where they are paused. Answers whether they are now.
    pub(crate) fn pause_or_go_on(&self, pause: Duration) -> bool {
        let paused = !self.are_paused();
        *locked(&self.paused_until) = paused.then(|| Instant::now() + pause);
        paused
    }

    /// Whether none are shown now.
    pub(crate) fn are_paused(&self) -> bool {
        locked(&self.paused_until).is_some_and(|until| Instant::now() < until)
    }

    /// What the open ones tell of, by their ids.
    pub(crate) fn open(&self) -> Vec<(u32, Vec<News>)> {
        locked(&self.open)
            .iter()
            .map(|open| (open.handle.id(), open.news.clone()))
            .collect()
    }

    /// Takes these off the desktop, and those that have waited too long.
    pub(crate) fn withdraw(&self, ids: &[u32]) {
        let mut open = locked(&self.open);
        let (over, still): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut *open)
            .into_iter()
            .partition(|open| ids.contains(&open.handle.id()) || open.since.elapsed() > LONGEST_OPEN);
        *open = still;
        drop(open);
        close(over);
    }

    /// Takes all of them off the desktop: whoever they are for is not at the desk any more.
    pub(crate) fn withdraw_all(&self) {
        close(std::mem::take(&mut *locked(&self.open)));
    }

    /// Answers whether the desktop took it.
    fn show_now(&self, shown: Shown<Place>, news: Vec<News>) -> bool {
        let mut notification = notify_rust::Notification::new();
        notification
            .appname("Deskbell")
            .summary(&shown.summary)
            .body(&escape(&shown.body))
            .icon("deskbell");
        #[cfg(target_os = "linux")]
        {
            notification
                .hint(notify_rust::Hint::Category("presence.online".into()))
                .hint(notify_rust::Hint::DesktopEntry("deskbell".into()))
                .action(CLICK, "Show");
            if let Some((label, _)) = &shown.button {
                notification.action(BUTTON, label);
            }
            match shown.sound {
                true => notification.hint(notify_rust::Hint::SoundName("message-new-instant".into())),
                false => notification.hint(notify_rust::Hint::SuppressSound(true)),
            };
        }
        match notification.show() {
            Ok(handle) => {
                self.await_click(handle, shown, news);
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the desktop takes no notifications");
                false
            }
        }
    }

    #[cfg(target_os = "linux")]
    fn await_click(&self, handle: notify_rust::NotificationHandle, shown: Shown<Place>, news: Vec<News>) {
        let id = handle.id();
        let since = Instant::now();
        let over = {
            let mut open = locked(&self.open);
            open.push_back(Open {
                handle,
                since,
                news,
                shown,
            });
            if open.len() > MOST_OPEN { open.pop_front() } else { None }
        };
        close(over);
        // The desktop may have been quicker than its own answer.
        let early: Vec<_> = {
            let mut early = locked(&self.early);
            early.retain(|(_, _, heard)| heard.elapsed() < STILL_EARLY);
            let ours = early
                .iter()
                .filter(|(known, ..)| *known == id)
                .map(|(_, ended, _)| *ended);
            let ours = ours.collect();
            early.retain(|(known, ..)| *known != id);
            ours
        };
        for ended in early {
            self.ended(id, ended);
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn await_click(&self, handle: notify_rust::NotificationHandle, shown: Shown<Place>, news: Vec<News>) {
        drop((handle, shown, news));
    }

    /// The desktop says what became of a notification, ours or anybody's.
    #[cfg(target_os = "linux")]
    fn ended(&self, id: u32, ended: Ended) {
        let mut open = locked(&self.open);
        let Some(at) = open.iter().position(|open| open.handle.id() == id) else {
            drop(open);
            let mut early = locked(&self.early);
            if early.len() == MOST_EARLY {
                early.pop_front();
            }
            early.push_back((id, ended, Instant::now()));
            return;
        };
        let place = match ended {
            Ended::Clicked => Some(open[at].shown.place.clone()),
            Ended::Pressed => open[at].shown.button.as_ref().map(|(_, place)| place.clone()),
            Ended::Closed => None,
        };
        open.remove(at);
        drop(open);
        if let Some(place) = place {
            // The receiver goes only with the app.
            let _ = self.clicks.send(place);
        }
    }
}

/// The call blocks until the desktop answers, which one that hangs never does.
fn close<Place: Send + 'static, News: Send + 'static>(over: impl IntoIterator<Item = Open<Place, News>>) {
    let over: Vec<_> = over.into_iter().collect();
    if over.is_empty() {
        return;
    }
    let closing = move || {
        for open in over {
            #[cfg(target_os = "linux")]
            open.handle.close();
            #[cfg(not(target_os = "linux"))]
            drop(open);
        }
    };
    if let Err(error) = std::thread::Builder::new().name("notification".into()).spawn(closing) {
        tracing::warn!(%error, "no thread to withdraw notifications");
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

    #[test]
    fn a_pause_ends_by_being_asked_again_and_by_itself() {
        let (notifications, _) = Notifications::<(), ()>::new();
        assert!(!notifications.are_paused());
        assert!(notifications.pause_or_go_on(Duration::from_secs(3_600)));
        assert!(notifications.are_paused());
        assert!(!notifications.pause_or_go_on(Duration::from_secs(3_600)));
        assert!(notifications.pause_or_go_on(Duration::ZERO));
        assert!(!notifications.are_paused(), "it is over at once");
    }
}
