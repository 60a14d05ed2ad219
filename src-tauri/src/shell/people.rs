//! Who is in front of the desk: their windows, and what becomes of those of whoever was there before.

use super::{Shell, close_windows};
use crate::events::GoTo;
use crate::ipc::{Answer, CommandError};
use crate::notifications::Shown;
use crate::relay::Chains;
use crate::windows::WindowKind;
use deskbell_clinic::AccountId;
use deskbell_core::desk::{Desk, Erased, Proof};
use deskbell_core::secret::Secret;
use deskbell_core::view::SessionView;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tauri::{AppHandle, Manager};

impl Shell {
    /// A person of this desk comes to it, and has the windows of their role.
    pub(crate) async fn come_in(&self, app: &AppHandle, who: AccountId, proof: Proof) -> Answer<()> {
        let desk = self.chosen_desk().await?;
        let before = desk.account().map(|account| account.account);
        desk.come_in(who, proof).await?;
        if before != Some(who) {
            // What was told was told to the one before.
            self.notifications.withdraw_all();
            self.signed_in(app, &desk).await;
        }
        Ok(())
    }

    /// Signs in with a one-time code and the password that is to be, and opens the windows of the role.
    pub(crate) async fn choose_password(
        &self,
        app: &AppHandle,
        login: &str,
        code: &str,
        chosen: &str,
    ) -> Answer<SessionView> {
        let desk = self.chosen_desk().await?;
        desk.choose_password(login, code, chosen).await?;
        self.signed_in(app, &desk).await;
        Ok(self.session_now().await)
    }

    /// Takes the passphrase that is asked for. Whoever was in front of the desk last goes on, and has their windows.
    pub(crate) async fn give_passphrase(&self, app: &AppHandle, passphrase: Secret<String>) -> Answer<SessionView> {
        let desk = self.chosen_desk().await?;
        desk.give_passphrase(passphrase).await?;
        if desk.account().is_some() {
            self.signed_in(app, &desk).await;
        }
        Ok(self.session_now().await)
    }

    /// Sets aside what a passphrase protects that nobody knows any more.
    pub(crate) async fn give_passphrase_up(&self) -> Answer<SessionView> {
        self.chosen_desk().await?.give_passphrase_up().await?;
        Ok(self.session_now().await)
    }

    async fn chosen_desk(&self) -> Answer<Desk> {
        self.start_is_over().await;
        let desk = self.open.read().await.desk.clone();
        desk.ok_or_else(|| CommandError::other("Choose a clinic first."))
    }

    /// Tells the windows of whoever is signed in now, and gives them the windows that their role may have, and no other.
    pub(super) async fn signed_in(&self, app: &AppHandle, desk: &Desk) {
        self.chains(Chains::begin_anew);
        self.pump(app, desk).await;
        self.tell_session(app).await;
        let Some(role) = desk.account().map(|account| account.role) else {
            return;
        };
        if app.webview_windows().is_empty() {
            // The start opens them once it knows who is there.
            return;
        }
        let stays = |kind: WindowKind| kind != WindowKind::SignIn && kind.open_to(role);
        let is_open = |kind: &WindowKind| app.get_webview_window(kind.label()).is_some();
        let mut working = WindowKind::ALL.into_iter().filter(|kind| *kind != WindowKind::Settings);
        // Before the last one goes: without a window the app ends.
        if !working.any(|kind| stays(kind) && is_open(&kind))
            && let Err(error) = self.open_windows_of(app, role)
        {
            tracing::error!(%error, "no window can be opened");
            return;
        }
        close_windows(app, |kind| !stays(kind));
    }

    /// The clinic has given whoever is in front another role: what they may not see any more is closed. Boxed, since what
    /// begins here begins what waits for the next such change.
    pub(crate) fn has_another_role<'a>(&'a self, app: &'a AppHandle, desk: &'a Desk) -> BoxFuture<'a, ()> {
        async move {
            tracing::info!("another role");
            self.notifications.withdraw_all();
            self.signed_in(app, desk).await;
        }
        .boxed()
    }

    /// The sign-in window is all that is left.
    pub(super) async fn nobody_is_in_front(&self, app: &AppHandle) -> tauri::Result<()> {
        for pump in self.open.write().await.pumps.drain(..) {
            pump.abort();
        }
        self.notifications.withdraw_all();
        self.show_on_icon().await;
        WindowKind::SignIn.open(app)?;
        close_windows(app, |kind| kind != WindowKind::SignIn);
        Ok(())
    }

    /// The clinic has taken somebody's access back, and what was held of them is erased: says so, and what was not sent.
    pub(crate) async fn erased(&self, app: &AppHandle, erased: Erased) {
        let told = erased_words(&erased);
        if !erased.in_front {
            let shown = Shown {
                summary: format!("{}’s data was erased", erased.name),
                body: told,
                place: GoTo::default(),
                button: None,
                sound: false,
            };
            self.notifications.show(shown, vec![]);
            return;
        }
        self.open.write().await.problem = Some(told);
        if let Err(error) = self.nobody_is_in_front(app).await {
            tracing::error!(%error, "no window can be opened");
            app.exit(1);
        }
        self.tell_session(app).await;
    }

    /// Gives the data of whoever is signed in another key.
    pub(crate) async fn change_key(&self, app: &AppHandle) -> Answer<()> {
        let desk = self.desk_for("change_key").await?;
        let changed = desk.change_key().await;
        // The file was closed meanwhile, and with it what told of its commits.
        self.pump(app, &desk).await;
        Ok(changed?)
    }
}

/// What a person is told of data that was erased.
fn erased_words(erased: &Erased) -> String {
    let name = &erased.name;
    let first =
        format!("The clinic took back the access of {name} at this desk. What it held of the account was erased.");
    match &erased.list {
        None if erased.unsent.is_empty() => format!("{first} Nothing was waiting to be sent."),
        None => format!("{first} This was not sent:\n{}", erased.unsent.join("\n")),
        Some(list) => format!(
            "{first} This was not sent; the list is kept in {}.\n{}",
            list.display(),
            erased.unsent.join("\n")
        ),
    }
}
