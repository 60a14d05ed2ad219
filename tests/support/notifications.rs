//! A desktop's notification daemon that remembers what it was asked to show, and that a test can click on.

use super::bus::SessionBus;
use super::{eventually, look};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use zbus::Connection;
use zbus::OwnedVariant;
use zbus::object_server::SignalEmitter;

const PATH: &str = "/org/freedesktop/Notifications";
/// The specification's "dismissed by the person".
const DISMISSED: u32 = 2;
/// The specification's "closed by a call".
const CLOSED_BY_CALL: u32 = 3;

/// One notification as it was asked for; a replacing one keeps its id and is remembered as one more.
#[derive(Clone, Debug)]
pub(crate) struct Notification {
    pub(crate) id: u32,
    pub(crate) app_name: String,
    /// 0 when it is new.
    pub(crate) replaces: u32,
    pub(crate) icon: String,
    pub(crate) summary: String,
    pub(crate) body: String,
    /// Keys and labels in turn.
    pub(crate) actions: Vec<String>,
    pub(crate) hints: HashMap<String, OwnedVariant>,
    /// Milliseconds; −1 leaves it to the daemon.
    pub(crate) expires: i32,
    /// When the daemon was asked.
    pub(crate) at: Instant,
    /// Whether the application withdrew it.
    pub(crate) withdrawn: bool,
}

impl Notification {
    /// The keys of its actions, such as `default`, a click on the notification itself.
    pub(crate) fn action_keys(&self) -> Vec<&str> {
        self.actions.chunks(2).map(|action| action[0].as_str()).collect()
    }
}

type Shown = Arc<Mutex<Vec<Notification>>>;

fn locked(shown: &Shown) -> MutexGuard<'_, Vec<Notification>> {
    // A test that failed while holding it left whole entries behind.
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The daemon on one workstation's bus, while this value lives.
pub(crate) struct NotificationDaemon {
    connection: Connection,
    shown: Shown,
}

impl NotificationDaemon {
    /// Takes the well-known name on `bus` and begins to remember.
    pub(crate) async fn start(bus: &SessionBus) -> Self {
        let shown = Shown::default();
        let connection = zbus::connection::Builder::address(bus.address())
            .serve_at(
                PATH,
                Interface {
                    last_id: 0,
                    shown: Arc::clone(&shown),
                },
            )
            .name("org.freedesktop.Notifications")
            .build()
            .await
            .expect("the name is free on a bus of our own");
        Self { connection, shown }
    }

    /// Everything it was asked to show so far, oldest first.
    pub(crate) fn shown(&self) -> Vec<Notification> {
        locked(&self.shown).clone()
    }

    /// Waits for the first notification for which `wanted` is true, also among those that came already.
    ///
    /// # Panics
    /// When none came within `bound`; the message has those that did.
    pub(crate) async fn wait_for(&self, bound: Duration, wanted: impl Fn(&Notification) -> bool) -> Notification {
        match look(bound, async || self.shown().into_iter().find(|each| wanted(each))).await {
            Some((found, _)) => found,
            None => panic!("no such notification in {bound:?}; shown: {:#?}", self.shown()),
        }
    }

    /// Waits until the application has withdrawn it.
    pub(crate) async fn wait_until_withdrawn(&self, id: u32, bound: Duration) {
        let withdrawn = || self.shown().iter().any(|each| each.id == id && each.withdrawn);
        eventually("the notification to be withdrawn", bound, async || {
            withdrawn().then_some(())
        })
        .await;
    }

    /// Does what a click does: invokes the action `key`, then closes the notification.
    pub(crate) async fn invoke(&self, id: u32, key: &str) {
        let emitter = self.emitter().await;
        Interface::action_invoked(&emitter, id, key)
            .await
            .expect("the signal can be sent");
        Interface::notification_closed(&emitter, id, DISMISSED)
            .await
            .expect("the signal can be sent");
    }

    /// Closes it without an action, as a person who waves it away.
    pub(crate) async fn dismiss(&self, id: u32) {
        Interface::notification_closed(&self.emitter().await, id, DISMISSED)
            .await
            .expect("the signal can be sent");
    }

    async fn emitter(&self) -> SignalEmitter<'static> {
        let served = self.connection.object_server().interface::<_, Interface>(PATH).await;
        served.expect("it was served at the start").signal_emitter().clone()
    }
}

struct Interface {
    last_id: u32,
    shown: Shown,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Interface {
    fn get_capabilities(&self) -> Vec<String> {
        ["body", "actions", "persistence"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("remembering".into(), "deskbell tests".into(), "1".into(), "1.2".into())
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the desktop notifications specification has eight"
    )]
    fn notify(
        &mut self,
        app_name: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedVariant>,
        expires: i32,
    ) -> u32 {
        let id = if replaces == 0 {
            self.last_id += 1;
            self.last_id
        } else {
            replaces
        };
        let at = Instant::now();
        let one = Notification {
            id,
            app_name,
            replaces,
            icon,
            summary,
            body,
            actions,
            hints,
            expires,
            at,
            withdrawn: false,
        };
        locked(&self.shown).push(one);
        id
    }

    async fn close_notification(
        &mut self,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
        id: u32,
    ) -> zbus::fdo::Result<()> {
        locked(&self.shown)
            .iter_mut()
            .filter(|each| each.id == id)
            .for_each(|each| each.withdrawn = true);
        Ok(Self::notification_closed(&emitter, id, CLOSED_BY_CALL).await?)
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}
