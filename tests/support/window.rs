//! One window of the application as a person meets it: what it shows, what can be clicked and typed. Every wait has
//! a bound and fails with what the window showed instead.

use super::{eventually, look};
use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// For what a person would call at once, on two busy cores.
const BOUND: Duration = Duration::from_secs(10);
/// How long a picture may take.
const PICTURE_BOUND: Duration = Duration::from_secs(8);

/// The WebDriver session of one application. It has one current window, so whoever acts holds the lock.
pub(crate) struct Session {
    current: Mutex<Current>,
    pictures: PathBuf,
}

struct Current {
    client: Client,
    window: Option<WindowHandle>,
}

impl Session {
    pub(super) fn new(client: Client, pictures: PathBuf) -> Self {
        Self {
            current: Mutex::new(Current { client, window: None }),
            pictures,
        }
    }

    pub(super) async fn handle_of(&self, page: &str) -> Option<WindowHandle> {
        self.windows()
            .await
            .into_iter()
            .find(|(_, shown)| shown == page)
            .map(|(handle, _)| handle)
    }

    pub(super) async fn pages(&self) -> Vec<String> {
        let mut pages: Vec<_> = self.windows().await.into_iter().map(|(_, page)| page).collect();
        pages.sort();
        pages
    }

    /// Every window with the page it shows; one that is closing meanwhile is left out.
    async fn windows(&self) -> Vec<(WindowHandle, String)> {
        let mut current = self.current.lock().await;
        // The loop below changes the session's window.
        current.window = None;
        let mut found = Vec::new();
        for handle in current.client.windows().await.unwrap_or_default() {
            if current.client.switch_to_window(handle.clone()).await.is_err() {
                continue;
            }
            if let Ok(url) = current.client.current_url().await
                && let Some(page) = url.path().trim_start_matches('/').strip_suffix(".html")
            {
                found.push((handle, page.to_owned()));
            }
        }
        found
    }

    async fn at(&self, window: &WindowHandle) -> MutexGuard<'_, Current> {
        let mut current = self.current.lock().await;
        if current.window.as_ref() != Some(window) {
            current
                .client
                .switch_to_window(window.clone())
                .await
                .expect("the window is open");
            current.window = Some(window.clone());
        }
        current
    }
}

/// See the module. Copies stand for the same window.
#[derive(Clone)]
pub(crate) struct Window {
    session: Arc<Session>,
    handle: WindowHandle,
    page: String,
}

impl Window {
    pub(super) fn new(session: Arc<Session>, handle: WindowHandle, page: &str) -> Self {
        Self {
            session,
            handle,
            page: page.to_owned(),
        }
    }

    /// The page it shows, such as `operator`.
    pub(crate) fn page(&self) -> &str {
        &self.page
    }

