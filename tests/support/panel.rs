//! A desktop's panel, as far as icons go: it takes them (StatusNotifierItem), tells what they say, and does with them what
//! a person would. And the window manager's side of a person's hands: closing, moving and sizing windows.

use super::bus::SessionBus;
use super::eventually;
use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use zbus::Connection;
use zbus::OwnedVariant;
use zbus::Proxy;

const BOUND: Duration = Duration::from_secs(20);

/// The panel on one workstation's bus, while this value lives.
pub(crate) struct Panel {
    connection: Connection,
    icons: Arc<Mutex<Vec<String>>>,
}

impl Panel {
    /// Takes the well-known name on `bus` and waits for icons.
    pub(crate) async fn start(bus: &SessionBus) -> Self {
        let icons = Arc::default();
        let connection = zbus::connection::Builder::address(bus.address())
            .serve_at(
                "/StatusNotifierWatcher",
                Watcher {
                    icons: Arc::clone(&icons),
                },
            )
            .name("org.kde.StatusNotifierWatcher")
            .build()
            .await
            .expect("the name is free on a bus of our own");
        Self { connection, icons }
    }

    async fn icon(&self) -> Proxy<'static> {
        let (service, _) = eventually("an icon", BOUND, async || {
            self.icons
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .last()
                .cloned()
        })
        .await;
        Proxy::new(
            &self.connection,
            service,
            "/StatusNotifierItem",
            "org.kde.StatusNotifierItem",
        )
        .await
        .expect("an icon is an object")
    }

    /// Waits until a pointer over the icon would say this.
    pub(crate) async fn wait_for_tip(&self, part: &str) {
        let icon = self.icon().await;
        let mut last = String::new();
        let found = super::look(BOUND, async || {
            // Asked anew each time: a proxy would remember.
            last = self.title(&icon).await;
            last.contains(part).then_some(())
        })
        .await;
        assert!(found.is_some(), "the icon says “{last}” and not “{part}”");
    }

    async fn title(&self, icon: &Proxy<'_>) -> String {
        let answer = self
            .connection
            .call_method(
                Some(icon.destination().to_owned()),
                "/StatusNotifierItem",
                Some("org.freedesktop.DBus.Properties"),
                "Get",
                &("org.kde.StatusNotifierItem", "Title"),
            )
            .await;
        let value = answer
            .ok()
            .and_then(|answer| answer.body().deserialize::<OwnedVariant>().ok());
        value.and_then(|value| String::try_from(value).ok()).unwrap_or_default()
    }

    /// A click on the icon.
    pub(crate) async fn click(&self) {
        let icon = self.icon().await;
        icon.call_method("Activate", &(0, 0))
            .await
            .expect("an icon takes clicks");
    }

    /// The lines of the icon's menu, by what they say.
    pub(crate) async fn menu(&self) -> HashMap<String, i32> {
        let menu = self.menu_proxy().await;
        let (everything, all_below): (Vec<String>, i32) = (vec![], -1);
        let (_, root): (u32, Line) = menu
            .call("GetLayout", &(0_i32, all_below, everything))
            .await
            .expect("a menu tells its lines");
        let lines = root.2.into_iter().filter_map(|line| {
            let (id, mut line, _) = Line::try_from(line).ok()?;
            Some((String::try_from(line.remove("label")?).ok()?, id))
        });
        lines.collect()
    }

    /// Chooses a line of the icon's menu.
    pub(crate) async fn choose(&self, label: &str) {
        let lines = self.menu().await;
        let id = lines.get(label).unwrap_or_else(|| panic!("no “{label}” in {lines:?}"));
        let menu = self.menu_proxy().await;
        let nothing = zbus::Variant::from(0_i32);
        menu.call_method("Event", &(*id, "clicked", nothing, 0_u32))
            .await
            .expect("a menu takes clicks");
    }

    async fn menu_proxy(&self) -> Proxy<'static> {
        let icon = self.icon().await;
        Proxy::new(
            &self.connection,
            icon.destination().to_owned(),
            "/MenuBar",
            "com.canonical.dbusmenu",
        )
        .await
        .expect("an icon has a menu")
    }
}

/// A line of a menu (`com.canonical.dbusmenu`): its number, what it says, the lines below it.
type Line = (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>);

struct Watcher {
    icons: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, service: String) {
        self.icons.lock().unwrap_or_else(PoisonError::into_inner).push(service);
    }

    fn register_status_notifier_host(&mut self, _service: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.icons.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The windows that a program shows under this title, as the window manager knows them.
pub(crate) fn windows_of(process: u32, title: &str) -> Vec<String> {
    let process = process.to_string();
    let arguments = ["search", "--all", "--onlyvisible", "--pid", &process, "--name", title];
    let output = Command::new("xdotool").args(arguments).output().expect("xdotool runs");
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(str::to_owned).collect()
}

/// Waits until the program shows a window under this title.
pub(crate) async fn window_of(process: u32, title: &str) -> String {
    let (window, _) = eventually("a window", BOUND, async || windows_of(process, title).pop()).await;
    window
}

/// Does to a window what a person does with the mouse on its frame.
pub(crate) fn with_window(act: &str, window: &str, numbers: &[i32]) {
    let mut command = Command::new("xdotool");
    command
        .arg(act)
        .arg(window)
        .args(numbers.iter().map(ToString::to_string));
    assert!(command.status().expect("xdotool runs").success(), "{act} {window}");
}

/// Closes a window as a person does, through the window manager.
pub(crate) fn close_window(window: &str) {
    let arguments = ["windowactivate", "--sync", window, "key", "--clearmodifiers", "alt+F4"];
    let status = Command::new("xdotool").args(arguments).status().expect("xdotool runs");
    assert!(status.success(), "{window} cannot be closed");
}

/// A window's width and height.
pub(crate) fn size_of(window: &str) -> (u32, u32) {
    let output = Command::new("xdotool")
        .args(["getwindowgeometry", "--shell", window])
        .output()
        .expect("xdotool runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|number| number.parse().ok()).unwrap_or_default()
    };
    (number("WIDTH="), number("HEIGHT="))
}