    /// Runs a script's body in the page, with `arguments`, and returns what it returns.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let current = self.session.at(&self.handle).await;
        let result = current.client.execute(script, arguments).await;
        result.unwrap_or_else(|error| panic!("{}: {script}: {error}", self.page))
    }

    /// The visible text of every element that `css` selects.
    pub(crate) async fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)";
        let texts = self.run(script, vec![json!(css)]).await;
        serde_json::from_value(texts).expect("innerText is text")
    }

    /// How many elements `css` selects now.
    pub(crate) async fn count(&self, css: &str) -> usize {
        self.texts(css).await.len()
    }

    /// An attribute of the first element that `css` selects, once there is one.
    pub(crate) async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.wait_for(css).await;
        let script = "return document.querySelector(arguments[0]).getAttribute(arguments[1])";
        self.run(script, vec![json!(css), json!(name)])
            .await
            .as_str()
            .map(str::to_owned)
    }

    /// Waits for an element; returns how long that took.
    pub(crate) async fn wait_for(&self, css: &str) -> Duration {
        self.wait_for_within(css, BOUND).await
    }

    /// The same with a bound of one's own.
    pub(crate) async fn wait_for_within(&self, css: &str, bound: Duration) -> Duration {
        self.wait_until(bound, css, "to be there", |texts| !texts.is_empty())
            .await
    }

    /// Waits until nothing matches `css` any more.
    pub(crate) async fn wait_for_gone(&self, css: &str, bound: Duration) -> Duration {
        self.wait_until(bound, css, "to be gone", <[String]>::is_empty).await
    }

    /// Waits until an element of `css` shows `text` somewhere in it.
    pub(crate) async fn wait_for_text(&self, css: &str, text: &str, bound: Duration) -> Duration {
        let shows = |texts: &[String]| texts.iter().any(|each| each.contains(text));
        self.wait_until(bound, css, &format!("to show {text:?}"), shows).await
    }

    /// Waits until no element of `css` shows `text`.
    pub(crate) async fn wait_for_no_text(&self, css: &str, text: &str, bound: Duration) -> Duration {
        let silent = |texts: &[String]| !texts.iter().any(|each| each.contains(text));
        self.wait_until(bound, css, &format!("no longer to show {text:?}"), silent)
            .await
    }

    /// Waits until the texts of the elements of `css` satisfy `wanted`; `what` says in a failure's message what was
    /// expected of them.
    pub(crate) async fn wait_until(
        &self,
        bound: Duration,
        css: &str,
        what: &str,
        wanted: impl Fn(&[String]) -> bool,
    ) -> Duration {
        match look(bound, async || wanted(&self.texts(css).await).then_some(())).await {
            Some((_, took)) => took,
            None => panic!(
                "{}: waited {bound:?} for {css} {what}; it shows {:#?}",
                self.page,
                self.texts(css).await
            ),
        }
    }

    /// Clicks the first element that `css` selects, with the real pointer, once it can be clicked.
    pub(crate) async fn click(&self, css: &str) {
        self.with_element(css, "to be clickable", async |element| element.click().await.ok())
            .await;
    }

    /// Clicks the first button, link or option whose visible text or accessible name is `name`.
    pub(crate) async fn click_named(&self, name: &str) {
        let mark = "const wanted = arguments[0];
            const named = e => (e.getAttribute('aria-label') ?? e.innerText).trim() === wanted;
            const roles = 'button, a, summary, [role=button], [role=tab], [role=option], [role=menuitem]';
            document.querySelectorAll('[data-test-target]').forEach(e => e.removeAttribute('data-test-target'));
            const found = [...document.querySelectorAll(roles)].find(e => named(e) && e.checkVisibility());
            found?.setAttribute('data-test-target', '');
            return Boolean(found)";
        let what = format!("{}: a button named {name:?}", self.page);
        eventually(&what, BOUND, async || {
            (self.run(mark, vec![json!(name)]).await == json!(true)).then_some(())
        })
        .await;
        self.click("[data-test-target]").await;
    }

    /// Types into a field, key by key, after what is in it.
    pub(crate) async fn type_into(&self, css: &str, text: &str) {
        self.with_element(css, "to take keys", async |element| element.send_keys(text).await.ok())
            .await;
    }

    /// Gives a field a value at once, as a date or time picker does, and tells the page.
    pub(crate) async fn fill(&self, css: &str, value: &str) {
        self.wait_for(css).await;
        let script = "const field = document.querySelector(arguments[0]);
            const kind = Object.getPrototypeOf(field);
            Object.getOwnPropertyDescriptor(kind, 'value').set.call(field, arguments[1]);
            field.dispatchEvent(new Event('input', { bubbles: true }));
            field.dispatchEvent(new Event('change', { bubbles: true }));
            return field.value";
        let now = self.run(script, vec![json!(css), json!(value)]).await;
        assert_eq!(now, json!(value), "{}: {css} did not take the value", self.page);
    }

    /// Presses keys on whatever has the focus; `fantoccini::key::Key` has the special ones. A page that draws anew between
    /// the look for the focus and the press is asked again: nothing was pressed.
    pub(crate) async fn press(&self, keys: &str) {
        eventually("something that takes keys", BOUND, async || {
            let current = self.session.at(&self.handle).await;
            let pressed = async {
                let focused = current.client.active_element().await?;
                focused.send_keys(keys).await
            };
            match pressed.await {
                Ok(()) => Some(()),
                Err(error) if error.is_stale_element_reference() => None,
                Err(error) => panic!("the active element takes keys: {error}"),
            }
        })
        .await;
    }

    /// Presses one key as the keyboard does, and not on an element: a date's field, for one, begins with its first part again
    /// whenever a driver gives it a key.
    pub(crate) async fn key(&self, key: Key) {
        let value = char::from(key);
        let stroke = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        let current = self.session.at(&self.handle).await;
        current
            .client
            .perform_actions(stroke)
            .await
            .expect("a window takes keys");
    }

    /// Drags with the left button between two points of the page (CSS pixels), in steps as a hand does.
    pub(crate) async fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let go = |(x, y): (f64, f64), ms| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(ms)),
            x,
            y,
        };
        let half = (from.0.midpoint(to.0), from.1.midpoint(to.1));
        let moves = MouseActions::new("mouse".to_owned())
            .then(go(from, 20))
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(go(half, 80))
            .then(go(to, 80))
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        let current = self.session.at(&self.handle).await;
        current
            .client
            .perform_actions(moves)
            .await
            .expect("the pointer can be moved");
    }

    /// The middle of the first element that `css` selects, for `drag`, once it lies where it lay two frames before: a page
    /// that is making room for something else would move it away from under the hand.
    pub(crate) async fn middle(&self, css: &str) -> (f64, f64) {
        let place = async || {
            self.with_element(css, "to have a place", async |element| element.rectangle().await.ok())
                .await
        };
        let mut before = place().await;
        let what = format!("{}: {css} to lie still", self.page);
        // A window that another covers may paint nothing; then time alone has to do.
        let a_while = "const done = arguments[0]; setTimeout(done, 100);
            requestAnimationFrame(() => requestAnimationFrame(() => done()))";
        let ((x, y, width, height), _) = eventually(&what, BOUND, async || {
            let current = self.session.at(&self.handle).await;
            current
                .client
                .execute_async(a_while, vec![])
                .await
                .expect("a page answers");
            drop(current);
            let now = place().await;
            (std::mem::replace(&mut before, now) == now).then_some(now)
        })
        .await;
        (x + width / 2.0, y + height / 2.0)
    }

    /// Waits until the window is on the screen and has painted what its page holds now. Windows are born hidden, and a
    /// picture of a hidden one is black.
    pub(crate) async fn painted(&self) {
        let shown = async || {
            let state = self.run("return document.visibilityState", vec![]).await;
            (state == json!("visible")).then_some(())
        };
        eventually(&format!("{} to be shown", self.page), BOUND, shown).await;
        // The second frame begins when the first has been handed over.
        let frames = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))";
        let current = self.session.at(&self.handle).await;
        current
            .client
            .execute_async(frames, vec![])
            .await
            .expect("a visible window paints");
    }

    /// Leaves a picture in `target/screenshots/journeys/NAME.png` and returns its path; none of a window that does not
    /// paint within [`PICTURE_BOUND`], as one that another covers may not.
    pub(crate) async fn screenshot(&self, name: &str) -> Option<PathBuf> {
        let picture = async {
            self.painted().await;
            let current = self.session.at(&self.handle).await;
            current.client.screenshot().await
        };
        let png = tokio::time::timeout(PICTURE_BOUND, picture).await.ok()?;
        let path = self.session.pictures.join(format!("{name}.png"));
        std::fs::write(&path, png.expect("an open window can be pictured")).expect("target/ can be written");
        Some(path)
    }

    /// Finds the element anew until `act` succeeds: a page that re-renders may replace it in between.
    async fn with_element<T>(&self, css: &str, what: &str, act: impl AsyncFn(Element) -> Option<T>) -> T {
        let what = format!("{}: {css} {what}", self.page);
        let attempt = async || {
            let current = self.session.at(&self.handle).await;
            act(current.client.find(Locator::Css(css)).await.ok()?).await
        };
        eventually(&what, BOUND, attempt).await.0
    }
}
